-- Wholesalers and small presses we buy from.
CREATE TABLE suppliers (
    id SERIAL PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    email email_address,
    terms TEXT NOT NULL DEFAULT '30 days;
net',
    discount NUMERIC(4, 1) NOT NULL DEFAULT 35.0 CHECK (discount BETWEEN 0 AND 60),
    fax VARCHAR(30)
);

CREATE UNIQUE INDEX suppliers_name_key ON suppliers (lower(name));

INSERT INTO suppliers (name, email, discount, fax) VALUES
    ('Gardeners'' Wholesale', 'trade@gardeners.example', 42.5, '0161 496 0999'),
    ('Źródło hurt', NULL, 30, NULL);
