create table roles (
    code varchar(20) primary key not null,
    title text not null,
    may_refund boolean not null default 0 check (may_refund in (0, 1))
) without rowid;

create table member_roles (
    member_id integer not null references members (id) on delete cascade,
    role_code varchar(20) not null references roles (code) on update cascade,
    granted_at timestamp not null default current_timestamp,
    primary key (member_id, role_code)
);

insert into roles (code, title, may_refund) values
    ('keyholder', 'Opens; closes; counts the till', 1),
    ('volunteer', 'Volunteer', 0),
    ('treasurer', 'Treasurer ("the one with the spreadsheet")', 1);

insert into member_roles (member_id, role_code, granted_at)
select id, case when full_name like 'Maja%' then 'keyholder'
                when full_name like 'Tomasz%' then 'treasurer'
                else 'volunteer' end, '2024-01-22 19:30:00'
from members;
