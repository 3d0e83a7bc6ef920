create table wishlists (
    id int not null auto_increment primary key,
    member_id int not null,
    name varchar(60) not null default 'My list ♥',
    is_public boolean not null default false,
    share_token binary(16) not null default (unhex(replace(uuid(), '-', ''))),
    unique (share_token),
    unique (member_id, name),
    foreign key (member_id) references members (id) on delete cascade
) engine=InnoDB default charset=utf8mb4;

create table wishlist_items (
    wishlist_id int not null,
    book_id int unsigned not null,
    wanted_since date not null default (current_date),
    primary key (wishlist_id, book_id),
    foreign key (wishlist_id) references wishlists (id) on delete cascade,
    foreign key (book_id) references books (id) on delete cascade
) engine=InnoDB default charset=utf8mb4;

insert into wishlists (id, member_id, name, is_public, share_token) values
    (1, 1, 'Birthday; big 4-0', true, x'000000000000400080000000000000aa'),
    (2, 4, 'My list ♥', false, 0x000000000000400080000000000000bb);
insert into wishlist_items (wishlist_id, book_id, wanted_since) values (1, 2, '2025-02-01'), (1, 3, '2025-02-02'), (2, 5, '2025-02-14');
