-- Built while the shop is open.
ALTER TABLE orders ADD INDEX orders_placed_day_idx (placed_on, status), ALGORITHM=INPLACE, LOCK=NONE;
