drop index books_title_prefix_idx on books;
drop index order_lines_book_quantity_idx on order_lines;
drop index orders_open_idx on orders;
