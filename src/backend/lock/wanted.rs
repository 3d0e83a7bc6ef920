//! Taking a lock.

use std::ops::ControlFlow;
use std::time::Duration;

use super::error::LockError;
use super::holder::Holder;
use super::lock::Lock;
use crate::backend::database::Database;
use crate::settings::{DatabaseUrl, Environment};

/// A lock that somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The database.
    pub url: &'a DatabaseUrl,
    /// Variables that say how to connect.
    pub environment: &'a Environment,
    /// How long to wait for it; zero tries once.
    pub timeout: Duration,
    /// What it is for, as those who wait are told: `manage migrate`.
    pub doing: &'a str,
    /// Who wants it, for those who wait.
    pub user: &'a str,
    /// From which machine.
    pub host: &'a str,
}

/// One turn of waiting.
#[derive(Clone, Debug)]
pub struct Waiting<'a> {
    /// Who has the lock.
    pub holder: Option<&'a Holder>,
    /// How long we have waited.
    pub waited: Duration,
}

/// Takes the lock, waiting for it as long as is wanted. `witness` is the connection that will do the
/// work; it looks whether the lock keeps it out.
///
/// # Errors
/// It is not to be had, or `waiting` broke off.
pub fn acquire(
    wanted: &Wanted<'_>,
    witness: &mut dyn Database,
    waiting: &mut dyn FnMut(&Waiting<'_>) -> ControlFlow<()>,
) -> Result<Lock, LockError> {
    let _ = (wanted, witness, waiting);
    Ok(Lock::unneeded())
}

/// Who has the lock, if anybody.
///
/// # Errors
/// What the server or the file system says.
pub fn holder(url: &DatabaseUrl, database: &mut dyn Database) -> Result<Option<Holder>, LockError> {
    let _ = (url, database);
    Ok(None)
}
