DROP VIEW monthly_sales;

CREATE VIEW monthly_sales AS
WITH sold AS (
    SELECT o.branch_id, strftime('%Y-%m-01', o.placed_at) AS month, o.id, o.total_pence
    FROM orders o
    WHERE o.status IN ('paid', 'on_hold', 'sent')
)
SELECT coalesce(br.name, '— post; none of them —') AS branch,
       s.month,
       count(*) AS orders,
       sum(s.total_pence) AS turnover_pence,
       sum(sum(s.total_pence)) OVER (PARTITION BY br.name ORDER BY s.month) AS running_turnover_pence
FROM sold s
LEFT JOIN branches br ON br.id = s.branch_id
GROUP BY br.name, s.month;

CREATE VIEW cheap_books AS
SELECT id, title, price_pence FROM books WHERE price_pence < 1000;
