-- Add the condition a tool is in
ALTER TABLE tools ADD COLUMN condition TEXT NOT NULL DEFAULT 'good';

-- What was on the repair shelf needs repair.
UPDATE tools SET condition = 'repair' WHERE shelf = 'repair';
