//! The second half of `migrate` and `downgrade`: from a route to a report.

use std::collections::BTreeSet;

use super::confirm::{self, Consent};
use super::registry::Outcome;
use super::schema_file::KeptFiles;
use super::workspace::Workspace;
use crate::backend::{Access, Direction};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Executor, Measured, Preparation};
use crate::migration::{Execution, Plan, Route};
use crate::ui::{self, Progress};

/// How far to go with a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Show it.
    Plan,
    /// Print its SQL.
    Sql,
    /// Tell by the exit code whether it is empty.
    Check,
    /// Run it.
    Run,
}

impl Extent {
    /// What the database is opened for.
    pub(super) fn access(self) -> Access {
        if self.runs() {
            Access::Write
        } else {
            Access::Read
        }
    }

    /// Whether files and rows may be changed.
    pub(super) fn runs(self) -> bool {
        match self {
            Self::Run => true,
            Self::Plan | Self::Sql | Self::Check => false,
        }
    }
}

/// Prepares a route and takes it as far as asked.
pub(super) fn carry_out(
    context: &Context,
    workspace: &mut Workspace,
    route: &Route,
    order: &Order<'_>,
) -> Result<Outcome, CommandError> {
    let (plan, odd) = Preparation {
        directory: &workspace.directory,
        memory: &workspace.memory,
        dialect: workspace.dialect(),
        capabilities: workspace.database.capabilities(),
        execution: order.execution,
    }
    .plan(route, &mut *workspace.database)?;
    for finding in &odd {
        ui::finding(&context.ui, finding);
    }
    match order.extent {
        Extent::Plan => {
            let losses = executor::measure(&plan, &mut *workspace.database);
            show(context, workspace, &plan, &losses);
            Ok(Outcome::Done)
        }
        Extent::Check => {
            show(context, workspace, &plan, &[]);
            Ok(if plan.steps.is_empty() {
                Outcome::Done
            } else {
                Outcome::Findings
            })
        }
        Extent::Sql => {
            let has_ledger = workspace.memory.has_ledger();
            let text = executor::offline(&plan, has_ledger, workspace.dialect());
            if context.ui.is_json() {
                let json = serde_json::json!({ "connection": workspace.name(), "sql": text });
                context.ui.answer(&json.to_string());
            } else {
                context.ui.answer(text.trim_end());
            }
            Ok(Outcome::Done)
        }
        Extent::Run => {
            run(context, workspace, &plan, order)?;
            Ok(Outcome::Done)
        }
    }
}

/// What was ordered.
pub(super) struct Order<'a> {
    pub(super) extent: Extent,
    pub(super) execution: Execution,
    pub(super) consent: &'a Consent,
    /// What to type to go on after a failure.
    pub(super) again: String,
}

fn show(context: &Context, workspace: &Workspace, plan: &Plan, losses: &[Measured]) {
    if context.ui.is_json() {
        let json = ui::plan_json(workspace.name(), plan, losses);
        context.ui.answer(&json.to_string());
    } else {
        context.ui.answer(&ui::plan(workspace.name(), plan, losses));
    }
}

fn run(
    context: &Context,
    workspace: &mut Workspace,
    plan: &Plan,
    order: &Order<'_>,
) -> Result<(), CommandError> {
    if plan.steps.is_empty() {
        nothing_to_do(context, workspace, plan);
        return Ok(());
    }
    match plan.direction {
        Direction::Down => confirm::rollback(context, workspace, plan, order.consent)?,
        Direction::Up => {
            confirm::forwards(context, workspace, plan, order.consent)?;
            context.ui.status(&format!(
                "{}: {} {} to {}",
                workspace.name(),
                if order.execution == Execution::Fake {
                    "recording"
                } else {
                    "applying"
                },
                ui::count(plan.steps.len(), "migration"),
                context.shown_url(&workspace.url)
            ));
        }
    }
    let kept = match order.execution {
        Execution::Run => Some(KeptFiles::look(context, workspace)?),
        // Nothing of the database is changed.
        Execution::Fake => None,
    };
    let identity = context.identity();
    let mut progress = Progress::new(&context.ui, plan.steps.len(), workspace.dialect());
    let outcome = Executor::new(&mut *workspace.database, &identity, &context.interrupt)
        .telling(context.ui.speaker())
        .again(&order.again)
        .run(plan, &mut progress);
    progress.finish();
    let report = outcome?;
    if context.ui.is_json() {
        let json = ui::report_json(workspace.name(), plan.direction, &report);
        context.ui.answer(&json.to_string());
    }
    context.ui.status(&format!(
        "{}: {} {} in {}.",
        workspace.name(),
        ui::count(report.steps.len(), "migration"),
        match (plan.direction, order.execution) {
            (Direction::Up, Execution::Run) => "applied",
            (Direction::Down, Execution::Run) => "reverted",
            (Direction::Up, Execution::Fake) => "recorded",
            (Direction::Down, Execution::Fake) => "forgotten",
        },
        ui::elapsed(report.elapsed),
    ));
    context.ui.status(&format!(
        "{} is at {}.",
        workspace.name(),
        position(workspace, plan)
    ));
    if let Some(kept) = kept {
        kept.write(context, workspace);
    }
    Ok(())
}

fn nothing_to_do(context: &Context, workspace: &Workspace, plan: &Plan) {
    if context.ui.is_json() {
        let json = ui::report_json(
            workspace.name(),
            plan.direction,
            &executor::Report::default(),
        );
        context.ui.answer(&json.to_string());
    }
    let what = match plan.direction {
        Direction::Up => "apply",
        Direction::Down => "revert",
    };
    context
        .ui
        .status(&format!("{}: nothing to {what}.", workspace.name()));
    context.ui.status(&format!(
        "{} is at {}.",
        workspace.name(),
        position(workspace, plan)
    ));
}

/// Where the database stands after a plan: the name of its newest applied migration.
fn position(workspace: &Workspace, plan: &Plan) -> String {
    let steps: BTreeSet<_> = plan.steps.iter().map(|step| &step.version).collect();
    let newest = match plan.direction {
        Direction::Up => plan.base.iter().chain(steps).max(),
        Direction::Down => plan
            .base
            .iter()
            .rev()
            .find(|version| !steps.contains(version)),
    };
    let Some(newest) = newest else {
        return "base: nothing is applied".to_owned();
    };
    let name = executor::name_of(&workspace.directory, &workspace.memory, newest);
    let head = workspace.directory.entries().last();
    if head.is_some_and(|entry| entry.version == *newest) {
        format!("{name} (head)")
    } else {
        name
    }
}
