-- What the movements did to the stock goes back first.
UPDATE stock AS s
   SET quantity = s.quantity - m.delta
  FROM (SELECT branch_id, book_id, SUM(delta) AS delta FROM stock_movements GROUP BY branch_id, book_id) AS m
 WHERE s.branch_id = m.branch_id AND s.book_id = m.book_id;

DROP TABLE stock_movements;
DROP FUNCTION stock_movements_are_final();
DROP FUNCTION apply_stock_movement();
