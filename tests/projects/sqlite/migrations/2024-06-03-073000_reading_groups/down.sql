DROP TABLE reading_group_members;
DROP TABLE reading_groups;
