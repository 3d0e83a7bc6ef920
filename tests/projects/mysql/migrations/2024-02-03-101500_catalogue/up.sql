CREATE TABLE `publishers` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `name` VARCHAR(120) NOT NULL,
  `city` VARCHAR(80) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  UNIQUE KEY `publishers_name_key` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE `authors` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `name` VARCHAR(120) NOT NULL,
  `sort_name` VARCHAR(120) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE `books` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `isbn` CHAR(13) DEFAULT NULL,
  `title` VARCHAR(200) NOT NULL,
  `subtitle` VARCHAR(200) DEFAULT NULL,
  `publisher_id` INT UNSIGNED DEFAULT NULL,
  `format` ENUM('hardback', 'paperback', 'zine', 'map; folded', 'children''s board book') NOT NULL DEFAULT 'paperback',
  `price` DECIMAL(10,2) NOT NULL,
  `published_on` DATE DEFAULT NULL,
  `blurb` TEXT NOT NULL DEFAULT ('No description yet; ask at the till.'),
  `created_at` DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at` DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `books_isbn_key` (`isbn`),
  KEY `books_publisher_idx` (`publisher_id`),
  CONSTRAINT `books_publisher_fk` FOREIGN KEY (`publisher_id`) REFERENCES `publishers` (`id`) ON DELETE SET NULL,
  CONSTRAINT `books_isbn_form` CHECK (`isbn` REGEXP '^97[89][0-9]{10}$'),
  CONSTRAINT `books_price_not_negative` CHECK (`price` >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE `book_authors` (
  `book_id` INT UNSIGNED NOT NULL,
  `author_id` INT UNSIGNED NOT NULL,
  `position` SMALLINT NOT NULL DEFAULT 1,
  PRIMARY KEY (`book_id`, `author_id`),
  UNIQUE KEY `book_authors_position_key` (`book_id`, `position`),
  KEY `book_authors_author_idx` (`author_id`),
  CONSTRAINT `book_authors_book_fk` FOREIGN KEY (`book_id`) REFERENCES `books` (`id`) ON DELETE CASCADE,
  CONSTRAINT `book_authors_author_fk` FOREIGN KEY (`author_id`) REFERENCES `authors` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
