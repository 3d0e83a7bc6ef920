//! A plan on the screen and as JSON.

use serde_json::{Value, json};

use super::preview::loss_text;
use crate::backend::Direction;
use crate::executor::Measured;
use crate::migration::{Execution, Origin, Plan, Step};
use crate::ui::style::{Meaning, paint};
use crate::ui::words;

/// One line for every step, in order, and one for each thing it would take.
#[must_use]
pub fn plan(connection: &str, plan: &Plan, losses: &[Measured]) -> String {
    let what = words::count(plan.steps.len(), "migration");
    let verb = match plan.direction {
        Direction::Up => "would be applied",
        Direction::Down => "would be reverted",
    };
    if plan.steps.is_empty() {
        return format!("{}  nothing to do", paint(Meaning::Name, connection));
    }
    let mut lines = vec![format!(
        "{}  {what} {verb}",
        paint(Meaning::Name, connection)
    )];
    for step in &plan.steps {
        lines.push(line(step));
        let taken = losses.iter().filter(|one| one.migration == step.name);
        lines.extend(taken.map(|one| format!("      {}", loss_text(one))));
    }
    lines.join("\n")
}

fn line(step: &Step) -> String {
    let sign = match step.direction {
        Direction::Up => paint(Meaning::Done, "+"),
        Direction::Down => paint(Meaning::Pending, "-"),
    };
    let remarks = remarks(step);
    if remarks.is_empty() {
        return format!("  {sign} {}", step.name);
    }
    let remarks = format!("({})", remarks.join("; "));
    format!(
        "  {sign} {}  {}",
        step.name,
        paint(Meaning::Faint, &remarks)
    )
}

fn remarks(step: &Step) -> Vec<&'static str> {
    let mut remarks = Vec::new();
    if step.execution == Execution::Fake {
        remarks.push("recorded only");
    }
    if !step.transactional {
        remarks.push("not in a transaction");
    }
    if step.direction == Direction::Up && step.down.is_none() {
        remarks.push("irreversible: no down.sql");
    }
    if step.execution == Execution::Run && step.origin_is_history() {
        remarks.push("from the recorded SQL");
    }
    remarks
}

impl Step {
    fn origin_is_history(&self) -> bool {
        match self.script.origin {
            Origin::File(_) | Origin::Nowhere => false,
            Origin::History => true,
        }
    }
}

/// The same as one JSON object.
#[must_use]
pub fn plan_json(connection: &str, plan: &Plan, losses: &[Measured]) -> Value {
    json!({
        "connection": connection,
        "direction": direction_name(plan.direction),
        "steps": steps(plan, losses),
    })
}

/// Two plans as one JSON object: what would be reverted, and applied again.
#[must_use]
pub fn redo_plan_json(connection: &str, down: &Plan, up: &Plan, losses: &[Measured]) -> Value {
    json!({
        "connection": connection,
        "revert": steps(down, losses),
        "apply": steps(up, &[]),
    })
}

fn steps(plan: &Plan, losses: &[Measured]) -> Vec<Value> {
    plan.steps
        .iter()
        .map(|step| {
            json!({
                "version": step.version.as_str(),
                "name": step.name,
                "fake": step.execution == Execution::Fake,
                "losses": losses
                    .iter()
                    .filter(|one| one.migration == step.name)
                    .map(loss_text)
                    .collect::<Vec<_>>(),
                "transactional": step.transactional,
                "reversible": step.direction == Direction::Down || step.down.is_some(),
                "file": match &step.script.origin {
                    Origin::File(path) => Some(path.display().to_string()),
                    Origin::History | Origin::Nowhere => None,
                },
            })
        })
        .collect()
}

pub(super) fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}
