ALTER TABLE suppliers ADD COLUMN fax VARCHAR(30) NULL AFTER email;
UPDATE suppliers
SET fax = SUBSTRING_INDEX(terms, '; fax ', -1),
    terms = SUBSTRING_INDEX(terms, '; fax ', 1)
WHERE terms LIKE '%; fax %';
