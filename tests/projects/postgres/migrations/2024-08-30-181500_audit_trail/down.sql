DROP TRIGGER audit_member_roles ON member_roles;
DROP TRIGGER audit_orders ON orders;
DROP TRIGGER audit_books ON books;
DROP FUNCTION write_audit_trail();
DROP TABLE audit_trail;
