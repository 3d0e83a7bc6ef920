DROP TRIGGER [books remember price];
DROP TRIGGER books_remember_first_price;
DROP TABLE price_history;
