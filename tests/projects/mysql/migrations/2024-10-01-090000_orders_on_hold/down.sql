UPDATE orders SET status = 'paid', updated_at = updated_at WHERE status = 'on_hold';

ALTER TABLE orders
    MODIFY COLUMN status ENUM('basket', 'placed', 'paid', 'sent', 'cancelled') NOT NULL DEFAULT 'basket';
