CREATE TABLE member_addresses
(
    id          INT         NOT NULL AUTO_INCREMENT,
    member_id   INT         NOT NULL,
    label       VARCHAR(40) NOT NULL DEFAULT 'home',
    street      VARCHAR(200) NOT NULL,
    town        VARCHAR(80) NOT NULL,
    postcode    VARCHAR(12) NOT NULL,
    country     CHAR(2)     NOT NULL DEFAULT 'GB',
    is_default  BOOLEAN     NOT NULL DEFAULT FALSE,
    # Jeden domyślny adres na osobę; reszta bez znaczenia: NULL nie liczy się do klucza.
    default_of  INT GENERATED ALWAYS AS (CASE WHEN is_default THEN member_id END) VIRTUAL,
    PRIMARY KEY (id),
    KEY member_addresses_member_idx (member_id),
    UNIQUE KEY member_addresses_one_default (default_of),
    CONSTRAINT member_addresses_member_fk FOREIGN KEY (member_id)
        REFERENCES members (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

INSERT INTO member_addresses (member_id, label, street, town, postcode, country, is_default) VALUES
    (1, 'home', '12 Lantern Street; flat 3', 'Manchester', 'M1 1AA', 'GB', TRUE),
    (1, 'work', 'The shop', 'Manchester', 'M1 1AB', 'GB', FALSE),
    (5, 'summer house', 'Åsgatan 7', 'Östersund', '831 30', 'SE', TRUE);
