CREATE TABLE price_history (
    book_id INTEGER NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    valid_from TIMESTAMPTZ NOT NULL DEFAULT now(),
    price NUMERIC(10, 2) NOT NULL,
    PRIMARY KEY (book_id, valid_from)
);

CREATE FUNCTION remember_price() RETURNS trigger LANGUAGE plpgsql AS '
BEGIN
    -- An old-fashioned body, between quotes: ''it''s allowed''; and it works.
    INSERT INTO price_history (book_id, price) VALUES (NEW.id, NEW.price)
    ON CONFLICT (book_id, valid_from) DO UPDATE SET price = EXCLUDED.price;
    RETURN NULL;
END;
';

CREATE TRIGGER books_remember_price
    AFTER INSERT OR UPDATE OF price ON books
    FOR EACH ROW EXECUTE FUNCTION remember_price();

-- What we know of the past: one price, since the book is here.
INSERT INTO price_history (book_id, valid_from, price)
SELECT id, created_at AT TIME ZONE 'UTC', price FROM books;
