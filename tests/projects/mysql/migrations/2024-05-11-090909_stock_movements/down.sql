-- What the movements did to the stock goes back first.
UPDATE stock AS s
JOIN (SELECT branch_id, book_id, SUM(delta) AS delta FROM stock_movements GROUP BY branch_id, book_id) AS m
  ON m.branch_id = s.branch_id AND m.book_id = s.book_id
 SET s.quantity = s.quantity - m.delta;

DROP PROCEDURE move_stock;
DROP TABLE stock_movements;
