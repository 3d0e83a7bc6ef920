//! One run at a time: the lock is taken when everything is decided, and then all is read again.

use std::ops::ControlFlow;

use super::workspace::{Workspace, read_memory};
use crate::backend::{self, Waiting, Wanted};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::ExecuteError;

impl Workspace {
    /// Takes the lock on the database, unless it is held already, and reads again what the database
    /// remembers. `doing` is what those who wait are told: `manage migrate`.
    ///
    /// # Errors
    /// Another run has it for longer than the settings would have us wait, or Ctrl-C was pressed.
    pub(super) fn lock(&mut self, context: &Context, doing: &str) -> Result<(), CommandError> {
        if self.lock.is_some() {
            return Ok(());
        }
        let identity = context.identity();
        let environment = context.settings()?.environment();
        let wanted = Wanted {
            url: &self.url,
            environment: &environment,
            timeout: self.connection.lock_timeout,
            doing,
            user: &identity.user,
            host: &identity.host,
        };
        let mut told = false;
        let lock = backend::acquire(&wanted, &mut *self.database, &mut |waiting| {
            if !told {
                told = true;
                context
                    .ui
                    .status(&waits(self.connection.name.as_str(), waiting));
            }
            ControlFlow::Continue(())
        })
        .map_err(ExecuteError::from)?;
        self.lock = Some(lock);
        self.memory = read_memory(&mut *self.database)?;
        Ok(())
    }

    /// Gives the lock back before the command ends: what follows is not about the database.
    ///
    /// # Errors
    /// It was not ours any more.
    pub(super) fn unlock(&mut self) -> Result<(), CommandError> {
        if let Some(lock) = self.lock.take() {
            lock.release().map_err(ExecuteError::from)?;
        }
        Ok(())
    }
}

fn waits(connection: &str, waiting: &Waiting<'_>) -> String {
    let by = waiting
        .holder
        .map_or_else(String::new, |holder| format!(": {holder}"));
    format!("{connection}: waiting for another run{by}")
}
