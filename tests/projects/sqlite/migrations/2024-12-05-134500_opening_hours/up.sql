create table opening_hours (
    branch_id integer not null references branches (id) on delete cascade,
    day integer not null check (day between 1 and 7),
    opens text not null check (opens glob '[0-2][0-9]:[0-5][0-9]'),
    closes text not null check (closes glob '[0-2][0-9]:[0-5][0-9]'),
    note text,
    primary key (branch_id, day, opens),
    check (opens < closes)
) strict, without rowid;

with recursive days(d) as (
    select 2
    union all
    select d + 1 from days where d < 6
)
insert into opening_hours (branch_id, day, opens, closes, note)
select b.id, d, '10:00', case when d = 6 then '16:00' else '18:30' end,
       case d when 6 then 'market day; expect a queue' end
from branches b
cross join days;

alter table branches add column closed_on text not null default '[]' check (json_valid(closed_on));
update branches set closed_on = '["2024-12-25", "2024-12-26"]' where id = 1;
