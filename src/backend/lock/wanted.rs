//! Taking a lock.

use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use super::backoff::Backoff;
use super::claim::Claim;
use super::error::LockError;
use super::file::{self, LockedFile};
use super::guard::{Hold, Lock};
use super::holder::Holder;
use super::keeper::{Keeper, Means};
use super::line::Login;
use super::{advisory, lease, named};
use crate::backend::connect::Limits;
use crate::backend::database::Database;
use crate::backend::error::DatabaseError;
use crate::backend::notice::NoticeSink;
use crate::backend::open::OpenError;
use crate::backend::{mysql, postgres};
use crate::settings::{DatabaseUrl, Environment, SqliteLocation};

/// How often it is tried once more when time is up and nobody is seen to have it. Whoever looks at a file's lock
/// has it for a moment, too.
const AGAIN: usize = 3;

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
    /// What time it is, in UTC, to the second.
    pub now: &'a str,
    /// Whose lock is ours too: [`Lock::token`] of whoever started us.
    pub token: Option<&'a str>,
}

/// One turn of waiting.
#[derive(Clone, Debug)]
pub struct Waiting<'a> {
    /// Who has the lock.
    pub holder: Option<&'a Holder>,
    /// How long we have waited.
    pub waited: Duration,
}

/// Is told each turn, and may break off.
pub type OnWait<'a> = &'a mut dyn FnMut(&Waiting<'_>) -> ControlFlow<()>;

/// Takes the lock, waiting for it as long as is wanted. `witness` is the connection that will do the
/// work; it looks whether the lock keeps it out.
///
/// # Errors
/// It is not to be had, or `waiting` broke off.
pub fn acquire(
    wanted: &Wanted<'_>,
    witness: &mut dyn Database,
    waiting: OnWait<'_>,
) -> Result<Lock, LockError> {
    let mut queue = Queue {
        wanted,
        witness,
        waiting,
        began: Instant::now(),
        backoff: Backoff::new(),
    };
    match wanted.url {
        DatabaseUrl::Sqlite(url) => match &url.location {
            SqliteLocation::Memory => Ok(Lock::unneeded()),
            SqliteLocation::File(database) => {
                let path = file::path(database);
                let claim = Claim::of(wanted);
                queue.stand(&mut |_| {
                    let locked = LockedFile::take(&path, &claim)?;
                    Ok(locked.map(|file| Lock::new(Hold::File(file))))
                })
            }
        },
        DatabaseUrl::Postgres(_) | DatabaseUrl::Mysql(_) => on_server(&mut queue),
    }
}

/// A session's lock where it holds, else a row.
fn on_server(queue: &mut Queue<'_, '_>) -> Result<Lock, LockError> {
    let login = login(queue.wanted)?;
    let claim = Claim::of(queue.wanted);
    let keeper = Keeper::start(login.clone(), claim.clone(), Means::Session)?;
    if !keeper.facts().is_shared {
        match queue.stand_for(keeper)? {
            Taken::Ours(lock) => return Ok(lock),
            Taken::Lies => {}
        }
    }
    let keeper = Keeper::start(login, claim, Means::Lease)?;
    match queue.stand_for(keeper)? {
        Taken::Ours(lock) => Ok(lock),
        // A row is what it says.
        Taken::Lies => Err(LockError::Gone),
    }
}

fn login(wanted: &Wanted<'_>) -> Result<Login, LockError> {
    let limits = Limits {
        application_name: wanted.doing.to_owned(),
        ..Limits::default()
    };
    let (environment, notices) = (wanted.environment, NoticeSink::new());
    let login = match wanted.url {
        DatabaseUrl::Mysql(url) => {
            mysql::Login::resolve(url, environment, &limits, &notices).map(Login::Mysql)
        }
        DatabaseUrl::Postgres(url) => {
            postgres::Login::resolve(url, environment, limits, &notices).map(Login::Postgres)
        }
        DatabaseUrl::Sqlite(_) => return Err(LockError::Gone),
    };
    login.map_err(|error| LockError::Open(OpenError::from(error)))
}

/// Tries once, with the working connection at hand.
type Attempt<'a> = &'a mut dyn FnMut(&mut dyn Database) -> Result<Option<Lock>, LockError>;

/// What came of waiting.
enum Taken {
    Ours(Lock),
    /// It was given to us, and it keeps nobody out.
    Lies,
}

/// Whoever waits for a lock.
struct Queue<'a, 'w> {
    wanted: &'a Wanted<'a>,
    witness: &'w mut dyn Database,
    waiting: OnWait<'w>,
    began: Instant,
    backoff: Backoff,
}

impl Queue<'_, '_> {
    fn stand_for(&mut self, keeper: Keeper) -> Result<Taken, LockError> {
        let facts = keeper.facts().clone();
        let mut keeper = Some(keeper);
        let mut lies = false;
        let lock = self.stand(&mut |witness| {
            let Some(held) = &keeper else {
                return Ok(None);
            };
            if !held.take()? {
                return Ok(None);
            }
            let is_proved = match (&facts.key, facts.token.starts_with(lease::TOKEN)) {
                (_, true) => true,
                (Some(key), false) => advisory::is_proved(*key, witness, || held.check())?,
                (None, false) => named::is_proved(&facts.fence, witness)?,
            };
            if is_proved {
                return Ok(keeper.take().map(|keeper| Lock::new(Hold::Server(keeper))));
            }
            // Whether that can be given back is its own affair; it keeps nobody out anyway.
            let _ = held.release();
            lies = true;
            Ok(Some(Lock::unneeded()))
        })?;
        Ok(if lies { Taken::Lies } else { Taken::Ours(lock) })
    }

    /// Leaves the others alone for a while; whoever is told may break off at any moment of it.
    fn rest(&mut self, pause: Duration, holder: Option<&Holder>) -> ControlFlow<()> {
        const TURN: Duration = Duration::from_millis(50);
        let begun = Instant::now();
        loop {
            (self.waiting)(&Waiting {
                holder,
                waited: self.began.elapsed(),
            })?;
            match pause.checked_sub(begun.elapsed()) {
                Some(left) if !left.is_zero() => thread::sleep(left.min(TURN)),
                Some(_) | None => return ControlFlow::Continue(()),
            }
        }
    }

    /// Tries, and waits, and tries again.
    fn stand(&mut self, attempt: Attempt<'_>) -> Result<Lock, LockError> {
        let mut again = 0..AGAIN;
        loop {
            if let Some(lock) = attempt(self.witness)? {
                return Ok(lock);
            }
            let holder = holder(self.wanted.url, self.witness)?;
            if let Some(holder) = &holder
                && holder.token.is_some()
                && holder.token.as_deref() == self.wanted.token
            {
                return Ok(Lock::unneeded());
            }
            let waited = self.began.elapsed();
            let left = self.wanted.timeout.saturating_sub(waited);
            if left.is_zero() && holder.is_none() && again.next().is_some() {
                thread::sleep(self.backoff.pause());
                continue;
            }
            if left.is_zero() {
                let holder = holder.map(Box::new);
                return Err(LockError::Busy { holder, waited });
            }
            let pause = self.backoff.pause().min(left);
            if self.rest(pause, holder.as_ref()).is_break() {
                return Err(LockError::Interrupted);
            }
        }
    }
}

/// Who has the lock, if anybody.
///
/// # Errors
/// What the server or the file system says.
pub fn holder(url: &DatabaseUrl, database: &mut dyn Database) -> Result<Option<Holder>, LockError> {
    let of_session = match url {
        DatabaseUrl::Sqlite(url) => {
            return match &url.location {
                SqliteLocation::Memory => Ok(None),
                SqliteLocation::File(database) => file::holder(&file::path(database)),
            };
        }
        DatabaseUrl::Postgres(_) => advisory::holder(database)?,
        DatabaseUrl::Mysql(_) => named::holder(database)?,
    };
    Ok(match of_session {
        Some(holder) => Some(holder),
        None => lease::holder(database).or_else(unreadable)?,
    })
}

/// A row that may not be read says nothing; the lock itself is asked elsewhere.
fn unreadable(error: DatabaseError) -> Result<Option<Holder>, DatabaseError> {
    use crate::backend::error::ErrorClass;
    if error.class == ErrorClass::Permission {
        Ok(None)
    } else {
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::{Access, open};
    use crate::settings::SqliteUrl;

    /// Stands in the queue for a file's lock that is had at the attempt with this number.
    fn tried(had_at: usize) -> Result<usize, LockError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.db");
        let environment = Environment::default();
        let url = DatabaseUrl::Sqlite(SqliteUrl {
            location: SqliteLocation::File(path),
            parameters: Vec::new(),
        });
        let mut witness = open(&url, Access::Write, &environment).unwrap();
        let wanted = Wanted {
            url: &url,
            environment: &environment,
            timeout: Duration::ZERO,
            doing: "manage migrate",
            user: "ann",
            host: "web-1",
            now: "2026-01-02 03:04:05",
            token: None,
        };
        let mut queue = Queue {
            wanted: &wanted,
            witness: witness.as_mut(),
            waiting: &mut |_| ControlFlow::Continue(()),
            began: Instant::now(),
            backoff: Backoff::new(),
        };
        let mut attempts = 0;
        queue.stand(&mut |_| {
            attempts += 1;
            Ok((attempts == had_at).then(Lock::unneeded))
        })?;
        Ok(attempts)
    }

    #[test]
    fn what_nobody_is_seen_to_have_is_tried_again_when_time_is_up() {
        assert!(matches!(tried(1), Ok(1)));
        assert!(matches!(tried(2), Ok(2)));
        let Err(LockError::Busy { holder: None, .. }) = tried(AGAIN + 2) else {
            panic!("it has to end");
        };
    }
}
