PRAGMA foreign_keys=OFF;
-- From `.dump` of the reading groups' own little database, which is switched off now.
-- Taken out by hand: BEGIN TRANSACTION; at the top and COMMIT; at the end.
CREATE TABLE reading_group_members (
    group_id integer NOT NULL,
    member_id integer NOT NULL,
    brings text DEFAULT 'biscuits; tea' NOT NULL,
    PRIMARY KEY (group_id, member_id),
    FOREIGN KEY (group_id) REFERENCES reading_groups (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "reading_groups" (
    id integer NOT NULL PRIMARY KEY,
    name text NOT NULL UNIQUE,
    pace text DEFAULT 'monthly' NOT NULL CHECK (pace IN ('weekly','monthly','when the mood takes us')),
    host_id integer REFERENCES members (id) ON DELETE SET NULL,
    current_book_id integer REFERENCES books (id) ON DELETE SET NULL,
    founded_on date
);
INSERT INTO reading_group_members VALUES(1,1,'biscuits; tea');
INSERT INTO reading_group_members VALUES(1,4,'a ''different'' poem');
INSERT INTO reading_group_members VALUES(2,2,'sernik');
INSERT INTO reading_group_members VALUES(2,1,'makowiec');
INSERT INTO reading_groups VALUES(1,'Tuesday Poets','weekly',1,1,'2022-09-06');
INSERT INTO reading_groups VALUES(2,'Książka i ciasto','monthly',2,2,'2023-01-12');
INSERT INTO reading_groups VALUES(3,'Crime; Wine','when the mood takes us',NULL,NULL,NULL);
