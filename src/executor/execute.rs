//! Runs a plan, step by step, each recorded with what it did.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::event::{Event, Observer, Report, StepReport};
use super::failure::{Committed, Snippet, StepFailure, StepFault};
use super::interrupt::Interrupt;
use super::mode::mode;
use super::place;
use crate::backend::{Batch, Cause, Database, DatabaseError, Direction, RunError, Session, Watch};
use crate::error::{Explain, Kind};
use crate::history::{self, Action, Deed, Identity, Ledger};
use crate::migration::{Execution, Plan, Step};
use crate::sql::{self, SplitError, Statement};

/// Runs plans on one database.
pub struct Executor<'a> {
    database: &'a mut dyn Database,
    identity: &'a Identity,
    interrupt: &'a Interrupt,
    told: Arc<dyn Fn(Pressed) + Send + Sync>,
    is_impatient: bool,
    again: String,
}

/// How often Ctrl-C was pressed during a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// The run stops after the statement under way.
    Once,
    /// The server is asked to stop that statement too.
    Twice,
}

impl<'a> Executor<'a> {
    /// An executor on a database that was opened for writing.
    pub fn new(
        database: &'a mut dyn Database,
        identity: &'a Identity,
        interrupt: &'a Interrupt,
    ) -> Self {
        Self {
            database,
            identity,
            interrupt,
            told: Arc::new(|_| {}),
            is_impatient: false,
            again: "manage migrate".to_owned(),
        }
    }

    /// Names the command that goes on after a failure.
    #[must_use]
    pub fn again(mut self, command: &str) -> Self {
        command.clone_into(&mut self.again);
        self
    }

    /// Tells a person who presses Ctrl-C, at once and from another thread, what that will do.
    #[must_use]
    pub fn telling(mut self, told: impl Fn(Pressed) + Send + Sync + 'static) -> Self {
        self.told = Arc::new(told);
        self
    }

    /// Cancels the statement under way at the first Ctrl-C: for a database that nobody will miss.
    #[must_use]
    pub fn impatient(mut self) -> Self {
        self.is_impatient = true;
        self
    }

    /// Runs all steps, or stops at the first that fails.
    ///
    /// # Errors
    /// The plan is stale, a step failed, or Ctrl-C was pressed; what is committed by then is in the
    /// error.
    pub fn run(
        &mut self,
        plan: &Plan,
        observer: &mut dyn Observer,
    ) -> Result<Report, ExecuteError> {
        if plan.steps.is_empty() {
            return Ok(Report::default());
        }
        let cancel = self.database.cancel();
        let told = self.told.clone();
        let is_impatient = self.is_impatient;
        let _held = self.interrupt.hold(move |count| match (count, &cancel) {
            (1, Some(cancel)) if is_impatient => cancel(),
            (1, _) => told(Pressed::Once),
            (2, Some(cancel)) => {
                told(Pressed::Twice);
                cancel();
            }
            _ => {}
        });
        let started = Instant::now();
        let keeps_record = history::prepare(self.database)?;
        if !keeps_record {
            observer.on(&Event::Warning(
                "this role may not write `__manage_history`, so what is run now can't be checked for edits or reverted without its files later",
            ));
        }
        let now = Ledger::read(self.database)?.versions();
        if now != plan.base {
            return Err(ExecuteError::Stale);
        }
        let mut report = Report::default();
        for (index, step) in plan.steps.iter().enumerate() {
            let progress = Progress {
                index,
                steps: plan.steps.len(),
            };
            let done = self.step(step, progress, keeps_record, observer)?;
            observer.on(&Event::StepFinished(&done));
            report.steps.push(done);
        }
        report.elapsed = started.elapsed();
        Ok(report)
    }

    fn step(
        &mut self,
        step: &Step,
        progress: Progress,
        keeps_record: bool,
        observer: &mut dyn Observer,
    ) -> Result<StepReport, ExecuteError> {
        let started = Instant::now();
        let script = match step.execution {
            Execution::Run => {
                sql::split(&step.script.text, self.database.dialect())
                    .map_err(|source| ExecuteError::Split {
                        name: step.name.clone(),
                        source,
                    })?
                    .statements
            }
            Execution::Fake => Vec::new(),
        };
        observer.on(&Event::StepStarted {
            index: progress.index,
            steps: progress.steps,
            name: &step.name,
            direction: step.direction,
            statements: script.len(),
        });
        let batch = Batch {
            name: &step.name,
            version: step.version.as_str(),
            direction: step.direction,
            mode: mode(step, &script, self.database.backend()),
            statements: &script,
        };
        let mut watch = StepWatch {
            step,
            statements: &script,
            identity: keeps_record.then_some(self.identity),
            interrupt: self.interrupt,
            observer,
            started,
        };
        let outcome = self.database.run(&batch, &mut watch);
        for notice in self.database.notices() {
            observer.on(&Event::Notice(&notice));
        }
        if let Err(error) = &outcome
            && matches!(error.cause, Cause::Database(_))
            && self.is_overtaken(step)
        {
            return Err(ExecuteError::Overtaken {
                name: step.name.clone(),
                direction: step.direction,
                committed: error.committed,
            });
        }
        outcome.map_err(|mut error| {
            // A statement that Ctrl-C made the server stop has not failed by itself.
            if self.interrupt.is_seen() && matches!(error.cause, Cause::Database(_)) {
                error.cause = Cause::Interrupted;
            }
            ExecuteError::Step(Box::new(self.failure(step, &script, error, progress.index)))
        })?;
        Ok(StepReport {
            version: step.version.clone(),
            name: step.name.clone(),
            direction: step.direction,
            execution: step.execution,
            statements: script.len(),
            elapsed: started.elapsed(),
        })
    }
}

impl Executor<'_> {
    fn failure(
        &self,
        step: &Step,
        statements: &[Statement<'_>],
        error: RunError,
        done: usize,
    ) -> StepFailure {
        let dialect = self.database.dialect();
        let total = statements.len();
        let at = error.statement.and_then(|index| statements.get(index));
        StepFailure {
            name: step.name.clone(),
            direction: step.direction,
            origin: step.script.origin.clone(),
            snippet: at.map(|statement| {
                Snippet::at(
                    &step.script.text,
                    place::offset(statement, &error.cause, dialect),
                    sql::keeps_secret(statement.text, dialect),
                )
            }),
            statement: error.statement.map(|index| (index + 1, total)),
            committed: match error.committed {
                0 => Committed::Nothing,
                count if count == total && error.statement.is_none() => Committed::AllButRecord,
                count => Committed::Statements { count, total },
            },
            done,
            again: self.again.clone(),
            fault: StepFault::from(error.cause),
        }
    }

    /// Whether somebody else has done this step in the meantime, which is then why ours failed.
    fn is_overtaken(&mut self, step: &Step) -> bool {
        Ledger::read(self.database)
            .is_ok_and(|ledger| ledger.contains(&step.version) == (step.direction == Direction::Up))
    }
}

#[derive(Clone, Copy)]
struct Progress {
    index: usize,
    steps: usize,
}

struct StepWatch<'a> {
    step: &'a Step,
    statements: &'a [Statement<'a>],
    identity: Option<&'a Identity>,
    interrupt: &'a Interrupt,
    observer: &'a mut dyn Observer,
    started: Instant,
}

impl Watch for StepWatch<'_> {
    fn before(&mut self, index: usize) -> ControlFlow<()> {
        if self.interrupt.is_seen() {
            return ControlFlow::Break(());
        }
        if let Some(statement) = self.statements.get(index) {
            self.observer.on(&Event::StatementStarted {
                index,
                text: statement.text,
            });
        }
        ControlFlow::Continue(())
    }

    fn after(&mut self, index: usize, elapsed: Duration) {
        if let Some(statement) = self.statements.get(index) {
            self.observer.on(&Event::StatementFinished {
                index,
                text: statement.text,
                elapsed,
            });
        }
    }

    fn record(&mut self, session: &mut dyn Session) -> Result<(), DatabaseError> {
        let Some(identity) = self.identity else {
            return Ok(());
        };
        let step = self.step;
        let up = step.direction == Direction::Up;
        Deed {
            version: &step.version,
            name: &step.name,
            action: match (step.direction, step.execution) {
                (Direction::Up, Execution::Run) => Action::Apply,
                (Direction::Up, Execution::Fake) => Action::Fake,
                (Direction::Down, Execution::Run) => Action::Revert,
                (Direction::Down, Execution::Fake) => Action::Unfake,
            },
            up: up.then_some(step.script.text.as_str()),
            down: if up {
                step.down.as_deref()
            } else {
                Some(step.script.text.as_str())
            },
            transactional: step.transactional,
            stamp: step.stamp,
            milliseconds: i64::try_from(self.started.elapsed().as_micros().div_ceil(1_000))
                .unwrap_or(i64::MAX),
            reason: None,
        }
        .write(identity, session)
    }
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// Somebody else applied or reverted something since the plan was made.
    #[error("another process changed what is applied since this plan was made")]
    Stale,
    /// Somebody else ran the same migration at the same time and was first.
    #[error("another process {} `{name}` at the same moment", done(*.direction))]
    Overtaken {
        /// The directory's name.
        name: String,
        /// Which way.
        direction: Direction,
        /// How many statements of ours stay.
        committed: usize,
    },
    /// A file cannot be split into statements.
    #[error("migration `{name}` cannot be read")]
    Split {
        /// The directory's name.
        name: String,
        /// Where and why.
        #[source]
        source: SplitError,
    },
    /// A migration failed.
    #[error(transparent)]
    Step(Box<StepFailure>),
    /// The server refused outside of a migration.
    #[error("cannot read or write what is recorded about migrations")]
    Database(#[from] DatabaseError),
}

fn done(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "applied",
        Direction::Down => "reverted",
    }
}

impl Explain for ExecuteError {
    fn kind(&self) -> Kind {
        match self {
            Self::Step(failure) => failure.kind(),
            Self::Stale | Self::Overtaken { .. } | Self::Split { .. } | Self::Database(_) => {
                Kind::Failure
            }
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Step(failure) => failure.details(),
            Self::Database(error) => error.details(),
            Self::Stale => vec!["nothing was run".to_owned()],
            Self::Overtaken { committed: 0, .. } => {
                vec!["nothing of ours was committed".to_owned()]
            }
            Self::Overtaken { committed, .. } => vec![format!(
                "the first {committed} statements of ours are in effect too, and cannot be rolled back"
            )],
            Self::Split { .. } => Vec::new(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Stale | Self::Overtaken { .. } => {
                vec!["look again: manage showmigrations".to_owned()]
            }
            Self::Split { source, .. } => source.hints(),
            Self::Step(failure) => failure.hints(),
            Self::Database(error) => error.hints(),
        }
    }
}
