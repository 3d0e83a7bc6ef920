//! Everything a database holds, as text, so that two can be compared.

use diesel_manage::settings::Backend;

use crate::support::{Probe, Server};

/// Diesel's table, whose second column tells when and is never the same twice.
const LEDGER: &str = "__diesel_schema_migrations";

/// The schema and all rows, without the tables that only `manage` keeps.
pub(crate) fn dump(server: &Server) -> String {
    let mut probe = server.probe();
    let lines = match server.backend() {
        Backend::Sqlite => sqlite(&mut probe),
        Backend::Postgres => postgres(&mut probe),
        Backend::Mysql => mysql(&mut probe),
    };
    lines.join("\n").replace(server.name(), "$DB")
}

fn is_ours(table: &str) -> bool {
    table.starts_with("__manage")
}

/// The rows of a table, in an order of their own.
fn rows(probe: &mut Probe, table: &str, query: &str) -> Vec<String> {
    let mut rows = probe.lines(query);
    rows.sort();
    let mut lines = vec![format!("== rows of {table}")];
    lines.append(&mut rows);
    lines
}

fn sqlite(probe: &mut Probe) -> Vec<String> {
    // Diesel indents its own table by three blanks more than the printed SQL does.
    let objects = format!(
        "SELECT type, name, CASE name WHEN '{LEDGER}' THEN replace(sql, '       ', '    ') ELSE sql END \
         FROM sqlite_schema WHERE substr(tbl_name, 1, 8) <> '__manage' ORDER BY type, name"
    );
    let mut lines = probe.lines(&objects);
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    for table in probe.lines(tables) {
        if is_ours(&table) {
            continue;
        }
        if table == LEDGER {
            lines.extend(rows(
                probe,
                &table,
                &format!("SELECT version FROM {LEDGER}"),
            ));
            continue;
        }
        let columns = probe.lines(&format!(
            "SELECT 'quote(\"' || name || '\")' FROM pragma_table_xinfo('{table}') WHERE hidden <> 1"
        ));
        let query = format!("SELECT {} FROM \"{table}\"", columns.join(", "));
        lines.extend(rows(probe, &table, &query));
    }
    lines
}

/// What the catalogue knows, a query for each kind of object; each answers with lines.
const POSTGRES: &[(&str, &str)] = &[
    (
        "schemas",
        "SELECT n.nspname, n.nspacl FROM pg_namespace n WHERE {own} ORDER BY 1",
    ),
    (
        "extensions",
        "SELECT extname, extversion FROM pg_extension ORDER BY 1",
    ),
    (
        "relations",
        "SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.reloptions, c.relrowsecurity, \
         c.relispartition, pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid), c.relacl, \
         c.relreplident, am.amname \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_am am ON am.oid = c.relam WHERE {own} AND {kept} ORDER BY 1, 2",
    ),
    (
        "columns",
        "SELECT n.nspname, c.relname, \
         row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, \
         format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, \
         pg_get_expr(d.adbin, d.adrelid), co.collname, a.attacl, a.attstattarget, a.attstorage \
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_collation co ON co.oid = a.attcollation \
         WHERE {own} AND {kept} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2, 3",
    ),
    (
        "constraints",
        "SELECT n.nspname, c.relname, t.typname, k.conname, pg_get_constraintdef(k.oid), \
         k.convalidated, k.condeferrable, k.condeferred \
         FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace \
         LEFT JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid \
         WHERE {own} AND (c.oid IS NULL OR {kept}) ORDER BY 1, 2, 3, 4",
    ),
    (
        "indexes",
        "SELECT n.nspname, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, \
         i.indisclustered, i.indisreplident \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {own} AND {kept} ORDER BY 1, 2",
    ),
    (
        "views",
        "SELECT n.nspname, c.relname, pg_get_viewdef(c.oid) FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE {own} AND c.relkind IN ('v', 'm') ORDER BY 1, 2",
    ),
    (
        "functions",
        "SELECT n.nspname, p.oid::regprocedure, p.prokind, \
         CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) END, p.proacl \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
         WHERE {own} AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e') \
         ORDER BY 1, p.oid::regprocedure::text",
    ),
    (
        "triggers",
        "SELECT n.nspname, pg_get_triggerdef(t.oid), t.tgenabled FROM pg_trigger t \
         JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE {own} AND NOT t.tgisinternal ORDER BY 1, 2",
    ),
    (
        "rules and policies",
        "SELECT schemaname, tablename, rulename, definition FROM pg_rules n \
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema') UNION ALL \
         SELECT schemaname, tablename, policyname, concat_ws(' ', cmd, permissive, roles::text, qual, with_check) \
         FROM pg_policies ORDER BY 1, 2, 3",
    ),
    (
        "types",
        "SELECT n.nspname, t.typname, t.typtype, t.typnotnull, t.typdefault, \
         CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, \
         (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid \
         WHERE {own} AND t.typname !~ '__manage' ORDER BY 1, 2",
    ),
    (
        "sequences",
        "SELECT schemaname, sequencename, data_type, start_value, min_value, max_value, increment_by, \
         cycle, cache_size, last_value FROM pg_sequences WHERE sequencename !~ '^__manage' ORDER BY 1, 2",
    ),
    (
        "statistics",
        "SELECT n.nspname, pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s \
         JOIN pg_namespace n ON n.oid = s.stxnamespace ORDER BY 1, 2",
    ),
    (
        "comments",
        "SELECT d.classoid::regclass, \
         CASE d.classoid WHEN 'pg_class'::regclass THEN d.objoid::regclass::text \
         WHEN 'pg_proc'::regclass THEN d.objoid::regprocedure::text \
         WHEN 'pg_type'::regclass THEN d.objoid::regtype::text END, d.objsubid, d.description \
         FROM pg_description d WHERE d.objoid >= 16384 ORDER BY 1::text, 2, 3, 4",
    ),
];

fn postgres(probe: &mut Probe) -> Vec<String> {
    let own = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'";
    let kept = "c.relname !~ '^__manage'";
    let mut lines = Vec::new();
    for (kind, query) in POSTGRES {
        lines.push(format!("== {kind}"));
        lines.extend(probe.lines(&query.replace("{own}", own).replace("{kept}", kept)));
    }
    let tables = "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c \
                  JOIN pg_namespace n ON n.oid = c.relnamespace \
                  WHERE {own} AND {kept} AND c.relkind IN ('r', 'm') ORDER BY 1";
    for table in probe.lines(&tables.replace("{own}", own).replace("{kept}", kept)) {
        let query = if table.ends_with(LEDGER) {
            format!("SELECT version FROM {table}")
        } else {
            format!("SELECT CAST(kept AS text) FROM {table} AS kept")
        };
        lines.extend(rows(probe, &table, &query));
    }
    lines
}

fn mysql(probe: &mut Probe) -> Vec<String> {
    let mut lines = probe.lines(
        "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata \
         WHERE schema_name = database()",
    );
    let tables = probe.lines(
        "SELECT table_name, table_type FROM information_schema.tables \
         WHERE table_schema = database() ORDER BY table_name",
    );
    for entry in tables {
        let Some((table, kind)) = entry.split_once('|').filter(|(table, _)| !is_ours(table)) else {
            continue;
        };
        lines.extend(probe.lines(&format!("SHOW CREATE TABLE `{table}`")));
        if kind == "VIEW" {
            continue;
        }
        let query = if table == LEDGER {
            format!("SELECT version FROM {LEDGER}")
        } else {
            format!("SELECT * FROM `{table}`")
        };
        lines.extend(rows(probe, table, &query));
    }
    for query in [
        "SELECT routine_type, routine_name, dtd_identifier, routine_definition, is_deterministic, \
         sql_data_access, security_type, sql_mode FROM information_schema.routines \
         WHERE routine_schema = database() ORDER BY 1, 2",
        "SELECT specific_name, ordinal_position, parameter_mode, parameter_name, dtd_identifier \
         FROM information_schema.parameters WHERE specific_schema = database() ORDER BY 1, 2",
        "SELECT trigger_name, event_manipulation, event_object_table, action_order, action_timing, \
         action_statement, sql_mode FROM information_schema.triggers \
         WHERE trigger_schema = database() ORDER BY 1",
        "SELECT event_name, event_definition, interval_value, interval_field, status \
         FROM information_schema.events WHERE event_schema = database() ORDER BY 1",
    ] {
        lines.extend(probe.lines(query));
    }
    lines
}
