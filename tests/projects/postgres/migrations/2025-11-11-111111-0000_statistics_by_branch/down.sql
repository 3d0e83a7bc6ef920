DROP VIEW cheap_books;
DROP VIEW monthly_sales;

CREATE VIEW monthly_sales AS
SELECT date_trunc('month', o.placed_at)::date AS month,
       count(DISTINCT o.id) AS orders,
       sum(l.quantity) AS copies,
       sum(l.line_total) AS turnover
FROM orders o
JOIN order_lines l ON l.order_id = o.id
WHERE o.status IN ('paid', 'sent')
GROUP BY 1;
