CREATE TABLE archive_till_receipts (
    id BIGINT NOT NULL,
    branch_id INTEGER NOT NULL,
    printed_at TIMESTAMP NOT NULL,
    amount_pence INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (printed_at, id)
) WITHOUT ROWID;

CREATE INDEX archive_till_receipts_branch_idx ON archive_till_receipts (branch_id, printed_at);

CREATE TRIGGER archive_till_receipts_no_update BEFORE UPDATE ON archive_till_receipts BEGIN
    SELECT RAISE(ABORT, 'the archive is closed');
END;

INSERT INTO archive_till_receipts (id, branch_id, printed_at, amount_pence, body) VALUES
    (1, 1, '2024-04-01 10:00:00', 1599, 'LANTERN STREET' || char(13, 10) || '1 x Tide Tables;' || char(9) || '9.99'),
    (2, 1, '2025-04-01 10:00:00', 300, 'LANTERN STREET; 1 x Zine'),
    (3, 2, '2026-01-01 00:00:00', 700, 'THE OLD FERRY; 1 × 花の地図');
