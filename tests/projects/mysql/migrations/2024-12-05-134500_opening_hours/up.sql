create table opening_hours (
    branch_id smallint not null,
    day tinyint unsigned not null,
    opens time not null,
    closes time not null,
    since year not null default 2024,
    note varchar(80),
    primary key (branch_id, day, opens),
    constraint opening_hours_branch_fk foreign key (branch_id) references branches (id) on delete cascade,
    constraint opening_hours_day check (day between 1 and 7),
    constraint opening_hours_order check (opens < closes)
) engine=InnoDB default charset=utf8mb4;

insert into opening_hours (branch_id, day, opens, closes, note)
with recursive days (d) as (
    select 2
    union all
    select d + 1 from days where d < 6
)
select b.id, d, '10:00', case when d = 6 then '16:00' else '18:30' end,
       case d when 6 then 'market day; expect a queue' end
from branches b
cross join days;

alter table branches add column closed_on json not null default ('[]') after opened_on;
update branches set closed_on = '["2024-12-25", "2024-12-26"]' where id = 1;
