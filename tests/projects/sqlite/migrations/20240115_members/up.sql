-- The founding evening: who belongs to the co-operative.
create table members (
    id integer primary key autoincrement not null,
    email text not null collate nocase check (email like '_%@_%'),
    full_name text not null,
    phone text, -- as people wrote it on the paper form; "0044 …", '0…', anything
    joined_on date not null default current_date,
    created_at timestamp not null default current_timestamp,
    updated_at timestamp not null default current_timestamp
);

create unique index members_email_key on members (email);

insert into members (email, full_name, phone, joined_on, created_at, updated_at) values
    ('maja@lantern.example', 'Maja Ćwiklińska', '0161 496 0101', '2024-01-15', '2024-01-15 19:30:00', '2024-01-15 19:30:00'),
    ('Tomasz@lantern.example', 'Tomasz Żuk', '0044 161 496 0102', '2024-01-15', '2024-01-15 19:31:00', '2024-01-15 19:31:00'),
    ('ines@lantern.example', 'Inês d''Almeida', '+351 210 000 003', '2024-01-15', '2024-01-15 19:32:00', '2024-01-15 19:32:00'),
    ('ravi@lantern.example', 'Ravi', null, '2024-01-16', '2024-01-16 08:00:00', '2024-01-16 08:00:00'),
    ('sören@lantern.example', 'Sören Øby-Nyström', 'by post only; no telephone', '2024-01-20', '2024-01-20 12:00:00', '2024-01-20 12:00:00');
