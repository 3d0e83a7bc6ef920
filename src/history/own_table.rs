//! Our tables beside Diesel's: each is made in the same way when it is first needed, and may be refused.

use crate::backend::{Database, DatabaseError, ErrorClass};
use crate::sql::Dialect;

/// How a server spells what the columns of our tables are of.
pub(super) struct Spelling {
    /// A number that the server gives, and that grows.
    pub(super) id: &'static str,
    /// Text of any length.
    pub(super) text: &'static str,
    options: &'static str,
}

impl Spelling {
    fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self {
                id: "INTEGER PRIMARY KEY NOT NULL",
                text: "TEXT",
                options: "",
            },
            Dialect::Postgres => Self {
                id: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
                text: "TEXT",
                options: "",
            },
            Dialect::Mysql => Self {
                id: "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
                text: "LONGTEXT",
                // Another engine would keep rows that a rollback should take.
                options: " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4",
            },
        }
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
    required: &str,
    columns: &dyn Fn(&Spelling) -> String,
) -> Result<bool, DatabaseError> {
    let sql = if exists {
        format!("INSERT INTO {table} ({required}) SELECT {required} FROM {table} WHERE 1 = 0")
    } else {
        let spelling = Spelling::of(database.dialect());
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
