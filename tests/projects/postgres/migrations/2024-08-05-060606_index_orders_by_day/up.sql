-- Built while the shop is open: alone in its file, outside a transaction.
CREATE INDEX CONCURRENTLY orders_placed_day_idx ON orders ((placed_at AT TIME ZONE 'Europe/London'), status);
