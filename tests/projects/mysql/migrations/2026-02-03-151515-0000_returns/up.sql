CREATE TABLE returns (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id INT UNSIGNED NOT NULL,
    line_no SMALLINT NOT NULL,
    quantity INT NOT NULL,
    refund_payment_id BIGINT NULL,
    asked_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE KEY returns_refund_payment_key (refund_payment_id),
    KEY returns_line_idx (order_id, line_no),
    CONSTRAINT returns_line_fk FOREIGN KEY (order_id, line_no)
        REFERENCES order_lines (order_id, line_no) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT returns_refund_payment_fk FOREIGN KEY (refund_payment_id) REFERENCES payments (id),
    CONSTRAINT returns_quantity_positive CHECK (quantity > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TRIGGER returns_fit BEFORE INSERT ON returns FOR EACH ROW
BEGIN
    DECLARE bought, given_back INT DEFAULT 0;
    SELECT quantity INTO bought FROM order_lines WHERE order_id = NEW.order_id AND line_no = NEW.line_no;
    SELECT COALESCE(SUM(quantity), 0) INTO given_back FROM returns WHERE order_id = NEW.order_id AND line_no = NEW.line_no;
    CASE
        WHEN given_back + NEW.quantity > bought THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'more given back than bought';
        ELSE
            BEGIN
            END;
    END CASE;
END;

INSERT INTO returns (id, order_id, line_no, quantity, asked_at) VALUES (1, 1, 2, 1, '2026-02-01 09:00');
