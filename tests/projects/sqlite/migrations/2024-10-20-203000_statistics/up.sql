CREATE VIEW monthly_sales AS
SELECT strftime('%Y-%m-01', o.placed_at) AS month,
       count(DISTINCT o.id) AS orders,
       sum(l.quantity) AS copies,
       sum(l.line_total_pence) AS turnover_pence
FROM orders o
JOIN order_lines l ON l.order_id = o.id
WHERE o.status IN ('paid', 'sent')
GROUP BY 1;

CREATE VIEW best_sellers (book_id, title, copies, place) AS
SELECT b.id,
       b.title,
       coalesce(sum(l.quantity), 0),
       rank() OVER (ORDER BY coalesce(sum(l.quantity), 0) DESC, b.id)
FROM books b
LEFT JOIN order_lines l ON l.book_id = b.id
GROUP BY b.id;
