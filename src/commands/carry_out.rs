//! The second half of `migrate` and `downgrade`: from a route to a report.

use std::collections::BTreeSet;

use super::again::Again;
use super::confirm::{self, Consent};
use super::drift_guard::{DriftGuard, tell_left};
use super::hooks::{self, Around};
use super::offline::{self, ScriptFlags};
use super::registry::Outcome;
use super::schema_file::KeptFiles;
use super::squashed;
use super::workspace::Workspace;
use crate::backend::{Access, Direction, Lock};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, ExecuteError, Executor, Measured, Preparation, Retries};
use crate::migration::{Execution, Plan, Route, Version};
use crate::settings::OnDrift;
use crate::ui::{self, Progress};

/// How many heads are worth reading in a sentence.
const MOST_PLACES: usize = 4;

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
    if order.extent == Extent::Sql {
        let script = offline::Extras {
            execution: order.execution,
            recorded: &order.recorded,
            flags: &ScriptFlags::default(),
        };
        return offline::route_of(context, workspace, route, &script);
    }
    let (mut plan, odd) = Preparation {
        directory: &workspace.directory,
        memory: &workspace.memory,
        dialect: workspace.dialect(),
        capabilities: workspace.database.capabilities(),
        execution: order.execution,
    }
    .plan(route, &mut *workspace.database)?;
    for step in &mut plan.steps {
        if order.recorded.contains(&step.version) {
            step.execution = Execution::Fake;
        }
    }
    for finding in &odd {
        ui::finding(&context.ui, finding);
    }
    match order.extent {
        Extent::Plan | Extent::Sql => {
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
        Extent::Run => run(context, workspace, &plan, order),
    }
}

/// What was ordered.
pub(super) struct Order<'a> {
    pub(super) extent: Extent,
    pub(super) execution: Execution,
    pub(super) consent: &'a Consent,
    /// What to type to go on after a failure.
    pub(super) again: Again<'a>,
    /// The command that was typed, for the hooks.
    pub(super) command: &'static str,
    /// What `--tag` said, for the hooks.
    pub(super) tag: Option<&'a str>,
    /// What is recorded and not run, though the rest is run.
    pub(super) recorded: BTreeSet<Version>,
    /// What is done when somebody changed the schema by hand.
    pub(super) on_drift: OnDrift,
}

impl Order<'_> {
    /// Names the command for what is left of a plan that stopped.
    fn going_on(&self, plan: &Plan, error: ExecuteError) -> ExecuteError {
        match error {
            ExecuteError::Step(mut failure) => {
                failure.again = self.again.after(plan, failure.done);
                ExecuteError::Step(failure)
            }
            ExecuteError::Stale
            | ExecuteError::Overtaken { .. }
            | ExecuteError::Split { .. }
            | ExecuteError::LockLost { .. }
            | ExecuteError::Interrupted { .. }
            | ExecuteError::TakeBack { .. }
            | ExecuteError::Lock(_)
            | ExecuteError::Database(_) => error,
        }
    }

    fn around<'a>(&'a self, workspace: &Workspace, plan: &'a Plan) -> Around<'a> {
        Around {
            command: self.command,
            direction: Some(plan.direction),
            migrations: plan
                .steps
                .iter()
                .map(|step| (&step.version, step.name.as_str()))
                .collect(),
            fake: plan
                .steps
                .iter()
                .all(|step| step.execution == Execution::Fake),
            tag: self.tag,
            lock: workspace.lock.as_ref().and_then(Lock::token),
        }
    }
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
) -> Result<Outcome, CommandError> {
    if plan.steps.is_empty() {
        nothing_to_do(context, workspace, plan);
        return Ok(Outcome::Done);
    }
    squashed::refuse_halfway(context, workspace, plan)?;
    hooks::check(context, &workspace.connection)?;
    let mut guard = DriftGuard::look(context, workspace, plan, order.on_drift)?;
    match plan.direction {
        Direction::Down => confirm::rollback(context, workspace, plan, order.consent)?,
        Direction::Up => confirm::forwards(context, workspace, plan, order.consent)?,
    }
    workspace.lock(context, &format!("manage {}", order.command))?;
    let plan = &plan
        .remaining(&workspace.memory.ledger.versions())
        .ok_or(ExecuteError::Stale)?;
    if plan.steps.is_empty() {
        context.ui.status(&format!(
            "{}: another run has done this meanwhile.",
            workspace.name()
        ));
        nothing_to_do(context, workspace, plan);
        return Ok(Outcome::Done);
    }
    let around = order.around(workspace, plan);
    hooks::pre_migrate(context, &workspace.connection, &around)?;
    if plan.direction == Direction::Up {
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
    let plan = &squashed::forget_what_goes(context, workspace, plan)?;
    let kept = match order.execution {
        Execution::Run => Some(KeptFiles::look(context, workspace)?),
        // Nothing of the database is changed.
        Execution::Fake => None,
    };
    let states = workspace
        .memory
        .states(&mut *workspace.database)
        .map_err(ExecuteError::from)?;
    let before = guard.before(context, workspace, plan);
    let identity = context.identity();
    let mut progress = Progress::new(&context.ui, plan.steps.len(), workspace.dialect());
    let outcome = Executor::new(&mut *workspace.database, &identity, &context.interrupt)
        .under(workspace.lock.as_ref())
        .telling(context.ui.speaker())
        .retrying(Retries::of(&workspace.connection))
        .telling_builds(progress.builds())
        .again(&order.again.after(plan, 0))
        .recording_schemas(before)
        .run(plan, &mut progress);
    progress.finish();
    let mut report = outcome.map_err(|error| order.going_on(plan, error))?;
    let compared = guard.compare(workspace, &states, plan, &mut report);
    if context.ui.is_json() {
        let json = ui::report_json(workspace.name(), plan.direction, &report);
        context.ui.answer(&json.to_string());
    }
    let done = ui::done(&report);
    context.ui.status(&format!(
        "{}: {done} in {}.",
        workspace.name(),
        ui::elapsed(report.elapsed),
    ));
    context.ui.status(&format!(
        "{} is at {}.",
        workspace.name(),
        position(workspace, plan)
    ));
    compared?;
    let outcome = tell_left(context, workspace.name(), &report);
    workspace.unlock(context)?;
    if let Some(kept) = kept {
        kept.write(context, workspace);
    }
    hooks::post_migrate(
        context,
        &workspace.connection,
        &around,
        &format!("done before it: {done}"),
    )?;
    Ok(outcome)
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

/// Says where the database stands when nothing more is run.
pub(super) fn tell_position(context: &Context, workspace: &Workspace) {
    let versions = workspace.memory.ledger.versions();
    let applied = versions.iter().collect();
    context.ui.status(&format!(
        "{} is at {}.",
        workspace.name(),
        tips(workspace, &applied)
    ));
}

/// Where the database stands after a plan.
fn position(workspace: &Workspace, plan: &Plan) -> String {
    let steps: BTreeSet<_> = plan.steps.iter().map(|step| &step.version).collect();
    let applied: BTreeSet<&Version> = match plan.direction {
        Direction::Up => plan.base.iter().chain(steps).collect(),
        Direction::Down => {
            let kept = plan.base.iter().filter(|version| !steps.contains(version));
            kept.collect()
        }
    };
    tips(workspace, &applied)
}

/// What is applied and nothing applied follows.
fn tips(workspace: &Workspace, applied: &BTreeSet<&Version>) -> String {
    let Some(newest) = applied.last() else {
        return "base: nothing is applied".to_owned();
    };
    let graph = &workspace.graph;
    let mut tips: Vec<&Version> = graph
        .tips(applied)
        .into_iter()
        .map(|node| &node.version)
        .collect();
    // What a migration follows whose folder is gone, nobody knows.
    if applied.iter().any(|version| graph.find(version).is_none()) {
        tips = vec![newest];
    }
    let names: Vec<String> = tips
        .into_iter()
        .map(|version| {
            let name = executor::name_of(&workspace.directory, &workspace.memory, version);
            let is_head = graph.find(version).is_some_and(|node| graph.is_head(node));
            if is_head {
                format!("{name} (head)")
            } else {
                name
            }
        })
        .collect();
    ui::list(&names, MOST_PLACES)
}
