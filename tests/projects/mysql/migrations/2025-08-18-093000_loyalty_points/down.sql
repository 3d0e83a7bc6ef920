DROP PROCEDURE give_points;
DROP FUNCTION points_of;
DROP TABLE loyalty_entries;
