//! Our tables beside Diesel's: each is made in the same way when it is first needed, and may be refused.

use crate::backend::{Database, DatabaseError, ErrorClass};
use crate::sql::Dialect;

/// How a server spells what the columns of our tables are of.
pub(super) struct Spelling {
    /// A number that grows.
    pub(super) id: &'static str,
    /// Text of any length.
    pub(super) text: &'static str,
    options: &'static str,
}

/// Who numbers the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbered {
    ByServer,
    /// For rows that are written in the middle of a script: what `LAST_INSERT_ID()` and its like say then is
    /// the script's.
    ByUs,
}

impl Spelling {
    fn of(dialect: Dialect, numbered: Numbered) -> Self {
        let (text, options) = match (dialect, numbered) {
            (Dialect::Sqlite, Numbered::ByServer) | (Dialect::Postgres, _) => ("TEXT", ""),
            // A row with a number of SQLite's own would change what `last_insert_rowid()` says.
            (Dialect::Sqlite, Numbered::ByUs) => ("TEXT", " WITHOUT ROWID"),
            // Another engine would keep rows that a rollback should take.
            (Dialect::Mysql, _) => ("LONGTEXT", " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4"),
        };
        let id = match (dialect, numbered) {
            (_, Numbered::ByUs) => "BIGINT NOT NULL PRIMARY KEY",
            (Dialect::Sqlite, Numbered::ByServer) => "INTEGER PRIMARY KEY NOT NULL",
            (Dialect::Postgres, Numbered::ByServer) => {
                "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
            }
            (Dialect::Mysql, Numbered::ByServer) => "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
        };
        Self { id, text, options }
    }
}

/// What stands in an `INSERT` that numbers its rows itself: an earlier table of PostgreSQL does that too.
pub(super) fn overriding(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => " OVERRIDING SYSTEM VALUE",
        Dialect::Sqlite | Dialect::Mysql => "",
    }
}

/// Makes a table, or looks whether the one that is there can be written: by an insert of no row into the
/// columns that are always given. A role that may not can still migrate, and then less is known.
///
/// # Errors
/// What the server says, but for a refusal.
pub(super) fn prepare(
    database: &mut dyn Database,
    exists: bool,
    table: &str,
    numbered: Numbered,
    required: &str,
    columns: &dyn Fn(&Spelling) -> String,
) -> Result<bool, DatabaseError> {
    let sql = if exists {
        let overriding = match numbered {
            Numbered::ByServer => "",
            Numbered::ByUs => overriding(database.dialect()),
        };
        format!(
            "INSERT INTO {table} ({required}){overriding} SELECT {required} FROM {table} WHERE 1 = 0"
        )
    } else {
        let spelling = Spelling::of(database.dialect(), numbered);
        let (columns, options) = (columns(&spelling), spelling.options);
        format!("CREATE TABLE IF NOT EXISTS {table} (\n    {columns}\n){options}")
    };
    granted(database.batch(&sql))
}

/// Whether it was permitted.
pub(super) fn granted(outcome: Result<(), DatabaseError>) -> Result<bool, DatabaseError> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.class == ErrorClass::Permission => Ok(false),
        Err(error) => Err(error),
    }
}
