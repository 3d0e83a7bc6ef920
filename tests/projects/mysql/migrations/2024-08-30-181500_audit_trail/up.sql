/* Who changed what, and when; the treasurer asked for it, the auditor's happy.
   Only what matters: prices, order states, roles. */
CREATE TABLE audit_trail (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    happened_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    table_name VARCHAR(64) NOT NULL,
    operation CHAR(1) NOT NULL,
    row_key JSON NOT NULL,
    old_values JSON NULL,
    new_values JSON NULL,
    done_by VARCHAR(128) NOT NULL,
    KEY audit_trail_when_idx (happened_at),
    CONSTRAINT audit_trail_operation_known CHECK (operation IN ('I', 'U', 'D'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TRIGGER audit_books AFTER UPDATE ON books FOR EACH ROW
BEGIN
    IF NOT (OLD.price <=> NEW.price) THEN
        INSERT INTO audit_trail (table_name, operation, row_key, old_values, new_values, done_by)
        VALUES ('books', 'U', JSON_OBJECT('id', NEW.id),
                JSON_OBJECT('price', OLD.price),
                JSON_OBJECT('price', NEW.price,
                            'direction', CASE WHEN NEW.price > OLD.price THEN 'up' ELSE 'down; rare' END),
                CURRENT_USER());
    END IF;
END;

CREATE TRIGGER audit_orders AFTER UPDATE ON orders FOR EACH ROW
BEGIN
    /* nothing; unless the state differs */
    IF NOT (OLD.status <=> NEW.status) THEN
        INSERT INTO audit_trail (table_name, operation, row_key, old_values, new_values, done_by)
        VALUES ('orders', 'U', JSON_OBJECT('id', NEW.id),
                JSON_OBJECT('status', OLD.status), JSON_OBJECT('status', NEW.status), CURRENT_USER());
    END IF;
END;

CREATE TRIGGER audit_member_roles_insert AFTER INSERT ON member_roles FOR EACH ROW
    INSERT INTO audit_trail (table_name, operation, row_key, new_values, done_by)
    VALUES ('member_roles', 'I', JSON_OBJECT('member_id', NEW.member_id, 'role_code', NEW.role_code),
            JSON_OBJECT('granted_at', NEW.granted_at), CURRENT_USER());

CREATE TRIGGER audit_member_roles_delete AFTER DELETE ON member_roles FOR EACH ROW
    INSERT INTO audit_trail (table_name, operation, row_key, old_values, done_by)
    VALUES ('member_roles', 'D', JSON_OBJECT('member_id', OLD.member_id, 'role_code', OLD.role_code),
            JSON_OBJECT('granted_at', OLD.granted_at), CURRENT_USER());
