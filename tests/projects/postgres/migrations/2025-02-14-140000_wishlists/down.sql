drop table wishlist_items;
drop table wishlists;
