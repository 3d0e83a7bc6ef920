-- A purchase order knows its last delivery, a delivery its purchase order.
CREATE TABLE purchase_orders (
    id SERIAL PRIMARY KEY,
    supplier_id INTEGER NOT NULL REFERENCES suppliers (id),
    ordered_on DATE NOT NULL,
    last_delivery_id INTEGER,
    remark TEXT
);

CREATE TABLE deliveries (
    id SERIAL PRIMARY KEY,
    purchase_order_id INTEGER NOT NULL
        CONSTRAINT deliveries_purchase_order_fk REFERENCES purchase_orders (id) DEFERRABLE INITIALLY DEFERRED,
    branch_id SMALLINT NOT NULL REFERENCES branches (id),
    arrived_at TIMESTAMPTZ NOT NULL,
    boxes SMALLINT NOT NULL DEFAULT 1,
    CONSTRAINT deliveries_of_one_order UNIQUE (purchase_order_id, id)
);

CREATE TABLE purchase_order_lines (
    purchase_order_id INTEGER NOT NULL REFERENCES purchase_orders (id) ON DELETE CASCADE,
    book_id INTEGER NOT NULL REFERENCES books (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (purchase_order_id, book_id)
);

ALTER TABLE purchase_orders
    ADD CONSTRAINT purchase_orders_last_delivery_fk
    FOREIGN KEY (id, last_delivery_id) REFERENCES deliveries (purchase_order_id, id)
    DEFERRABLE INITIALLY DEFERRED;

INSERT INTO deliveries (id, purchase_order_id, branch_id, arrived_at, boxes) VALUES
    (1, 1, 1, '2025-03-20 07:45+00', 3),
    (2, 1, 1, '2025-03-27 07:50+00', 1);
INSERT INTO purchase_orders (id, supplier_id, ordered_on, last_delivery_id, remark) VALUES
    (1, 1, '2025-03-12', 2, 'box 2 was wet; credited'),
    (2, 2, '2025-03-29', NULL, NULL);
INSERT INTO purchase_order_lines (purchase_order_id, book_id, quantity) VALUES (1, 1, 12), (1, 4, 40), (2, 2, 6);

SELECT setval('deliveries_id_seq', (SELECT max(id) FROM deliveries)),
       setval('purchase_orders_id_seq', (SELECT max(id) FROM purchase_orders));
