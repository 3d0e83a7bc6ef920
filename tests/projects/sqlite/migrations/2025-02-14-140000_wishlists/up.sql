create table wishlists (
    id integer primary key not null,
    member_id integer not null references members (id) on delete cascade,
    name text not null default 'My list ♥',
    is_public boolean not null default 0,
    share_token text not null default (lower(hex(randomblob(16)))) unique,
    unique (member_id, name)
);

create table wishlist_items (
    wishlist_id integer not null references wishlists (id) on delete cascade,
    book_id integer not null references books (id) on delete cascade,
    wanted_since date not null default current_date,
    primary key (wishlist_id, book_id) on conflict replace
);

insert into wishlists (member_id, name, is_public, share_token) values
    (1, 'Birthday; big 4-0', 1, '000000000000400080000000000000aa'),
    (4, 'My list ♥', 0, '000000000000400080000000000000bb');
insert into wishlist_items (wishlist_id, book_id, wanted_since) values (1, 2, '2025-02-01'), (1, 3, '2025-02-02'), (2, 5, '2025-02-14');
