DROP TABLE evening_bookings;
DROP TABLE evenings;
