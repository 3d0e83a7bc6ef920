CREATE VIEW monthly_sales AS
SELECT DATE_FORMAT(o.placed_at, '%Y-%m-01') AS sales_month,
       COUNT(DISTINCT o.id) AS order_count,
       SUM(l.quantity) AS copies,
       SUM(l.line_total) AS turnover
FROM orders o
JOIN order_lines l ON l.order_id = o.id
WHERE o.status IN ('paid', 'sent')
GROUP BY sales_month;

-- No materialised views here: a table, a procedure that fills it, and an event that calls it at night.
CREATE TABLE best_sellers (
    book_id INT UNSIGNED NOT NULL PRIMARY KEY,
    title VARCHAR(200) NOT NULL,
    copies INT NOT NULL,
    place INT NOT NULL,
    CONSTRAINT best_sellers_book_fk FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE PROCEDURE refresh_best_sellers()
MODIFIES SQL DATA
BEGIN
    DELETE FROM best_sellers;
    INSERT INTO best_sellers (book_id, title, copies, place)
    SELECT s.id, s.title, s.copies, ROW_NUMBER() OVER (ORDER BY s.copies DESC, s.id)
    FROM (
        SELECT b.id, b.title, COALESCE(SUM(l.quantity), 0) AS copies
        FROM books b
        LEFT JOIN order_lines l ON l.book_id = b.id
        GROUP BY b.id, b.title
    ) AS s;
END;

CREATE EVENT best_sellers_at_night
    ON SCHEDULE EVERY 1 DAY STARTS '2024-10-21 03:00:00'
    ON COMPLETION PRESERVE
    DISABLE
    COMMENT 'Switched on by hand; on one server only'
DO BEGIN
    CALL refresh_best_sellers();
END;

CALL refresh_best_sellers();
