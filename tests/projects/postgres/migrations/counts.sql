-- Paste into psql after a deploy; not a migration.
SELECT 'members' AS what, count(*) FROM members
UNION ALL SELECT 'books', count(*) FROM books
UNION ALL SELECT 'orders', count(*) FROM orders;
