CREATE TABLE payments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    method TEXT NOT NULL CHECK (method IN ('cash', 'card', 'transfer', 'IOU; trusted members only')),
    amount_pence INTEGER NOT NULL, /* > 0: money in;
                                      < 0: money back; it's never updated, only added to */
    currency CHAR(3) NOT NULL DEFAULT 'GBP',
    provider_reference TEXT,
    provider_payload TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(provider_payload)),
    received_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    received_by INTEGER REFERENCES members (id) ON DELETE SET NULL,
    CONSTRAINT payments_amount_not_zero CHECK (amount_pence <> 0),
    CONSTRAINT payments_card_has_reference CHECK (method <> 'card' OR provider_reference IS NOT NULL)
);

CREATE UNIQUE INDEX payments_provider_reference_key
    ON payments (provider_reference)
    WHERE provider_reference IS NOT NULL;

INSERT INTO payments (order_id, method, amount_pence, provider_reference, provider_payload, received_at, received_by) VALUES
    (1, 'cash', 1599, NULL, '{}', '2024-03-10 10:01:00', 1),
    (2, 'card', 2450, 'ch_0001', '{"brand": "örecard", "note": "3-D; \"ok\""}', '2024-03-11 21:20:00', NULL);
