-- The first shelf, typed in by hand on a Saturday. No way back: the price stickers are on.
INSERT INTO publishers (name, city) VALUES
    ('Harbour & Daughters', 'Hull'),
    ('Wydawnictwo Źródło', 'Łódź'),
    ('Editora Maré', 'Setúbal');

INSERT INTO authors (id, name, sort_name) VALUES
    (1, 'Agnes O''Dowd', 'O''Dowd, Agnes'),
    (2, 'Łucja Wątróbska', 'Wątróbska, Łucja'),
    (3, '山本 花', 'Yamamoto Hana'),
    (4, 'Henrique Vaz', 'Vaz, Henrique');
SELECT setval(pg_get_serial_sequence('authors', 'id'), 4);

INSERT INTO books (isbn, title, subtitle, publisher_id, format, price, published_on, blurb, created_at, updated_at) VALUES
    ('9780000000019', 'The Tide Tables', NULL, 1, 'paperback', 9.99, '2019-05-02',
     'Two sisters; one lighthouse; no boat.', '2024-02-03 11:22', '2024-02-03 11:22'),
    ('9780000000026', 'Zupa i inne opowiadania', 'z posłowiem tłumaczki', 2, 'hardback', 24.50, '2021-10-11',
     E'A kitchen in seven soups.\nIncludes a recipe for \'żurek\'; serves four.', '2024-02-03 11:23', '2024-02-03 11:23'),
    ('9780000000033', '花の地図', NULL, 3, 'map; folded', 7.00, '2022-03-20',
     E'A map of flowers \u2014 folds to pocket size.', '2024-02-03 11:24', '2024-02-03 11:24'),
    (NULL, 'How to Mend a Bicycle', 'a zine', NULL, 'zine', 3.00, NULL,
     DEFAULT, '2024-02-03 11:25', '2024-02-03 11:25'),
    ('9780000000040', 'O mar; a maré', NULL, 3, 'children''s board book', 6.75, '2023-06-01',
     $blurb$It's a book; it floats. $$ not $1.$blurb$, '2024-02-03 11:26', '2024-02-03 11:26');

INSERT INTO book_authors (book_id, author_id, position) VALUES
    (1, 1, 1), (2, 2, 1), (3, 3, 1), (5, 4, 1), (5, 3, 2);
