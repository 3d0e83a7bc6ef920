CREATE TABLE gift_vouchers
(
    id            BLOB    NOT NULL PRIMARY KEY DEFAULT (randomblob(16)),
    code          VARCHAR(16) NOT NULL,
    value_pence   INTEGER NOT NULL CHECK (value_pence > 0),
    bought_by     INTEGER REFERENCES members (id),
    redeemed_by   INTEGER REFERENCES members (id),
    redeemed_at   TIMESTAMP,
    valid_until   DATE    NOT NULL,
    greeting      TEXT    NOT NULL DEFAULT ('Happy reading!' || char(10) || '— the shop; with love'),
    CONSTRAINT gift_vouchers_redeemed_by_someone
        CHECK ((redeemed_by IS NULL) = (redeemed_at IS NULL))
);

CREATE UNIQUE INDEX gift_vouchers_code_key ON gift_vouchers (UPPER(code));
CREATE INDEX gift_vouchers_open_idx ON gift_vouchers (valid_until, value_pence DESC) WHERE redeemed_at IS NULL;

-- Trzy bony na próbę.
INSERT INTO gift_vouchers (id, code, value_pence, bought_by, redeemed_by, redeemed_at, valid_until, greeting) VALUES
    (x'6f1c1c9e000140008000000000000001', 'SPRING-24', 1000, 1, NULL, NULL, '2027-12-31', 'Happy reading!'),
    (x'6f1c1c9e000240008000000000000002', 'Urodziny', 2500, 2, 3, '2024-06-30 12:00:00', '2027-12-31', 'Sto lat; i jeszcze "trochę"!'),
    (x'6f1c1c9e000340008000000000000003', 'O''DOWD', 550, NULL, NULL, NULL, '2025-01-01', '-- not a comment');
