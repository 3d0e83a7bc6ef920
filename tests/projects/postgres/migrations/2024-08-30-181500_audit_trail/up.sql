/* Who changed what, and when.
   /* The treasurer asked for it; so did the auditor. */
   Only what matters: prices, order states, roles. */
CREATE TABLE audit_trail (
    id BIGSERIAL PRIMARY KEY,
    happened_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    table_name NAME NOT NULL,
    operation CHAR(1) NOT NULL CHECK (operation IN ('I', 'U', 'D')),
    row_key JSONB NOT NULL,
    before JSONB,
    after JSONB,
    done_by TEXT NOT NULL DEFAULT current_user
);

CREATE INDEX audit_trail_row_idx ON audit_trail USING gin (row_key jsonb_path_ops);
CREATE INDEX audit_trail_when_idx ON audit_trail USING brin (happened_at);

CREATE OR REPLACE FUNCTION write_audit_trail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $audit$
DECLARE
    keys text[] := TG_ARGV;
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
    key_part jsonb := '{}';
    k text;
BEGIN
    FOREACH k IN ARRAY keys LOOP
        key_part := key_part || jsonb_build_object(k, coalesce(new_row, old_row) -> k);
    END LOOP;

    INSERT INTO audit_trail (table_name, operation, row_key, before, after)
    VALUES (TG_TABLE_NAME, left(TG_OP, 1), key_part, old_row, new_row);

    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
$audit$;

CREATE TRIGGER audit_books
    AFTER UPDATE OF price OR DELETE ON books
    FOR EACH ROW EXECUTE FUNCTION write_audit_trail('id');

CREATE TRIGGER audit_orders
    AFTER UPDATE OF status ON orders
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION write_audit_trail('id');

CREATE TRIGGER audit_member_roles
    AFTER INSERT OR UPDATE OR DELETE ON member_roles
    FOR EACH ROW EXECUTE FUNCTION write_audit_trail('member_id', 'role_code');
