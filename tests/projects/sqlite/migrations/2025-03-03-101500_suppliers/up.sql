-- Wholesalers and small presses we buy from.
CREATE TABLE suppliers (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    email TEXT,
    terms TEXT NOT NULL DEFAULT '30 days;
net',
    discount REAL NOT NULL DEFAULT 35.0 CHECK (discount BETWEEN 0 AND 60), fax TEXT) STRICT;

CREATE UNIQUE INDEX suppliers_name_key ON suppliers (name);

INSERT INTO suppliers (name, email, discount, fax) VALUES
    ('Gardeners'' Wholesale', 'trade@gardeners.example', 42.5, '0161 496 0999'),
    ('Źródło hurt', NULL, 30, NULL);
