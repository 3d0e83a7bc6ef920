//! Looks on while one step runs, and writes what is recorded of it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::leftovers::still_invalid;
use super::onlooker::Onlooker;
use super::under_way::{Stopping, UnderWay, stopping};
use crate::backend::{DatabaseError, Direction, ErrorClass, Lock, Mode, Session, Stop, Watch};
use crate::executor::event::{Event, Observer};
use crate::executor::interrupt::Interrupt;
use crate::history::{Action, Deed, Identity};
use crate::migration::{Execution, Step};
use crate::settings::Backend;
use crate::sql::{self, Statement};

pub(super) struct StepWatch<'a> {
    pub(super) step: &'a Step,
    /// The statements of the file.
    pub(super) statements: &'a [Statement<'a>],
    /// Which of them are sent, in order.
    pub(super) sent: &'a [usize],
    pub(super) identity: Option<&'a Identity>,
    pub(super) interrupt: &'a Interrupt,
    pub(super) observer: &'a mut dyn Observer,
    pub(super) started: Instant,
    pub(super) lock: Option<&'a Lock>,
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

    fn record(&mut self, session: &mut dyn Session) -> Result<(), DatabaseError> {
        if self.backend == Backend::Postgres && self.mode == Mode::Statements {
            let statements = self.statements.iter().map(|statement| statement.text);
            self.invalid = still_invalid(session, statements)?;
            if !self.invalid.is_empty() {
                return Err(DatabaseError::new(ErrorClass::Statement, "it is invalid"));
            }
        }
        let Some(identity) = self.identity else {
            self.has_recorded = true;
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
        .write(identity, session)?;
        self.has_recorded = true;
        Ok(())
    }
}
