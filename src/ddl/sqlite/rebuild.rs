//! A new table in the place of the old one, with its rows.

use super::spelling::quoted;
use super::{copy, guard, table};
use crate::schema::change::Decisions;
use crate::schema::{Auto, Table};
use crate::sql::Dialect;

/// What a rebuild needs to know of what is round it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    /// A name that nothing has.
    pub(super) new_name: &'a str,
    /// Whether views or triggers are there, which SQLite would look into when the table is renamed.
    pub(super) has_programs: bool,
    pub(super) decisions: &'a Decisions,
}

/// The statements, without those for indexes and triggers, which go with the old table.
pub(super) fn statements(base: &Table, to: &Table, around: Surroundings<'_>) -> Vec<String> {
    let (old, new) = (to.name.name.as_str(), around.new_name);
    let copy = copy::copy(base, to, around.decisions);
    let mut statements = vec![table::create(to, new)];
    if counts(base) && counts(to) {
        // Before the rows, which then find it there.
        let literal = |name: &str| Dialect::Sqlite.quote_literal(name);
        statements.push(format!(
            "INSERT INTO sqlite_sequence (name, seq)\n    \
             SELECT {}, seq FROM sqlite_sequence WHERE name = {}",
            literal(new),
            literal(old)
        ));
    }
    statements.push(format!(
        "INSERT INTO {} ({})\n    SELECT {}\n    FROM {}",
        quoted(new),
        copy.columns.join(", "),
        copy.values.join(", "),
        quoted(old)
    ));
    statements.push(guard::same_rows(old, new));
    statements.push(format!("DROP TABLE {}", quoted(old)));
    let rename = format!("ALTER TABLE {} RENAME TO {}", quoted(new), quoted(old));
    if around.has_programs {
        statements.push("PRAGMA legacy_alter_table = ON".to_owned());
        statements.push(rename);
        statements.push("PRAGMA legacy_alter_table = OFF".to_owned());
    } else {
        statements.push(rename);
    }
    statements
}

/// Whether SQLite remembers the greatest number that the table ever had.
fn counts(table: &Table) -> bool {
    table
        .columns
        .iter()
        .any(|column| column.auto == Some(Auto::Increment))
}
