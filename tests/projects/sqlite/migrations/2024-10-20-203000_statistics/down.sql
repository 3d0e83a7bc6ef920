DROP VIEW best_sellers;
DROP VIEW monthly_sales;
