CREATE VIEW monthly_sales AS
SELECT date_trunc('month', o.placed_at)::date AS month,
       count(DISTINCT o.id) AS orders,
       sum(l.quantity) AS copies,
       sum(l.line_total) AS turnover
FROM orders o
JOIN order_lines l ON l.order_id = o.id
WHERE o.status IN ('paid', 'sent')
GROUP BY 1;

CREATE MATERIALIZED VIEW best_sellers AS
SELECT b.id AS book_id,
       b.title,
       coalesce(sum(l.quantity), 0) AS copies,
       rank() OVER (ORDER BY coalesce(sum(l.quantity), 0) DESC, b.id) AS place
FROM books b
LEFT JOIN order_lines l ON l.book_id = b.id
GROUP BY b.id
WITH DATA;

-- Refreshing CONCURRENTLY needs it.
CREATE UNIQUE INDEX best_sellers_book_key ON best_sellers (book_id);

CREATE PROCEDURE refresh_statistics() LANGUAGE plpgsql AS $$
BEGIN
    REFRESH MATERIALIZED VIEW CONCURRENTLY best_sellers;
    RAISE NOTICE 'refreshed; %', clock_timestamp();
END;
$$;
