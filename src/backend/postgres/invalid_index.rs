//! Indexes that were being built concurrently when something failed: they are there, cost every write, and
//! are used by no query.

use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::sql::{ConcurrentIndex, Dialect, ObjectName};

/// An index that is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidIndex {
    /// Its number in the catalogue.
    pub id: String,
    /// Its name, quoted and with its schema where that is needed.
    pub name: String,
    /// Whether it is what the statement builds, and not only on the same table.
    pub is_named: bool,
    /// Whether another session is building it at this moment.
    pub is_being_built: bool,
}

/// The invalid indexes on the table that a statement builds an index on.
///
/// # Errors
/// What the server says.
pub fn invalid_indexes(
    session: &mut dyn Session,
    built: &ConcurrentIndex,
) -> Result<Vec<InvalidIndex>, DatabaseError> {
    // What is left of a rebuilt index has its name with a mark behind it.
    let (table, named, name) = match built {
        ConcurrentIndex::Create { index, .. } => (
            "to_regclass({})",
            "c.relname = {}",
            index.clone().unwrap_or_default(),
        ),
        ConcurrentIndex::Index(name) => (
            "(SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass({}))",
            "c.relname ~ ('^' || regexp_replace({}, '([^A-Za-z0-9_])', '\\\\\\1', 'g') || '_cc(new|old)[0-9]*$')",
            name.name.clone(),
        ),
        ConcurrentIndex::Table(_) => (
            "to_regclass({})",
            "(c.relname ~ '_cc(new|old)[0-9]*$' OR {} = '')",
            "-".to_owned(),
        ),
    };
    let on = match built {
        ConcurrentIndex::Create { table, .. } => table,
        ConcurrentIndex::Index(name) | ConcurrentIndex::Table(name) => name,
    };
    let query = Query::new(format!(
        "SELECT CAST(i.indexrelid AS text), CAST(CAST(i.indexrelid AS regclass) AS text), \
         CAST({named} AS text), \
         CAST(EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid \
         AND p.pid <> pg_backend_pid()) AS text) \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         WHERE NOT i.indisvalid AND c.relkind = 'i' AND i.indrelid = {table} ORDER BY c.relname"
    ))
    .text(name)
    .text(quoted(on));
    let rows = session.rows(&query)?;
    Ok(rows
        .iter()
        .map(|row| InvalidIndex {
            id: row.text(0).to_owned(),
            name: row.text(1).to_owned(),
            is_named: row.is_true(2),
            is_being_built: row.is_true(3),
        })
        .collect())
}

/// Drops an index without keeping others from writing, and without waiting for them for long.
///
/// # Errors
/// What the server says.
pub fn drop_invalid(session: &mut dyn Session, index: &InvalidIndex) -> Result<(), DatabaseError> {
    const LONGEST: &str = "5s";
    let before = session.rows(&Query::new("SELECT current_setting('lock_timeout')"))?;
    let before = before
        .first()
        .map(|row| row.text(0).to_owned())
        .unwrap_or_default();
    let limits = before == "0";
    if limits {
        session.batch(&format!("SET lock_timeout = '{LONGEST}'"))?;
    }
    let dropped = session.batch(&format!("DROP INDEX CONCURRENTLY IF EXISTS {}", index.name));
    if limits {
        // Best effort: what the drop said matters more.
        let _ = session.batch("SET lock_timeout = 0");
    }
    dropped
}

fn quoted(name: &ObjectName) -> String {
    let quote = |part: &str| Dialect::Postgres.quote_identifier(part);
    match &name.schema {
        Some(schema) => format!("{}.{}", quote(schema), quote(&name.name)),
        None => quote(&name.name),
    }
}
