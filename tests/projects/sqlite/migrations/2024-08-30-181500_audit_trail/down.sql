DROP TRIGGER audit_member_roles_delete;
DROP TRIGGER audit_member_roles_insert;
DROP TRIGGER audit_orders;
DROP TRIGGER audit_books;
DROP TABLE audit_trail;
