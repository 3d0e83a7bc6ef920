-- Nobody writes to `stock` by hand any more: a movement is written down, the trigger does the sum.
CREATE TABLE stock_movements (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_id  SMALLINT NOT NULL,
    book_id    INTEGER NOT NULL,
    delta      INTEGER NOT NULL CHECK (delta <> 0),
    reason     TEXT NOT NULL CHECK (reason IN ('delivery', 'sale', 'return', 'lost; found; miscounted')),
    moved_at   TIMESTAMPTZ NOT NULL DEFAULT now(),
    FOREIGN KEY (branch_id, book_id) REFERENCES stock (branch_id, book_id)
);

CREATE FUNCTION apply_stock_movement() RETURNS trigger AS $body$
DECLARE
    left_over integer;
BEGIN
    SELECT quantity + NEW.delta INTO left_over FROM stock
     WHERE branch_id = NEW.branch_id AND book_id = NEW.book_id
       FOR UPDATE;

    -- The check constraint would say it too; this says it in words.
    IF left_over < 0 THEN
        RAISE EXCEPTION 'book % at branch %: % left; can''t go below 0', NEW.book_id, NEW.branch_id, left_over;
    END IF;

    UPDATE stock SET quantity = left_over
     WHERE branch_id = NEW.branch_id AND book_id = NEW.book_id;

    RETURN NULL;
END;
$body$ LANGUAGE plpgsql;

CREATE TRIGGER stock_movements_apply
    AFTER INSERT ON stock_movements
    FOR EACH ROW EXECUTE FUNCTION apply_stock_movement();

CREATE FUNCTION stock_movements_are_final() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'movements are never changed; write another one';
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER stock_movements_final
    BEFORE UPDATE OR DELETE ON stock_movements
    FOR EACH STATEMENT EXECUTE FUNCTION stock_movements_are_final();

INSERT INTO stock_movements (branch_id, book_id, delta, reason, moved_at) VALUES
    (1, 1, -1, 'sale', '2024-05-10 11:00+00'),
    (1, 4, -2, 'sale', '2024-05-10 11:00+00'),
    (2, 3, 10, 'delivery', '2024-05-11 08:30+00'),
    (2, 3, -1, 'lost; found; miscounted', '2024-05-11 08:45+00');
