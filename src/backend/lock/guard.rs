//! A lock that is held.

use super::error::LockError;
use super::file::LockedFile;
use super::keeper::Keeper;
use crate::backend::database::Session;
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::query::Query;
use crate::sql::Dialect;

/// Held while something is changed; given back when it is dropped.
#[derive(Debug, Default)]
pub struct Lock(Hold);

/// What is held.
#[derive(Debug, Default)]
pub(super) enum Hold {
    /// Nothing: nobody else can reach the database, or whoever started us holds its lock.
    #[default]
    Nothing,
    /// A file of the operating system's.
    File(LockedFile),
    /// A session or a row of a server's.
    Server(Keeper),
}

impl Lock {
    pub(super) fn new(hold: Hold) -> Self {
        Self(hold)
    }

    /// For a database that nobody else can reach: there is nothing to hold.
    #[must_use]
    pub fn unneeded() -> Self {
        Self::default()
    }

    /// Whether it is known to be lost, in time for the next statement: what a server said a moment ago is
    /// not asked again.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        match &self.0 {
            Hold::Nothing => false,
            Hold::File(file) => !file.holds(),
            Hold::Server(keeper) => keeper.is_lost(),
        }
    }

    /// A condition in SQL that is true while the lock is held, for a statement that must not succeed
    /// without it; `None` where the server knows nothing of the lock.
    #[must_use]
    pub fn fence(&self) -> Option<&str> {
        match &self.0 {
            Hold::Nothing | Hold::File(_) => None,
            Hold::Server(keeper) => Some(keeper.facts().fence.as_str()),
        }
    }

    /// The same for a row that stays. Not on MySQL: a replica that repeats statements would ask itself for the
    /// lock, and have no such row.
    #[must_use]
    pub fn lasting_fence(&self, dialect: Dialect) -> Option<&str> {
        match dialect {
            Dialect::Mysql => None,
            Dialect::Sqlite | Dialect::Postgres => self.fence(),
        }
    }

    /// Looks over the connection that does the work, last thing before it commits, whether the lock is held.
    ///
    /// # Errors
    /// It is not, or the server says something else.
    pub fn guard(&self, session: &mut dyn Session) -> Result<(), DatabaseError> {
        let Some(fence) = self.fence() else {
            return Ok(());
        };
        let text = session.dialect().text_type();
        let held = Query::new(format!(
            "SELECT CAST(CASE WHEN {fence} THEN 1 ELSE 0 END AS {text})"
        ));
        if session
            .rows(&held)?
            .first()
            .is_some_and(|row| row.is_true(0))
        {
            return Ok(());
        }
        Err(Self::lost())
    }

    /// What a write that its fence kept from happening ends with.
    #[must_use]
    pub fn lost() -> DatabaseError {
        DatabaseError::new(ErrorClass::LockLost, "the lock on the database was lost")
    }

    /// By what a program that is started now knows that the lock is held for it; see
    /// [`super::Wanted::token`].
    #[must_use]
    pub fn token(&self) -> Option<String> {
        match &self.0 {
            Hold::Nothing => None,
            Hold::File(file) => Some(file.token()),
            Hold::Server(keeper) => Some(keeper.facts().token.clone()),
        }
    }

    /// Gives it back and looks whether that worked.
    ///
    /// # Errors
    /// It was not ours any more, or the server refused.
    pub fn release(self) -> Result<(), LockError> {
        let was_ours = match &self.0 {
            Hold::Nothing => true,
            Hold::File(file) => file.holds(),
            Hold::Server(keeper) => keeper.release()?,
        };
        if was_ours {
            Ok(())
        } else {
            Err(LockError::Gone)
        }
    }
}
