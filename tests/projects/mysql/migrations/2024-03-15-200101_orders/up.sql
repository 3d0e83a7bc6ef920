CREATE TABLE `orders` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `member_id` INT NOT NULL,
  `branch_id` SMALLINT DEFAULT NULL,
  `status` ENUM('basket', 'placed', 'paid', 'sent', 'cancelled') NOT NULL DEFAULT 'basket',
  `placed_at` DATETIME DEFAULT NULL,
  `placed_on` DATE GENERATED ALWAYS AS (CAST(`placed_at` AS DATE)) VIRTUAL,
  `remark` TEXT,
  `created_at` DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at` DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  KEY `orders_member_idx` (`member_id`),
  KEY `orders_branch_idx` (`branch_id`),
  CONSTRAINT `orders_member_fk` FOREIGN KEY (`member_id`) REFERENCES `members` (`id`),
  CONSTRAINT `orders_branch_fk` FOREIGN KEY (`branch_id`) REFERENCES `branches` (`id`),
  CONSTRAINT `orders_placed_has_time` CHECK (`status` IN ('basket', 'cancelled') OR `placed_at` IS NOT NULL)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE `order_lines` (
  `order_id` INT UNSIGNED NOT NULL,
  `line_no` SMALLINT NOT NULL,
  `book_id` INT UNSIGNED NOT NULL,
  `quantity` INT NOT NULL DEFAULT 1,
  `unit_price` DECIMAL(10,2) NOT NULL,
  `line_total` DECIMAL(12,2) GENERATED ALWAYS AS (`quantity` * `unit_price`) STORED,
  PRIMARY KEY (`order_id`, `line_no`),
  KEY `order_lines_book_idx` (`book_id`),
  CONSTRAINT `order_lines_order_fk` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE CASCADE,
  CONSTRAINT `order_lines_book_fk` FOREIGN KEY (`book_id`) REFERENCES `books` (`id`) ON DELETE RESTRICT,
  CONSTRAINT `order_lines_quantity_positive` CHECK (`quantity` > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO orders (id, member_id, branch_id, status, placed_at, remark, created_at, updated_at) VALUES
    (1, 1, 1, 'sent', '2024-03-10 10:00', NULL, '2024-03-10 09:58', '2024-03-12 16:00'),
    (2, 5, NULL, 'paid', '2024-03-11 21:15', 'Please don\'t ring; leave at n° 9.', '2024-03-11 21:00', '2024-03-11 21:20'),
    (3, 3, 2, 'placed', '2024-03-14 15:30', 'Presente -- embrulhar, por favor', '2024-03-14 15:25', '2024-03-14 15:30'),
    (4, 4, 2, 'basket', NULL, NULL, '2024-03-15 08:00', '2024-03-15 08:00');

INSERT INTO order_lines (order_id, line_no, book_id, quantity, unit_price) VALUES
    (1, 1, 1, 1, 9.99),
    (1, 2, 4, 2, 3.00),
    (2, 1, 2, 1, 24.50),
    (3, 1, 3, 3, 7.00),
    (3, 2, 5, 1, 6.75),
    (4, 1, 4, 1, 3.00);
