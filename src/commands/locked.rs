//! One run at a time: the lock is taken when everything is decided, and then all is read again.

use std::ops::ControlFlow;
use std::time::Duration;

use super::unfinished::LeftMeanwhile;
use super::workspace::{Workspace, usable};
use crate::backend::{self, Database, Lock, LockError, Wanted};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::ExecuteError;
use crate::history::Memory;
use crate::settings::{Connection, parse_duration};
use crate::ui::WaitingLine;

/// By which a `manage` that was started under a lock knows that it is held for it.
pub(super) const TOKEN: &str = "MANAGE_LOCK";

/// The flag of the commands that change a database.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct LockFlag {
    /// How long to wait for another run, such as 5m; 0 fails at once
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    lock_timeout: Option<Duration>,
}

impl LockFlag {
    /// The connection, with what was typed in the place of its setting.
    pub(super) fn over(self, mut connection: Connection) -> Connection {
        if let Some(timeout) = self.lock_timeout {
            connection.lock_timeout = timeout;
        }
        connection
    }
}

/// Takes the lock on the database of a connection. `doing` is what those who wait are told:
/// `manage migrate`.
///
/// # Errors
/// Another run has it for longer than the settings would have us wait.
pub(super) fn lock(
    context: &Context,
    connection: &Connection,
    database: &mut dyn Database,
    doing: &str,
) -> Result<Lock, CommandError> {
    let identity = context.identity();
    let environment = context.settings()?.environment();
    let now = context.clock.now().format("%Y-%m-%d %H:%M:%S").to_string();
    let token = context.environment.variables.get(TOKEN);
    let timeout = connection.lock_timeout;
    let wanted = Wanted {
        url: connection.url()?,
        environment: &environment,
        timeout,
        doing,
        user: &identity.user,
        host: &identity.host,
        now: &now,
        token: token.map(String::as_str),
    };
    // While somebody else is waited for, a signal is told to have stopped that.
    let _held = context.interrupt.hold(|_| {});
    let mut line = WaitingLine::new(&context.ui, &connection.name, timeout);
    let lock = backend::acquire(&wanted, database, &mut |waiting| {
        line.turn(waiting);
        if context.interrupt.is_seen() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    line.finish();
    Ok(lock.map_err(ExecuteError::from)?)
}

/// Gives it back before the command ends: what follows is not about the database.
pub(super) fn unlock(context: &Context, lock: Lock) -> Result<(), CommandError> {
    match lock.release() {
        Ok(()) => Ok(()),
        // What was recorded was recorded under it, and all is done.
        Err(LockError::Gone | LockError::Database(_)) => {
            context.ui.warning(&LockError::Gone.to_string());
            context
                .ui
                .hint("see whether another run was at work: manage history");
            Ok(())
        }
        Err(error) => Err(ExecuteError::from(error).into()),
    }
}

impl Workspace {
    /// Takes the lock on the database, unless it is held already, and reads again what the database
    /// remembers.
    ///
    /// # Errors
    /// Another run has it for longer than the settings would have us wait, or left something unfinished that
    /// was not there when it was looked before.
    pub(super) fn lock(&mut self, context: &Context, doing: &str) -> Result<(), CommandError> {
        if self.lock.is_some() {
            return Ok(());
        }
        self.lock = Some(lock(context, &self.connection, &mut *self.database, doing)?);
        let memory = usable(Memory::read_settled(&mut *self.database))?;
        let before = std::mem::replace(&mut self.memory, memory);
        // What was decided before knows nothing of it.
        match self.memory.journal.runs().first() {
            Some(run) if before.journal.is_empty() => Err(LeftMeanwhile(run.name.clone()).into()),
            Some(_) | None => Ok(()),
        }
    }

    /// The same where what was decided is about single rows: nothing else may have changed meanwhile.
    ///
    /// # Errors
    /// Another run has it, or did something while we waited.
    pub(super) fn lock_unchanged(
        &mut self,
        context: &Context,
        doing: &str,
    ) -> Result<(), CommandError> {
        let before = self.memory.ledger.versions();
        self.lock(context, doing)?;
        if self.memory.ledger.versions() == before {
            Ok(())
        } else {
            Err(ExecuteError::Stale.into())
        }
    }

    /// Gives the lock back before the command ends.
    ///
    /// # Errors
    /// The server refused.
    pub(super) fn unlock(&mut self, context: &Context) -> Result<(), CommandError> {
        match self.lock.take() {
            Some(lock) => unlock(context, lock),
            None => Ok(()),
        }
    }
}
