create table reviews (
    id int not null auto_increment primary key,
    book_id int unsigned not null,
    member_id int,
    in_reply_to int,
    rating tinyint,
    body text not null,
    is_hidden boolean not null default false,
    created_at datetime not null default current_timestamp,
    updated_at datetime not null default current_timestamp on update current_timestamp,
    unique key reviews_one_per_member (book_id, member_id, in_reply_to),
    key reviews_member_idx (member_id),
    key reviews_in_reply_to_idx (in_reply_to),
    constraint reviews_book_fk foreign key (book_id) references books (id) on delete cascade,
    constraint reviews_member_fk foreign key (member_id) references members (id) on delete set null,
    constraint reviews_in_reply_to_fk foreign key (in_reply_to) references reviews (id) on delete cascade,
    constraint reviews_rating_range check (rating between 1 and 5)
) engine=InnoDB default charset=utf8mb4;

insert into reviews (id, book_id, member_id, in_reply_to, rating, body, created_at, updated_at) values
    (1, 1, 1, null, 5, 'Read it; then read it again.', '2024-09-01 10:00', '2024-09-01 10:00'),
    (2, 1, 3, 1, null, 'Concordo!\\ (that was a backslash)', '2024-09-02 10:00', '2024-09-02 10:00'),
    (3, 2, 5, null, 4, 'Mycket bra — ’men’ lite kort', '2024-09-03 10:00', '2024-09-03 10:00');
