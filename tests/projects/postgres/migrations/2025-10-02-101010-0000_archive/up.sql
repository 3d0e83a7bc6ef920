CREATE SCHEMA archive;

CREATE TABLE archive.till_receipts (
    id BIGINT NOT NULL,
    branch_id SMALLINT NOT NULL,
    printed_at TIMESTAMP NOT NULL,
    amount NUMERIC(10, 2) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id, printed_at)
) PARTITION BY RANGE (printed_at);

CREATE TABLE archive.till_receipts_2024 PARTITION OF archive.till_receipts
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE archive.till_receipts_2025 PARTITION OF archive.till_receipts
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE archive.till_receipts_rest PARTITION OF archive.till_receipts DEFAULT;

CREATE INDEX till_receipts_branch_idx ON archive.till_receipts (branch_id, printed_at);

INSERT INTO archive.till_receipts (id, branch_id, printed_at, amount, body) VALUES
    (1, 1, '2024-04-01 10:00', 15.99, E'LANTERN STREET\r\n1 x Tide Tables;\t9.99\r\n2 x Zine;\t6.00'),
    (2, 1, '2025-04-01 10:00', 3.00, 'LANTERN STREET; 1 x Zine'),
    (3, 2, '2026-01-01 00:00', 7.00, 'THE OLD FERRY; 1 × 花の地図');
