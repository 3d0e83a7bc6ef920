-- The founding evening: who belongs to the co-operative.
create table members (
    id int not null auto_increment primary key,
    email varchar(190) not null,
    full_name varchar(200) not null,
    phone varchar(60), -- as people wrote it on the paper form; "0044 …", '0…', anything
    joined_on date not null,
    created_at datetime not null default current_timestamp,
    updated_at datetime not null default current_timestamp on update current_timestamp,
    unique key members_email_key (email),
    constraint members_email_form check (email regexp '^[^@ ]+@[^@ ]+$')
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_unicode_ci;

insert into members (email, full_name, phone, joined_on, created_at, updated_at) values
    ('maja@lantern.example', 'Maja Ćwiklińska', '0161 496 0101', '2024-01-15', '2024-01-15 19:30', '2024-01-15 19:30'),
    ('Tomasz@lantern.example', 'Tomasz Żuk', '0044 161 496 0102', '2024-01-15', '2024-01-15 19:31', '2024-01-15 19:31'),
    ('ines@lantern.example', 'Inês d''Almeida', '+351 210 000 003', '2024-01-15', '2024-01-15 19:32', '2024-01-15 19:32'),
    ('ravi@lantern.example', 'Ravi', null, '2024-01-16', '2024-01-16 08:00', '2024-01-16 08:00'),
    ('sören@lantern.example', 'Sören Øby-Nyström', 'by post only; no telephone', '2024-01-20', '2024-01-20 12:00', '2024-01-20 12:00');
