//! A step is tried again where it could not have a lock.

use std::time::Instant;

use super::executor::{Executor, Resume};
use super::journaling::{Journaling, done_of};
use super::journals::Journals;
use super::leftovers::Leftovers;
use super::schemas::Schemas;
use super::watch::StepWatch;
use crate::backend::{
    Batch, Cause, Database, DatabaseError, ErrorClass, Mode, News, Note, RunError, Stop,
};
use crate::executor::event::{Event, Observer};
use crate::executor::mode::mode;
use crate::history::Keeping;
use crate::migration::Step;
use crate::sql::{self, Dialect, Statement};

/// What is written of a step beside Diesel's own row.
pub(super) struct Records<'a> {
    pub(super) keeping: Keeping,
    pub(super) schemas: &'a mut Schemas,
    pub(super) journals: &'a mut Journals,
    /// Whether the journal tells the next run where to go on.
    pub(super) is_journalled: bool,
}

/// What is left of a step.
#[derive(Clone, Copy)]
struct Rest<'a> {
    /// How many statements, from the first, are in effect.
    from: usize,
    /// What is sent, in order.
    sent: &'a [usize],
}

/// Only a run that goes on where another one stopped has to look what its session needs.
fn to_send(statements: &[Statement<'_>], from: usize, dialect: Dialect) -> Vec<usize> {
    match from {
        0 => (0..statements.len()).collect(),
        from => sql::again(statements, from, dialect).sent,
    }
}

/// That a run stopped at a statement which the server refused.
fn halted(error: &RunError) -> Note<'_> {
    let refused = match &error.cause {
        Cause::Database(refused) => error.statement.map(|index| (index, refused)),
        Cause::Stopped(_) | Cause::OpenTransaction | Cause::BrokenReferences(_) => None,
    };
    Note {
        kept: error.committed,
        news: News::Halts { refused },
    }
}

impl Executor<'_> {
    /// Runs a step, again and again while locks are not to be had and the settings allow it.
    ///
    /// What a transaction has rolled back is run as a whole; otherwise it goes on where it stopped, for what
    /// stands is not run twice.
    ///
    /// # Errors
    /// The journal cannot be kept. How the step itself ended is the value.
    pub(super) fn attempts(
        &mut self,
        step: &Step,
        statements: &[Statement<'_>],
        records: &mut Records<'_>,
        observer: &mut dyn Observer,
    ) -> Result<Result<(), RunError>, DatabaseError> {
        let started = Instant::now();
        let mut from = self.done_before(step, statements);
        let mut sent = to_send(statements, from, self.database.dialect());
        let mut number = 0;
        loop {
            let rest = Rest { from, sent: &sent };
            let outcome = self.attempt(step, statements, &rest, records, started, observer)?;
            let Err(error) = outcome else {
                return Ok(Ok(()));
            };
            let class = match &error.cause {
                Cause::Database(refused) => Some(refused.class),
                Cause::Stopped(_) | Cause::OpenTransaction | Cause::BrokenReferences(_) => None,
            };
            let passing = class.filter(|class| class.may_pass());
            if !passing.is_some_and(|class| self.tries_again(class, &mut number, observer)) {
                return Ok(Err(error));
            }
            from = error.committed;
            let needed = to_send(statements, from, self.database.dialect());
            sent.retain(|index| {
                *index >= from || needed.contains(index) && self.is_told_again(&statements[*index])
            });
            for line in self.leftovers.told.drain(..) {
                observer.on(&Event::Warning(&line));
            }
            if let Some(signal) = self.interrupt.seen() {
                return Ok(Err(RunError {
                    cause: Cause::Stopped(Stop::Interrupted(signal)),
                    ..error
                }));
            }
        }
    }

    /// Runs the statements of a step from one on: those before it are in effect already.
    fn attempt(
        &mut self,
        step: &Step,
        statements: &[Statement<'_>],
        rest: &Rest<'_>,
        records: &mut Records<'_>,
        started: Instant,
        observer: &mut dyn Observer,
    ) -> Result<Result<(), RunError>, DatabaseError> {
        let backend = self.database.backend();
        let Rest { from, sent } = *rest;
        let batch_statements: Vec<Statement<'_>> =
            sent.iter().map(|index| statements[*index]).collect();
        let wanted = mode(step, &batch_statements, backend);
        let batch = Batch {
            name: &step.name,
            version: step.version.as_str(),
            direction: step.direction,
            mode: self.database.mode(wanted, &batch_statements),
            statements: &batch_statements,
        };
        let place = if self.keeps_journal {
            let journals = &mut *records.journals;
            journals.place(
                batch.mode,
                &batch_statements,
                from > 0,
                self.database,
                observer,
            )?
        } else {
            None
        };
        let journaling = place.map(|place| {
            Journaling::new(
                step,
                statements,
                sent,
                from,
                place,
                self.identity,
                self.lock,
            )
        });
        // What is rolled back leaves the journal as the earlier run left it.
        records.is_journalled =
            journaling.is_some() || batch.mode == Mode::Transaction && self.resumed(step).is_some();
        let mut leftovers = Leftovers::default();
        if batch.mode == Mode::Statements {
            match self.clear_leftovers(&batch_statements, observer) {
                Ok(cleared) => leftovers = cleared,
                Err(error) => {
                    return Ok(Err(RunError {
                        cause: Cause::Database(error),
                        statement: None,
                        committed: from,
                    }));
                }
            }
        }
        let (under_way, onlooker) = (self.under_way.clone(), self.onlooker.take());
        let mut watch = StepWatch {
            step,
            statements,
            sent,
            identity: self.identity,
            keeping: records.keeping,
            reason: self.reason,
            schemas: &mut *records.schemas,
            interrupt: self.interrupt,
            observer,
            started,
            lock: self.lock,
            journaling,
            forgets: records.journals.forgets,
            backend,
            mode: batch.mode,
            under_way: &under_way,
            onlooker: onlooker.as_ref(),
            is_impatient: self.is_impatient,
            has_recorded: false,
            invalid: Vec::new(),
        };
        let outcome = self.database.run(&batch, &mut watch);
        self.has_recorded = watch.has_recorded;
        leftovers.kept = watch.invalid;
        under_way.end();
        if let Some(onlooker) = &onlooker {
            onlooker.end();
        }
        let mut journaling = watch.journaling;
        if let Err(error) = &outcome
            && let Some(statement) = error
                .statement
                .and_then(|index| batch_statements.get(index))
            && batch.mode == Mode::Statements
            && self.clear_after(statement, error, &mut leftovers)
            && let Some(journaling) = &mut journaling
        {
            // Nothing of it is in effect, so the next run has nothing to ask about it.
            journaling.clear();
            let _ = journaling.note(&halted(error), self.database);
        }
        self.onlooker = onlooker;
        self.leftovers = leftovers;
        Ok(outcome.map_err(|error| RunError {
            statement: error.statement.and_then(|index| sent.get(index).copied()),
            committed: done_of(error.committed, sent, from),
            ..error
        }))
    }

    /// Whether the same session has to be told something once more, because it is put back after a failure.
    fn is_told_again(&self, statement: &Statement<'_>) -> bool {
        let dialect = self.database.dialect();
        match dialect {
            // There it stays as it is but for these, and to tell it twice may mean another thing:
            // `SET @n = @n + 1`.
            Dialect::Mysql => sql::locks_tables(statement.text),
            Dialect::Postgres | Dialect::Sqlite => sql::concerns_session(statement.text, dialect),
        }
    }

    /// How many statements of a step an earlier run has done.
    fn done_before(&self, step: &Step, statements: &[Statement<'_>]) -> usize {
        self.resumed(step)
            .map_or(0, |resume| resume.done.min(statements.len()))
    }

    fn resumed(&self, step: &Step) -> Option<&Resume> {
        self.resume
            .as_ref()
            .filter(|resume| resume.version == step.version && resume.direction == step.direction)
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
                    if error.class.may_pass()
                        && self.tries_again(error.class, &mut number, observer)
                        && !self.interrupt.is_seen() => {}
                outcome => return outcome,
            }
        }
    }

    /// Leaves the others alone for a while, unless it was tried often enough.
    fn tries_again(
        &self,
        class: ErrorClass,
        number: &mut u32,
        observer: &mut dyn Observer,
    ) -> bool {
        if *number >= self.retries.most || self.interrupt.is_seen() {
            return false;
        }
        *number += 1;
        let pause = self.retries.pause(*number);
        observer.on(&Event::Locked {
            is_deadlock: class == ErrorClass::Deadlock,
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
