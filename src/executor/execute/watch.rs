//! Looks on while one step runs, and writes what is recorded of it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::backend::{Cause, Direction, Lock, Session, Stop, Watch};
use crate::executor::event::{Event, Observer};
use crate::executor::interrupt::Interrupt;
use crate::history::{Action, Deed, Identity};
use crate::migration::{Execution, Step};
use crate::sql::Statement;

pub(super) struct StepWatch<'a> {
    pub(super) step: &'a Step,
    pub(super) statements: &'a [Statement<'a>],
    pub(super) identity: Option<&'a Identity>,
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

    fn record(&mut self, session: &mut dyn Session) -> Result<(), Cause> {
        let fence = self.lock.and_then(Lock::fence);
        let Some(identity) = self.identity else {
            return Ok(());
        };
        let step = self.step;
        let up = step.direction == Direction::Up;
        let deed = Deed {
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
        };
        if deed.write(identity, session, fence)? {
            Ok(())
        } else {
            Err(Cause::Stopped(Stop::LockLost))
        }
    }
}
