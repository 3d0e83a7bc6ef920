-- Nobody has one. The two numbers we had are kept, in words.
UPDATE suppliers SET terms = terms || '; fax ' || fax WHERE fax IS NOT NULL;
ALTER TABLE suppliers DROP COLUMN fax;
