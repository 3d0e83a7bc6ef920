/* Notes can hang on anything: a member; an order; a book; so there is no foreign key to it. ' */
CREATE TABLE "Notes" (
    id INTEGER PRIMARY KEY NOT NULL,
    "on" TEXT NOT NULL CHECK ("on" IN ('member', 'order', 'book')),
    "the id" INTEGER NOT NULL,
    body TEXT NOT NULL,
    written_by INTEGER NOT NULL DEFAULT 1 REFERENCES members (id) ON DELETE SET DEFAULT,
    written_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX "Notes ; by thing" ON "Notes" ("on", [the id]);

INSERT INTO `Notes` ("on", "the id", body, written_at) VALUES
    ('member', 5, 'Speaks Swedish; answers in ''English''', '2025-11-30 10:00:00'),
    ('order', 2, 'Backslash: \; quote: ''; snowman: ☃', '2025-11-30 10:01:00'),
    ('book', 4, 'He said "it''s $5; or $$10$$"; -- we laughed', '2025-11-30 10:02:00'),
    ('book', 3, '花; résumé', '2025-11-30 10:03:00'),
    ('book', 1, 'one line
;
and another', '2025-11-30 10:04:00');
