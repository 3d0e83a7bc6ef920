DROP VIEW cheap_books;

CREATE OR REPLACE VIEW monthly_sales AS
SELECT DATE_FORMAT(o.placed_at, '%Y-%m-01') AS sales_month,
       COUNT(DISTINCT o.id) AS order_count,
       SUM(l.quantity) AS copies,
       SUM(l.line_total) AS turnover
FROM orders o
JOIN order_lines l ON l.order_id = o.id
WHERE o.status IN ('paid', 'sent')
GROUP BY sales_month;
