//! What the files alone tell: folders, migrations, the graph, and where they are in conflict.

use std::path::PathBuf;

use crate::backend;
use crate::commands::linear;
use crate::error::CommandError;
use crate::executor::{Conflict, Conflicts};
use crate::migration::{
    Directory, Divergence, Finding, Graph, Severity, check_directory, check_graph, file_name,
};
use crate::settings::{Connection, Order};
use crate::ui::{self, Found};

/// Lists it.
pub(super) fn findings(
    connection: &Connection,
    directory: &Directory,
    graph: &Graph,
    on: &str,
) -> Result<Vec<Found>, CommandError> {
    let dialect = backend::dialect(connection.backend()?);
    let conflicts = Conflicts {
        diverged: graph.divergences(),
        duplicates: directory.duplicates(),
        ..Conflicts::default()
    };
    Ok(absent(directory)
        .chain(check_directory(directory, dialect))
        .chain(check_graph(graph, dialect))
        .chain(linear::findings(connection, directory, graph))
        .map(Found::from)
        .chain(conflicted(connection, directory, graph, conflicts, on))
        .collect())
}

/// The folders that are not there. Of several, one that is missing is rather a slip.
fn absent(directory: &Directory) -> impl Iterator<Item = Finding> {
    let severity = if directory.folders().len() > 1 {
        Severity::Warning
    } else {
        Severity::Note
    };
    directory
        .folders()
        .iter()
        .filter(|folder| !folder.exists())
        .map(move |folder| {
            Finding::new(
                severity,
                "no-folder",
                folder,
                "there is no such folder",
                "correct `migrations:` in the settings; makemigrations makes the folder",
            )
        })
}

/// Conflicts as findings, each about all the migrations it concerns.
pub(super) fn conflicted(
    connection: &Connection,
    directory: &Directory,
    graph: &Graph,
    conflicts: Conflicts,
    on: &str,
) -> Vec<Found> {
    let found = |conflict: &Conflict| {
        let (code, severity) = match conflict {
            Conflict::Unfinished(_) => ("unfinished", Severity::Error),
            Conflict::Diverged(_) => ("diverged", Severity::Error),
            Conflict::Duplicate(_) => ("duplicate-version", Severity::Error),
            Conflict::Missing(_) => ("missing-folder", Severity::Error),
            Conflict::Edited(_) => ("edited", Severity::Error),
            // In any order is what the settings allow.
            Conflict::OutOfOrder(_) => match connection.order {
                Order::Linear => ("out-of-order", Severity::Error),
                Order::Any => ("out-of-order", Severity::Note),
            },
        };
        let (summary, lines) = ui::conflict(conflict);
        Found {
            about: lines,
            places: places(conflict, directory, graph),
            ..Found::new(severity, code, summary, hints(conflict, on))
        }
    };
    conflicts.list().iter().map(found).collect()
}

/// What to type; the first is the safest.
fn hints(conflict: &Conflict, on: &str) -> Vec<String> {
    match conflict {
        Conflict::Unfinished(_) => vec![format!("manage resume{on}")],
        Conflict::Diverged(_) => vec![format!("manage merge{on}"), format!("manage rebase{on}")],
        Conflict::Duplicate(_) => {
            vec![format!("manage migrate{on} --on-duplicate renumber")]
        }
        Conflict::Missing(missing) => {
            let mut hints =
                vec!["bring the folder back, from the branch or release that has it".to_owned()];
            if missing.iter().all(|one| one.recorded) {
                hints.push(format!("manage migrate{on} --on-missing restore"));
            }
            hints
        }
        Conflict::Edited(_) => vec![
            "bring the file back, and write a new migration for what changed".to_owned(),
            format!("manage migrate{on} --on-edited accept --reason TEXT"),
        ],
        Conflict::OutOfOrder(_) => vec![
            format!("manage migrate{on} --on-out-of-order rebase"),
            format!("manage migrate{on} --on-out-of-order apply"),
        ],
    }
}

/// The files to look at.
fn places(conflict: &Conflict, directory: &Directory, graph: &Graph) -> Vec<PathBuf> {
    let up = |path: &PathBuf| path.join("up.sql");
    match conflict {
        Conflict::Unfinished(runs) => runs
            .iter()
            .filter_map(|run| {
                let entry = directory.find(&run.version)?;
                Some(entry.path.join(file_name(run.direction)))
            })
            .collect(),
        Conflict::Diverged(divergences) => divergences
            .iter()
            .flat_map(Divergence::heads)
            .filter_map(|head| graph.find(head))
            .map(|node| up(&node.path))
            .collect(),
        Conflict::Duplicate(duplicates) => duplicates
            .iter()
            .flat_map(|duplicate| &duplicate.entries)
            .map(|entry| up(&entry.path))
            .collect(),
        Conflict::Missing(missing) => missing
            .iter()
            .filter_map(|one| directory.find(&one.version))
            .map(|entry| up(&entry.path))
            .collect(),
        Conflict::Edited(edited) => edited.iter().map(|one| up(&one.entry.path)).collect(),
        Conflict::OutOfOrder(late) => late.pending.iter().map(|entry| up(&entry.path)).collect(),
    }
}
