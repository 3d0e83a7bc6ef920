-- A value can't be taken out of an enum: the type is made anew, and whatever leans on it stands aside.
UPDATE orders SET status = 'paid' WHERE status = 'on_hold';

DROP INDEX orders_open_idx;
DROP INDEX orders_placed_day_idx;
DROP TRIGGER audit_orders ON orders;
ALTER TABLE orders DROP CONSTRAINT orders_placed_has_time;
ALTER TABLE orders ALTER COLUMN status DROP DEFAULT;

ALTER TYPE order_status RENAME TO order_status_with_hold;
CREATE TYPE order_status AS ENUM ('basket', 'placed', 'paid', 'sent', 'cancelled');
ALTER TABLE orders ALTER COLUMN status TYPE order_status USING status::text::order_status;
DROP TYPE order_status_with_hold;

ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'basket';
ALTER TABLE orders ADD CONSTRAINT orders_placed_has_time
    CHECK (status IN ('basket', 'cancelled') OR placed_at IS NOT NULL);
CREATE TRIGGER audit_orders
    AFTER UPDATE OF status ON orders
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION write_audit_trail('id');
CREATE INDEX orders_open_idx ON orders (member_id, placed_at DESC) WHERE status IN ('placed', 'paid');
CREATE INDEX orders_placed_day_idx ON orders ((placed_at AT TIME ZONE 'Europe/London'), status);
