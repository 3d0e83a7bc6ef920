DROP TABLE evening_bookings;
DROP FUNCTION evening_is_not_full();
DROP TABLE evenings;
DROP TYPE seat_kind;
