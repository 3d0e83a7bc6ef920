create table reviews (
    id serial primary key,
    book_id integer not null references books (id) on delete cascade,
    member_id integer references members (id) on delete set null,
    in_reply_to integer references reviews (id) on delete cascade,
    rating smallint check (rating between 1 and 5),
    body text not null default '',
    is_hidden boolean not null default false,
    created_at timestamp not null default now(),
    updated_at timestamp not null default now(),
    constraint reviews_reply_has_no_rating check (in_reply_to is null or rating is null),
    constraint reviews_not_of_itself check (in_reply_to <> id)
);

create unique index reviews_one_per_member on reviews (book_id, member_id) where in_reply_to is null;

select diesel_manage_updated_at('reviews');

insert into reviews (book_id, member_id, in_reply_to, rating, body, created_at, updated_at) values
    (1, 1, null, 5, 'Read it; then read it again.', '2024-09-01 10:00', '2024-09-01 10:00'),
    (1, 3, 1, null, E'Concordo!\\ (that was a backslash)', '2024-09-02 10:00', '2024-09-02 10:00'),
    (2, 5, null, 4, 'Mycket bra — ’men’ lite kort', '2024-09-03 10:00', '2024-09-03 10:00');
