drop procedure search_books;
alter table books drop index books_search_idx;
