DROP PROCEDURE give_points(integer, integer, text, timestamptz);
DROP FUNCTION points_of(integer);
DROP TABLE loyalty_entries;
