CREATE TABLE archive_till_receipts (
    id BIGINT NOT NULL,
    branch_id SMALLINT NOT NULL,
    printed_at DATETIME NOT NULL,
    amount DECIMAL(10, 2) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id, printed_at),
    KEY archive_till_receipts_branch_idx (branch_id, printed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
PARTITION BY RANGE COLUMNS (printed_at) (
    PARTITION p2024 VALUES LESS THAN ('2025-01-01'),
    PARTITION p2025 VALUES LESS THAN ('2026-01-01'),
    PARTITION p_rest VALUES LESS THAN (MAXVALUE)
);

INSERT INTO archive_till_receipts (id, branch_id, printed_at, amount, body) VALUES
    (1, 1, '2024-04-01 10:00', 15.99, 'LANTERN STREET\r\n1 x Tide Tables;\t9.99\r\n2 x Zine;\t6.00'),
    (2, 1, '2025-04-01 10:00', 3.00, 'LANTERN STREET; 1 x Zine'),
    (3, 2, '2026-01-01 00:00', 7.00, 'THE OLD FERRY; 1 × 花の地図');
