CREATE TABLE returns (
    id SERIAL PRIMARY KEY,
    order_id INTEGER NOT NULL,
    line_no SMALLINT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    refund_payment_id BIGINT UNIQUE REFERENCES payments (id),
    asked_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT returns_line_fk FOREIGN KEY (order_id, line_no)
        REFERENCES order_lines (order_id, line_no) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE FUNCTION return_fits_the_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bought integer; given_back integer;
BEGIN
    SELECT quantity INTO bought FROM order_lines WHERE order_id = NEW.order_id AND line_no = NEW.line_no;
    SELECT sum(quantity) INTO given_back FROM returns WHERE order_id = NEW.order_id AND line_no = NEW.line_no;
    IF given_back > bought THEN
        RAISE EXCEPTION 'order %, line %: % bought; % given back', NEW.order_id, NEW.line_no, bought, given_back;
    END IF;
    RETURN NULL;
END;
$$;

CREATE CONSTRAINT TRIGGER returns_fit
    AFTER INSERT OR UPDATE ON returns
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION return_fits_the_order();

INSERT INTO returns (order_id, line_no, quantity, asked_at) VALUES (1, 2, 1, '2026-02-01 09:00+00');
