DELETE FROM tools WHERE id IN (1, 2, 3);
