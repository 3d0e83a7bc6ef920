/* Notes can hang on anything: a member; an order; a book; so there is no foreign key to it. ' */
CREATE TABLE `Notes` (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `on` ENUM('member', 'order', 'book') NOT NULL,
    `the id` INT NOT NULL,
    body TEXT NOT NULL,
    written_by INT NULL DEFAULT 1,
    written_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY `Notes ; by thing` (`on`, `the id`),
    KEY `Notes; by whom` (written_by),
    CONSTRAINT `Notes_written_by_fk` FOREIGN KEY (written_by) REFERENCES members (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='it''s "just" notes; # of any kind';

INSERT INTO `Notes` (`on`, `the id`, body, written_at) VALUES
    ('member', 5, 'Speaks Swedish; answers in ''English''', '2025-11-30 10:00'), # a remark; with a quote: '
    ('order', 2, 'Tab:\t; newline:\n; backslash: \\; quote: \'; double: \"; percent: \%', '2025-11-30 10:01'),
    ('book', 4, "He said ""it's $5; or $$10$$""; -- we laughed", '2025-11-30 10:02'),
    ('book', 3, _utf8mb4'花; résumé', '2025-11-30 10:03'),
    ('book', 1, 'one line'
     ' and another', '2025-11-30 10:04');
