DROP INDEX orders_placed_day_idx;
