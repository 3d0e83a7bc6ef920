//! What the database tells: what is applied, what was recorded of it, and where the files disagree.

use super::drift;
use super::files::conflicted;
use crate::backend::Access;
use crate::commands::unfinished::tell_under_way;
use crate::commands::workspace::{announce, connect};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{Conflicts, ExecuteError};
use crate::history::{Memory, Shape, shape};
use crate::migration::{Directory, Graph, Severity};
use crate::settings::Connection;
use crate::ui::{self, Found};

/// Lists it. Nothing is written.
pub(super) fn findings(
    context: &Context,
    connection: &Connection,
    directory: &Directory,
    graph: &Graph,
    on: &str,
) -> Result<Vec<Found>, CommandError> {
    announce(context, connection)?;
    let mut database = connect(context, connection, Access::Read)?;
    let shape = shape(&mut *database).map_err(ExecuteError::from)?;
    let mut memory = match shape {
        Shape::Lacks(_) => Memory::read_ledger(&mut *database),
        Shape::Absent | Shape::Hidden | Shape::Newer(_) | Shape::Known => {
            Memory::read(&mut *database)
        }
    }
    .map_err(ExecuteError::from)?;
    tell_under_way(context, connection.url()?, &mut *database, &mut memory);
    let mut found = Vec::new();
    found.extend(of_ledger(&memory));
    found.extend(of_history(&shape));
    found.extend(pending(directory, &memory, on));
    let mut conflicts = Conflicts::find(directory, graph, &memory, database.dialect());
    // These were told from the files.
    conflicts.diverged.clear();
    conflicts.duplicates.clear();
    conflicts
        .missing
        .retain(|one| !one.version.as_str().is_empty());
    found.extend(conflicted(connection, directory, graph, conflicts, on));
    found.extend(drift::finding(&mut *database, &memory, on)?);
    Ok(found)
}

fn of_ledger(memory: &Memory) -> Vec<Found> {
    let mut found = Vec::new();
    if !memory.has_ledger() {
        found.push(Found::new(
            Severity::Note,
            "no-ledger",
            "the database has no table of applied migrations: nothing was ever applied",
            vec!["the first run of migrate makes it".to_owned()],
        ));
    }
    let applied = memory.ledger.applied();
    if applied.iter().any(|one| one.version.as_str().is_empty()) {
        found.push(Found::new(
            Severity::Error,
            "empty-version-applied",
            "the table of applied migrations holds an empty version",
            vec![
                "some MariaDB client libraries make `diesel` write it; look at the newest migration, then: DELETE FROM __diesel_schema_migrations WHERE version = ''"
                    .to_owned(),
            ],
        ));
    }
    found
}

fn of_history(shape: &Shape) -> Option<Found> {
    let name = "`__manage_history`";
    match shape {
        Shape::Absent | Shape::Known => None,
        Shape::Hidden => Some(Found::new(
            Severity::Note,
            "history-hidden",
            format!("this role may not read {name}, so edits cannot be found"),
            vec!["let it read the table: GRANT SELECT".to_owned()],
        )),
        Shape::Lacks(columns) => Some(Found {
            about: columns.iter().map(|column| (*column).to_owned()).collect(),
            ..Found::new(
                Severity::Warning,
                "history-older",
                format!(
                    "{name} lacks {}, so what it holds is not read",
                    ui::count(columns.len(), "column")
                ),
                vec![
                    "an older version made it, or somebody changed it; rename it, and the next run makes another"
                        .to_owned(),
                ],
            )
        }),
        Shape::Newer(words) => Some(Found {
            about: words.clone(),
            ..Found::new(
                Severity::Warning,
                "history-newer",
                format!("{name} was written by a newer version, whose words are not known here"),
                vec!["update this program".to_owned()],
            )
        }),
    }
}

/// That something is to be done is no fault.
fn pending(directory: &Directory, memory: &Memory, on: &str) -> Option<Found> {
    let number = directory
        .entries()
        .iter()
        .filter(|entry| !memory.ledger.contains(&entry.version))
        .count();
    (number > 0).then(|| {
        let verb = if number == 1 { "is" } else { "are" };
        Found::new(
            Severity::Note,
            "pending",
            format!("{} {verb} not applied yet", ui::count(number, "migration")),
            vec![format!("manage migrate{on}")],
        )
    })
}
