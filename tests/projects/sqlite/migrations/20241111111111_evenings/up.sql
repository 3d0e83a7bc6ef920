CREATE TABLE evenings
(
    id         INTEGER   NOT NULL PRIMARY KEY,
    branch_id  INTEGER   NOT NULL REFERENCES branches (id),
    title      TEXT      NOT NULL,
    starts_at  TIMESTAMP NOT NULL,
    ends_at    TIMESTAMP NOT NULL,
    book_id    INTEGER REFERENCES books (id),
    seats      SMALLINT  NOT NULL DEFAULT 24 CHECK (seats > 0),
    tags       TEXT      NOT NULL DEFAULT '[]' CHECK (json_type(tags) = 'array'),
    CONSTRAINT evenings_have_an_end CHECK (starts_at < ends_at)
);

CREATE TABLE evening_bookings
(
    evening_id  INTEGER   NOT NULL REFERENCES evenings (id) ON DELETE CASCADE,
    member_id   INTEGER   NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    seat        TEXT      NOT NULL DEFAULT 'chair' CHECK (seat IN ('chair', 'cushion', 'standing')),
    party       SMALLINT  NOT NULL DEFAULT 1 CHECK (party BETWEEN 1 AND 6),
    booked_at   TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (evening_id, member_id)
) WITHOUT ROWID;

-- Dwa spotkania naraz w jednej księgarni? Nie.
CREATE TRIGGER evenings_do_not_overlap BEFORE INSERT ON evenings
WHEN EXISTS (SELECT 1 FROM evenings e WHERE e.branch_id = NEW.branch_id
             AND e.starts_at < NEW.ends_at AND NEW.starts_at < e.ends_at)
BEGIN
    SELECT RAISE(ABORT, 'two evenings at once; one shop');
END;

CREATE TRIGGER evening_bookings_not_full BEFORE INSERT ON evening_bookings
BEGIN
    SELECT CASE
        WHEN NEW.party + (SELECT COALESCE(SUM(CASE WHEN member_id = NEW.member_id THEN 0 ELSE party END), 0)
                          FROM evening_bookings WHERE evening_id = NEW.evening_id)
             > (SELECT seats FROM evenings WHERE id = NEW.evening_id)
        THEN RAISE(FAIL, 'the evening is full; sorry')
    END;
END;

INSERT INTO evenings (branch_id, title, starts_at, ends_at, book_id, seats, tags) VALUES
    (2, 'Agnes O''Dowd reads; wine after', '2024-11-28 19:00:00', '2024-11-28 21:00:00', 1, 30, '["reading", "wine; cheese"]'),
    (2, 'Wieczór zup', '2024-12-05 18:30:00', '2024-12-05 22:00:00', 2, 3, '["soup", "po polsku"]'),
    (1, 'Mend your bicycle', '2024-11-28 19:00:00', '2024-11-28 20:30:00', 4, 12, '[]');

INSERT INTO evening_bookings (evening_id, member_id, seat, party, booked_at) VALUES
    (1, 1, 'chair', 2, '2024-11-11 12:00:00'),
    (1, 3, 'cushion', 1, '2024-11-11 12:05:00'),
    (2, 5, 'standing', 3, '2024-11-11 13:00:00');
