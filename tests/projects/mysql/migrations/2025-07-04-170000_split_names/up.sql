alter table members
    add column given_name varchar(100) null after full_name,
    add column family_name varchar(100) null after given_name;

create procedure split_names_once()
begin
    declare done boolean default false;
    declare m_id int;
    declare m_name varchar(200) character set utf8mb4;
    declare cut int;
    declare names cursor for select id, full_name from members order by id;
    declare continue handler for not found set done = true;

    open names;
    one_by_one: loop
        fetch names into m_id, m_name;
        if done then
            leave one_by_one;
        end if;
        set cut = locate(' ', m_name);
        if cut = 0 then
            update members set given_name = m_name, updated_at = updated_at where id = m_id;
        else
            update members
            set given_name = left(m_name, cut - 1),
                family_name = substring(m_name, cut + 1),
                updated_at = updated_at
            where id = m_id;
        end if;
    end loop one_by_one;
    close names;
end;

call split_names_once();
drop procedure split_names_once;

alter table members modify column given_name varchar(100) not null;
create index members_family_name_idx on members (family_name, given_name);
