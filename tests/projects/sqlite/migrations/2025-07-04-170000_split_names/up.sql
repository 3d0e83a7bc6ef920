alter table members add column given_name text not null default '';
alter table members add column family_name text;

update members
set given_name = case instr(full_name, ' ')
        when 0 then full_name
        else substr(full_name, 1, instr(full_name, ' ') - 1)
    end,
    family_name = case instr(full_name, ' ')
        when 0 then null
        else substr(full_name, instr(full_name, ' ') + 1)
    end;

create index members_family_name_idx on members (family_name, given_name) where family_name is not null;
