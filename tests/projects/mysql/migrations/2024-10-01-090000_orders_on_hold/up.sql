-- Paid, but the book is not there yet.
ALTER TABLE orders
    MODIFY COLUMN status ENUM('basket', 'placed', 'paid', 'on_hold', 'sent', 'cancelled') NOT NULL DEFAULT 'basket';
