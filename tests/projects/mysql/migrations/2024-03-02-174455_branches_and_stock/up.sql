create table branches (
    id smallint not null primary key,
    name varchar(80) not null unique,
    opened_on date not null,
    has_café boolean not null default false
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_unicode_ci;

create table stock (
    branch_id smallint not null,
    book_id int unsigned not null,
    quantity int not null default 0,
    reserved int not null default 0,
    available int generated always as (quantity - reserved) stored,
    primary key (branch_id, book_id),
    key stock_book_idx (book_id),
    constraint stock_branch_fk foreign key (branch_id) references branches (id),
    constraint stock_book_fk foreign key (book_id) references books (id),
    constraint stock_quantity_not_negative check (quantity >= 0),
    constraint stock_reserved_in_range check (reserved between 0 and quantity)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_unicode_ci;

insert into branches (id, name, opened_on, has_café) values
    (1, 'Lantern Street', '2024-02-01', false),
    (2, 'The Old Ferry; upstairs', '2024-03-02', true);

insert into stock (branch_id, book_id, quantity)
select br.id, bo.id, case bo.format when 'zine' then 20 when 'map; folded' then 8 else 4 end
from branches br
cross join books bo;
