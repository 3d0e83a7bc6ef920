CREATE TABLE price_history (
    book_id INT UNSIGNED NOT NULL,
    valid_from DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    price DECIMAL(10, 2) NOT NULL,
    PRIMARY KEY (book_id, valid_from),
    CONSTRAINT price_history_book_fk FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TRIGGER books_remember_first_price AFTER INSERT ON books FOR EACH ROW
    INSERT INTO price_history (book_id, price) VALUES (NEW.id, NEW.price);

CREATE TRIGGER `books remember; price` AFTER UPDATE ON books FOR EACH ROW
BEGIN
    IF NEW.price <> OLD.price THEN
        INSERT INTO price_history (book_id, price) VALUES (NEW.id, NEW.price)
        ON DUPLICATE KEY UPDATE price = NEW.price;
    END IF;
END;

-- What we know of the past: one price, since the book is here.
INSERT INTO price_history (book_id, valid_from, price)
SELECT id, created_at, price FROM books;
