//! Looks on while one step runs, and writes what is recorded of it.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use super::journaling::Journaling;
use super::leftovers::still_invalid;
use super::onlooker::Onlooker;
use super::schemas::Schemas;
use super::under_way::{Stopping, UnderWay, stopping};
use crate::backend::{
    DatabaseError, Direction, ErrorClass, Lock, Mode, Note, Session, Stop, Watch,
};
use crate::executor::event::{Event, Observer};
use crate::executor::interrupt::Interrupt;
use crate::history::{Action, Deed, Identity, JournalPlace, Keeping, forget_run};
use crate::migration::{Execution, Origin, Step, home};
use crate::settings::Backend;
use crate::sql::{self, Statement};

pub(super) struct StepWatch<'a> {
    pub(super) step: &'a Step,
    /// The statements of the file.
    pub(super) statements: &'a [Statement<'a>],
    /// Which of them are sent, in order.
    pub(super) sent: &'a [usize],
    pub(super) identity: &'a Identity,
    pub(super) keeping: Keeping,
    pub(super) reason: Option<&'static str>,
    pub(super) schemas: &'a mut Schemas,
    pub(super) interrupt: &'a Interrupt,
    pub(super) observer: &'a mut dyn Observer,
    pub(super) started: Instant,
    pub(super) lock: Option<&'a Lock>,
    pub(super) journaling: Option<Journaling<'a>>,
    /// Whether an earlier run may have left something in the journal, of a step that keeps none itself.
    pub(super) forgets: bool,
    pub(super) backend: Backend,
    pub(super) mode: Mode,
    pub(super) under_way: &'a UnderWay,
    pub(super) onlooker: Option<&'a Onlooker>,
    /// Whether every statement may be cancelled.
    pub(super) is_impatient: bool,
    /// Whether everything was recorded, so that only the end of the transaction was left.
    pub(super) has_recorded: bool,
    /// The indexes that kept it from being recorded.
    pub(super) invalid: Vec<String>,
}

impl<'a> StepWatch<'a> {
    /// A statement that is sent, with its number in the file.
    fn statement(&self, index: usize) -> Option<(usize, &'a Statement<'a>)> {
        let index = *self.sent.get(index)?;
        Some((index, self.statements.get(index)?))
    }
}

impl Watch for StepWatch<'_> {
    fn before(&mut self, index: usize) -> ControlFlow<Stop> {
        if let Some(signal) = self.interrupt.seen() {
            return ControlFlow::Break(Stop::Interrupted(signal));
        }
        if self.lock.is_some_and(Lock::is_lost) {
            return ControlFlow::Break(Stop::LockLost);
        }
        if let Some((index, statement)) = self.statement(index) {
            self.observer.on(&Event::StatementStarted {
                index,
                text: statement.text,
            });
            self.under_way.begin(if self.is_impatient {
                Stopping::Cancels
            } else {
                stopping(self.backend, self.mode, statement.text)
            });
            if let Some(onlooker) = self.onlooker {
                onlooker.begin(sql::builds_index(statement.text));
            }
        }
        ControlFlow::Continue(())
    }

    fn after(&mut self, index: usize, elapsed: Duration) {
        self.under_way.end();
        if let Some(onlooker) = self.onlooker {
            onlooker.end();
        }
        if let Some((index, statement)) = self.statement(index) {
            self.observer.on(&Event::StatementFinished {
                index,
                text: statement.text,
                elapsed,
            });
        }
    }

    fn keeps_journal(&self) -> bool {
        self.journaling.is_some()
    }

    fn note(
        &mut self,
        note: &Note<'_>,
        session: &mut dyn Session,
    ) -> Result<ControlFlow<Stop>, DatabaseError> {
        match &mut self.journaling {
            Some(journaling) => journaling.note(note, session),
            None => Ok(ControlFlow::Continue(())),
        }
    }

    fn record(&mut self, session: &mut dyn Session) -> Result<(), DatabaseError> {
        if self.backend == Backend::Postgres && self.mode == Mode::Statements {
            let statements = self.statements.iter().map(|statement| statement.text);
            self.invalid = still_invalid(session, statements)?;
            if !self.invalid.is_empty() {
                return Err(DatabaseError::new(ErrorClass::Statement, "it is invalid"));
            }
        }
        match &self.journaling {
            Some(journaling) => journaling.forget(session)?,
            None if self.forgets => {
                forget_run(&JournalPlace::unqualified(), &self.step.version, session)?;
            }
            None => {}
        }
        let fence = self
            .lock
            .filter(|_| self.keeping.deeds)
            .and_then(|lock| lock.lasting_fence(session.dialect()));
        if self.keeping.deeds && !self.record_deed(fence, session)? {
            return Err(Lock::lost());
        }
        if let (Some(lock), None) = (self.lock, fence) {
            lock.guard(session)?;
        }
        self.has_recorded = true;
        Ok(())
    }
}

impl StepWatch<'_> {
    /// Writes what was done; `false` if the fence kept it from being written.
    fn record_deed(
        &mut self,
        fence: Option<&str>,
        session: &mut dyn Session,
    ) -> Result<bool, DatabaseError> {
        let (step, observer) = (self.step, &mut *self.observer);
        let up = step.direction == Direction::Up;
        let action = match (step.direction, step.execution) {
            (Direction::Up, Execution::Run) => Action::Apply,
            (Direction::Up, Execution::Fake) => Action::Fake,
            (Direction::Down, Execution::Run) => Action::Revert,
            (Direction::Down, Execution::Fake) => Action::Unfake,
        };
        let milliseconds =
            i64::try_from(self.started.elapsed().as_micros().div_ceil(1_000)).unwrap_or(i64::MAX);
        let home = match (&step.script.origin, up) {
            (Origin::File(file), true) => file.parent().and_then(Path::parent).map(home),
            (Origin::File(_) | Origin::History | Origin::Nowhere, _) => None,
        };
        let (identity, keeping, reason) = (self.identity, self.keeping, self.reason);
        self.schemas.record(
            keeping,
            session,
            &mut |error| {
                observer.on(&Event::Warning(&format!(
                    "the schema could not be read, so it is not recorded what `{}` led to: {error}",
                    step.name
                )));
            },
            &mut |schemas, session| {
                Deed {
                    up: up.then_some(step.script.text.as_str()),
                    down: if up {
                        step.down.as_deref()
                    } else {
                        Some(step.script.text.as_str())
                    },
                    transactional: step.transactional,
                    stamp: step.stamp,
                    milliseconds,
                    before: schemas.before.as_ref(),
                    after: schemas.after.as_ref(),
                    metadata: step.metadata.as_deref(),
                    folder: home.as_deref(),
                    reason,
                    ..Deed::new(&step.version, &step.name, action)
                }
                .write(identity, keeping, fence, session)
            },
        )
    }
}
