CREATE TABLE returns (
    id INTEGER PRIMARY KEY NOT NULL,
    order_id INTEGER NOT NULL,
    line_no SMALLINT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    refund_payment_id INTEGER UNIQUE REFERENCES payments (id),
    asked_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT returns_line_fk FOREIGN KEY (order_id, line_no)
        REFERENCES order_lines (order_id, line_no) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TRIGGER returns_fit AFTER INSERT ON returns
BEGIN
    SELECT CASE
        WHEN (SELECT sum(quantity) FROM returns WHERE order_id = NEW.order_id AND line_no = NEW.line_no)
           > (SELECT quantity FROM order_lines WHERE order_id = NEW.order_id AND line_no = NEW.line_no)
        THEN RAISE(ABORT, 'more given back than bought')
        ELSE NULL
    END;
END;

INSERT INTO returns (order_id, line_no, quantity, asked_at) VALUES (1, 2, 1, '2026-02-01 09:00:00');
