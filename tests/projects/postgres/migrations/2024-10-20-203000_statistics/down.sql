DROP PROCEDURE refresh_statistics();
DROP MATERIALIZED VIEW best_sellers;
DROP VIEW monthly_sales;
