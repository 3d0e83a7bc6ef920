CREATE TABLE evenings
(
    id         INT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    branch_id  SMALLINT  NOT NULL,
    title      VARCHAR(120) NOT NULL,
    starts_at  DATETIME  NOT NULL,
    ends_at    DATETIME  NOT NULL,
    book_id    INT UNSIGNED NULL,
    seats      SMALLINT UNSIGNED NOT NULL DEFAULT 24,
    tags       SET('reading', 'wine; cheese', 'soup', 'po polsku') NOT NULL DEFAULT '',
    KEY evenings_branch_idx (branch_id, starts_at),
    KEY evenings_book_idx (book_id),
    CONSTRAINT evenings_branch_fk FOREIGN KEY (branch_id) REFERENCES branches (id),
    CONSTRAINT evenings_book_fk FOREIGN KEY (book_id) REFERENCES books (id),
    CONSTRAINT evenings_have_an_end CHECK (starts_at < ends_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE evening_bookings
(
    evening_id  INT       NOT NULL,
    member_id   INT       NOT NULL,
    seat        ENUM('chair', 'cushion', 'standing') NOT NULL DEFAULT 'chair',
    party       TINYINT   NOT NULL DEFAULT 1,
    booked_at   DATETIME  NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (evening_id, member_id),
    KEY evening_bookings_member_idx (member_id),
    CONSTRAINT evening_bookings_evening_fk FOREIGN KEY (evening_id) REFERENCES evenings (id) ON DELETE CASCADE,
    CONSTRAINT evening_bookings_member_fk FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE,
    CONSTRAINT evening_bookings_party_size CHECK (party BETWEEN 1 AND 6)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

# Dwa spotkania naraz w jednej księgarni? Nie.
CREATE TRIGGER evenings_do_not_overlap BEFORE INSERT ON evenings FOR EACH ROW
BEGIN
    IF EXISTS (SELECT 1 FROM evenings e WHERE e.branch_id = NEW.branch_id
               AND e.starts_at < NEW.ends_at AND NEW.starts_at < e.ends_at) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'two evenings at once; one shop';
    END IF;
END;

CREATE TRIGGER evening_bookings_not_full BEFORE INSERT ON evening_bookings FOR EACH ROW
BEGIN
    DECLARE taken, places INT DEFAULT 0;
    SELECT seats INTO places FROM evenings WHERE id = NEW.evening_id;
    SELECT COALESCE(SUM(party), 0) INTO taken FROM evening_bookings WHERE evening_id = NEW.evening_id;
    IF taken + NEW.party > places THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the evening is full; sorry', MYSQL_ERRNO = 1644;
    END IF;
END;

INSERT INTO evenings (id, branch_id, title, starts_at, ends_at, book_id, seats, tags) VALUES
    (1, 2, 'Agnes O''Dowd reads; wine after', '2024-11-28 19:00', '2024-11-28 21:00', 1, 30, 'reading,wine; cheese'),
    (2, 2, 'Wieczór zup', '2024-12-05 18:30', '2024-12-05 22:00', 2, 3, 'soup,po polsku'),
    (3, 1, 'Mend your bicycle', '2024-11-28 19:00', '2024-11-28 20:30', 4, 12, DEFAULT);

INSERT INTO evening_bookings (evening_id, member_id, seat, party, booked_at) VALUES
    (1, 1, 'chair', 2, '2024-11-11 12:00'),
    (1, 3, 'cushion', 1, '2024-11-11 12:05'),
    (2, 5, 'standing', 3, '2024-11-11 13:00');
