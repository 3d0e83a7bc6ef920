-- Which table has grown?
SELECT table_name, table_rows, data_length FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 3 DESC;
