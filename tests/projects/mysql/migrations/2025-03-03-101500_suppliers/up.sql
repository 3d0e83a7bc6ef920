-- Wholesalers and small presses we buy from.
CREATE TABLE suppliers (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    email VARCHAR(190),
    fax VARCHAR(30),
    terms VARCHAR(200) NOT NULL DEFAULT '30 days;
net',
    discount DECIMAL(4, 1) NOT NULL DEFAULT 35.0,
    UNIQUE KEY suppliers_name_key (name),
    CONSTRAINT suppliers_discount_range CHECK (discount BETWEEN 0 AND 60)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO suppliers (id, name, email, discount, fax) VALUES
    (1, 'Gardeners'' Wholesale', 'trade@gardeners.example', 42.5, '0161 496 0999'),
    (2, 'Źródło hurt', NULL, 30, NULL);
