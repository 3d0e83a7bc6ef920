//! What was done, as JSON.

use serde_json::{Value, json};

use super::plan::direction_name;
use crate::backend::Direction;
use crate::executor::Report;
use crate::migration::Execution;

/// One object for a run on one connection.
#[must_use]
pub fn report_json(connection: &str, direction: Direction, report: &Report) -> Value {
    let steps: Vec<Value> = report
        .steps
        .iter()
        .map(|step| {
            json!({
                "version": step.version.as_str(),
                "name": step.name,
                "fake": step.execution == Execution::Fake,
                "statements": step.statements,
                "milliseconds": milliseconds(step.elapsed),
            })
        })
        .collect();
    json!({
        "connection": connection,
        "direction": direction_name(direction),
        "steps": steps,
        "milliseconds": milliseconds(report.elapsed),
    })
}

fn milliseconds(duration: std::time::Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
