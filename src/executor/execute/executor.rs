//! Runs a plan, step by step, each recorded with what it did.

use std::sync::Arc;
use std::time::Instant;

use super::attempts::Records;
use super::error::ExecuteError;
use super::journals::Journals;
use super::leftovers::Leftovers;
use super::onlooker::{self, Onlooker, Told};
use super::schemas::{self, Schemas};
use super::under_way::{Stopping, UnderWay};
use crate::backend::{
    Blocker, Cause, Database, DatabaseError, Direction, ErrorClass, IndexBuild, Lock, RunError,
    Stop,
};
use crate::error::Signal;
use crate::executor::event::{Event, Observer, Report, StepReport};
use crate::executor::failure::{StepFailure, StepFault};
use crate::executor::interrupt::Interrupt;
use crate::executor::place;
use crate::executor::retry::Retries;
use crate::executor::snippet::Snippet;
use crate::history::{self, Identity, Ledger};
use crate::migration::{Execution, Plan, Step, Version};
use crate::schema::manifest::Manifest;
use crate::sql::{self, Statement};

/// Runs plans on one database.
pub struct Executor<'a> {
    pub(super) database: &'a mut dyn Database,
    pub(super) identity: &'a Identity,
    pub(super) interrupt: &'a Interrupt,
    told: Arc<dyn Fn(Signal, Stopping) + Send + Sync>,
    pub(super) is_impatient: bool,
    pub(super) under_way: UnderWay,
    pub(super) retries: Retries,
    builds: Option<Told>,
    pub(super) onlooker: Option<Onlooker>,
    /// Under which number the server lists the session.
    pub(super) session: Option<i64>,
    /// Whether the newest step was recorded, so that only the end of its transaction was left.
    pub(super) has_recorded: bool,
    /// What the newest step left of indexes.
    pub(super) leftovers: Leftovers,
    again: String,
    pub(super) reason: Option<&'static str>,
    pub(super) lock: Option<&'a Lock>,
    looks: bool,
    before: Option<Manifest>,
    pub(super) keeps_journal: bool,
    pub(super) resume: Option<Resume>,
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
            told: Arc::new(|_, _| {}),
            is_impatient: false,
            under_way: UnderWay::default(),
            retries: Retries::default(),
            builds: None,
            onlooker: None,
            session: None,
            leftovers: Leftovers::default(),
            has_recorded: false,
            again: "manage migrate".to_owned(),
            reason: None,
            lock: None,
            looks: false,
            before: None,
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

    /// Records which schema the steps lead to, given what it is before them, if somebody has looked.
    #[must_use]
    pub fn recording_schemas(mut self, before: Option<Manifest>) -> Self {
        self.looks = true;
        self.before = before;
        self
    }

    /// Names the command that goes on after a failure.
    #[must_use]
    pub fn again(mut self, command: &str) -> Self {
        command.clone_into(&mut self.again);
        self
    }

    /// Records why it is done, where that matters to a later run.
    #[must_use]
    pub fn because(mut self, reason: Option<&'static str>) -> Self {
        self.reason = reason;
        self
    }

    /// Goes on only while this lock is held.
    #[must_use]
    pub fn under(mut self, lock: Option<&'a Lock>) -> Self {
        self.lock = lock;
        self
    }

    /// Tells a person who presses Ctrl-C, at once and from another thread, what that does.
    #[must_use]
    pub fn telling(mut self, told: impl Fn(Signal, Stopping) + Send + Sync + 'static) -> Self {
        self.told = Arc::new(told);
        self
    }

    /// Tries again what could not have a lock.
    #[must_use]
    pub fn retrying(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// Tells from another thread, now and then, how far the building of an index is.
    #[must_use]
    pub fn telling_builds(
        mut self,
        told: Option<impl Fn(&IndexBuild) + Send + Sync + 'static>,
    ) -> Self {
        self.builds = told.map(|told| Arc::new(told) as Told);
        self
    }

    /// Cancels whatever statement is under way at a signal: for a database that nobody will miss.
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
        let under_way = self.under_way.clone();
        let _held = self.interrupt.hold(move |signal| {
            match (under_way.stopping(), &cancel) {
                (Some(Stopping::Cancels), Some(cancel)) => {
                    told(signal, Stopping::Cancels);
                    under_way.cancel(cancel);
                }
                (Some(_), _) => told(signal, Stopping::Finishes),
                // What is under way ends by itself, and what comes next is asked first.
                (None, _) => {}
            }
        });
        self.look_on();
        let started = Instant::now();
        let keeping = match self.insisting(observer, history::prepare) {
            Ok(keeping) => keeping,
            Err(error) => return Err(self.or_interrupted(error)),
        };
        if !keeping.deeds {
            observer.on(&Event::Warning(
                "this role may not write `__manage_history`, so what is run now can't be checked for edits or reverted without its files later",
            ));
        }
        let now = Ledger::read(self.database)?.versions();
        if now != plan.base {
            return Err(ExecuteError::Stale);
        }
        let mut journals = Journals::new(keeping);
        let mut report = Report::default();
        let mut unkept = self.before.take();
        let mut before = unkept.as_ref().map(|seen| seen.fingerprint().clone());
        for (index, step) in plan.steps.iter().enumerate() {
            let progress = Progress {
                index,
                steps: plan.steps.len(),
            };
            if self.lock.is_some_and(Lock::is_lost) {
                return Err(ExecuteError::LockLost { done: index });
            }
            let mut schemas = Schemas {
                before: before.take(),
                unkept: unkept.take(),
                look: self.looks && schemas::is_looked_at(plan, index),
                after: None,
            };
            let mut records = Records {
                keeping,
                schemas: &mut schemas,
                journals: &mut journals,
                is_journalled: false,
            };
            let done = self.step(step, progress, &mut records, observer)?;
            before.clone_from(&done.schema);
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
        records: &mut Records<'_>,
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
        let outcome = self.attempts(step, &script, records, observer)?;
        let schema = records.schemas.after.take();
        for notice in self.database.notices() {
            observer.on(&Event::Notice(&notice));
        }
        if let Err(error) = &outcome
            // A lost connection may have been lost after our own commit.
            && matches!(&error.cause, Cause::Database(refused) if refused.class != ErrorClass::Lost)
            && self.is_overtaken(step)
        {
            return Err(ExecuteError::Overtaken {
                name: step.name.clone(),
                direction: step.direction,
                committed: error.committed,
            });
        }
        outcome.map_err(|mut error| {
            // A statement that a signal made the server stop has not failed by itself.
            if let Some(signal) = self.interrupt.seen()
                && matches!(&error.cause, Cause::Database(refused) if refused.class != ErrorClass::Lost)
            {
                error.cause = Cause::Stopped(Stop::Interrupted(signal));
            }
            let failure = self.failure(step, &script, error, progress.index);
            ExecuteError::Step(Box::new(StepFailure {
                is_journalled: records.is_journalled,
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
            schema,
            left: None,
        })
    }
}

impl Executor<'_> {
    /// Who kept the newest statement waiting.
    pub(super) fn blockers(&self) -> Vec<Blocker> {
        self.onlooker
            .as_ref()
            .map(Onlooker::blockers)
            .unwrap_or_default()
    }

    /// Why nothing has begun: a signal, where there was one, else what the server said.
    fn or_interrupted(&self, error: DatabaseError) -> ExecuteError {
        match self.interrupt.seen() {
            Some(signal) if error.class != ErrorClass::Lost => ExecuteError::Interrupted {
                signal,
                again: self.again.clone(),
            },
            Some(_) | None => ExecuteError::Database(error),
        }
    }

    /// Opens no connection yet: only a statement that takes its time is looked at.
    fn look_on(&mut self) {
        let Some(opener) = self.database.opener() else {
            return;
        };
        self.session = self.database.session_number();
        let is_needed = self.retries.limit.is_some() || self.builds.is_some();
        if let Some(session) = self.session
            && is_needed
        {
            self.onlooker = Some(Onlooker::start(onlooker::Wanted {
                opener,
                session,
                limit: self.retries.limit,
                told: self.builds.clone(),
            }));
        }
    }

    fn failure(
        &mut self,
        step: &Step,
        statements: &[Statement<'_>],
        error: RunError,
        done: usize,
    ) -> StepFailure {
        let committed = self.committed(step, statements, &error);
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
            committed,
            done,
            again: self.again.clone(),
            blockers: match &error.cause {
                Cause::Database(refused) if refused.class == ErrorClass::Locked => self.blockers(),
                Cause::Database(_)
                | Cause::Stopped(_)
                | Cause::OpenTransaction
                | Cause::BrokenReferences(_) => Vec::new(),
            },
            left: std::mem::take(&mut self.leftovers.told),
            fault: if self.leftovers.kept.is_empty() {
                StepFault::from(error.cause)
            } else {
                StepFault::InvalidIndexes(std::mem::take(&mut self.leftovers.kept))
            },
            is_journalled: false,
            is_on_scratch: !self.keeps_journal,
        }
    }

    /// Whether somebody else has done this step in the meantime, which is then why ours failed. The file may
    /// have led this session to another database, so another one is asked.
    fn is_overtaken(&mut self, step: &Step) -> bool {
        let other = self.database.opener().and_then(|open| open().ok());
        let ledger = match other {
            Some(mut other) => Ledger::read(&mut *other),
            None => Ledger::read(self.database),
        };
        ledger
            .is_ok_and(|ledger| ledger.contains(&step.version) == (step.direction == Direction::Up))
    }
}

#[derive(Clone, Copy)]
struct Progress {
    index: usize,
    steps: usize,
}
