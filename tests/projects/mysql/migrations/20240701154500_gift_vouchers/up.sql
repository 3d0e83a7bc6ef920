CREATE TABLE gift_vouchers
(
    id            CHAR(36)       NOT NULL DEFAULT (UUID()),
    code          VARCHAR(16) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
    value         DECIMAL(10, 2) NOT NULL,
    bought_by     INT            NULL,
    redeemed_by   INT            NULL,
    redeemed_at   DATETIME       NULL,
    valid_until   DATE           NOT NULL,
    open_until    DATE GENERATED ALWAYS AS (IF(redeemed_at IS NULL, valid_until, NULL)) VIRTUAL,
    greeting      VARCHAR(200)   NOT NULL DEFAULT 'Happy reading!\n\t— the shop; with love',
    PRIMARY KEY (id),
    UNIQUE KEY gift_vouchers_code_key (code),
    KEY gift_vouchers_open_idx (open_until, value DESC),
    KEY gift_vouchers_bought_by_idx (bought_by),
    KEY gift_vouchers_redeemed_by_idx (redeemed_by),
    CONSTRAINT gift_vouchers_bought_by_fk FOREIGN KEY (bought_by) REFERENCES members (id),
    CONSTRAINT gift_vouchers_redeemed_by_fk FOREIGN KEY (redeemed_by) REFERENCES members (id),
    CONSTRAINT gift_vouchers_value_positive CHECK (value > 0),
    CONSTRAINT gift_vouchers_redeemed_by_someone CHECK ((redeemed_by IS NULL) = (redeemed_at IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Trzy bony na próbę.
INSERT INTO gift_vouchers (id, code, value, bought_by, redeemed_by, redeemed_at, valid_until, greeting) VALUES
    ('6f1c1c9e-0001-4000-8000-000000000001', 'SPRING-24', 10, 1, NULL, NULL, '2027-12-31', DEFAULT),
    ('6f1c1c9e-0002-4000-8000-000000000002', 'Urodziny', 25, 2, 3, '2024-06-30 12:00', '2027-12-31', 'Sto lat; i jeszcze "trochę"!'),
    ('6f1c1c9e-0003-4000-8000-000000000003', 'O''DOWD', 5.5, NULL, NULL, NULL, '2025-01-01', '-- not a comment');
