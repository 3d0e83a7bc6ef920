DROP TRIGGER books_remember_price ON books;
DROP FUNCTION remember_price();
DROP TABLE price_history;
