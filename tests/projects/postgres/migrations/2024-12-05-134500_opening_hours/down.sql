alter table branches drop column closed_on;
drop table opening_hours;
drop domain weekday;
