alter table books add fulltext index books_search_idx (title, subtitle, blurb);

create procedure search_books(in query text, in most int)
reads sql data
begin
    declare wanted int default 20;
    case
        when most is null then set wanted = 20;
        when most > 100 then set wanted = 100; -- one semicolon, inside
        else set wanted = most;
    end case;
    select b.id, b.title, match (b.title, b.subtitle, b.blurb) against (query in natural language mode) as score
    from books b
    where match (b.title, b.subtitle, b.blurb) against (query in natural language mode)
    order by score desc, b.title
    limit wanted;
end;
