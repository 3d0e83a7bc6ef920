ALTER TABLE orders DROP CONSTRAINT orders_discount_in_range;
ALTER TABLE orders DROP COLUMN total, DROP COLUMN discount_percent;
