-- What the movements did to the stock goes back first.
UPDATE stock
   SET quantity = quantity - (SELECT SUM(m.delta) FROM stock_movements m
                               WHERE m.branch_id = stock.branch_id AND m.book_id = stock.book_id)
 WHERE EXISTS (SELECT 1 FROM stock_movements m
                WHERE m.branch_id = stock.branch_id AND m.book_id = stock.book_id);

DROP TRIGGER stock_movements_final_delete;
DROP TABLE stock_movements;
