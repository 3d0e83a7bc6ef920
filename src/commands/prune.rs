//! `manage migrate --prune`: forget applied migrations whose folders are gone, and stop.

use serde_json::{Value, json};

use super::carry_out::Extent;
use super::confirm::{self, Consent, Wording};
use super::hooks::{self, Around};
use super::registry::Outcome;
use super::resolve;
use super::squashed;
use super::workspace::Workspace;
use crate::backend::{Direction, Lock};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, ExecuteError, Missing};
use crate::history::Memory;
use crate::ui;

/// Lists the rows without a folder, asks, and deletes them.
pub(super) fn prune(
    context: &Context,
    workspace: &mut Workspace,
    extent: Extent,
    consent: &Consent,
    tag: Option<&str>,
) -> Result<Outcome, CommandError> {
    let gone = workspace.conflicts().missing;
    // What was squashed counts as nothing, and is forgotten when somebody asks for it.
    let absorbed = executor::absorbed(&workspace.directory, &workspace.graph, &workspace.memory);
    let mut missing = [gone.clone(), absorbed.clone()].concat();
    missing.sort_by(|a, b| a.version.cmp(&b.version));
    let name = workspace.name().to_owned();
    match extent {
        Extent::Plan | Extent::Check | Extent::Sql => {
            if context.ui.is_json() {
                answer(context, &name, &missing, false);
            } else {
                context.ui.answer(&listed(&name, &missing, "would be"));
            }
            return Ok(if extent == Extent::Check && !missing.is_empty() {
                Outcome::Findings
            } else {
                Outcome::Done
            });
        }
        Extent::Run => {}
    }
    if missing.is_empty() {
        if context.ui.is_json() {
            answer(context, &name, &missing, true);
        }
        context.ui.status(&format!(
            "{name}: every applied migration has its folder; nothing to forget."
        ));
        return Ok(Outcome::Done);
    }
    let rows = ui::count(missing.len(), "row");
    let wording = Wording {
        ask: "Forget them",
        yes: format!("delete {rows}; the schema stays as it is"),
        unattended: format!("{rows} would be deleted, and nobody can be asked"),
        flag: "delete without asking: --yes",
    };
    let preview = listed(&name, &missing, "will be");
    hooks::check(context, &workspace.connection)?;
    confirm::rows(context, workspace, &preview, &wording, consent)?;
    workspace.lock_unchanged(context, "manage migrate --prune")?;
    let around = Around {
        command: "migrate",
        direction: Some(Direction::Down),
        migrations: missing
            .iter()
            .map(|one| (&one.version, one.name.as_str()))
            .collect(),
        fake: true,
        tag,
        lock: workspace.lock.as_ref().and_then(Lock::token),
    };
    hooks::pre_migrate(context, &workspace.connection, &around)?;
    let now = Memory::read(&mut *workspace.database).map_err(ExecuteError::from)?;
    if now.ledger.versions() != workspace.memory.ledger.versions() {
        return Err(ExecuteError::Stale.into());
    }
    resolve::prune(context, workspace, &gone)?;
    squashed::forget_all(context, workspace, &absorbed)?;
    workspace.unlock(context)?;
    if context.ui.is_json() {
        answer(context, &name, &missing, true);
    }
    let done = format!("{} forgotten", ui::count(missing.len(), "migration"));
    context
        .ui
        .status(&format!("{name}: {done}; nothing was run."));
    let stands = format!("done before it: {done}");
    hooks::post_migrate(context, &workspace.connection, &around, &stands)?;
    Ok(Outcome::Done)
}

fn listed(connection: &str, missing: &[Missing], auxiliary: &str) -> String {
    if missing.is_empty() {
        return format!("{connection}  nothing to do");
    }
    let mut lines = vec![format!(
        "{connection}: {} without a folder {auxiliary} forgotten; nothing is run and the schema stays",
        ui::count(missing.len(), "migration")
    )];
    lines.extend(
        missing
            .iter()
            .map(|one| format!("  - {}  (applied {} UTC)", one.name, one.run_on)),
    );
    lines.join("\n")
}

fn answer(context: &Context, connection: &str, missing: &[Missing], done: bool) {
    let rows: Vec<Value> = missing
        .iter()
        .map(|one| json!({ "version": one.version.as_str(), "name": one.name }))
        .collect();
    let json = json!({ "connection": connection, "forget": rows, "done": done });
    context.ui.answer(&json.to_string());
}
