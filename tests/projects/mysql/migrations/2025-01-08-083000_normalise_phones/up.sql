-- From whatever is on the paper forms to +441614960101.
ALTER TABLE members ADD COLUMN phone_e164 VARCHAR(16) NULL AFTER phone;

-- The members did not change anything themselves, so their `updated_at` stays.
UPDATE members
SET phone_e164 = CASE
        WHEN phone LIKE '+%' THEN CONCAT('+', REGEXP_REPLACE(phone, '[^0-9]', ''))
        WHEN phone LIKE '00%' THEN CONCAT('+', SUBSTRING(REGEXP_REPLACE(phone, '[^0-9]', ''), 3))
        WHEN phone REGEXP '^0[0-9 ]+$' THEN CONCAT('+44', SUBSTRING(REPLACE(phone, ' ', ''), 2))
        ELSE NULL -- 'by post only; …'
    END,
    updated_at = updated_at
WHERE phone IS NOT NULL;

ALTER TABLE members ADD CONSTRAINT members_phone_e164_form CHECK (phone_e164 REGEXP '^[+][1-9][0-9]{6,14}$');
