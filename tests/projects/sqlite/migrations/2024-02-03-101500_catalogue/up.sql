CREATE TABLE publishers (
    id    INTEGER NOT NULL PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    city  TEXT NOT NULL DEFAULT ''
);

CREATE TABLE authors (
    id         INTEGER NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    sort_name  TEXT NOT NULL
);

CREATE TABLE books (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    isbn          CHAR(13) UNIQUE CHECK (isbn GLOB '97[89]*' AND length(isbn) = 13),
    title         TEXT NOT NULL CHECK (title <> ''),
    subtitle      TEXT,
    publisher_id  INTEGER REFERENCES publishers (id) ON DELETE SET NULL,
    format        TEXT NOT NULL DEFAULT 'paperback'
                  CHECK (format IN ('hardback', 'paperback', 'zine', 'map; folded', 'children''s board book')),
    price_pence   INTEGER NOT NULL CHECK (price_pence >= 0),
    published_on  DATE,
    blurb         TEXT NOT NULL DEFAULT 'No description yet; ask at the till.',
    created_at    TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at    TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE book_authors (
    book_id    INTEGER NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    author_id  INTEGER NOT NULL REFERENCES authors (id),
    position   SMALLINT NOT NULL DEFAULT 1,
    PRIMARY KEY (book_id, author_id),
    CONSTRAINT book_authors_position_key UNIQUE (book_id, position)
);

CREATE INDEX book_authors_author_idx ON book_authors (author_id);
