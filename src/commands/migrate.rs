//! `manage migrate`: apply pending migrations, or go back to an earlier one.

use super::again::Again;
use super::answers::{ConflictFlags, DivergedFlag, DriftFlag, OutOfOrderFlag, UnfinishedFlags};
use super::carry_out::{Extent, Order, carry_out};
use super::confirm::Consent;
use super::each::each;
use super::fake_initial;
use super::hooks::TagFlag;
use super::linear;
use super::locked::LockFlag;
use super::models_notice;
use super::offline::{self, ScriptFlags};
use super::prune::prune;
use super::registry::{Command, Outcome, TARGETS};
use super::resolve::{Resolver, advise, answers_for_rollback, warn};
use super::unfinished::{Settling, anew, outcome, settle, was_taken_back};
use super::waiting::WaitFlag;
use super::workspace::Workspace;
use crate::backend::Direction;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor::{self, Conflicts};
use crate::history::JournalRun;
use crate::migration::{Execution, Route, Target, TargetError, Version};
use crate::settings::{Answers, Connection};
use std::collections::BTreeSet;

/// Apply pending migrations, or go back to an earlier one
///
/// Without a target, everything pending is applied, in version order. A target that is applied
/// already means going back to it: that is shown and asked first, as `downgrade` does.
#[derive(clap::Args, Debug, Default)]
#[command(after_help = TARGETS)]
pub(crate) struct Migrate {
    /// Where to go [default: head]
    #[arg(value_parser = target, allow_hyphen_values = true)]
    target: Option<Target>,

    /// Show what would run, and stop
    #[arg(long, conflicts_with_all = ["sql", "check"])]
    plan: bool,

    /// Print the SQL instead of running it
    ///
    /// With a range a:b, from the files alone: what leads from a to b, with no database opened.
    #[arg(long, conflicts_with = "check")]
    sql: bool,

    /// Exit with 3 if anything would run
    #[arg(long)]
    check: bool,

    /// Record without running
    #[arg(long)]
    fake: bool,

    /// Record an initial migration whose tables are there with the same columns
    #[arg(long, conflicts_with = "fake")]
    fake_initial: bool,

    /// Forget applied migrations whose folders are gone, and stop
    #[arg(long, conflicts_with_all = ["target", "sql", "fake", "fake_initial"])]
    prune: bool,

    #[command(flatten)]
    wait: WaitFlag,

    #[command(flatten)]
    tag: TagFlag,

    #[command(flatten)]
    script: ScriptFlags,
    /// What a migration does; they are written by another command
    #[arg(short, long, value_name = "MESSAGE", hide = true)]
    message: Option<String>,

    #[command(flatten)]
    consent: Consent,

    #[command(flatten)]
    lock: LockFlag,

    #[command(flatten)]
    unfinished: UnfinishedFlags,

    #[command(flatten)]
    diverged: DivergedFlag,

    #[command(flatten)]
    out_of_order: OutOfOrderFlag,

    #[command(flatten)]
    drift: DriftFlag,

    #[command(flatten)]
    conflicts: ConflictFlags,
}

pub(super) fn target(text: &str) -> Result<Target, String> {
    // The value is a target or a mistyped flag; clap cannot tell once hyphens are allowed.
    if text.starts_with('-') && !text[1..].starts_with(|first: char| first.is_ascii_digit()) {
        return Err("there is no such flag; see --help".to_owned());
    }
    Target::parse(text).map_err(|error: TargetError| error.to_string())
}

impl Command for Migrate {
    const NAME: &'static str = "migrate";
    const ALIASES: &'static [&'static str] = &["upgrade"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        if let Some(message) = self.message {
            return Err(Writes(message).into());
        }
        self.wait.begin(context);
        each(context, |connection| {
            let connection = self.lock.over(connection);
            anew(|| self.one(context, connection.clone()))
        })
    }
}

impl Migrate {
    /// Whether anything is pending.
    pub(super) fn checking() -> Self {
        Self {
            check: true,
            ..Self::default()
        }
    }

    fn extent(&self) -> Extent {
        match (self.plan, self.sql, self.check) {
            (true, ..) => Extent::Plan,
            (_, true, _) => Extent::Sql,
            (.., true) => Extent::Check,
            (false, false, false) => Extent::Run,
        }
    }

    pub(super) fn one(
        &self,
        context: &Context,
        connection: Connection,
    ) -> Result<Outcome, CommandError> {
        let extent = self.extent();
        let execution = if self.fake {
            Execution::Fake
        } else {
            Execution::Run
        };
        if extent == Extent::Sql
            && let Some(range) = offline::is_range(self.target.as_ref())
        {
            let ordered = offline::Ordered {
                range,
                direction: Direction::Up,
                execution,
                flags: &self.script,
            };
            return offline::range(context, connection, &ordered);
        }
        let mut workspace = Workspace::open(context, connection, extent.access())?;
        if self.prune {
            let tag = self.tag.tag.as_deref();
            return prune(context, &mut workspace, extent, &self.consent, tag);
        }
        let mut target = self.target.clone();
        let mut conflicts = Conflicts::default();
        let mut settled = Outcome::Done;
        if extent.runs() {
            if !workspace.memory.journal.is_empty() {
                fix(&mut target, &workspace)?;
                let (is_over, outcome) = self.settle(context, &mut workspace, target.as_ref())?;
                if is_over {
                    return Ok(outcome);
                }
                settled = outcome;
            }
            self.resolve(context, &mut workspace, target.as_ref())?;
            linear::check_marks(context, &workspace)?;
        } else {
            conflicts = workspace.conflicts();
            warn(context, &conflicts.clone().list());
            advise(context, workspace.name(), &conflicts.diverged);
        }
        let route = route(&workspace, target.as_ref())?;
        let again = self.again(target.as_ref());
        let recorded = if self.fake_initial {
            let again = again_on(&again, &workspace, &route);
            fake_initial::recorded(context, &mut workspace, &route, &again)?
        } else {
            BTreeSet::new()
        };
        if extent == Extent::Sql {
            let extras = offline::Extras {
                execution,
                recorded: &recorded,
                flags: &self.script,
            };
            return offline::route_of(context, &mut workspace, &route, &extras);
        }
        let order = Order {
            extent,
            execution,
            consent: &self.consent,
            again,
            command: Self::NAME,
            tag: self.tag.tag.as_deref(),
            recorded,
            on_drift: self.drift.over(workspace.connection.on_drift),
        };
        let outcome = carry_out(context, &mut workspace, &route, &order)?;
        if extent.runs() && self.target.is_none() && !self.fake {
            models_notice::notice(context, &mut workspace);
        }
        // What would stop the real run is a finding too, even with nothing to apply.
        if extent == Extent::Check && !conflicts.is_empty() {
            return Ok(Outcome::Findings);
        }
        Ok(settled.and(outcome))
    }

    fn answers(&self, connection: &Connection) -> Answers {
        let answers = self.diverged.over(self.out_of_order.over(connection.on));
        self.conflicts.over(answers)
    }

    fn again<'a>(&self, target: Option<&'a Target>) -> Again<'a> {
        let flags = match (self.fake, self.fake_initial) {
            (true, _) => " --fake",
            (false, true) => " --fake-initial",
            (false, false) => "",
        };
        Again {
            command: Self::NAME,
            target,
            flags: flags.to_owned(),
        }
    }

    /// Settles what is unfinished; says whether nothing more is to be run then, and what it came to.
    fn settle(
        &self,
        context: &Context,
        workspace: &mut Workspace,
        target: Option<&Target>,
    ) -> Result<(bool, Outcome), CommandError> {
        let route = route(workspace, target);
        // Who wants rows alone, or goes elsewhere, has not asked for the rest of it.
        let goes_on = |run: &JournalRun| {
            let is_on_the_way = match &route {
                Ok(route) => route.versions.contains(&run.version),
                Err(_) => target.is_none(),
            };
            run.direction == Direction::Up && is_on_the_way && !self.fake
        };
        let again = self.again(target);
        let again = match &route {
            Ok(route) => again_on(&again, workspace, route),
            Err(_) => again.left(Direction::Up, None, 0),
        };
        let settling = Settling {
            again: again.clone(),
            ..Settling::new(Self::NAME, self.unfinished, &self.consent, &goes_on)
        };
        let settled = settle(context, workspace, &settling)?;
        let is_over = was_taken_back(&settled);
        if is_over {
            let ui = &context.ui;
            ui.status(&format!("{}: nothing more is run.", workspace.name()));
            let has_files = settled.iter().all(|one| one.found.is_some());
            ui.hint(&if has_files {
                format!("to apply it again: {again}")
            } else {
                format!("to apply the rest: {again}")
            });
        }
        Ok((is_over, outcome(&settled)))
    }

    fn resolve(
        &self,
        context: &Context,
        workspace: &mut Workspace,
        target: Option<&Target>,
    ) -> Result<(), CommandError> {
        let route = route(workspace, target)?;
        let backwards = route.direction == Direction::Down && !route.is_empty();
        let mut answers = self.answers(&workspace.connection);
        if backwards {
            answers = answers_for_rollback(context, workspace, &route, answers)?;
        }
        let resolver = Resolver {
            context,
            flags: &self.conflicts,
            answers,
        };
        let newest = route.versions.iter().max().cloned();
        let applied = workspace.memory.ledger.versions();
        let running = |workspace: &Workspace| -> Result<Vec<Version>, CommandError> {
            let route = self::route(workspace, target)?;
            Ok(match route.direction {
                Direction::Up => route.versions,
                Direction::Down => Vec::new(),
            })
        };
        resolver.resolve_running(workspace, &running, |version| {
            if backwards {
                route.versions.contains(version)
            } else {
                // What lies beyond the target is not concerned.
                newest.as_ref().is_none_or(|newest| version <= newest) || applied.contains(version)
            }
        })
    }
}

fn route(workspace: &Workspace, target: Option<&Target>) -> Result<Route, CommandError> {
    let known = workspace.known();
    let target = target.cloned().unwrap_or_else(Target::head);
    Ok(executor::route(&target, &known, &workspace.graph)?)
}

fn again_on(again: &Again<'_>, workspace: &Workspace, route: &Route) -> String {
    let last = route.versions.last();
    let last =
        last.map(|version| executor::name_of(&workspace.directory, &workspace.memory, version));
    again.left(route.direction, last.as_deref(), route.versions.len())
}

/// Names the place that a target means which counts from where the database stands: that is going to move.
fn fix(target: &mut Option<Target>, workspace: &Workspace) -> Result<(), CommandError> {
    let Some(relative) = target
        .as_ref()
        .filter(|target| executor::needs_database(target))
    else {
        return Ok(());
    };
    let known = workspace.known();
    let position = executor::position(relative, &known, &workspace.graph)?;
    let place = match relative.as_str().split_once('@') {
        Some((label, _)) => format!("{label}@{position}"),
        None => executor::name_of_position(&position, &known),
    };
    *target = Some(Target::parse(&place)?);
    Ok(())
}

/// Flask-Migrate's `migrate` writes a migration.
#[derive(Debug, thiserror::Error)]
#[error("`migrate` applies migrations, and has no message")]
struct Writes(String);

impl Explain for Writes {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec![
            format!(
                "to write one from the models: manage makemigrations -m {:?}",
                self.0
            ),
            "to apply what is pending: manage migrate".to_owned(),
        ]
    }
}
