CREATE TABLE loyalty_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    member_id INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    order_id INTEGER REFERENCES orders (id) ON DELETE SET NULL,
    points INTEGER NOT NULL CHECK (points <> 0),
    reason TEXT NOT NULL,
    given_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX loyalty_entries_member_idx ON loyalty_entries (member_id, points);

CREATE VIEW loyalty AS
SELECT m.id AS member_id, coalesce(sum(e.points), 0) AS points, max(e.given_at) AS last_given_at, max(e.reason) AS reason
FROM members m
LEFT JOIN loyalty_entries e ON e.member_id = m.id
GROUP BY m.id;

-- Points are given by writing to the view.
CREATE TRIGGER loyalty_give INSTEAD OF INSERT ON loyalty
BEGIN
    SELECT CASE WHEN NEW.points < 0
                     AND (SELECT points FROM loyalty WHERE member_id = NEW.member_id) + NEW.points < 0
                THEN RAISE(ROLLBACK, 'not enough points; sorry') END;
    INSERT INTO loyalty_entries (member_id, points, reason, given_at)
    VALUES (NEW.member_id, NEW.points, coalesce(NEW.reason, 'no reason; a present'), NEW.last_given_at);
END;

INSERT INTO loyalty_entries (member_id, order_id, points, reason, given_at)
SELECT member_id, id, total_pence / 100, 'order ' || number, placed_at
FROM orders
WHERE total_pence >= 100
ORDER BY id;

INSERT INTO loyalty (member_id, points, reason, last_given_at) VALUES (3, 50, 'carried boxes; all of them', '2025-08-16 12:00:00');
INSERT INTO loyalty (member_id, points, reason, last_given_at) VALUES (3, -20, 'mug', '2025-08-17 12:00:00');
