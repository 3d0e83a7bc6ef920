CREATE TABLE member_settings (
    member_id INTEGER PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    settings JSONB NOT NULL DEFAULT '{"newsletter": false}',
    newsletter BOOLEAN GENERATED ALWAYS AS (COALESCE((settings ->> 'newsletter')::boolean, false)) STORED,
    CONSTRAINT member_settings_is_object CHECK (jsonb_typeof(settings) = 'object')
);

CREATE INDEX member_settings_language_idx ON member_settings ((settings ->> 'language'));
CREATE INDEX member_settings_gin ON member_settings USING gin (settings);

INSERT INTO member_settings (member_id, settings)
SELECT id, CASE
    WHEN full_name ~ '[ĆŻćż]' THEN '{"language": "pl", "newsletter": true}'::jsonb
    WHEN phone_e164 LIKE '+351%' THEN '{"language": "pt", "greeting": "Olá; bem-vinda"}'::jsonb
    ELSE '{}'::jsonb END
FROM members;
