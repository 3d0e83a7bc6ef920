//! What stays of a step that failed, where a lost connection leaves that open too.

use super::executor::Executor;
use crate::backend::{Cause, Direction, ErrorClass, Mode, RunError};
use crate::executor::failure::{Committed, InQuestion};
use crate::executor::mode::mode;
use crate::history::Ledger;
use crate::migration::Step;
use crate::settings::Backend;
use crate::sql::{self, Dialect, Statement};

impl Executor<'_> {
    /// What stays of a step; after a lost connection, another one is asked.
    pub(super) fn committed(
        &mut self,
        step: &Step,
        statements: &[Statement<'_>],
        error: &RunError,
    ) -> Committed {
        let total = statements.len();
        let known = match error.committed {
            0 => Committed::Nothing,
            count if count == total && error.statement.is_none() => Committed::AllButRecord,
            count => Committed::Statements { count, total },
        };
        if !is_lost(error) {
            return known;
        }
        if let Some(index) = error.statement {
            return if self.stands_alone(step, statements, index) {
                Committed::Unknown(InQuestion::Statement {
                    count: error.committed,
                    number: index + 1,
                    total,
                })
            } else {
                known
            };
        }
        // Before the end of the transaction was asked for, nothing of it can be in effect.
        if !self.has_recorded {
            return known;
        }
        match self.is_recorded(step) {
            Some(true) => Committed::All,
            Some(false) => known,
            None => Committed::Unknown(if known == Committed::AllButRecord {
                InQuestion::Record
            } else {
                InQuestion::Whole
            }),
        }
    }

    /// Whether a statement commits by itself, so that it may have done so before the connection was lost.
    fn stands_alone(&self, step: &Step, statements: &[Statement<'_>], index: usize) -> bool {
        let Some(statement) = statements.get(index) else {
            return false;
        };
        match (
            self.database.backend(),
            mode(step, statements, self.database.backend()),
        ) {
            (Backend::Postgres, Mode::Statements | Mode::Segments)
            | (Backend::Mysql, Mode::Statements) => true,
            (Backend::Mysql, Mode::Transaction | Mode::Segments) => {
                sql::commits_implicitly(statement.text)
                    || sql::runs_stored_code(statement.text)
                    || sql::transaction_control(statement.text, Dialect::Mysql).is_some()
            }
            (Backend::Sqlite, _)
            | (Backend::Postgres, Mode::Transaction | Mode::RecordOnly)
            | (Backend::Mysql, Mode::RecordOnly) => false,
        }
    }

    /// Asks over another connection whether a step is recorded, now that the first one is lost.
    ///
    /// `None` where that cannot be asked, or where the lost session is still at work.
    fn is_recorded(&self, step: &Step) -> Option<bool> {
        let mut database = self.database.opener()?().ok()?;
        if let Some(session) = self.session
            && database.has_session(session)
        {
            return None;
        }
        let ledger = Ledger::read(&mut *database).ok()?;
        Some(ledger.contains(&step.version) == (step.direction == Direction::Up))
    }
}

fn is_lost(error: &RunError) -> bool {
    match &error.cause {
        Cause::Database(refused) => refused.class == ErrorClass::Lost,
        Cause::Stopped(_) | Cause::OpenTransaction | Cause::BrokenReferences(_) => false,
    }
}
