create domain weekday as smallint check (value between 1 and 7);

create table opening_hours (
    branch_id smallint not null references branches (id) on delete cascade,
    day weekday not null,
    opens time not null,
    closes time not null,
    note text,
    primary key (branch_id, day, opens),
    check (opens < closes)
);

insert into opening_hours (branch_id, day, opens, closes, note)
select b.id, d, time '10:00', case when d = 6 then time '16:00' else time '18:30' end,
       case d when 6 then 'market day; expect a queue' end
from branches b
cross join generate_series(2, 6) as d;

alter table branches add column closed_on date[] not null default '{}';
update branches set closed_on = array['2024-12-25', '2024-12-26']::date[] where id = 1;
