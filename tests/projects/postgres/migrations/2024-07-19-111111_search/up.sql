alter table books add column search tsvector generated always as (
    setweight(to_tsvector('simple', title), 'A')
    || setweight(to_tsvector('simple', coalesce(subtitle, '')), 'B')
    || setweight(to_tsvector('simple', blurb), 'D')
) stored;

create index books_search_idx on books using gin (search);

create function search_books(query text, most integer default 20)
returns table (book_id integer, title text, score real)
language sql stable
as $search$
    select b.id, b.title, ts_rank(b.search, websearch_to_tsquery('simple', query))
    from books b
    where b.search @@ websearch_to_tsquery('simple', query)
    order by 3 desc, b.title
    limit most; -- one semicolon, inside
$search$;
