ALTER TABLE tools DROP COLUMN condition;
