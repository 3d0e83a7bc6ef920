ALTER TABLE purchase_orders DROP CONSTRAINT purchase_orders_last_delivery_fk;
DROP TABLE purchase_order_lines;
DROP TABLE deliveries;
DROP TABLE purchase_orders;
