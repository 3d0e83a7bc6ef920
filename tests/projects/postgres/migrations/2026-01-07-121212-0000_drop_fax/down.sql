ALTER TABLE suppliers ADD COLUMN fax VARCHAR(30);
UPDATE suppliers
SET fax = substring(terms FROM '; fax (.*)$'),
    terms = regexp_replace(terms, '; fax .*$', '')
WHERE terms ~ '; fax ';
