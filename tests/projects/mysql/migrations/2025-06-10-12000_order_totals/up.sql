ALTER TABLE orders
    ADD COLUMN discount_percent DECIMAL(4, 1) NOT NULL DEFAULT 0,
    ADD COLUMN total DECIMAL(12, 2) NULL;

-- Keyholders had 10 % off in the first year; baskets count as nothing until they are placed.
UPDATE orders o
LEFT JOIN (
    SELECT order_id, SUM(line_total) AS total FROM order_lines GROUP BY order_id
) s ON s.order_id = o.id
LEFT JOIN member_roles r ON r.member_id = o.member_id AND r.role_code = 'keyholder'
SET o.discount_percent = CASE WHEN r.member_id IS NULL THEN 0 ELSE 10 END,
    o.total = CASE o.status
        WHEN 'basket' THEN 0
        WHEN 'cancelled' THEN 0
        ELSE ROUND(COALESCE(s.total, 0) * CASE WHEN r.member_id IS NULL THEN 1 ELSE 0.9 END, 2)
    END,
    o.updated_at = o.updated_at;

ALTER TABLE orders
    MODIFY COLUMN total DECIMAL(12, 2) NOT NULL DEFAULT 0,
    ADD CONSTRAINT orders_discount_in_range CHECK (discount_percent >= 0 AND discount_percent < 100);
