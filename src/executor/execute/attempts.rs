//! A step is tried again where it could not have a lock.

use std::time::Instant;

use super::executor::Executor;
use crate::backend::{Cause, Database, DatabaseError, ErrorClass, RunError, Stop};
use crate::executor::event::{Event, Observer};
use crate::migration::Step;
use crate::sql::Statement;

impl Executor<'_> {
    /// Runs a step, again and again while locks are not to be had and the settings allow it.
    ///
    /// What a transaction has rolled back is run as a whole; otherwise it goes on where it stopped, for what
    /// stands is not run twice.
    pub(super) fn attempts(
        &mut self,
        step: &Step,
        statements: &[Statement<'_>],
        keeps_record: bool,
        observer: &mut dyn Observer,
    ) -> Result<(), RunError> {
        let started = Instant::now();
        let mut from = 0;
        let mut number = 0;
        loop {
            let outcome = self.attempt(step, statements, from, keeps_record, started, observer);
            let Err(error) = outcome else {
                return Ok(());
            };
            let is_locked = match &error.cause {
                Cause::Database(refused) => refused.class == ErrorClass::Locked,
                Cause::Stopped(_) | Cause::OpenTransaction | Cause::BrokenReferences(_) => false,
            };
            if !is_locked || !self.tries_again(&mut number, observer) {
                return Err(error);
            }
            from = error.committed;
            for line in self.leftovers.told.drain(..) {
                observer.on(&Event::Warning(&line));
            }
            if let Some(signal) = self.interrupt.seen() {
                return Err(RunError {
                    cause: Cause::Stopped(Stop::Interrupted(signal)),
                    ..error
                });
            }
        }
    }

    /// Asks or tells the database something that is no migration, in the same way.
    pub(super) fn insisting<T>(
        &mut self,
        observer: &mut dyn Observer,
        ask: impl Fn(&mut dyn Database) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        let mut number = 0;
        loop {
            match ask(self.database) {
                Err(error)
                    if error.class == ErrorClass::Locked
                        && self.tries_again(&mut number, observer) => {}
                outcome => return outcome,
            }
        }
    }

    /// Leaves the others alone for a while, unless it was tried often enough.
    fn tries_again(&self, number: &mut u32, observer: &mut dyn Observer) -> bool {
        if *number >= self.retries.most || self.interrupt.is_seen() {
            return false;
        }
        *number += 1;
        let pause = self.retries.pause(*number);
        observer.on(&Event::Locked {
            blockers: &self.blockers(),
            pause,
            number: *number,
            most: self.retries.most,
        });
        // A signal is seen by whoever asked, who knows what has been done.
        let _ = self.interrupt.sleep(pause);
        true
    }
}
