create index orders_open_idx on orders (member_id, placed_at desc) where status in ('placed', 'paid');
create index order_lines_book_idx on order_lines (book_id);
create index books_title_prefix_idx on books (lower(title));
