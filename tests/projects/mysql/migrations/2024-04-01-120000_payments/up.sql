CREATE TABLE payments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id INT UNSIGNED NOT NULL,
    method ENUM('cash', 'card', 'transfer', 'IOU; trusted members only') NOT NULL,
    amount DECIMAL(10, 2) NOT NULL,
    currency CHAR(3) NOT NULL DEFAULT 'GBP',
    provider_reference VARCHAR(64) NULL,
    provider_payload JSON NOT NULL DEFAULT ('{}') COMMENT 'As received; do not parse',
    received_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    received_by INT NULL,
    UNIQUE KEY payments_provider_reference_key (provider_reference),
    KEY payments_order_idx (order_id),
    KEY payments_received_by_idx (received_by),
    CONSTRAINT payments_order_fk FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT payments_received_by_fk FOREIGN KEY (received_by) REFERENCES members (id) ON DELETE SET NULL,
    CONSTRAINT payments_amount_not_zero CHECK (amount <> 0),
    CONSTRAINT payments_card_has_reference CHECK (method <> 'card' OR provider_reference IS NOT NULL)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
  COMMENT='Money in (> 0) and money back (< 0); it\'s never updated, only added to.';

INSERT INTO payments (id, order_id, method, amount, provider_reference, provider_payload, received_at, received_by) VALUES
    (1, 1, 'cash', 15.99, NULL, '{}', '2024-03-10 10:01', 1),
    (2, 2, 'card', 24.50, 'ch_0001', '{"brand": "örecard", "note": "3-D; \\"ok\\""}', '2024-03-11 21:20', NULL);
