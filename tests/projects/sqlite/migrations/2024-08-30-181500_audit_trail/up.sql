/* Who changed what, and when; the treasurer asked for it, the auditor's happy.
   Only what matters: prices, order states, roles. */
CREATE TABLE audit_trail (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    happened_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    table_name TEXT NOT NULL,
    operation CHAR(1) NOT NULL CHECK (operation IN ('I', 'U', 'D')),
    row_key TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT,
    CHECK (json_valid(row_key) AND ("before" IS NULL OR json_valid("before")) AND ("after" IS NULL OR json_valid("after")))
);

CREATE INDEX audit_trail_row_idx ON audit_trail (table_name, json_extract(row_key, '$.id'));

CREATE TRIGGER audit_books AFTER UPDATE OF price_pence ON books
FOR EACH ROW WHEN OLD.price_pence IS NOT NEW.price_pence
BEGIN
    INSERT INTO audit_trail (table_name, operation, row_key, "before", "after")
    VALUES ('books', 'U', json_object('id', NEW.id),
            json_object('price_pence', OLD.price_pence),
            json_object('price_pence', NEW.price_pence,
                        'direction', CASE WHEN NEW.price_pence > OLD.price_pence THEN 'up' ELSE 'down; rare' END));
END;

CREATE TRIGGER audit_orders AFTER UPDATE OF status ON orders
FOR EACH ROW WHEN OLD.status IS NOT NEW.status
BEGIN
    INSERT INTO audit_trail (table_name, operation, row_key, "before", "after")
    VALUES ('orders', 'U', json_object('id', NEW.id),
            json_object('status', OLD.status), json_object('status', NEW.status));
END;

CREATE TRIGGER audit_member_roles_insert AFTER INSERT ON member_roles
BEGIN
    INSERT INTO audit_trail (table_name, operation, row_key, "after")
    VALUES ('member_roles', 'I', json_object('member_id', NEW.member_id, 'role_code', NEW.role_code),
            json_object('granted_at', NEW.granted_at));
END;

CREATE TRIGGER audit_member_roles_delete AFTER DELETE ON member_roles
BEGIN
    INSERT INTO audit_trail (table_name, operation, row_key, "before")
    VALUES ('member_roles', 'D', json_object('member_id', OLD.member_id, 'role_code', OLD.role_code),
            json_object('granted_at', OLD.granted_at));
END;
