CREATE OR REPLACE VIEW monthly_sales AS
WITH sold AS (
    SELECT o.branch_id, DATE_FORMAT(o.placed_at, '%Y-%m-01') AS sales_month, o.id, o.total
    FROM orders o
    WHERE o.status IN ('paid', 'on_hold', 'sent')
)
SELECT COALESCE(br.name, '— post; none of them —') AS branch,
       s.sales_month,
       COUNT(*) AS order_count,
       SUM(s.total) AS turnover,
       SUM(SUM(s.total)) OVER (PARTITION BY br.name ORDER BY s.sales_month) AS running_turnover
FROM sold s
LEFT JOIN branches br ON br.id = s.branch_id
GROUP BY br.name, s.sales_month;

CREATE VIEW cheap_books AS
SELECT id, title, price FROM books WHERE price < 10
WITH LOCAL CHECK OPTION;
