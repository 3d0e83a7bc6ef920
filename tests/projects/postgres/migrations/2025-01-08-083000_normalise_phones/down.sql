ALTER TABLE members DROP CONSTRAINT members_phone_e164_form;
ALTER TABLE members DROP COLUMN phone_e164;
