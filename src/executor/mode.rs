//! How the statements of a step are executed.

use crate::backend::Mode;
use crate::migration::{Execution, Step};
use crate::settings::Backend;
use crate::sql::{self, Dialect, Statement};

/// Chooses how the statements run; the result is what Diesel's own runner would have left, or better.
pub(super) fn mode(step: &Step, statements: &[Statement<'_>], backend: Backend) -> Mode {
    match (step.execution, step.transactional, backend) {
        (Execution::Fake, _, _) => Mode::RecordOnly,
        (Execution::Run, true, _) => Mode::Transaction,
        // PostgreSQL takes a file that Diesel sends whole as one implicit transaction, so one by one
        // is only right where that would have failed, or where the file has its own transactions.
        (Execution::Run, false, Backend::Postgres) => {
            let alone = statements.iter().any(|statement| {
                sql::needs_no_transaction(statement.text, Dialect::Postgres).is_some()
                    || sql::transaction_control(statement.text, Dialect::Postgres).is_some()
            });
            if alone {
                Mode::Statements
            } else {
                Mode::Transaction
            }
        }
        (Execution::Run, false, Backend::Sqlite | Backend::Mysql) => Mode::Statements,
    }
}
