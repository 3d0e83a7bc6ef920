DROP TABLE archive_till_receipts;
