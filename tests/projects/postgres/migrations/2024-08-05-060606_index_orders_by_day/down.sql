DROP INDEX CONCURRENTLY orders_placed_day_idx;
