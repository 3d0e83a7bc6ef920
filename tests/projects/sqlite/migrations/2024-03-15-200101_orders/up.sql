CREATE TABLE "orders" (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    number      TEXT AS ('LS-' || substr('000000' || id, -6)) VIRTUAL,
    member_id   INTEGER NOT NULL REFERENCES members (id),
    branch_id   INTEGER REFERENCES branches (id),
    status      TEXT NOT NULL DEFAULT 'basket'
                CHECK (status IN ('basket', 'placed', 'paid', 'sent', 'cancelled')),
    placed_at   TIMESTAMP,
    remark      TEXT,
    created_at  TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at  TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT orders_placed_has_time CHECK (status IN ('basket', 'cancelled') OR placed_at IS NOT NULL)
);

CREATE TABLE order_lines (
    order_id          INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line_no           SMALLINT NOT NULL,
    book_id           INTEGER NOT NULL REFERENCES books (id) ON DELETE RESTRICT,
    quantity          INTEGER NOT NULL DEFAULT 1 CHECK (quantity > 0),
    unit_price_pence  INTEGER NOT NULL,
    line_total_pence  INTEGER GENERATED ALWAYS AS (quantity * unit_price_pence) STORED,
    PRIMARY KEY (order_id, line_no)
);

INSERT INTO orders (member_id, branch_id, status, placed_at, remark, created_at, updated_at) VALUES
    (1, 1, 'sent', '2024-03-10 10:00:00', NULL, '2024-03-10 09:58:00', '2024-03-12 16:00:00'),
    (5, NULL, 'paid', '2024-03-11 21:15:00', 'Please don''t ring; leave at n° 9.', '2024-03-11 21:00:00', '2024-03-11 21:20:00'),
    (3, 2, 'placed', '2024-03-14 15:30:00', 'Presente -- embrulhar, por favor', '2024-03-14 15:25:00', '2024-03-14 15:30:00'),
    (4, 2, 'basket', NULL, NULL, '2024-03-15 08:00:00', '2024-03-15 08:00:00');

INSERT INTO order_lines (order_id, line_no, book_id, quantity, unit_price_pence) VALUES
    (1, 1, 1, 1, 999),
    (1, 2, 4, 2, 300),
    (2, 1, 2, 1, 2450),
    (3, 1, 3, 3, 700),
    (3, 2, 5, 1, 675),
    (4, 1, 4, 1, 300);
