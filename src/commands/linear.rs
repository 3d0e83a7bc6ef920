//! The file that names the newest migration, for connections with `linear_history`.

use super::workspace::{Workspace, folders};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::PrepareError;
use crate::migration::{self, Directory, Finding, Graph, Severity};
use crate::settings::Connection;
use crate::ui;

/// Writes the file anew where it is kept and not right. Every command that adds or renames migrations
/// calls this once, at its end.
///
/// # Errors
/// A folder cannot be read or written.
pub(super) fn keep(context: &Context, connection: &Connection) -> Result<(), CommandError> {
    if !connection.linear_history {
        return Ok(());
    }
    for path in migration::keep_pointers(&folders(context, connection))? {
        context.ui.detail(&format!(
            "Wrote `{}`, which names the newest migration.",
            context.shown(&path).display()
        ));
    }
    Ok(())
}

/// What is wrong with the file, where it is kept.
pub(super) fn findings(
    connection: &Connection,
    directory: &Directory,
    graph: &Graph,
) -> Vec<Finding> {
    if connection.linear_history {
        migration::pointer_findings(directory, graph)
    } else {
        Vec::new()
    }
}

/// Refuses to go on while git's marks are in the file. Where the branches are still parted, that has been
/// decided about already, and this only tells.
///
/// # Errors
/// The marks are there.
pub(super) fn check_marks(context: &Context, workspace: &Workspace) -> Result<(), CommandError> {
    let marks: Vec<Finding> = findings(
        &workspace.connection,
        &workspace.directory,
        &workspace.graph,
    )
    .into_iter()
    .filter(|finding| finding.code == "pointer-conflict" && finding.severity == Severity::Error)
    .collect();
    if marks.is_empty() {
        return Ok(());
    }
    if workspace.graph.divergences().is_empty() {
        return Err(PrepareError::Findings(marks).into());
    }
    for finding in &marks {
        ui::finding(&context.ui, finding);
    }
    Ok(())
}
