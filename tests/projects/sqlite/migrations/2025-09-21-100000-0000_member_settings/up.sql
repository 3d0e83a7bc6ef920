CREATE TABLE member_settings (
    member_id INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    settings TEXT NOT NULL DEFAULT '{"newsletter": false}' CHECK (json_type(settings) = 'object'),
    newsletter INTEGER GENERATED ALWAYS AS (coalesce(json_extract(settings, '$.newsletter'), 0)) VIRTUAL,
    PRIMARY KEY (member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_settings_language_idx ON member_settings (json_extract(settings, '$.language'));
CREATE INDEX member_settings_newsletter_idx ON member_settings (newsletter) WHERE newsletter = 1;

INSERT INTO member_settings (member_id, settings)
SELECT id, CASE
    WHEN full_name LIKE '%Ć%' OR full_name LIKE '%Ż%' THEN '{"language": "pl", "newsletter": true}'
    WHEN phone_e164 LIKE '+351%' THEN '{"language": "pt", "greeting": "Olá; bem-vinda"}'
    ELSE '{}' END
FROM members;
