DROP TABLE returns;
DROP FUNCTION return_fits_the_order();
