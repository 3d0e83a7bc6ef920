//! Outside of one transaction round everything: what of a script stands for good, statement by statement.

use std::ops::ControlFlow;

use super::database::{Cause, Mode, News, Note, Watch};
use super::harness::{Link, LinkSession};
use crate::sql::{self, Dialect, Savepoint, TransactionControl};

/// Follows the transactions of a script, its own and those opened for it, and has noted what they keep.
#[derive(Default)]
pub(super) struct Standing {
    /// How many statements, from the first, are in effect for good.
    pub(super) committed: usize,
    /// A transaction that was opened for the script is open.
    ours: bool,
    /// It is there for one statement, to keep it and the note of it together.
    guards: bool,
    /// A transaction that the script began itself is open.
    theirs: bool,
    /// The savepoints that stand for a transaction that none began, outermost first.
    savepoints: Vec<String>,
    /// The script holds `LOCK TABLES`, which a transaction of ours would release, and under which no
    /// other table can be written.
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
        watch: &mut dyn Watch,
    ) -> Result<(), Cause> {
        self.after = match mode {
            Mode::Transaction | Mode::RecordOnly => After::Open,
            Mode::Statements => self.alone(connection, statement, index, watch)?,
            Mode::Segments => self.segment(connection, statement, index, watch)?,
        };
        Ok(())
    }

    fn alone<C: Link>(
        &mut self,
        connection: &mut C,
        statement: &str,
        index: usize,
        watch: &mut dyn Watch,
    ) -> Result<After, Cause> {
        let control = sql::transaction_control(statement, C::DIALECT);
        // DDL ends the script's own transaction too, on the one server that commits by itself.
        let commits = C::DIALECT == Dialect::Mysql && sql::commits_implicitly(statement);
        let was_theirs = self.theirs;
        self.follow(control);
        if control == Some(TransactionControl::Savepoint) && C::DIALECT == Dialect::Sqlite {
            self.savepoint(statement);
        }
        if let Some(control) = control {
            if was_theirs {
                self.note_end(connection, control, index, watch)?;
            }
        } else if commits {
            self.note_alone(connection, index, watch)?;
            self.theirs = false;
            self.locks(statement);
        }
        if self.theirs || sql::concerns_session(statement, C::DIALECT) {
            return Ok(After::Open);
        }
        if control.is_some() || commits || !watch.keeps_journal() || self.locked {
            return Ok(After::Stands);
        }
        if sql::joins_transaction(statement, C::DIALECT) {
            note(connection, watch, self.committed, News::Parts)?;
            connection
                .batch_execute(C::BEGIN)
                .map_err(|error| Cause::Database(error.into()))?;
            self.ours = true;
            self.guards = true;
            return Ok(After::Open);
        }
        note(connection, watch, self.committed, News::Begins(index))?;
        Ok(After::Stands)
    }

    fn segment<C: Link>(
        &mut self,
        connection: &mut C,
        statement: &str,
        index: usize,
        watch: &mut dyn Watch,
    ) -> Result<After, Cause> {
        let control = sql::transaction_control(statement, C::DIALECT);
        if let Some(control) = control
            && control != TransactionControl::Savepoint
        {
            self.close(connection, index, News::Done(index), watch)?;
            if self.theirs {
                self.note_end(connection, control, index, watch)?;
            }
            self.follow(Some(control));
            return Ok(if self.theirs {
                After::Open
            } else {
                After::Stands
            });
        }
        if sql::commits_implicitly(statement) {
            if self.ours {
                self.close(connection, index, News::Begins(index), watch)?;
            } else {
                self.note_alone(connection, index, watch)?;
            }
            self.theirs = false;
            self.locks(statement);
            return Ok(After::Stands);
        }
        if self.locked {
            return Ok(After::Stands);
        }
        if !self.ours && !self.theirs {
            note(connection, watch, self.committed, News::Parts)?;
            connection
                .batch_execute(C::BEGIN)
                .map_err(|error| Cause::Database(error.into()))?;
            self.ours = true;
        }
        if !sql::runs_stored_code(statement) {
            return Ok(After::Open);
        }
        // It may commit what is open, and then has to have been noted.
        note(connection, watch, self.committed, News::Begins(index))?;
        Ok(After::Unknown)
    }

    /// Whether a transaction is open.
    pub(super) fn is_open(&self) -> bool {
        self.ours || self.theirs
    }

    /// Whether the script holds `LOCK TABLES`.
    pub(super) fn is_locked(&self) -> bool {
        self.locked
    }

    fn follow(&mut self, control: Option<TransactionControl>) {
        match control {
            Some(TransactionControl::Begin) => {
                self.theirs = true;
                self.locked = false;
            }
            Some(TransactionControl::Commit | TransactionControl::Rollback) => {
                self.theirs = false;
                self.savepoints.clear();
            }
            Some(TransactionControl::Savepoint) | None => {}
        }
    }

    /// On SQLite the first savepoint begins a transaction, and its release commits it, with all that
    /// stand within it.
    fn savepoint(&mut self, statement: &str) {
        let place = |name: &str| {
            let same = |one: &String| one.eq_ignore_ascii_case(name);
            self.savepoints.iter().rposition(same)
        };
        match sql::savepoint(statement, Dialect::Sqlite) {
            Some(Savepoint::Set(name)) if !self.savepoints.is_empty() || !self.theirs => {
                self.savepoints.push(name);
                self.theirs = true;
            }
            Some(Savepoint::Released(name)) => {
                if let Some(at) = place(&name) {
                    self.savepoints.truncate(at);
                    self.theirs = at > 0;
                }
            }
            Some(Savepoint::ReturnedTo(name)) => {
                if let Some(at) = place(&name) {
                    self.savepoints.truncate(at + 1);
                }
            }
            Some(Savepoint::Set(_)) | None => {}
        }
    }

    /// Table locks last until they are released, or until the next ones are taken.
    fn locks(&mut self, statement: &str) {
        if sql::locks_tables(statement) {
            self.locked = true;
        } else if sql::unlocks_tables(statement) {
            self.locked = false;
        }
    }

    /// Within the script's own transaction, before the statement that ends it.
    fn note_end<C: Link>(
        &self,
        connection: &mut C,
        control: TransactionControl,
        index: usize,
        watch: &mut dyn Watch,
    ) -> Result<(), Cause> {
        let done = match control {
            // A savepoint that is released may have been the whole transaction.
            TransactionControl::Commit => index + 1,
            TransactionControl::Savepoint if !self.theirs => index + 1,
            // To begin anew commits what was open, on the one server where that is no error.
            TransactionControl::Begin if C::DIALECT == Dialect::Mysql => index,
            TransactionControl::Begin
            | TransactionControl::Rollback
            | TransactionControl::Savepoint => return Ok(()),
        };
        note(connection, watch, self.committed, News::Done(done))
    }

    fn note_alone<C: Link>(
        &self,
        connection: &mut C,
        index: usize,
        watch: &mut dyn Watch,
    ) -> Result<(), Cause> {
        if self.locked {
            return Ok(());
        }
        note(connection, watch, self.committed, News::Begins(index))
    }

    /// After statement `index` succeeded.
    pub(super) fn leave<C: Link>(
        &mut self,
        connection: &mut C,
        index: usize,
        watch: &mut dyn Watch,
    ) -> Result<(), Cause> {
        if self.guards {
            self.guards = false;
            return self.close(connection, index + 1, News::Done(index + 1), watch);
        }
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
        Ok(())
    }

    /// After the last statement: commits what is ours. `false` if the script left its own open.
    pub(super) fn finish<C: Link>(
        &mut self,
        connection: &mut C,
        statements: usize,
        watch: &mut dyn Watch,
    ) -> Result<bool, Cause> {
        self.close(connection, statements, News::Done(statements), watch)?;
        Ok(!self.theirs)
    }

    fn close<C: Link>(
        &mut self,
        connection: &mut C,
        done: usize,
        news: News<'_>,
        watch: &mut dyn Watch,
    ) -> Result<(), Cause> {
        if self.ours {
            note(connection, watch, self.committed, news)?;
            connection
                .batch_execute("COMMIT")
                .map_err(|error| Cause::Database(error.into()))?;
            self.ours = false;
            self.committed = done;
        }
        Ok(())
    }
}

fn note<C: Link>(
    connection: &mut C,
    watch: &mut dyn Watch,
    kept: usize,
    news: News<'_>,
) -> Result<(), Cause> {
    if !watch.keeps_journal() {
        return Ok(());
    }
    let note = Note { kept, news };
    match watch.note(&note, &mut LinkSession(connection)) {
        Ok(ControlFlow::Continue(())) => Ok(()),
        Ok(ControlFlow::Break(stop)) => Err(Cause::Stopped(stop)),
        Err(error) => Err(Cause::Database(error)),
    }
}
