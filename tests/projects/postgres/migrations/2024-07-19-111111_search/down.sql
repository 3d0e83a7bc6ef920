drop function search_books(text, integer);
drop index books_search_idx;
alter table books drop column search;
