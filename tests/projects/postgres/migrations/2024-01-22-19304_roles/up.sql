create table roles (
    code varchar(20) primary key,
    title text not null,
    may_refund boolean not null default false
);

create table member_roles (
    member_id integer not null references members (id) on delete cascade,
    role_code varchar(20) not null references roles (code) on update cascade,
    granted_at timestamp not null default now(),
    primary key (member_id, role_code)
);

insert into roles (code, title, may_refund) values
    ('keyholder', 'Opens; closes; counts the till', true),
    ('volunteer', 'Volunteer', false),
    ('treasurer', 'Treasurer ("the one with the spreadsheet")', true);

insert into member_roles (member_id, role_code, granted_at)
select id, case when full_name like 'Maja%' then 'keyholder'
                when full_name like 'Tomasz%' then 'treasurer'
                else 'volunteer' end, '2024-01-22 19:30'
from members;
