ALTER TABLE returns ADD COLUMN reason TEXT NOT NULL DEFAULT 'had it already'
    CHECK (reason IN ('damaged', 'wrong book', 'had it already', 'didn''t like it; honest'));

UPDATE returns SET reason = CASE WHEN quantity > 1 THEN 'wrong book' ELSE 'had it already' END