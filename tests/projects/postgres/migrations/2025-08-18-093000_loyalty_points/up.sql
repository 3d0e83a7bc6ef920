CREATE TABLE loyalty_entries (
    id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 1000) PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    order_id INTEGER REFERENCES orders (id) ON DELETE SET NULL,
    points INTEGER NOT NULL CHECK (points <> 0),
    reason TEXT NOT NULL,
    given_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX loyalty_entries_member_idx ON loyalty_entries (member_id) INCLUDE (points);

CREATE FUNCTION points_of(member integer) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(sum(points), 0) FROM loyalty_entries WHERE member_id = points_of.member;
END;

CREATE PROCEDURE give_points(member integer, how_many integer, why text, at_time timestamptz)
LANGUAGE plpgsql AS $proc$
BEGIN
    IF how_many < 0 AND points_of(member) + how_many < 0 THEN
        RAISE EXCEPTION 'not enough points; member %', member;
    END IF;
    INSERT INTO loyalty_entries (member_id, points, reason, given_at) VALUES (member, how_many, why, at_time);
END;
$proc$;

INSERT INTO loyalty_entries (member_id, order_id, points, reason, given_at)
SELECT member_id, id, floor(total)::integer, 'order ' || number, placed_at
FROM orders
WHERE total >= 1
ORDER BY id;

CALL give_points(3, 50, 'carried boxes; all of them', '2025-08-16 12:00+00');
CALL give_points(3, -20, 'mug', '2025-08-17 12:00+00');
