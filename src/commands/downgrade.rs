//! `manage downgrade`: revert applied migrations.

use std::collections::BTreeSet;

use super::again::Again;
use super::answers::{ConflictFlags, DriftFlag, UnfinishedFlags};
use super::carry_out::{Extent, Order, carry_out, tell_position};
use super::confirm::Consent;
use super::each::each;
use super::hooks::TagFlag;
use super::locked::LockFlag;
use super::migrate::target;
use super::offline::{self, ScriptFlags};
use super::registry::{Command, Outcome, TARGETS};
use super::resolve::{Resolver, advise, answers_for_rollback, warn};
use super::unfinished::{Left, Settling, anew, outcome, settle, steps_back};
use super::waiting::WaitFlag;
use super::workspace::Workspace;
use crate::backend::Direction;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor;
use crate::history::JournalRun;
use crate::migration::{Execution, Position, Route, Target, Version};
use crate::settings::Connection;
use crate::ui::{self, Question};

/// Revert applied migrations, down to a target
///
/// Without a target, the newest applied migration is reverted. What would be lost is shown first,
/// with row counts, and asked. Every migration on the way must have a down.sql; that is checked
/// before anything runs.
#[derive(clap::Args, Debug, Default)]
#[command(after_help = TARGETS)]
pub(crate) struct Downgrade {
    /// Where to stop; the target itself stays applied [default: -1, one step]
    #[arg(value_parser = target, allow_hyphen_values = true)]
    target: Option<Target>,

    /// Pick where to stop from a list
    #[arg(long, conflicts_with = "target")]
    choose: bool,

    /// Show what would be reverted, and stop
    #[arg(long, conflicts_with = "sql")]
    plan: bool,

    /// Print the SQL instead of running it
    ///
    /// With a range b:a, from the files alone: what leads from b back to a, with no database opened.
    #[arg(long)]
    sql: bool,

    /// Forget without running
    #[arg(long)]
    fake: bool,

    #[command(flatten)]
    script: ScriptFlags,

    #[command(flatten)]
    wait: WaitFlag,

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

    #[command(flatten)]
    conflicts: ConflictFlags,
}

impl Command for Downgrade {
    const NAME: &'static str = "downgrade";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        self.wait.begin(context);
        each(context, |connection| {
            let connection = self.lock.over(connection);
            anew(|| self.one(context, connection.clone()))
        })
    }
}

impl Downgrade {
    /// Back to a target.
    pub(super) fn to(target: Target, consent: Consent, lock: LockFlag) -> Self {
        Self {
            target: Some(target),
            consent,
            lock,
            ..Self::default()
        }
    }

    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let extent = match (self.plan, self.sql) {
            (true, _) => Extent::Plan,
            (false, true) => Extent::Sql,
            (false, false) => Extent::Run,
        };
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
                direction: Direction::Down,
                execution,
                flags: &self.script,
            };
            return offline::range(context, connection, &ordered);
        }
        let mut workspace = Workspace::open(context, connection, extent.access())?;
        let mut target = self.target.clone();
        let mut settled = Outcome::Done;
        if extent.runs() {
            let back;
            (back, settled) = self.settle(context, &mut workspace)?;
            // Who asks for so many steps back has those that were finished just now.
            if back > 0 && !self.choose {
                match Left::of(target.as_ref(), back) {
                    Left::Nothing => {
                        tell_position(context, &workspace);
                        return Ok(settled);
                    }
                    Left::Steps(left) => target = Some(Target::parse(&format!("-{left}"))?),
                    Left::Place => {}
                }
            }
        }
        if workspace.memory.ledger.applied().is_empty() && target.is_none() {
            nothing_applied(context, &workspace);
            return Ok(settled);
        }
        let mut route = self.route(context, &workspace, target.as_ref())?;
        if extent.runs() {
            self.resolve(context, &mut workspace, &route)?;
            // A migration that was forgotten has nothing to revert.
            route
                .versions
                .retain(|version| workspace.memory.ledger.contains(version));
        } else {
            let conflicts = workspace.conflicts();
            warn(context, &conflicts.clone().list());
            advise(context, workspace.name(), &conflicts.diverged);
        }
        if extent == Extent::Sql {
            let extras = offline::Extras {
                execution,
                recorded: &BTreeSet::new(),
                flags: &self.script,
            };
            return offline::route_of(context, &mut workspace, &route, &extras);
        }
        let order = Order {
            extent,
            execution,
            consent: &self.consent,
            again: self.again(),
            command: Self::NAME,
            tag: self.tag.tag.as_deref(),
            recorded: BTreeSet::new(),
            on_drift: self.drift.over(workspace.connection.on_drift),
        };
        Ok(settled.and(carry_out(context, &mut workspace, &route, &order)?))
    }

    fn again(&self) -> Again<'_> {
        Again {
            command: Self::NAME,
            target: self.target.as_ref(),
            flags: if self.fake { " --fake" } else { "" }.to_owned(),
        }
    }

    /// Settles what is unfinished; says how many steps back that was, and what it came to.
    fn settle(
        &self,
        context: &Context,
        workspace: &mut Workspace,
    ) -> Result<(usize, Outcome), CommandError> {
        let concerned: Option<Vec<Version>> = match &self.target {
            Some(target) => executor::route_back(target, &workspace.known(), &workspace.graph)
                .ok()
                .map(|route| route.versions),
            None => None,
        };
        // Who wants rows alone, or goes less far back, has not asked for the rest of it.
        let goes_on = |run: &JournalRun| {
            let is_on_the_way = concerned
                .as_ref()
                .is_none_or(|versions| versions.contains(&run.version));
            run.direction == Direction::Down && is_on_the_way && !self.fake
        };
        let left = concerned.as_ref().map_or(1, Vec::len);
        let settling = Settling {
            again: self.again().left(Direction::Down, None, left),
            ..Settling::new(Self::NAME, self.unfinished, &self.consent, &goes_on)
        };
        let settled = settle(context, workspace, &settling)?;
        Ok((steps_back(&settled), outcome(&settled)))
    }

    fn route(
        &self,
        context: &Context,
        workspace: &Workspace,
        target: Option<&Target>,
    ) -> Result<Route, CommandError> {
        let known = workspace.known();
        let target = match target {
            Some(target) => target.clone(),
            None if self.choose => {
                let position = pick(context, workspace)?;
                return Ok(Route::back_to(&executor::landmarks(&known), &position)?);
            }
            None => Target::parse("-1")?,
        };
        Ok(executor::route_back(&target, &known, &workspace.graph)?)
    }

    fn resolve(
        &self,
        context: &Context,
        workspace: &mut Workspace,
        route: &Route,
    ) -> Result<(), CommandError> {
        let answers = self.conflicts.over(workspace.connection.on);
        let answers = answers_for_rollback(context, workspace, route, answers)?;
        let resolver = Resolver {
            context,
            flags: &self.conflicts,
            answers,
        };
        resolver.resolve(workspace, |version| route.versions.contains(version))
    }
}

fn pick(context: &Context, workspace: &Workspace) -> Result<Position, CommandError> {
    let mut positions: Vec<_> = workspace
        .memory
        .ledger
        .applied()
        .iter()
        .rev()
        // The newest is where the database stands already.
        .skip(1)
        .map(|applied| {
            let name = executor::name_of(&workspace.directory, &workspace.memory, &applied.version);
            (
                format!("{name}  (applied {} UTC)", applied.run_on),
                Position::Migration(applied.version.clone()),
            )
        })
        .collect();
    positions.push(("base  (revert everything)".to_owned(), Position::Base));
    let items: Vec<_> = positions.iter().map(|(item, _)| item.clone()).collect();
    let question = Question {
        ask: "Go back to which migration? It stays applied".to_owned(),
        about: Vec::new(),
        unattended: "nobody can be asked where to stop".to_owned(),
        flags: vec!["name it: manage downgrade TARGET".to_owned()],
    };
    let index = context.ui.pick_from(&question, &items)?;
    Ok(positions.swap_remove(index).1)
}

fn nothing_applied(context: &Context, workspace: &Workspace) {
    if context.ui.is_json() {
        let nothing = executor::Report::default();
        let json = ui::report_json(workspace.name(), Direction::Down, &nothing);
        context.ui.answer(&json.to_string());
    }
    context
        .ui
        .status(&format!("{}: nothing is applied.", workspace.name()));
}
