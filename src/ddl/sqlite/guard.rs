//! Statements that make a script fail before it can do harm.
//!
//! Plain SQL, so that any program that runs the file is stopped: a temporary table whose conditions are
//! what has to hold.

use super::spelling::quoted;

/// The table of the conditions, which lives as long as the script.
const TABLE: &str = "\"__manage_guard\"";

/// What the table has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guards {
    /// That no row is lost.
    Rows,
    /// That, and that no more rows refer to nothing than before.
    RowsAndReferences,
}

/// Opens the table.
pub(super) fn open(guards: Guards) -> String {
    let references = match guards {
        Guards::Rows => "",
        Guards::RowsAndReferences => {
            ",\n    \"broken\" INTEGER,\n    \
             \"broken_now\" INTEGER CONSTRAINT \"every reference still leads somewhere\" \
             CHECK (\"broken_now\" <= \"broken\")"
        }
    };
    format!(
        "CREATE TEMPORARY TABLE {TABLE} (\n    \
         \"lost\" INTEGER CONSTRAINT \"every row is copied\" CHECK (\"lost\" = 0){references}\n)"
    )
}

/// Fails where one table has not as many rows as another.
pub(super) fn same_rows(old: &str, new: &str) -> String {
    format!(
        "INSERT INTO {TABLE} (\"lost\")\n    SELECT (SELECT count(*) FROM {}) - (SELECT count(*) FROM {})",
        quoted(old),
        quoted(new)
    )
}

/// Counts the rows that refer to nothing.
pub(super) fn count_broken() -> String {
    format!("INSERT INTO {TABLE} (\"broken\") SELECT count(*) FROM pragma_foreign_key_check")
}

/// Fails where they are more than before.
pub(super) fn not_more_broken() -> String {
    format!(
        "UPDATE {TABLE} SET \"broken_now\" = (SELECT count(*) FROM pragma_foreign_key_check)\n    \
         WHERE \"broken\" IS NOT NULL"
    )
}

/// Closes the table.
pub(super) fn close() -> String {
    format!("DROP TABLE temp.{TABLE}")
}
