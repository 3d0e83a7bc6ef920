//! MySQL: rows changed between two statements that commit by themselves are held in a transaction, as
//! the executor holds them.

use super::client;
use crate::backend::Mode;
use crate::settings::Backend;
use crate::sql::{self, Dialect, Script, TransactionControl};

/// A transaction with a statement in it that commits is one in name only.
pub(super) fn of(script: &Script<'_>, mode: Mode, backend: Backend) -> Mode {
    let commits = || {
        script.statements.iter().any(|statement| {
            sql::commits_implicitly(statement.text)
                || sql::runs_stored_code(statement.text)
                || sql::transaction_control(statement.text, Dialect::Mysql).is_some()
        })
    };
    if mode == Mode::Transaction && backend == Backend::Mysql && commits() {
        Mode::Segments
    } else {
        mode
    }
}

/// Writes the statements, with transactions round the stretches that can be one.
pub(super) fn write(out: &mut String, script: &Script<'_>) {
    let mut standing = Standing::default();
    for statement in &script.statements {
        let text = statement.text;
        let control = sql::transaction_control(text, Dialect::Mysql);
        let controls = control.is_some_and(|control| control != TransactionControl::Savepoint);
        if controls || sql::commits_implicitly(text) {
            standing.close(out);
            standing.theirs = matches!(control, Some(TransactionControl::Begin));
            if !controls {
                standing.locked = sql::locks_tables(text);
            }
        } else if !standing.ours
            && !standing.theirs
            && !standing.locked
            && !sql::concerns_session(text, Dialect::Mysql)
        {
            standing.begins = true;
        }
        let begins = std::mem::take(&mut standing.begins);
        client::leading(out, statement, Dialect::Mysql);
        if begins {
            out.push_str("START TRANSACTION;\n");
            standing.ours = true;
        }
        client::text(out, statement, Dialect::Mysql);
        // What the code does is not known; a commit after one is no harm.
        if standing.ours && sql::runs_stored_code(text) {
            client::end_line(out);
            standing.close(out);
        }
    }
    client::rest(out, script.tail, Dialect::Mysql);
    standing.close(out);
}

#[derive(Default)]
struct Standing {
    /// A transaction that was opened for the script is open.
    ours: bool,
    /// A transaction that the script began itself is open.
    theirs: bool,
    /// The script holds `LOCK TABLES`, which a transaction of ours would release.
    locked: bool,
    /// One of ours begins before the statement at hand.
    begins: bool,
}

impl Standing {
    fn close(&mut self, out: &mut String) {
        if std::mem::take(&mut self.ours) {
            client::end_line(out);
            out.push_str("COMMIT;\n");
        }
    }
}
