-- From whatever is on the paper forms to +441614960101.
ALTER TABLE members ADD COLUMN phone_e164 VARCHAR(16);

-- The members did not change anything themselves, so their `updated_at` stays.
ALTER TABLE members DISABLE TRIGGER set_updated_at;

UPDATE members
SET phone_e164 = CASE
        WHEN phone LIKE '+%' THEN '+' || regexp_replace(phone, '\D', '', 'g')
        WHEN phone LIKE '00%' THEN '+' || substr(regexp_replace(phone, '[^0-9]', '', 'g'), 3)
        WHEN phone ~ '^0[0-9 ]+$' THEN '+44' || substr(replace(phone, ' ', ''), 2)
        ELSE NULL -- 'by post only; …'
    END
WHERE phone IS NOT NULL;

ALTER TABLE members ENABLE TRIGGER set_updated_at;

ALTER TABLE members ADD CONSTRAINT members_phone_e164_form CHECK (phone_e164 ~ '^\+[1-9][0-9]{6,14}$');
