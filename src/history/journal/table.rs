//! The table of the journal: made when a migration first needs it, and found wherever a script leads.

use crate::backend::{Database, DatabaseError, Query, Session};
use crate::history::own_table::{self, Numbered, Spelling, granted};
use crate::migration::Version;
use crate::sql::Dialect;

/// The table's name. `diesel print-schema` skips names that begin with two underscores.
pub const JOURNAL: &str = "__manage_journal";

/// How the table is called in SQL whatever a script does to the session: `search_path`, `USE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalPlace(String);

impl JournalPlace {
    /// For a session that no script has changed.
    #[must_use]
    pub fn unqualified() -> Self {
        Self(JOURNAL.to_owned())
    }

    /// The name as SQL has it.
    #[must_use]
    pub fn as_sql(&self) -> &str {
        &self.0
    }
}

/// Where the table is; it has to be there.
///
/// # Errors
/// What the server says.
pub fn journal_place(database: &mut dyn Database) -> Result<JournalPlace, DatabaseError> {
    let dialect = database.dialect();
    let query = match dialect {
        Dialect::Sqlite => return Ok(JournalPlace(format!("main.{JOURNAL}"))),
        Dialect::Postgres => Query::new(
            "SELECT CAST(n.nspname AS text) FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.oid = to_regclass({})",
        )
        .text(JOURNAL),
        Dialect::Mysql => Query::new("SELECT CAST(database() AS CHAR)"),
    };
    let rows = database.rows(&query)?;
    Ok(match rows.first().and_then(|row| row.optional(0)) {
        Some(namespace) => {
            JournalPlace(format!("{}.{JOURNAL}", dialect.quote_identifier(namespace)))
        }
        None => JournalPlace::unqualified(),
    })
}

/// Makes the table if it is missing. `false` if this role may not make it, or not write it.
///
/// # Errors
/// What else the server says.
pub fn create_journal(database: &mut dyn Database, exists: bool) -> Result<bool, DatabaseError> {
    const REQUIRED: &str = "id, version, name, direction, state, done, statements, first, \
                            checksums, performed_by, host, tool";
    let may_add = own_table::prepare(
        database,
        exists,
        JOURNAL,
        Numbered::ByUs,
        REQUIRED,
        &columns,
    )?;
    Ok(may_add && (!exists || may_forget(database)?))
}

/// Whether this role may delete from the table, which has to be there; tried by a version that no migration
/// has.
pub(in crate::history) fn may_forget(database: &mut dyn Database) -> Result<bool, DatabaseError> {
    granted(database.batch(&format!("DELETE FROM {JOURNAL} WHERE version = ''")))
}

/// Deletes what is noted of a migration: it is recorded, or nothing of it is in effect.
///
/// # Errors
/// What the server says.
pub fn forget_run(
    place: &JournalPlace,
    version: &Version,
    session: &mut dyn Session,
) -> Result<(), DatabaseError> {
    let query = Query::new(format!(
        "DELETE FROM {} WHERE version = {{}}",
        place.as_sql()
    ));
    session.execute(&query.text(version.as_str()))?;
    Ok(())
}

fn columns(spelling: &Spelling) -> String {
    let Spelling { id, text, .. } = spelling;
    format!(
        "id {id},
    version VARCHAR(50) NOT NULL,
    name VARCHAR(255) NOT NULL,
    direction VARCHAR(4) NOT NULL,
    state VARCHAR(16) NOT NULL,
    done BIGINT NOT NULL,
    statement BIGINT,
    statements BIGINT NOT NULL,
    first BIGINT NOT NULL,
    checksums {text} NOT NULL,
    statement_sql {text},
    error {text},
    noted_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    session BIGINT,
    performed_by VARCHAR(255) NOT NULL,
    host VARCHAR(255) NOT NULL,
    tool VARCHAR(64) NOT NULL"
    )
}
