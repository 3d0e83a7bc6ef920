CREATE TYPE seat_kind AS ENUM ('chair', 'cushion', 'standing');

CREATE TABLE evenings
(
    id         SERIAL PRIMARY KEY,
    branch_id  SMALLINT    NOT NULL REFERENCES branches (id),
    title      TEXT        NOT NULL,
    during     TSTZRANGE   NOT NULL,
    book_id    INTEGER REFERENCES books (id),
    seats      SMALLINT    NOT NULL DEFAULT 24 CHECK (seats > 0),
    tags       TEXT[]      NOT NULL DEFAULT '{}',
    -- Dwa spotkania naraz w jednej księgarni? Nie.
    CONSTRAINT evenings_do_not_overlap EXCLUDE USING gist (
        int4range(branch_id, branch_id, '[]') WITH &&,
        during WITH &&
    ),
    CONSTRAINT evenings_have_an_end CHECK (NOT isempty(during) AND NOT upper_inf(during))
);

CREATE TABLE evening_bookings
(
    evening_id  INTEGER     NOT NULL REFERENCES evenings (id) ON DELETE CASCADE,
    member_id   INTEGER     NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    seat        seat_kind   NOT NULL DEFAULT 'chair',
    party       SMALLINT    NOT NULL DEFAULT 1 CHECK (party BETWEEN 1 AND 6),
    booked_at   TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (evening_id, member_id)
);

CREATE FUNCTION evening_is_not_full() RETURNS trigger AS $fn$
DECLARE
    taken  INTEGER;
    places INTEGER;
BEGIN
    SELECT seats INTO places FROM evenings WHERE id = NEW.evening_id FOR UPDATE;
    SELECT COALESCE(SUM(party), 0) INTO taken FROM evening_bookings
     WHERE evening_id = NEW.evening_id AND member_id <> NEW.member_id;
    IF taken + NEW.party > places THEN
        RAISE EXCEPTION USING MESSAGE = 'the evening is full; sorry', ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $fn$ LANGUAGE plpgsql;

CREATE TRIGGER evening_bookings_not_full
    BEFORE INSERT OR UPDATE OF party ON evening_bookings
    FOR EACH ROW EXECUTE FUNCTION evening_is_not_full();

INSERT INTO evenings (branch_id, title, during, book_id, seats, tags) VALUES
    (2, 'Agnes O''Dowd reads; wine after', '[2024-11-28 19:00+00,2024-11-28 21:00+00)', 1, 30, '{reading,"wine; cheese"}'),
    (2, 'Wieczór zup', '[2024-12-05 18:30+00,2024-12-05 22:00+00)', 2, 3, ARRAY['soup', 'po polsku']),
    (1, 'Mend your bicycle', '[2024-11-28 19:00+00,2024-11-28 20:30+00)', 4, 12, DEFAULT);

INSERT INTO evening_bookings (evening_id, member_id, seat, party, booked_at) VALUES
    (1, 1, 'chair', 2, '2024-11-11 12:00+00'),
    (1, 3, 'cushion', 1, '2024-11-11 12:05+00'),
    (2, 5, 'standing', 3, '2024-11-11 13:00+00');
