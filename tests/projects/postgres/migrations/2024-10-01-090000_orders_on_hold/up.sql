-- Paid, but the book is not there yet.
ALTER TYPE order_status ADD VALUE 'on_hold' AFTER 'paid';
