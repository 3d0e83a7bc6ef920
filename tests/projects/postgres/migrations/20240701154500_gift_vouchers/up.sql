CREATE TABLE gift_vouchers
(
    id            UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    code          VARCHAR(16)    NOT NULL,
    value         NUMERIC(10, 2) NOT NULL CHECK (value > 0),
    bought_by     INTEGER REFERENCES members (id),
    redeemed_by   INTEGER REFERENCES members (id),
    redeemed_at   TIMESTAMPTZ,
    valid_until   DATE           NOT NULL,
    greeting      TEXT           NOT NULL DEFAULT E'Happy reading!\n\t\u2014 the shop; with love',
    CONSTRAINT gift_vouchers_redeemed_by_someone
        CHECK ((redeemed_by IS NULL) = (redeemed_at IS NULL))
);

CREATE UNIQUE INDEX gift_vouchers_code_key ON gift_vouchers (UPPER(code));
CREATE INDEX gift_vouchers_open_idx ON gift_vouchers (valid_until, value DESC NULLS LAST) WHERE redeemed_at IS NULL;

-- Trzy bony na próbę.
INSERT INTO gift_vouchers (id, code, value, bought_by, redeemed_by, redeemed_at, valid_until, greeting) VALUES
    ('6f1c1c9e-0001-4000-8000-000000000001', 'SPRING-24', 10, 1, NULL, NULL, '2027-12-31', DEFAULT),
    ('6f1c1c9e-0002-4000-8000-000000000002', 'Urodziny', 25, 2, 3, '2024-06-30 12:00+00', '2027-12-31', 'Sto lat; i jeszcze "trochę"!'),
    ('6f1c1c9e-0003-4000-8000-000000000003', 'O''DOWD', 5.5, NULL, NULL, NULL, '2025-01-01', '-- not a comment');
