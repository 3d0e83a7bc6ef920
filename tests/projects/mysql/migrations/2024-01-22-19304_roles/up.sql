create table roles (
    code varchar(20) not null primary key,
    title varchar(100) not null,
    may_refund boolean not null default false
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_unicode_ci;

create table member_roles (
    member_id int not null,
    role_code varchar(20) not null,
    granted_at datetime not null default current_timestamp,
    primary key (member_id, role_code),
    constraint member_roles_member_fk foreign key (member_id) references members (id) on delete cascade,
    constraint member_roles_role_fk foreign key (role_code) references roles (code) on update cascade
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_unicode_ci;

insert into roles (code, title, may_refund) values
    ('keyholder', 'Opens; closes; counts the till', true),
    ('volunteer', 'Volunteer', false),
    ('treasurer', 'Treasurer ("the one with the spreadsheet")', true);

insert into member_roles (member_id, role_code, granted_at)
select id, case when full_name like 'Maja%' then 'keyholder'
                when full_name like 'Tomasz%' then 'treasurer'
                else 'volunteer' end, '2024-01-22 19:30'
from members;
