SET FOREIGN_KEY_CHECKS=0;
DROP TABLE deliveries, purchase_order_lines, purchase_orders;
SET FOREIGN_KEY_CHECKS=1;
