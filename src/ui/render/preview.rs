//! What a plan would do and take, for the person who is asked.

use crate::backend::Direction;
use crate::executor::Measured;
use crate::migration::{Execution, Origin, Plan};
use crate::sql::{Loss, ObjectName};
use crate::ui::style::{Meaning, paint_stderr};
use crate::ui::words;

/// The migrations to be run, in order, and what of the data goes with them.
#[must_use]
pub fn preview(connection: &str, plan: &Plan, losses: &[Measured]) -> String {
    let fake = plan
        .steps
        .iter()
        .all(|step| step.execution == Execution::Fake);
    let (verb, sign) = match plan.direction {
        Direction::Up => ("applied", "+"),
        Direction::Down if fake => ("forgotten; nothing is run and the schema stays", "-"),
        Direction::Down if plan.steps.len() == 1 => ("reverted", "-"),
        Direction::Down => ("reverted, newest first", "-"),
    };
    let mut lines = vec![format!(
        "{}: {} will be {verb}",
        paint_stderr(Meaning::Name, connection),
        words::count(plan.steps.len(), "migration")
    )];
    for step in &plan.steps {
        let remark = match &step.script.origin {
            Origin::File(_) | Origin::Nowhere => String::new(),
            Origin::History => {
                paint_stderr(Meaning::Faint, "  (folder missing; from the recorded SQL)")
            }
        };
        lines.push(format!(
            "  {} {}{remark}",
            paint_stderr(Meaning::Pending, sign),
            step.name
        ));
        if step.script.origin == Origin::History && step.execution == Execution::Run {
            let text = step.script.text.trim_end().lines();
            lines.extend(text.map(|line| paint_stderr(Meaning::Faint, &format!("      | {line}"))));
        }
        for measured in losses
            .iter()
            .filter(|measured| measured.migration == step.name)
        {
            let meaning = if measured.is_empty() {
                Meaning::Faint
            } else {
                Meaning::Strange
            };
            lines.push(format!(
                "      {}",
                paint_stderr(meaning, &loss_text(measured))
            ));
        }
    }
    if losses.is_empty() && !fake {
        lines.push("  Nothing that is there is dropped.".to_owned());
    }
    lines.join("\n")
}

/// One thing that is taken, with how much of it there is.
pub(super) fn loss_text(measured: &Measured) -> String {
    let rows = |noun: &str| match measured.rows {
        None => "what is in it was not counted".to_owned(),
        Some(0) => "empty".to_owned(),
        Some(rows) => {
            let rows = words::count(usize::try_from(rows).unwrap_or(usize::MAX), noun);
            if measured.more {
                format!("more than {rows}")
            } else {
                rows
            }
        }
    };
    match &measured.loss {
        Loss::DropTable { name } => format!("drops table `{}`: {}", spelled(name), rows("row")),
        Loss::Rebuild { table, .. } => format!("makes table `{}` anew", spelled(table)),
        Loss::DropColumn { table, column } => {
            format!(
                "drops column `{}.{column}`: {}",
                spelled(table),
                rows("value")
            )
        }
        Loss::Truncate { name } => format!("empties table `{}`: {}", spelled(name), rows("row")),
        Loss::Delete {
            table,
            filtered: false,
        } => format!("deletes all of `{}`: {}", spelled(table), rows("row")),
        Loss::Delete {
            table,
            filtered: true,
        } => format!(
            "deletes some rows of `{}`, which {} {}",
            spelled(table),
            if measured.is_empty() { "is" } else { "has" },
            rows("row")
        ),
        Loss::DropPartition { table, partition } => {
            format!("drops partition `{partition}` of `{}`", spelled(table))
        }
        Loss::DropSchema { name } => {
            format!("drops schema `{}` and what is in it", spelled(name))
        }
        Loss::DropDatabase { name } => format!("drops database `{}`", spelled(name)),
    }
}

fn spelled(name: &ObjectName) -> String {
    match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.clone(),
    }
}
