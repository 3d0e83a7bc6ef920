create index orders_open_idx on orders (member_id, status, placed_at desc);
create index order_lines_book_quantity_idx on order_lines (book_id, quantity);
create index books_title_prefix_idx on books (title(20));
