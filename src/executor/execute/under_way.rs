//! The statement under way, as the thread sees it that hears signals.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::backend::{Cancel, Mode};
use crate::settings::Backend;
use crate::sql::{self, Dialect};

/// What a signal to end does to the statement under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopping {
    /// The server is asked to cancel it, and takes back what it did.
    Cancels,
    /// It is finished first: what is half done could not be taken back, or it cannot be reached.
    Finishes,
}

/// Says what a signal does to a statement.
///
/// PostgreSQL takes back any single statement, and what is left of an index that is built concurrently is
/// found and dropped. MySQL takes back a change of rows; for DDL that depends on its version and kind. SQLite
/// gives no way to reach a statement.
pub(super) fn stopping(backend: Backend, mode: Mode, statement: &str) -> Stopping {
    match (backend, mode) {
        (Backend::Sqlite, _) | (_, Mode::RecordOnly) => Stopping::Finishes,
        (Backend::Postgres, Mode::Transaction) => Stopping::Cancels,
        (Backend::Postgres, Mode::Statements | Mode::Segments) => {
            // Such code may commit what it has done so far.
            if sql::may_commit_inside(statement) {
                Stopping::Finishes
            } else {
                Stopping::Cancels
            }
        }
        (Backend::Mysql, Mode::Transaction | Mode::Statements | Mode::Segments) => {
            let is_lasting = sql::commits_implicitly(statement)
                || sql::runs_stored_code(statement)
                || sql::transaction_control(statement, Dialect::Mysql).is_some();
            if is_lasting {
                Stopping::Finishes
            } else {
                Stopping::Cancels
            }
        }
    }
}

/// Shared between the run and the thread that hears signals.
#[derive(Clone, Default)]
pub(super) struct UnderWay(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// How many statements have begun.
    number: usize,
    /// The one under way, if any.
    stopping: Option<Stopping>,
}

impl UnderWay {
    pub(super) fn begin(&self, stopping: Stopping) {
        let mut state = self.lock();
        state.number += 1;
        state.stopping = Some(stopping);
    }

    pub(super) fn end(&self) {
        self.lock().stopping = None;
    }

    /// What a signal does now; with nothing under way, nothing has to be stopped.
    pub(super) fn stopping(&self) -> Option<Stopping> {
        self.lock().stopping
    }

    /// Cancels the statement under way, and again until it has ended: the first request may have come before
    /// the statement did.
    pub(super) fn cancel(&self, cancel: &Cancel) {
        const TURN: Duration = Duration::from_millis(20);
        const AGAIN: Duration = Duration::from_secs(1);
        let number = self.lock().number;
        let is_there = || {
            let state = self.lock();
            state.number == number && state.stopping == Some(Stopping::Cancels)
        };
        while is_there() {
            cancel();
            let asked = Instant::now();
            while is_there() && asked.elapsed() < AGAIN {
                thread::sleep(TURN);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_taken_back_is_cancelled_and_the_rest_finished() {
        use Backend::{Mysql, Postgres, Sqlite};
        use Mode::{RecordOnly, Segments, Statements, Transaction};
        use Stopping::{Cancels, Finishes};
        for (backend, mode, statement, expected) in [
            (Sqlite, Transaction, "DELETE FROM a", Finishes),
            (Postgres, Transaction, "CALL p()", Cancels),
            (Postgres, RecordOnly, "", Finishes),
            (
                Postgres,
                Statements,
                "CREATE INDEX CONCURRENTLY i ON a (b)",
                Cancels,
            ),
            (Postgres, Statements, "CALL p()", Finishes),
            (Postgres, Statements, "DO $$ BEGIN COMMIT; END $$", Finishes),
            (Mysql, Segments, "DELETE FROM a", Cancels),
            (Mysql, Transaction, "UPDATE a SET b = 1", Cancels),
            (Mysql, Segments, "ALTER TABLE a ADD b INT", Finishes),
            (Mysql, Statements, "CALL p()", Finishes),
            (Mysql, Statements, "COMMIT", Finishes),
        ] {
            assert_eq!(
                stopping(backend, mode, statement),
                expected,
                "{backend:?} {mode:?} {statement}"
            );
        }
    }

    #[test]
    fn a_statement_is_cancelled_until_it_ends() {
        let under_way = UnderWay::default();
        under_way.begin(Stopping::Cancels);
        let ending = under_way.clone();
        let cancel: Cancel = Arc::new(move || ending.end());
        under_way.cancel(&cancel);
        assert_eq!(under_way.stopping(), None);
    }
}
