alter table members
    add column given_name text,
    add column family_name text;

alter table members disable trigger set_updated_at;

do $do$
declare
    m record;
    cut integer;
begin
    for m in select id, full_name from members order by id loop
        cut := position(' ' in m.full_name);
        if cut = 0 then
            update members set given_name = m.full_name where id = m.id;
        else
            update members
            set given_name = left(m.full_name, cut - 1),
                family_name = substr(m.full_name, cut + 1)
            where id = m.id;
        end if;
    end loop;
    raise notice 'split; % of them', (select count(*) from members);
end
$do$;

alter table members enable trigger set_updated_at;

alter table members alter column given_name set not null;
create index members_family_name_idx on members (family_name, given_name) where family_name is not null;
