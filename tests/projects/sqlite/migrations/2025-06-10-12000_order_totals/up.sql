ALTER TABLE orders ADD COLUMN discount_percent DOUBLE NOT NULL DEFAULT 0
    CHECK (discount_percent >= 0 AND discount_percent < 100);
ALTER TABLE orders ADD COLUMN total_pence INTEGER NOT NULL DEFAULT 0;

-- Keyholders had 10 % off in the first year; baskets count as nothing until they are placed.
UPDATE orders
SET discount_percent = CASE
        WHEN EXISTS (SELECT 1 FROM member_roles r WHERE r.member_id = orders.member_id AND r.role_code = 'keyholder') THEN 10
        ELSE 0
    END;

UPDATE orders
SET total_pence = CASE status
        WHEN 'basket' THEN 0
        WHEN 'cancelled' THEN 0
        ELSE CAST(round(
            (SELECT coalesce(sum(l.line_total_pence), 0) FROM order_lines l WHERE l.order_id = orders.id)
            * CASE WHEN discount_percent > 0 THEN 1 - discount_percent / 100 ELSE 1 END
        ) AS INTEGER)
    END;
