//! Runs a plan, step by step, each recorded with what it did.

use std::sync::Arc;
use std::time::Instant;

use super::error::ExecuteError;
use super::journaling::{Journaling, done_of};
use super::journals::Journals;
use super::watch::StepWatch;
use crate::backend::{Batch, Cause, Database, Direction, Lock, RunError, Stop};
use crate::executor::event::{Event, Observer, Report, StepReport};
use crate::executor::failure::{Committed, Snippet, StepFailure, StepFault};
use crate::executor::interrupt::Interrupt;
use crate::executor::mode::mode;
use crate::executor::place;
use crate::history::{self, Identity, Ledger};
use crate::migration::{Execution, Plan, Step, Version};
use crate::sql::{self, Statement};

/// Runs plans on one database.
pub struct Executor<'a> {
    database: &'a mut dyn Database,
    identity: &'a Identity,
    interrupt: &'a Interrupt,
    told: Arc<dyn Fn(Pressed) + Send + Sync>,
    is_impatient: bool,
    again: String,
    lock: Option<&'a Lock>,
    keeps_journal: bool,
    resume: Option<Resume>,
}

/// Where an earlier run stopped inside a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The migration.
    pub version: Version,
    /// Which way it ran.
    pub direction: Direction,
    /// How many statements, from the first, are in effect and not run again.
    pub done: usize,
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
            lock: None,
            keeps_journal: true,
            resume: None,
        }
    }

    /// Keeps no journal: for a database that nobody will miss.
    #[must_use]
    pub fn without_journal(mut self) -> Self {
        self.keeps_journal = false;
        self
    }

    /// Goes on inside a migration, where an earlier run stopped.
    #[must_use]
    pub fn resuming(mut self, resume: Option<Resume>) -> Self {
        self.resume = resume;
        self
    }

    /// Names the command that goes on after a failure.
    #[must_use]
    pub fn again(mut self, command: &str) -> Self {
        command.clone_into(&mut self.again);
        self
    }

    /// Goes on only while this lock is held.
    #[must_use]
    pub fn under(mut self, lock: Option<&'a Lock>) -> Self {
        self.lock = lock;
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
        let prepared = history::prepare(self.database)?;
        if !prepared.keeps_record {
            observer.on(&Event::Warning(
                "this role may not write `__manage_history`, so what is run now can't be checked for edits or reverted without its files later",
            ));
        }
        let now = Ledger::read(self.database)?.versions();
        if now != plan.base {
            return Err(ExecuteError::Stale);
        }
        let mut keeping = Keeping {
            record: prepared.keeps_record,
            journals: Journals::new(prepared.has_journal),
        };
        let mut report = Report::default();
        for (index, step) in plan.steps.iter().enumerate() {
            let progress = Progress {
                index,
                steps: plan.steps.len(),
            };
            if let Some(lock) = self.lock
                && !lock.is_held()?
            {
                return Err(ExecuteError::LockLost { done: index });
            }
            let done = self.step(step, progress, &mut keeping, observer)?;
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
        keeping: &mut Keeping,
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
        let from = self.done_before(step, &script);
        let dialect = self.database.dialect();
        let sent: Vec<usize> = script
            .iter()
            .enumerate()
            // What an earlier run told its session has to be told to this one.
            .filter(|(index, statement)| {
                *index >= from || sql::concerns_session(statement.text, dialect)
            })
            .map(|(index, _)| index)
            .collect();
        let statements: Vec<Statement<'_>> = sent.iter().map(|index| script[*index]).collect();
        observer.on(&Event::StepStarted {
            index: progress.index,
            steps: progress.steps,
            name: &step.name,
            direction: step.direction,
            statements: script.len(),
        });
        let wanted = mode(step, &statements, self.database.backend());
        let batch = Batch {
            name: &step.name,
            version: step.version.as_str(),
            direction: step.direction,
            mode: self.database.mode(wanted, &statements),
            statements: &statements,
        };
        let place = if self.keeps_journal {
            let journals = &mut keeping.journals;
            journals.place(batch.mode, &statements, self.database, observer)?
        } else {
            None
        };
        let journaling = place.map(|place| {
            Journaling::new(step, &script, &sent, from, place, self.identity, self.lock)
        });
        let is_journalled = journaling.is_some();
        let mut watch = StepWatch {
            step,
            all: &script,
            sent: &sent,
            identity: keeping.record.then_some(self.identity),
            interrupt: self.interrupt,
            observer,
            started,
            lock: self.lock,
            journaling,
            has_journal: keeping.journals.exists,
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
                committed: done_of(error.committed, &sent, from),
            });
        }
        outcome.map_err(|mut error| {
            error.committed = done_of(error.committed, &sent, from);
            error.statement = error.statement.and_then(|index| sent.get(index).copied());
            // A statement that Ctrl-C made the server stop has not failed by itself.
            if self.interrupt.is_seen() && matches!(error.cause, Cause::Database(_)) {
                error.cause = Cause::Stopped(Stop::Interrupted);
            }
            let failure = self.failure(step, &script, error, progress.index);
            ExecuteError::Step(Box::new(StepFailure {
                is_journalled,
                ..failure
            }))
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
            is_journalled: false,
            fault: StepFault::from(error.cause),
        }
    }

    /// How many statements of a step an earlier run has done.
    fn done_before(&self, step: &Step, statements: &[Statement<'_>]) -> usize {
        self.resume
            .as_ref()
            .filter(|resume| resume.version == step.version && resume.direction == step.direction)
            .map_or(0, |resume| resume.done.min(statements.len()))
    }

    /// Whether somebody else has done this step in the meantime, which is then why ours failed.
    fn is_overtaken(&mut self, step: &Step) -> bool {
        Ledger::read(self.database)
            .is_ok_and(|ledger| ledger.contains(&step.version) == (step.direction == Direction::Up))
    }
}

/// What is kept of the steps beside Diesel's own row.
struct Keeping {
    record: bool,
    journals: Journals,
}

#[derive(Clone, Copy)]
struct Progress {
    index: usize,
    steps: usize,
}
