DROP TABLE gift_vouchers;
