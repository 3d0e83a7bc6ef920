-- A purchase order knows its last delivery, a delivery its purchase order: one of them has to come first.
SET FOREIGN_KEY_CHECKS=0;

CREATE TABLE purchase_orders (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    supplier_id INT NOT NULL,
    ordered_on DATE NOT NULL,
    last_delivery_id INT NULL,
    remark VARCHAR(200) NULL,
    KEY purchase_orders_supplier_idx (supplier_id),
    KEY purchase_orders_last_delivery_idx (id, last_delivery_id),
    CONSTRAINT purchase_orders_supplier_fk FOREIGN KEY (supplier_id) REFERENCES suppliers (id),
    CONSTRAINT purchase_orders_last_delivery_fk
        FOREIGN KEY (id, last_delivery_id) REFERENCES deliveries (purchase_order_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE purchase_order_lines (
    purchase_order_id INT NOT NULL,
    book_id INT UNSIGNED NOT NULL,
    quantity INT NOT NULL,
    PRIMARY KEY (purchase_order_id, book_id),
    KEY purchase_order_lines_book_idx (book_id),
    CONSTRAINT purchase_order_lines_order_fk FOREIGN KEY (purchase_order_id) REFERENCES purchase_orders (id) ON DELETE CASCADE,
    CONSTRAINT purchase_order_lines_book_fk FOREIGN KEY (book_id) REFERENCES books (id),
    CONSTRAINT purchase_order_lines_quantity_positive CHECK (quantity > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE deliveries (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    purchase_order_id INT NOT NULL,
    branch_id SMALLINT NOT NULL,
    arrived_at DATETIME NOT NULL,
    boxes SMALLINT NOT NULL DEFAULT 1,
    UNIQUE KEY deliveries_of_one_order (purchase_order_id, id),
    KEY deliveries_branch_idx (branch_id),
    CONSTRAINT deliveries_purchase_order_fk FOREIGN KEY (purchase_order_id) REFERENCES purchase_orders (id),
    CONSTRAINT deliveries_branch_fk FOREIGN KEY (branch_id) REFERENCES branches (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO purchase_orders (id, supplier_id, ordered_on, last_delivery_id, remark) VALUES
    (1, 1, '2025-03-12', 2, 'box 2 was wet; credited'),
    (2, 2, '2025-03-29', NULL, NULL);
INSERT INTO purchase_order_lines (purchase_order_id, book_id, quantity) VALUES (1, 1, 12), (1, 4, 40), (2, 2, 6);
INSERT INTO deliveries (id, purchase_order_id, branch_id, arrived_at, boxes) VALUES
    (1, 1, 1, '2025-03-20 07:45', 3),
    (2, 1, 1, '2025-03-27 07:50', 1);

SET FOREIGN_KEY_CHECKS=1;
