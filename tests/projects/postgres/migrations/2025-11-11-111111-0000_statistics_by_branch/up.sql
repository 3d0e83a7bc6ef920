DROP VIEW monthly_sales;

CREATE VIEW monthly_sales AS
WITH sold AS (
    SELECT o.branch_id, date_trunc('month', o.placed_at)::date AS month, o.id, o.total
    FROM orders o
    WHERE o.status IN ('paid', 'on_hold', 'sent')
)
SELECT coalesce(br.name, '— post; none of them —') AS branch,
       s.month,
       count(*) AS orders,
       sum(s.total) AS turnover,
       sum(sum(s.total)) OVER (PARTITION BY br.name ORDER BY s.month) AS running_turnover
FROM sold s
LEFT JOIN branches br ON br.id = s.branch_id
GROUP BY br.name, s.month;

CREATE VIEW cheap_books AS
SELECT id, title, price FROM books WHERE price < 10
WITH LOCAL CHECK OPTION;
