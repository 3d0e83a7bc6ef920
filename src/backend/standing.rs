//! Outside of one transaction round everything: what of a script stands for good, statement by statement.

use super::database::Mode;
use super::harness::Link;
use crate::sql::{self, Dialect, TransactionControl};

/// Follows the transactions of a script, its own and those opened for it.
#[derive(Default)]
pub(super) struct Standing {
    /// How many statements, from the first, are in effect for good.
    pub(super) committed: usize,
    /// A transaction that was opened for the script is open.
    ours: bool,
    /// A transaction that the script began itself is open.
    theirs: bool,
    /// How many savepoints stand for a transaction that none began.
    savepoints: usize,
    /// The script holds `LOCK TABLES`, which a transaction of ours would release.
    locked: bool,
    after: After,
}

/// What is known once the statement under way has succeeded.
#[derive(Clone, Copy, Default)]
enum After {
    /// It stands, with all before it.
    Stands,
    /// It concerned this session alone, or a transaction that is still open.
    #[default]
    Open,
    /// The server has to be asked.
    Unknown,
}

impl Standing {
    /// Before statement `index`; may begin or commit a transaction of ours.
    pub(super) fn enter<C: Link>(
        &mut self,
        connection: &mut C,
        statement: &str,
        index: usize,
        mode: Mode,
    ) -> diesel::QueryResult<()> {
        self.after = match mode {
            Mode::Transaction | Mode::RecordOnly => After::Open,
            Mode::Statements => self.alone::<C>(statement),
            Mode::Segments => self.segment(connection, statement, index)?,
        };
        Ok(())
    }

    fn alone<C: Link>(&mut self, statement: &str) -> After {
        let control = sql::transaction_control(statement, C::DIALECT);
        self.follow(control);
        if control == Some(TransactionControl::Savepoint) && C::DIALECT == Dialect::Sqlite {
            self.savepoint(statement);
        }
        // DDL ends the script's own transaction too, on the one server that commits by itself.
        if control.is_none() && C::DIALECT == Dialect::Mysql && sql::commits_implicitly(statement) {
            self.theirs = false;
        }
        if self.theirs || sql::concerns_session(statement, C::DIALECT) {
            After::Open
        } else {
            After::Stands
        }
    }

    fn segment<C: Link>(
        &mut self,
        connection: &mut C,
        statement: &str,
        index: usize,
    ) -> diesel::QueryResult<After> {
        let control = sql::transaction_control(statement, C::DIALECT);
        if control.is_some_and(|control| control != TransactionControl::Savepoint) {
            self.close(connection, index)?;
            self.follow(control);
            return Ok(if self.theirs {
                After::Open
            } else {
                After::Stands
            });
        }
        if sql::commits_implicitly(statement) {
            self.close(connection, index)?;
            self.theirs = false;
            self.locked = sql::locks_tables(statement);
            return Ok(After::Stands);
        }
        if self.locked {
            return Ok(After::Stands);
        }
        if !self.ours && !self.theirs {
            connection.batch_execute("START TRANSACTION")?;
            self.ours = true;
        }
        Ok(if sql::runs_stored_code(statement) {
            After::Unknown
        } else {
            After::Open
        })
    }

    /// Whether a transaction is open.
    pub(super) fn is_open(&self) -> bool {
        self.ours || self.theirs
    }

    fn follow(&mut self, control: Option<TransactionControl>) {
        match control {
            Some(TransactionControl::Begin) => self.theirs = true,
            Some(TransactionControl::Commit | TransactionControl::Rollback) => self.theirs = false,
            Some(TransactionControl::Savepoint) | None => {}
        }
    }

    /// On SQLite the first savepoint begins a transaction, and its release commits it.
    fn savepoint(&mut self, statement: &str) {
        let releases = statement
            .get(..7)
            .is_some_and(|verb| verb.eq_ignore_ascii_case("RELEASE"));
        let sets = statement
            .get(..9)
            .is_some_and(|verb| verb.eq_ignore_ascii_case("SAVEPOINT"));
        if sets && (self.savepoints > 0 || !self.theirs) {
            self.savepoints += 1;
            self.theirs = true;
        } else if releases && self.savepoints > 0 {
            self.savepoints -= 1;
            self.theirs = self.savepoints > 0;
        }
    }

    /// After statement `index` succeeded.
    pub(super) fn leave<C: Link>(&mut self, connection: &mut C, index: usize) {
        let stands = match self.after {
            After::Stands => true,
            After::Open => false,
            // Where the server cannot tell, the worse is assumed.
            After::Unknown => connection.is_in_transaction() != Some(true),
        };
        if stands {
            self.committed = index + 1;
            self.ours = false;
        }
    }

    /// After the last statement: commits what is ours. `false` if the script left its own open.
    pub(super) fn finish<C: Link>(
        &mut self,
        connection: &mut C,
        statements: usize,
    ) -> diesel::QueryResult<bool> {
        self.close(connection, statements)?;
        Ok(!self.theirs)
    }

    fn close<C: Link>(&mut self, connection: &mut C, done: usize) -> diesel::QueryResult<()> {
        if self.ours {
            connection.batch_execute("COMMIT")?;
            self.ours = false;
            self.committed = done;
        }
        Ok(())
    }
}
