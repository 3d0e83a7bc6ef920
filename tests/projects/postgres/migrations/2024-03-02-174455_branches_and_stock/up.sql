create table branches (
    id smallint primary key,
    name text not null unique,
    opened_on date not null,
    has_café boolean not null default false
);

create table stock (
    branch_id smallint not null references branches (id),
    book_id integer not null references books (id),
    quantity integer not null default 0,
    reserved integer not null default 0,
    available integer generated always as (quantity - reserved) stored,
    primary key (branch_id, book_id),
    constraint stock_quantity_not_negative check (quantity >= 0),
    constraint stock_reserved_in_range check (reserved between 0 and quantity)
);

insert into branches (id, name, opened_on, has_café) values
    (1, 'Lantern Street', '2024-02-01', false),
    (2, 'The Old Ferry; upstairs', '2024-03-02', true);

insert into stock (branch_id, book_id, quantity)
select br.id, bo.id, case bo.format when 'zine' then 20 when 'map; folded' then 8 else 4 end
from branches br
cross join books bo;
