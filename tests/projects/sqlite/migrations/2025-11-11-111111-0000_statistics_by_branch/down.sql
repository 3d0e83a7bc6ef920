DROP VIEW cheap_books;
DROP VIEW monthly_sales;

CREATE VIEW monthly_sales AS
SELECT strftime('%Y-%m-01', o.placed_at) AS month,
       count(DISTINCT o.id) AS orders,
       sum(l.quantity) AS copies,
       sum(l.line_total_pence) AS turnover_pence
FROM orders o
JOIN order_lines l ON l.order_id = o.id
WHERE o.status IN ('paid', 'sent')
GROUP BY 1;
