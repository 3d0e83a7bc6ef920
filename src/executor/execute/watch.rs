//! Looks on while one step runs, and writes what is recorded of it.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use super::schemas::Schemas;
use crate::backend::{DatabaseError, Direction, Lock, Session, Stop, Watch};
use crate::executor::event::{Event, Observer};
use crate::executor::interrupt::Interrupt;
use crate::history::{Action, Deed, Identity, Keeping};
use crate::migration::{Execution, Origin, Step, home};
use crate::sql::Statement;

pub(super) struct StepWatch<'a> {
    pub(super) step: &'a Step,
    pub(super) statements: &'a [Statement<'a>],
    pub(super) identity: &'a Identity,
    pub(super) keeping: Keeping,
    pub(super) schemas: Schemas,
    pub(super) interrupt: &'a Interrupt,
    pub(super) observer: &'a mut dyn Observer,
    pub(super) started: Instant,
    pub(super) lock: Option<&'a Lock>,
}

impl Watch for StepWatch<'_> {
    fn before(&mut self, index: usize) -> ControlFlow<Stop> {
        if self.interrupt.is_seen() {
            return ControlFlow::Break(Stop::Interrupted);
        }
        if self.lock.is_some_and(Lock::is_lost) {
            return ControlFlow::Break(Stop::LockLost);
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
        if self.keeping.deeds {
            self.record_deed(session)?;
        }
        match self.lock {
            Some(lock) => lock.guard(session),
            None => Ok(()),
        }
    }
}

impl StepWatch<'_> {
    fn record_deed(&mut self, session: &mut dyn Session) -> Result<(), DatabaseError> {
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
        let (identity, keeping) = (self.identity, self.keeping);
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
                    ..Deed::new(&step.version, &step.name, action)
                }
                .write(identity, keeping, session)
            },
        )
    }
}
