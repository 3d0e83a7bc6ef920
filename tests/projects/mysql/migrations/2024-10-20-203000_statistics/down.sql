DROP EVENT best_sellers_at_night;
DROP PROCEDURE refresh_best_sellers;
DROP TABLE best_sellers;
DROP VIEW monthly_sales;
