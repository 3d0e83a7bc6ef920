ALTER TABLE orders DROP COLUMN total_pence;
ALTER TABLE orders DROP COLUMN discount_percent;
