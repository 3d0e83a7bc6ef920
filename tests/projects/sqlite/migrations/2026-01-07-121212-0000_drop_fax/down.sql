ALTER TABLE suppliers ADD COLUMN fax TEXT;
UPDATE suppliers
SET fax = substr(terms, instr(terms, '; fax ') + 6),
    terms = substr(terms, 1, instr(terms, '; fax ') - 1)
WHERE instr(terms, '; fax ') > 0;
