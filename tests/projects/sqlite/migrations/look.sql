-- sqlite3 till.sqlite3 < look.sql
SELECT 'members', count(*) FROM members
UNION ALL SELECT 'books', count(*) FROM books
UNION ALL SELECT 'orders', count(*) FROM orders;
