//! `manage redo`: revert the newest migrations and apply them again.

mod stopped;

use std::collections::BTreeSet;

use self::stopped::{forwards, half_applied, half_reverted, names, not_again};
use super::answers::{DriftFlag, UnfinishedFlags};
use super::carry_out::Extent;
use super::confirm::{self, Consent};
use super::drift_guard::{DriftGuard, tell_left};
use super::each::each;
use super::hooks::{self, Around, TagFlag};
use super::locked::LockFlag;
use super::migrate::target;
use super::registry::{Command, Outcome, TARGETS};
use super::schema_file::KeptFiles;
use super::unfinished::{Settling, anew, outcome, settle, steps_back};
use super::workspace::Workspace;
use crate::backend::{Direction, Lock};
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor::{self, ExecuteError, Executor, Preparation, PrepareError, Report, Retries};
use crate::history;
use crate::migration::{Execution, Plan, Route, Target, Version};
use crate::schema::manifest::Manifest;
use crate::settings::Connection;
use crate::ui::{self, Progress};

/// Revert the newest migrations and apply them again
///
/// For a migration that is being written: its files are changed, and tried again. What would be lost is
/// shown first, with row counts, and asked. That every file on the way can be used, both ways, is checked
/// before anything runs. Where an earlier redo stopped after it had reverted, this applies again.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Redo {
    /// How far back; the target itself stays applied [default: -1, one migration]
    #[arg(value_parser = target, allow_hyphen_values = true)]
    target: Option<Target>,

    /// The same as -N
    #[arg(short, long, value_name = "N", conflicts_with = "target")]
    number: Option<u32>,

    /// Show what would be reverted and applied, and stop
    #[arg(long)]
    plan: bool,

    #[command(flatten)]
    tag: TagFlag,

    #[command(flatten)]
    consent: Consent,

    #[command(flatten)]
    drift: DriftFlag,

    #[command(flatten)]
    lock: LockFlag,

    #[command(flatten)]
    unfinished: UnfinishedFlags,
}

impl Command for Redo {
    const NAME: &'static str = "redo";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| {
            let connection = self.lock.over(connection);
            anew(|| self.one(context, connection.clone()))
        })
    }
}

/// Both halves, each a plan of its own.
struct Halves {
    down: Plan,
    up: Plan,
}

impl Redo {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let extent = if self.plan { Extent::Plan } else { Extent::Run };
        let mut workspace = Workspace::open(context, connection, extent.access())?;
        if extent.runs() {
            let settling = Settling::new(Self::NAME, self.unfinished, &self.consent, &|_| false);
            let settled = settle(context, &mut workspace, &settling)?;
            // What was to be redone is reverted now, and what is newest is another one.
            if steps_back(&settled) > 0 {
                context.ui.hint(&format!(
                    "to apply it again: manage migrate{}",
                    context.on(workspace.name())
                ));
                return Ok(outcome(&settled));
            }
        }
        let left = self.left(&workspace);
        if !left.is_empty() {
            return self.finish(context, &mut workspace, left);
        }
        if workspace.memory.ledger.applied().is_empty() && self.target.is_none() {
            nothing(context, &workspace);
            return Ok(Outcome::Done);
        }
        let route = executor::route_back(&self.target()?, &workspace.known(), &workspace.graph)?;
        if route.is_empty() {
            nothing(context, &workspace);
            return Ok(Outcome::Done);
        }
        refuse_unclear(&workspace, &route.versions)?;
        let halves = halves(context, &mut workspace, &route)?;
        if self.plan {
            show(context, &mut workspace, &halves);
            return Ok(Outcome::Done);
        }
        hooks::check(context, &workspace.connection)?;
        let on_drift = self.drift.over(workspace.connection.on_drift);
        let guard = DriftGuard::look(context, &mut workspace, &halves.down, on_drift)?;
        confirm::redo(context, &mut workspace, &halves.down, &self.consent)?;
        self.execute(context, &mut workspace, &halves, guard)
    }

    /// What an earlier redo has reverted and not applied again; nothing for one that names where to stop.
    fn left(&self, workspace: &Workspace) -> Vec<Version> {
        let names_place = self
            .target
            .as_ref()
            .is_some_and(|target| !target.as_str().starts_with('-'));
        let memory = &workspace.memory;
        memory
            .record
            .half_redone()
            .filter(|version| !names_place && !memory.ledger.contains(version))
            .filter(|version| workspace.directory.find(version).is_some())
            .cloned()
            .collect()
    }

    /// The second half of an earlier redo.
    fn finish(
        &self,
        context: &Context,
        workspace: &mut Workspace,
        left: Vec<Version>,
    ) -> Result<Outcome, CommandError> {
        refuse_unclear(workspace, &left)?;
        let halves = second_half(context, workspace, left)?;
        context.ui.status(&format!(
            "{}: reverted by an earlier redo, and not applied again: {}",
            workspace.name(),
            names(halves.up.steps.iter().map(|step| &step.name))
        ));
        if self.plan {
            show(context, workspace, &halves);
            return Ok(Outcome::Done);
        }
        hooks::check(context, &workspace.connection)?;
        let on_drift = self.drift.over(workspace.connection.on_drift);
        let guard = DriftGuard::look(context, workspace, &halves.up, on_drift)?;
        confirm::forwards(context, workspace, &halves.up, &self.consent)?;
        self.execute(context, workspace, &halves, guard)
    }

    fn target(&self) -> Result<Target, CommandError> {
        Ok(match (&self.target, self.number) {
            (Some(target), _) => target.clone(),
            (None, number) => Target::parse(&format!("-{}", number.unwrap_or(1)))?,
        })
    }

    fn execute(
        &self,
        context: &Context,
        workspace: &mut Workspace,
        halves: &Halves,
        mut guard: DriftGuard,
    ) -> Result<Outcome, CommandError> {
        let name = workspace.name().to_owned();
        workspace.lock(context, "manage redo")?;
        if workspace.memory.ledger.versions() != halves.down.base {
            return Err(ExecuteError::Stale.into());
        }
        let token = workspace.lock.as_ref().and_then(Lock::token);
        let around = |direction, plan| Around {
            lock: token.clone(),
            ..self.around(direction, plan)
        };
        let first = if halves.down.steps.is_empty() {
            around(Direction::Up, &halves.up)
        } else {
            around(Direction::Down, &halves.down)
        };
        hooks::pre_migrate(context, &workspace.connection, &first)?;
        let kept = KeptFiles::look(context, workspace)?;
        let states = workspace
            .memory
            .states(&mut *workspace.database)
            .map_err(ExecuteError::from)?;
        let before = guard.before(context, workspace, &halves.down);
        let mut down = run(context, workspace, &halves.down, before)
            .map_err(|error| half_reverted(self.target.as_ref(), halves, error))?;
        guard
            .compare(workspace, &states, &halves.down, &mut down)
            .map_err(|error| not_again(halves, 0, error.hint(forwards(halves))))?;
        let outcome = tell_left(context, &name, &down);
        let up = run(context, workspace, &halves.up, None)
            .map_err(|error| half_applied(halves, error))?;
        workspace.unlock(context)?;
        if context.ui.is_json() {
            let json = ui::redo_json(&name, &down, &up);
            context.ui.answer(&json.to_string());
        }
        let done = format!(
            "{} {}applied again",
            ui::count(up.steps.len(), "migration"),
            if down.steps.is_empty() {
                ""
            } else {
                "reverted and "
            }
        );
        context.ui.status(&format!(
            "{name}: {done} in {}.",
            ui::elapsed(down.elapsed + up.elapsed)
        ));
        kept.write(context, workspace);
        hooks::post_migrate(
            context,
            &workspace.connection,
            &around(Direction::Up, &halves.up),
            &format!("done before it: {done}"),
        )?;
        Ok(outcome)
    }

    fn around<'a>(&'a self, direction: Direction, plan: &'a Plan) -> Around<'a> {
        Around {
            command: Self::NAME,
            direction: Some(direction),
            migrations: plan
                .steps
                .iter()
                .map(|step| (&step.version, step.name.as_str()))
                .collect(),
            fake: false,
            tag: self.tag.tag.as_deref(),
            lock: None,
        }
    }
}

fn run(
    context: &Context,
    workspace: &mut Workspace,
    plan: &Plan,
    before: Option<Manifest>,
) -> Result<Report, ExecuteError> {
    let identity = context.identity();
    let mut progress = Progress::new(&context.ui, plan.steps.len(), workspace.dialect());
    let outcome = Executor::new(&mut *workspace.database, &identity, &context.interrupt)
        .under(workspace.lock.as_ref())
        .telling(context.ui.speaker())
        .recording_schemas(before)
        .because((plan.direction == Direction::Down).then_some(history::REDO))
        .retrying(Retries::of(&workspace.connection))
        .telling_builds(progress.builds())
        .run(plan, &mut progress);
    progress.finish();
    outcome
}

/// Reads and checks every file for both ways, before either is gone.
fn halves(
    context: &Context,
    workspace: &mut Workspace,
    back: &Route,
) -> Result<Halves, CommandError> {
    let preparation = Preparation {
        directory: &workspace.directory,
        memory: &workspace.memory,
        dialect: workspace.database.dialect(),
        capabilities: workspace.database.capabilities(),
        execution: Execution::Run,
    };
    let forth = Route {
        direction: Direction::Up,
        versions: back.versions.iter().rev().cloned().collect(),
    };
    let (down, odd) = match preparation.plan(back, &mut *workspace.database) {
        Err(PrepareError::Irreversible(list, Some(stop))) => {
            return Err(CommandError::from(PrepareError::Irreversible(list, None))
                .hint(format!("redo less: manage redo {stop}")));
        }
        planned => planned?,
    };
    let (mut up, odd_too) = preparation.plan(&forth, &mut *workspace.database)?;
    // An edited way back is what a redo is for.
    let odd = odd.iter().filter(|one| one.code != "edited-down-sql");
    for finding in odd.chain(&odd_too) {
        ui::finding(&context.ui, finding);
    }
    up.base.retain(|version| !back.versions.contains(version));
    Ok(Halves { down, up })
}

/// What is reverted already is applied alone.
fn second_half(
    context: &Context,
    workspace: &mut Workspace,
    versions: Vec<Version>,
) -> Result<Halves, CommandError> {
    let preparation = Preparation {
        directory: &workspace.directory,
        memory: &workspace.memory,
        dialect: workspace.database.dialect(),
        capabilities: workspace.database.capabilities(),
        execution: Execution::Run,
    };
    let nothing = Route {
        direction: Direction::Down,
        versions: Vec::new(),
    };
    let forth = Route {
        direction: Direction::Up,
        versions,
    };
    let (down, _) = preparation.plan(&nothing, &mut *workspace.database)?;
    let (up, odd) = preparation.plan(&forth, &mut *workspace.database)?;
    for finding in &odd {
        ui::finding(&context.ui, finding);
    }
    Ok(Halves { down, up })
}

/// What cannot be applied again is not reverted.
fn refuse_unclear(workspace: &Workspace, versions: &[Version]) -> Result<(), CommandError> {
    let gone: Vec<String> = versions
        .iter()
        .filter(|version| workspace.directory.find(version).is_none())
        .map(|version| executor::name_of(&workspace.directory, &workspace.memory, version))
        .collect();
    if !gone.is_empty() {
        return Err(NotAgain::NoFolder(gone).into());
    }
    let twice = workspace.directory.duplicates();
    let twice: BTreeSet<_> = twice.iter().map(|one| &one.version).collect();
    match versions.iter().find(|version| twice.contains(version)) {
        Some(version) => Err(NotAgain::Twice(version.to_string()).into()),
        None => Ok(()),
    }
}

fn show(context: &Context, workspace: &mut Workspace, halves: &Halves) {
    let losses = executor::measure(&halves.down, &mut *workspace.database);
    if context.ui.is_json() {
        let json = ui::redo_plan_json(workspace.name(), &halves.down, &halves.up, &losses);
        context.ui.answer(&json.to_string());
        return;
    }
    if !halves.down.steps.is_empty() {
        let text = ui::plan(workspace.name(), &halves.down, &losses);
        context.ui.answer(&text);
    }
    context
        .ui
        .answer(&ui::plan(workspace.name(), &halves.up, &[]));
}

fn nothing(context: &Context, workspace: &Workspace) {
    if context.ui.is_json() {
        let json = ui::redo_json(workspace.name(), &Report::default(), &Report::default());
        context.ui.answer(&json.to_string());
    }
    context
        .ui
        .status(&format!("{}: nothing to redo.", workspace.name()));
}

/// Why a migration that is applied could not be applied again.
#[derive(Debug, thiserror::Error)]
enum NotAgain {
    /// There is nothing to apply.
    #[error("{}", gone(.0))]
    NoFolder(Vec<String>),
    /// There are two.
    #[error("version {0} is used by more than one folder, so it is not clear which to apply again")]
    Twice(String),
}

fn gone(names: &[String]) -> String {
    match names {
        [one] => format!("migration `{one}` could not be applied again: its folder is gone"),
        many => format!(
            "{} migrations could not be applied again: their folders are gone",
            many.len()
        ),
    }
}

impl Explain for NotAgain {
    fn details(&self) -> Vec<String> {
        let mut details = match self {
            Self::NoFolder(names) if names.len() > 1 => names.clone(),
            Self::NoFolder(_) | Self::Twice(_) => Vec::new(),
        };
        details.push("nothing was run".to_owned());
        details
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoFolder(_) => vec![
                "bring the folder back, from the branch or release that has it".to_owned(),
                "or write it again from what is recorded: manage migrate --on-missing restore"
                    .to_owned(),
            ],
            Self::Twice(_) => {
                vec!["give one a new version: manage migrate --on-duplicate renumber".to_owned()]
            }
        }
    }
}
