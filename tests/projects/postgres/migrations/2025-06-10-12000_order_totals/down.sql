ALTER TABLE orders
    DROP CONSTRAINT orders_discount_in_range,
    DROP COLUMN total,
    DROP COLUMN discount_percent;
