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

INSERT INTO books (isbn, title, subtitle, publisher_id, format, price_pence, published_on, blurb, created_at, updated_at) VALUES
    ('9780000000019', 'The Tide Tables', NULL, 1, 'paperback', 999, '2019-05-02',
     'Two sisters; one lighthouse; no boat.', '2024-02-03 11:22:00', '2024-02-03 11:22:00'),
    ('9780000000026', 'Zupa i inne opowiadania', 'z posłowiem tłumaczki', 2, 'hardback', 2450, '2021-10-11',
     'A kitchen in seven soups.
Includes a recipe for ''żurek''; serves four.', '2024-02-03 11:23:00', '2024-02-03 11:23:00'),
    ('9780000000033', '花の地図', NULL, 3, 'map; folded', 700, '2022-03-20',
     'A map of flowers — folds to pocket size.', '2024-02-03 11:24:00', '2024-02-03 11:24:00'),
    (NULL, 'How to Mend a Bicycle', 'a zine', NULL, 'zine', 300, NULL,
     'With drawings. /* really */', '2024-02-03 11:25:00', '2024-02-03 11:25:00'),
    ('9780000000040', 'O mar; a maré', NULL, 3, 'children''s board book', 675, '2023-06-01',
     'It''s a book; it floats. -- "not a comment"', '2024-02-03 11:26:00', '2024-02-03 11:26:00');

INSERT INTO book_authors (book_id, author_id, position) VALUES
    (1, 1, 1), (2, 2, 1), (3, 3, 1), (5, 4, 1), (5, 3, 2);
