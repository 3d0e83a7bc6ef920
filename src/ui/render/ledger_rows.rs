//! Rows of the ledger that are written and deleted without anything being run.

use serde_json::{Value, json};

use crate::backend::Direction;
use crate::migration::{Plan, Step};
use crate::ui::style::{Meaning, paint, paint_stderr};
use crate::ui::words;

/// What a plan of recording and forgetting would do: a line for every row, in order.
#[must_use]
pub fn ledger_rows(connection: &str, plan: &Plan) -> String {
    if plan.steps.is_empty() {
        return format!("{}  nothing to do", paint(Meaning::Name, connection));
    }
    let mut lines = vec![format!(
        "{}  {}; nothing is run",
        paint(Meaning::Name, connection),
        counts(plan, "would be ")
    )];
    lines.extend(plan.steps.iter().map(|step| line(step, paint)));
    lines.join("\n")
}

/// The same, for the person who is asked.
#[must_use]
pub fn ledger_rows_preview(connection: &str, plan: &Plan) -> String {
    let mut lines = vec![format!(
        "{}: {}; nothing is run and the schema stays",
        paint_stderr(Meaning::Name, connection),
        counts(plan, "will be ")
    )];
    lines.extend(plan.steps.iter().map(|step| line(step, paint_stderr)));
    lines.join("\n")
}

/// `2 migrations will be forgotten, 1 recorded`.
#[must_use]
pub fn ledger_rows_counts(plan: &Plan) -> String {
    counts(plan, "")
}

fn counts(plan: &Plan, auxiliary: &str) -> String {
    let of = |direction| {
        let steps = plan.steps.iter();
        steps.filter(|step| step.direction == direction).count()
    };
    match (of(Direction::Down), of(Direction::Up)) {
        (forgotten, 0) => format!(
            "{} {auxiliary}forgotten",
            words::count(forgotten, "migration")
        ),
        (0, recorded) => format!(
            "{} {auxiliary}recorded",
            words::count(recorded, "migration")
        ),
        (forgotten, recorded) => format!(
            "{} {auxiliary}forgotten, {recorded} recorded",
            words::count(forgotten, "migration")
        ),
    }
}

fn line(step: &Step, paint: fn(Meaning, &str) -> String) -> String {
    let sign = match step.direction {
        Direction::Up => paint(Meaning::Done, "+"),
        Direction::Down => paint(Meaning::Pending, "-"),
    };
    format!("  {sign} {}", step.name)
}

/// The same as one JSON object; `done` says whether it has happened.
#[must_use]
pub fn ledger_rows_json(connection: &str, plan: &Plan, done: bool) -> Value {
    let list = |direction| -> Vec<Value> {
        plan.steps
            .iter()
            .filter(|step| step.direction == direction)
            .map(|step| json!({ "version": step.version.as_str(), "name": step.name }))
            .collect()
    };
    json!({
        "connection": connection,
        "forget": list(Direction::Down),
        "record": list(Direction::Up),
        "done": done,
    })
}
