-- From whatever is on the paper forms to +441614960101.
ALTER TABLE members ADD COLUMN phone_e164 VARCHAR(16)
    CHECK (phone_e164 GLOB '+[1-9][0-9]*' AND length(phone_e164) BETWEEN 8 AND 16);

UPDATE members
SET phone_e164 = CASE
        WHEN phone LIKE '+%' THEN replace(replace(phone, ' ', ''), '-', '')
        WHEN phone LIKE '00%' THEN '+' || substr(replace(phone, ' ', ''), 3)
        WHEN phone GLOB '0[0-9 ]*' THEN '+44' || substr(replace(phone, ' ', ''), 2)
        ELSE NULL -- 'by post only; …'
    END
WHERE phone IS NOT NULL;
