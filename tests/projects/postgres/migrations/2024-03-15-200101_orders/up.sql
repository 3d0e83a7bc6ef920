CREATE TYPE order_status AS ENUM ('basket', 'placed', 'paid', 'sent', 'cancelled');

CREATE TABLE orders (
    id          SERIAL PRIMARY KEY,
    number      TEXT GENERATED ALWAYS AS ('LS-' || lpad(id::text, 6, '0')) STORED,
    member_id   INTEGER NOT NULL REFERENCES members (id),
    branch_id   SMALLINT REFERENCES branches (id),
    status      order_status NOT NULL DEFAULT 'basket',
    placed_at   TIMESTAMPTZ,
    remark      TEXT,
    created_at  TIMESTAMP NOT NULL DEFAULT now(),
    updated_at  TIMESTAMP NOT NULL DEFAULT now(),
    CONSTRAINT orders_placed_has_time CHECK (status IN ('basket', 'cancelled') OR placed_at IS NOT NULL)
);

CREATE TABLE order_lines (
    order_id    INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line_no     SMALLINT NOT NULL,
    book_id     INTEGER NOT NULL REFERENCES books (id) ON DELETE RESTRICT,
    quantity    INTEGER NOT NULL DEFAULT 1 CHECK (quantity > 0),
    unit_price  NUMERIC(10, 2) NOT NULL,
    line_total  NUMERIC(12, 2) GENERATED ALWAYS AS (quantity * unit_price) STORED,
    PRIMARY KEY (order_id, line_no)
);

SELECT diesel_manage_updated_at('orders');

INSERT INTO orders (member_id, branch_id, status, placed_at, remark, created_at, updated_at) VALUES
    (1, 1, 'sent', '2024-03-10 10:00+00', NULL, '2024-03-10 09:58', '2024-03-12 16:00'),
    (5, NULL, 'paid', '2024-03-11 21:15+00', E'Please don\'t ring; leave at n° 9.', '2024-03-11 21:00', '2024-03-11 21:20'),
    (3, 2, 'placed', '2024-03-14 15:30+00', 'Presente -- embrulhar, por favor', '2024-03-14 15:25', '2024-03-14 15:30'),
    (4, 2, 'basket', NULL, NULL, '2024-03-15 08:00', '2024-03-15 08:00');

INSERT INTO order_lines (order_id, line_no, book_id, quantity, unit_price) VALUES
    (1, 1, 1, 1, 9.99),
    (1, 2, 4, 2, 3.00),
    (2, 1, 2, 1, 24.50),
    (3, 1, 3, 3, 7.00),
    (3, 2, 5, 1, 6.75),
    (4, 1, 4, 1, 3.00);
