CREATE TYPE return_reason AS ENUM ('damaged', 'wrong book', 'had it already', 'didn''t like it; honest');

ALTER TABLE returns ADD COLUMN reason return_reason;
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE returns SET reason = CASE WHEN quantity > 1 THEN 'wrong book' ELSE 'had it already' END::return_reason;
ALTER TABLE returns ALTER COLUMN reason SET NOT NULL