UPDATE purchase_orders SET last_delivery_id = NULL;
DROP TABLE purchase_order_lines;
DROP TABLE deliveries;
DROP TABLE purchase_orders;
