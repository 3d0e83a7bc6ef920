//! A lock that is held.

use super::error::LockError;

/// Held while something is changed; given back when it is dropped.
#[derive(Debug, Default)]
pub struct Lock(());

impl Lock {
    /// For a database that nobody else can reach: there is nothing to hold.
    #[must_use]
    pub fn unneeded() -> Self {
        Self(())
    }

    /// Whether it is known to be lost; asks nobody, so it may be called before every statement.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        false
    }

    /// Whether it is still ours; asks the server or the file system.
    ///
    /// # Errors
    /// Whoever knows cannot be asked.
    pub fn is_held(&self) -> Result<bool, LockError> {
        Ok(true)
    }

    /// A condition in SQL that is true while the lock is held, for a statement that must not succeed
    /// without it; `None` where the server knows nothing of the lock.
    #[must_use]
    pub fn fence(&self) -> Option<&str> {
        None
    }

    /// Gives it back and looks whether that worked.
    ///
    /// # Errors
    /// It was not ours any more, or the server refused.
    pub fn release(self) -> Result<(), LockError> {
        Ok(())
    }
}
