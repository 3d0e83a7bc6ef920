//! Looks on while one step runs, and writes what is recorded of it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::journaling::Journaling;
use crate::backend::{DatabaseError, Direction, Lock, Note, Session, Stop, Watch};
use crate::executor::event::{Event, Observer};
use crate::executor::interrupt::Interrupt;
use crate::history::{Action, Deed, Identity, JournalPlace, forget_run};
use crate::migration::{Execution, Step};
use crate::sql::Statement;

pub(super) struct StepWatch<'a> {
    pub(super) step: &'a Step,
    /// The statements of the file.
    pub(super) all: &'a [Statement<'a>],
    /// Which of them are sent, in order.
    pub(super) sent: &'a [usize],
    pub(super) identity: Option<&'a Identity>,
    pub(super) interrupt: &'a Interrupt,
    pub(super) observer: &'a mut dyn Observer,
    pub(super) started: Instant,
    pub(super) lock: Option<&'a Lock>,
    pub(super) journaling: Option<Journaling<'a>>,
    /// Whether an earlier run may have left something in the journal, of a step that keeps none itself.
    pub(super) has_journal: bool,
}

impl<'a> StepWatch<'a> {
    /// Where a statement that is sent stands in the file.
    fn sent(&self, index: usize) -> Option<(usize, &'a Statement<'a>)> {
        let index = *self.sent.get(index)?;
        Some((index, self.all.get(index)?))
    }
}

impl Watch for StepWatch<'_> {
    fn before(&mut self, index: usize) -> ControlFlow<Stop> {
        if self.interrupt.is_seen() {
            return ControlFlow::Break(Stop::Interrupted);
        }
        if self.lock.is_some_and(Lock::is_lost) {
            return ControlFlow::Break(Stop::LockLost);
        }
        if let Some((index, statement)) = self.sent(index) {
            self.observer.on(&Event::StatementStarted {
                index,
                text: statement.text,
            });
        }
        ControlFlow::Continue(())
    }

    fn after(&mut self, index: usize, elapsed: Duration) {
        if let Some((index, statement)) = self.sent(index) {
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
        match &self.journaling {
            Some(journaling) => journaling.forget(session)?,
            None if self.has_journal => {
                forget_run(&JournalPlace::unqualified(), &self.step.version, session)?;
            }
            None => {}
        }
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
