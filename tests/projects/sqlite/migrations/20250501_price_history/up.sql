CREATE TABLE price_history (
    book_id INTEGER NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    valid_from TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    price_pence INTEGER NOT NULL,
    PRIMARY KEY (book_id, valid_from)
) WITHOUT ROWID;

CREATE TRIGGER books_remember_first_price AFTER INSERT ON books
BEGIN
    INSERT INTO price_history (book_id, price_pence) VALUES (NEW.id, NEW.price_pence);
END;

CREATE TRIGGER [books remember price] AFTER UPDATE OF price_pence ON books
WHEN NEW.price_pence <> OLD.price_pence
BEGIN
    INSERT INTO price_history (book_id, price_pence) VALUES (NEW.id, NEW.price_pence)
    ON CONFLICT (book_id, valid_from) DO UPDATE SET price_pence = excluded.price_pence;
END;

-- What we know of the past: one price, since the book is here.
INSERT INTO price_history (book_id, valid_from, price_pence)
SELECT id, created_at, price_pence FROM books;
