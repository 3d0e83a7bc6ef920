DROP TABLE suppliers;
