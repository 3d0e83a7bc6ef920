CREATE TABLE member_addresses
(
    id          INTEGER     NOT NULL PRIMARY KEY,
    member_id   INTEGER     NOT NULL,
    label       VARCHAR(40) NOT NULL DEFAULT 'home',
    street      TEXT        NOT NULL,
    town        TEXT        NOT NULL,
    postcode    VARCHAR(12) NOT NULL,
    country     CHAR(2)     NOT NULL DEFAULT 'GB',
    is_default  BOOLEAN     NOT NULL DEFAULT FALSE,
    CONSTRAINT member_addresses_member_fk FOREIGN KEY (member_id)
        REFERENCES members (id) ON DELETE CASCADE,
    CONSTRAINT member_addresses_country_upper CHECK (country = UPPER(country))
);

-- Jeden domyślny adres na osobę; reszta bez znaczenia.
CREATE UNIQUE INDEX member_addresses_one_default ON member_addresses (member_id) WHERE is_default;

INSERT INTO member_addresses (member_id, label, street, town, postcode, country, is_default) VALUES
    (1, 'home', '12 Lantern Street; flat 3', 'Manchester', 'M1 1AA', 'GB', TRUE),
    (1, 'work', 'The shop', 'Manchester', 'M1 1AB', 'GB', FALSE),
    (5, 'summer house', 'Åsgatan 7', 'Östersund', '831 30', 'SE', TRUE);
