DROP VIEW loyalty;
DROP TABLE loyalty_entries;
