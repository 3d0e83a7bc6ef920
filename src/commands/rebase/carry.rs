//! Moves migrations for another command, in the middle of its work.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::error::Applied;
use crate::commands::linear;
use crate::commands::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::{self, Rebase, Version, WriteError, with_followers};

/// How often the change is worked out again because others write migrations too.
const ATTEMPTS: usize = 5;

/// Gives the migrations and those that say they follow them new versions after all others, in their
/// order, and reads the folder again.
///
/// # Errors
/// One of them is applied, or the files cannot be written; they are then as they were.
pub(in crate::commands) fn move_after(
    context: &Context,
    workspace: &mut Workspace,
    versions: &[Version],
) -> Result<(), CommandError> {
    let mine = with_followers(&workspace.graph, versions);
    let entries = workspace
        .directory
        .entries()
        .iter()
        .filter(|entry| mine.contains(&entry.version));
    let mut paths = BTreeSet::new();
    for entry in entries {
        if workspace.memory.ledger.contains(&entry.version) {
            return Err(Applied {
                name: entry.name.clone(),
                places: format!("`{}`", workspace.name()),
                instead: None,
                again: Some(format!("manage rebase {}", entry.name)),
            }
            .into());
        }
        paths.insert(entry.path.clone());
    }
    move_entries(context, workspace, &paths)
}

/// The same for the directories themselves, of which one may share its version with another that is
/// applied.
///
/// # Errors
/// The files cannot be written; they are then as they were.
pub(in crate::commands) fn move_entries(
    context: &Context,
    workspace: &mut Workspace,
    paths: &BTreeSet<PathBuf>,
) -> Result<(), CommandError> {
    let mut attempt = 1;
    let rebase = loop {
        let rebase = Rebase::of(
            &workspace.directory,
            &workspace.graph,
            paths,
            &workspace.memory.ledger.versions(),
            context.clock.now(),
        )?;
        let relocation = rebase.relocation()?;
        let _held = context.interrupt.hold(|_| {});
        match migration::relocate(&relocation) {
            Ok(()) => break rebase,
            Err(WriteError::Changed { .. } | WriteError::VersionTaken { .. })
                if attempt < ATTEMPTS =>
            {
                attempt += 1;
            }
            Err(error) => return Err(error.into()),
        }
        workspace.reload(context)?;
    };
    for one in rebase.changes() {
        if one.is_renamed() {
            context
                .ui
                .status(&format!("Renamed `{}` to `{}`.", one.name, one.new_name));
        }
        if one.depends_on.is_some() {
            let path = one.new_path().join("metadata.toml");
            context
                .ui
                .status(&format!("Mended `{}`.", context.shown(&path).display()));
        }
    }
    linear::keep(context, &workspace.connection)?;
    workspace.reload(context)
}
