//! What is seen and not compared.

use std::collections::BTreeMap;

use super::relation::{NAMESPACE, USER_SCHEMA, name};
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::schema::{Name, Unmanaged};

/// A kind of object, the catalogue it stands in as `o`, and the rest of the question: its name, and
/// where it is with its namespace as `n`.
const KINDS: &[(&str, &str, &str, &str)] = &[
    (
        "composite types",
        "pg_class",
        "o.relname",
        "pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace WHERE o.relkind = 'c'",
    ),
    (
        "range types",
        "pg_type",
        "o.typname",
        "pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace WHERE o.typtype = 'r'",
    ),
    (
        "base types",
        "pg_type",
        "o.typname",
        "pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace \
         WHERE o.typtype = 'b' AND o.typelem = 0",
    ),
    (
        "aggregates",
        "pg_proc",
        "o.proname",
        "pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace WHERE o.prokind = 'a'",
    ),
    (
        "operators",
        "pg_operator",
        "o.oprname",
        "pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE true",
    ),
    (
        "collations",
        "pg_collation",
        "o.collname",
        "pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE true",
    ),
    (
        "text search configurations",
        "pg_ts_config",
        "o.cfgname",
        "pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace WHERE true",
    ),
    (
        "foreign tables",
        "pg_class",
        "o.relname",
        "pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace WHERE o.relkind = 'f'",
    ),
    (
        "tables that inherit",
        "pg_class",
        "o.relname",
        "pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace \
         WHERE o.relkind = 'r' AND NOT o.relispartition \
         AND o.oid IN (SELECT inhrelid FROM pg_inherits)",
    ),
    (
        "tables with row security",
        "pg_class",
        "o.relname",
        "pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace WHERE o.relrowsecurity",
    ),
    (
        "policies",
        "pg_policy",
        "o.polname",
        "pg_policy o JOIN pg_class c ON c.oid = o.polrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE true",
    ),
    (
        "rules",
        "pg_rewrite",
        "o.rulename",
        "pg_rewrite o JOIN pg_class c ON c.oid = o.ev_class \
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE o.rulename <> '_RETURN'",
    ),
    (
        "statistics",
        "pg_statistic_ext",
        "o.stxname",
        "pg_statistic_ext o JOIN pg_namespace n ON n.oid = o.stxnamespace WHERE true",
    ),
];

/// Kinds that are in no namespace.
const GLOBAL: &[(&str, &str, &str)] = &[
    ("event triggers", "pg_event_trigger", "o.evtname"),
    ("publications", "pg_publication", "o.pubname"),
    ("foreign servers", "pg_foreign_server", "o.srvname"),
];

/// Lists what is left alone, one question for all; `known` was seen on the way.
pub(super) fn read(
    session: &mut dyn Session,
    known: Vec<(&str, Vec<Name>)>,
) -> Result<Vec<Unmanaged>, DatabaseError> {
    let free = |catalogue: &str| {
        format!(
            "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalogue}'::regclass \
             AND e.objid = o.oid AND e.deptype = 'e')"
        )
    };
    let within = KINDS.iter().map(|(kind, catalogue, column, rest)| {
        format!(
            "SELECT '{kind}'::text, {NAMESPACE}, {column}::text FROM {rest} AND {USER_SCHEMA} AND {}",
            free(catalogue)
        )
    });
    let global = GLOBAL.iter().map(|(kind, catalogue, column)| {
        format!(
            "SELECT '{kind}'::text, NULL::text, {column}::text FROM {catalogue} o WHERE {}",
            free(catalogue)
        )
    });
    let query = within.chain(global).collect::<Vec<_>>().join(" UNION ALL ");
    let mut kinds: BTreeMap<String, Vec<Name>> = BTreeMap::new();
    for row in session.rows(&Query::new(query))? {
        kinds
            .entry(row.text(0).to_owned())
            .or_default()
            .push(name(&row, 1));
    }
    for (kind, names) in known {
        if !names.is_empty() {
            kinds.entry(kind.to_owned()).or_default().extend(names);
        }
    }
    let listed = kinds.into_iter().map(|(kind, mut names)| {
        names.sort();
        names.dedup();
        Unmanaged { kind, names }
    });
    Ok(listed.collect())
}
