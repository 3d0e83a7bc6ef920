-- The two functions every Diesel project on PostgreSQL can count on.
-- They are kept in a migration of their own so that a later one can change them.

-- Puts a trigger on the given table which keeps its `updated_at` up to date,
-- unless the statement sets that column itself:
--
--     SELECT diesel_manage_updated_at('orders');
CREATE OR REPLACE FUNCTION diesel_manage_updated_at(_tbl regclass) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    command text := 'CREATE TRIGGER set_updated_at BEFORE UPDATE ON ' || _tbl::text
        || ' FOR EACH ROW EXECUTE FUNCTION diesel_set_updated_at()';
BEGIN
    EXECUTE command;
END;
$$;

CREATE OR REPLACE FUNCTION diesel_set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- A row that stays as it was is not touched; a time set on purpose is kept.
    IF NEW IS NOT DISTINCT FROM OLD OR NEW.updated_at IS DISTINCT FROM OLD.updated_at THEN
        RETURN NEW;
    END IF;
    NEW.updated_at := current_timestamp;
    RETURN NEW;
END;
$$;
