ALTER TABLE returns ADD COLUMN reason ENUM('damaged', 'wrong book', 'had it already', 'didn''t like it; honest') NULL;

UPDATE returns SET reason = CASE WHEN quantity > 1 THEN 'wrong book' ELSE 'had it already' END;

ALTER TABLE returns MODIFY COLUMN reason ENUM('damaged', 'wrong book', 'had it already', 'didn''t like it; honest') NOT NULL