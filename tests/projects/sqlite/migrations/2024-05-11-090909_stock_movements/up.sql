-- Nobody writes to `stock` by hand any more: a movement is written down, the trigger does the sum.
CREATE TABLE stock_movements (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    branch_id  INTEGER NOT NULL,
    book_id    INTEGER NOT NULL,
    delta      INTEGER NOT NULL CHECK (delta <> 0),
    reason     TEXT NOT NULL CHECK (reason IN ('delivery', 'sale', 'return', 'lost; found; miscounted')),
    moved_at   TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (branch_id, book_id) REFERENCES stock (branch_id, book_id)
);

CREATE TRIGGER stock_movements_apply
AFTER INSERT ON stock_movements
BEGIN
    -- The check constraint would say it too; this says it in words.
    SELECT CASE
        WHEN (SELECT quantity FROM stock WHERE branch_id = NEW.branch_id AND book_id = NEW.book_id) + NEW.delta < 0
        THEN RAISE(ABORT, 'not enough on the shelf; can''t go below 0')
    END;
    UPDATE stock
       SET quantity = quantity + NEW.delta
     WHERE branch_id = NEW.branch_id AND book_id = NEW.book_id;
END;

CREATE TRIGGER stock_movements_final_update BEFORE UPDATE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'movements are never changed; write another one'); END;

CREATE TRIGGER stock_movements_final_delete BEFORE DELETE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'movements are never changed; write another one'); END;

INSERT INTO stock_movements (branch_id, book_id, delta, reason, moved_at) VALUES
    (1, 1, -1, 'sale', '2024-05-10 11:00:00'),
    (1, 4, -2, 'sale', '2024-05-10 11:00:00'),
    (2, 3, 10, 'delivery', '2024-05-11 08:30:00'),
    (2, 3, -1, 'lost; found; miscounted', '2024-05-11 08:45:00');
