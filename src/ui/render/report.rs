//! What was done, as JSON.

use serde_json::{Value, json};

use super::drift::drifted_json;
use super::plan::direction_name;
use crate::backend::Direction;
use crate::executor::{Drifted, Report};
use crate::migration::Execution;
use crate::ui::words;

/// One object for a run on one connection.
#[must_use]
pub fn report_json(connection: &str, direction: Direction, report: &Report) -> Value {
    json!({
        "connection": connection,
        "direction": direction_name(direction),
        "steps": steps(report),
        "milliseconds": milliseconds(report.elapsed),
    })
}

/// One object for migrations that were reverted and applied again.
#[must_use]
pub fn redo_json(connection: &str, reverted: &Report, applied: &Report) -> Value {
    json!({
        "connection": connection,
        "reverted": steps(reverted),
        "applied": steps(applied),
        "milliseconds": milliseconds(reverted.elapsed + applied.elapsed),
    })
}

/// `2 migrations applied`, `1 migration applied, 1 recorded`.
#[must_use]
pub fn done(report: &Report) -> String {
    let verbs = [
        (Direction::Up, Execution::Run, "applied"),
        (Direction::Down, Execution::Run, "reverted"),
        (Direction::Up, Execution::Fake, "recorded"),
        (Direction::Down, Execution::Fake, "forgotten"),
    ];
    let mut parts = Vec::new();
    for (direction, execution, verb) in verbs {
        let number = report
            .steps
            .iter()
            .filter(|step| step.direction == direction && step.execution == execution)
            .count();
        match (number, parts.is_empty()) {
            (0, _) => {}
            (number, true) => parts.push(format!("{} {verb}", words::count(number, "migration"))),
            (number, false) => parts.push(format!("{number} {verb}")),
        }
    }
    parts.join(", ")
}

fn steps(report: &Report) -> Vec<Value> {
    report
        .steps
        .iter()
        .map(|step| {
            let mut json = json!({
                "version": step.version.as_str(),
                "name": step.name,
                "fake": step.execution == Execution::Fake,
                "statements": step.statements,
                "milliseconds": milliseconds(step.elapsed),
            });
            if step.direction == Direction::Down {
                // Null where it was not compared.
                json["restored"] = json!(step.left.as_ref().map(Drifted::is_none));
                json["left"] = json!(step.left.as_ref().map(drifted_json));
            }
            json
        })
        .collect()
}

fn milliseconds(duration: std::time::Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
