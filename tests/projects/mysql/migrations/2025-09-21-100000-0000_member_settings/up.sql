CREATE TABLE member_settings (
    member_id INT NOT NULL PRIMARY KEY,
    settings JSON NOT NULL DEFAULT ('{"newsletter": false}'),
    newsletter BOOLEAN GENERATED ALWAYS AS (COALESCE(JSON_UNQUOTE(JSON_EXTRACT(settings, '$.newsletter')) = 'true', 0)) VIRTUAL,
    language VARCHAR(8) GENERATED ALWAYS AS (JSON_UNQUOTE(JSON_EXTRACT(settings, '$.language'))) STORED,
    KEY member_settings_language_idx (language),
    CONSTRAINT member_settings_member_fk FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE,
    CONSTRAINT member_settings_is_object CHECK (JSON_TYPE(settings) = 'OBJECT')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO member_settings (member_id, settings)
SELECT id, CASE
    WHEN full_name LIKE '%Ćwik%' OR full_name LIKE '%Żuk%' THEN '{"language": "pl", "newsletter": true}'
    WHEN phone_e164 LIKE '+351%' THEN '{"language": "pt", "greeting": "Olá; bem-vinda"}'
    ELSE '{}' END
FROM members;
