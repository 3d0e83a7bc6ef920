-- Nobody writes to `stock` by hand any more: a movement is written down, the trigger does the sum.
CREATE TABLE stock_movements (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    branch_id  SMALLINT NOT NULL,
    book_id    INT UNSIGNED NOT NULL,
    delta      INT NOT NULL,
    reason     ENUM('delivery', 'sale', 'return', 'lost; found; miscounted') NOT NULL,
    moved_at   DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY stock_movements_stock_idx (branch_id, book_id),
    CONSTRAINT stock_movements_stock_fk FOREIGN KEY (branch_id, book_id) REFERENCES stock (branch_id, book_id),
    CONSTRAINT stock_movements_delta_not_zero CHECK (delta <> 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TRIGGER stock_movements_apply AFTER INSERT ON stock_movements FOR EACH ROW
BEGIN
    DECLARE left_over INT;
    DECLARE message VARCHAR(120);

    SELECT quantity + NEW.delta INTO left_over FROM stock
     WHERE branch_id = NEW.branch_id AND book_id = NEW.book_id;

    -- The check constraint would say it too; this says it in words.
    IF left_over < 0 THEN
        SET message = CONCAT('book ', NEW.book_id, ': ', left_over, ' left; can\'t go below 0');
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = message;
    END IF;

    UPDATE stock SET quantity = left_over
     WHERE branch_id = NEW.branch_id AND book_id = NEW.book_id;
END;

CREATE TRIGGER stock_movements_final BEFORE UPDATE ON stock_movements FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'movements are never changed; write another one';

CREATE PROCEDURE move_stock(IN from_branch SMALLINT, IN to_branch SMALLINT, IN book INT UNSIGNED, IN copies INT)
    COMMENT 'From one branch to the other; both or none'
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    IF copies <= 0 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'move_stock: copies must be > 0';
    ELSEIF from_branch = to_branch THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'move_stock: from here to here?';
    END IF;

    START TRANSACTION;
    INSERT INTO stock_movements (branch_id, book_id, delta, reason) VALUES (from_branch, book, -copies, 'sale');
    INSERT INTO stock_movements (branch_id, book_id, delta, reason) VALUES (to_branch, book, copies, 'delivery');
    COMMIT;
END;

INSERT INTO stock_movements (branch_id, book_id, delta, reason, moved_at) VALUES
    (1, 1, -1, 'sale', '2024-05-10 11:00'),
    (1, 4, -2, 'sale', '2024-05-10 11:00'),
    (2, 3, 10, 'delivery', '2024-05-11 08:30'),
    (2, 3, -1, 'lost; found; miscounted', '2024-05-11 08:45');
