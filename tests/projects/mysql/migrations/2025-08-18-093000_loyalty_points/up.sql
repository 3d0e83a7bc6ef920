CREATE TABLE loyalty_entries (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    member_id INT NOT NULL,
    order_id INT UNSIGNED NULL,
    points INT NOT NULL,
    reason VARCHAR(80) NOT NULL,
    given_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY loyalty_entries_member_idx (member_id, points),
    KEY loyalty_entries_order_idx (order_id),
    CONSTRAINT loyalty_entries_member_fk FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE,
    CONSTRAINT loyalty_entries_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE SET NULL,
    CONSTRAINT loyalty_entries_points_not_zero CHECK (points <> 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE FUNCTION points_of(who INT) RETURNS BIGINT
READS SQL DATA
BEGIN
    DECLARE answer BIGINT DEFAULT 0;
    SELECT COALESCE(SUM(points), 0) INTO answer FROM loyalty_entries WHERE member_id = who;
    RETURN answer;
END;

CREATE PROCEDURE give_points(IN who INT, IN how_many INT, IN why VARCHAR(80), IN at_time DATETIME)
BEGIN
    IF how_many < 0 AND points_of(who) + how_many < 0 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not enough points; sorry';
    END IF;
    INSERT INTO loyalty_entries (member_id, points, reason, given_at) VALUES (who, how_many, why, at_time);
END;

INSERT INTO loyalty_entries (member_id, order_id, points, reason, given_at)
SELECT member_id, id, FLOOR(total), CONCAT('order LS-', LPAD(id, 6, '0')), placed_at
FROM orders
WHERE total >= 1
ORDER BY id;

CALL give_points(3, 50, 'carried boxes; all of them', '2025-08-16 12:00');
CALL give_points(3, -20, 'mug', '2025-08-17 12:00');
