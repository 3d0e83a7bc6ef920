create virtual table books_search using fts5(
    title, subtitle, blurb,
    content='books', content_rowid='id',
    tokenize = "unicode61 remove_diacritics 2"
);

create trigger books_search_insert after insert on books begin
    insert into books_search (rowid, title, subtitle, blurb) values (new.id, new.title, new.subtitle, new.blurb);
end;

create trigger books_search_delete after delete on books begin
    insert into books_search (books_search, rowid, title, subtitle, blurb)
    values ('delete', old.id, old.title, old.subtitle, old.blurb);
end;

create trigger books_search_update after update of title, subtitle, blurb on books begin
    insert into books_search (books_search, rowid, title, subtitle, blurb)
    values ('delete', old.id, old.title, old.subtitle, old.blurb);
    insert into books_search (rowid, title, subtitle, blurb) values (new.id, new.title, new.subtitle, new.blurb);
end;

insert into books_search (books_search) values ('rebuild');
