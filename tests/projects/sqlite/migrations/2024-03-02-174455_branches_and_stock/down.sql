drop table stock;
drop table branches;
