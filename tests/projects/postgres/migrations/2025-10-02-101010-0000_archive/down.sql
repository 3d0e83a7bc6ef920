DROP TABLE archive.till_receipts;
DROP SCHEMA archive;
