drop index members_family_name_idx;
alter table members
    drop column family_name,
    drop column given_name;
