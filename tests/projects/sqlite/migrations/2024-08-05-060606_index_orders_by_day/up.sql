-- The day is what the first ten characters say.
CREATE INDEX orders_placed_day_idx ON orders (substr(placed_at, 1, 10), status);
