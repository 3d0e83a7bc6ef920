//! SQLite: rows that refer to rows that are not there make the script fail, as they make a run fail.
//!
//! A script cannot compare, so a trigger does, on a table of the session's own.

use crate::backend::Direction;
use crate::migration::{Execution, Step};
use crate::sql::{self, Dialect};

/// Counts what is broken before the first migration, and keeps the trigger that compares.
pub(super) const PREPARE: &str = r#"CREATE TEMP TABLE __manage_broken AS
  SELECT "table", parent, count(*) AS number FROM pragma_foreign_key_check GROUP BY 1, 2;
CREATE TEMP TABLE __manage_check (at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TEMP TRIGGER __manage_compare BEFORE INSERT ON __manage_check
WHEN EXISTS (
  SELECT 1
  FROM (SELECT "table", parent, count(*) AS number FROM pragma_foreign_key_check GROUP BY 1, 2) AS now
  LEFT JOIN __manage_broken AS was ON was."table" = now."table" AND was.parent = now.parent
  WHERE now.number > coalesce(was.number, 0)
)
BEGIN
  SELECT RAISE(ABORT, 'rows refer to rows that are not there; see PRAGMA foreign_key_check');
END;
CREATE TEMP TRIGGER __manage_count AFTER INSERT ON __manage_check
BEGIN
  DELETE FROM __manage_broken;
  INSERT INTO __manage_broken
    SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2;
END;
"#;

/// Fails if more is broken than before.
pub(super) const CHECK: &str = "INSERT INTO temp.__manage_check DEFAULT VALUES;\n";

/// Whether a step can leave such rows, as the runner judges it.
pub(super) fn concerns(step: &Step) -> bool {
    if step.execution == Execution::Fake {
        return false;
    }
    step.direction == Direction::Down
        || sql::split(&step.script.text, Dialect::Sqlite).is_ok_and(|script| {
            script
                .statements
                .iter()
                .any(|statement| sql::may_break_references(statement.text))
        })
}

/// Whether a step turns foreign keys on or off itself.
pub(super) fn sets_pragma(step: &Step) -> bool {
    step.execution == Execution::Run
        && sql::split(&step.script.text, Dialect::Sqlite).is_ok_and(|script| {
            script
                .statements
                .iter()
                .any(|statement| sql::is_foreign_keys_pragma(statement.text))
        })
}
