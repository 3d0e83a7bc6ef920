create table wishlists (
    id serial primary key,
    member_id integer not null references members (id) on delete cascade,
    name text not null default 'My list ♥',
    is_public boolean not null default false,
    share_token uuid not null default gen_random_uuid() unique,
    unique (member_id, name)
);

create table wishlist_items (
    wishlist_id integer not null references wishlists (id) on delete cascade,
    book_id integer not null references books (id) on delete cascade,
    wanted_since date not null default current_date,
    primary key (wishlist_id, book_id)
);

insert into wishlists (member_id, name, is_public, share_token) values
    (1, 'Birthday; big 4-0', true, '00000000-0000-4000-8000-0000000000aa'),
    (4, 'My list ♥', false, '00000000-0000-4000-8000-0000000000bb');
insert into wishlist_items (wishlist_id, book_id, wanted_since) values (1, 2, '2025-02-01'), (1, 3, '2025-02-02'), (2, 5, '2025-02-14');
