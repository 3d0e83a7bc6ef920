drop index books_title_prefix_idx;
drop index order_lines_book_idx;
drop index orders_open_idx;
