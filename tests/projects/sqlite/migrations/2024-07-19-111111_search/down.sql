drop trigger books_search_update;
drop trigger books_search_delete;
drop trigger books_search_insert;
drop table books_search;
