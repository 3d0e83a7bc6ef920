CREATE TYPE payment_method AS ENUM ('cash', 'card', 'transfer', 'IOU; trusted members only');

CREATE TABLE payments (
    id BIGSERIAL PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    method payment_method NOT NULL,
    amount NUMERIC(10, 2) NOT NULL,
    currency CHAR(3) NOT NULL DEFAULT 'GBP',
    provider_reference TEXT,
    provider_payload JSONB NOT NULL DEFAULT '{}'::jsonb,
    received_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    received_by INTEGER REFERENCES members (id) ON DELETE SET NULL,
    CONSTRAINT payments_amount_not_zero CHECK (amount <> 0),
    CONSTRAINT payments_card_has_reference CHECK (method <> 'card' OR provider_reference IS NOT NULL)
);

CREATE UNIQUE INDEX payments_provider_reference_key
    ON payments (provider_reference)
    WHERE provider_reference IS NOT NULL;

COMMENT ON TABLE payments IS 'Money in (> 0) and money back (< 0); it''s never updated, only added to.';
COMMENT ON COLUMN payments.provider_payload IS 'As received; do not parse';

INSERT INTO payments (order_id, method, amount, provider_reference, provider_payload, received_at, received_by) VALUES
    (1, 'cash', 15.99, NULL, '{}', '2024-03-10 10:01+00', 1),
    (2, 'card', 24.50, 'ch_0001', '{"brand": "örecard", "note": "3-D; \"ok\""}', '2024-03-11 21:20+00', NULL);
