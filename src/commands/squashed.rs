//! Squashed migrations on their way forwards and back: the rows of what went into them.

use std::collections::BTreeSet;

use super::workspace::Workspace;
use crate::backend::Direction;
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor;
use crate::migration::{Execution, Plan, Version};
use crate::ui;

/// Refuses to run a squashed migration where a part of what it does is there already.
pub(super) fn refuse_halfway(
    context: &Context,
    workspace: &Workspace,
    plan: &Plan,
) -> Result<(), CommandError> {
    for step in &plan.steps {
        if step.direction == Direction::Down || step.execution == Execution::Fake {
            continue;
        }
        let there =
            executor::squashed_into(&step.version, &workspace.graph, &workspace.memory.ledger);
        if there.is_empty() {
            continue;
        }
        let entry = workspace.directory.find(&step.version);
        let archive =
            entry.and_then(|entry| Some(entry.path.parent()?.join(".squashed").join(&entry.name)));
        return Err(Halfway {
            name: step.name.clone(),
            there: there
                .iter()
                .map(|version| executor::name_of(&workspace.directory, &workspace.memory, version))
                .collect(),
            on: context.on(workspace.name()),
            archive: archive
                .filter(|archive| archive.is_dir())
                .map(|archive| context.shown(&archive).display().to_string()),
        }
        .into());
    }
    Ok(())
}

/// Before a squashed migration is reverted: forgets the rows of what went into it, for what they stand
/// for goes with it, and `diesel` stops at a row without a folder. Gives the plan for what is left.
pub(super) fn forget_what_goes(
    context: &Context,
    workspace: &mut Workspace,
    plan: &Plan,
) -> Result<Plan, CommandError> {
    let mut plan = plan.clone();
    if plan.direction == Direction::Up {
        return Ok(plan);
    }
    let identity = context.identity();
    for step in &plan.steps {
        let versions =
            executor::squashed_into(&step.version, &workspace.graph, &workspace.memory.ledger);
        let names = executor::forget_squashed(
            &mut *workspace.database,
            workspace.lock.as_ref(),
            &identity,
            (&workspace.directory, &workspace.graph),
            &workspace.memory,
            &step.version,
        )?;
        if !names.is_empty() {
            plan.base.retain(|version| !versions.contains(version));
            context.ui.status(&format!(
                "{}: forgot {} that went into {}.",
                workspace.name(),
                ui::count(names.len(), "row"),
                step.name
            ));
        }
    }
    Ok(plan)
}

/// Forgets the rows of what was squashed, wherever it went.
pub(super) fn forget_all(
    context: &Context,
    workspace: &mut Workspace,
    rows: &[executor::Missing],
) -> Result<(), CommandError> {
    let by: BTreeSet<Version> = rows
        .iter()
        .filter_map(|row| workspace.graph.replacement(&row.version))
        .cloned()
        .collect();
    let identity = context.identity();
    for by in &by {
        let names = executor::forget_squashed(
            &mut *workspace.database,
            workspace.lock.as_ref(),
            &identity,
            (&workspace.directory, &workspace.graph),
            &workspace.memory,
            by,
        )?;
        for name in names {
            context
                .ui
                .status(&format!("Forgot that `{name}` was applied."));
        }
    }
    Ok(())
}

/// A database that stands inside what was squashed.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` was squashed from migrations of which {} applied here and its last is not", match .there.len() {
    1 => "1 is".to_owned(),
    count => format!("{count} are"),
})]
struct Halfway {
    name: String,
    there: Vec<String>,
    on: String,
    archive: Option<String>,
}

impl Explain for Halfway {
    fn details(&self) -> Vec<String> {
        let names: Vec<&str> = self.there.iter().map(String::as_str).collect();
        vec![
            format!("applied: {}", ui::list(&names, 5)),
            "nothing was run".to_owned(),
        ]
    }

    fn hints(&self) -> Vec<String> {
        let mut hints = vec![
            "apply the rest with the release before the squash, which has the originals".to_owned(),
        ];
        if let Some(archive) = &self.archive {
            hints.push(format!("the originals are in {archive}"));
        }
        hints.push(format!(
            "if nothing of them is in the database, forget them: manage migrate{} --on-missing prune",
            self.on
        ));
        hints
    }
}
