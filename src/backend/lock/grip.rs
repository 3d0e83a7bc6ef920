//! What holds a lock on a server, of whatever kind.

use std::fmt::Write;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::advisory::{Advisory, Key};
use super::lease::Lease;
use super::line::Line;
use super::named::Named;
use crate::backend::error::DatabaseError;

/// A session's lock, or a row.
pub(super) enum Grip {
    Advisory(Advisory),
    Named(Named),
    Lease(Box<Lease>),
}

/// What is known of a grip for as long as it lasts.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// A condition that is true while the lock is held.
    pub(super) fence: String,
    /// What the one who holds it is known by.
    pub(super) token: String,
    /// Whether the session is not ours alone, so that it cannot hold anything.
    pub(super) is_shared: bool,
    /// The key of an advisory lock.
    pub(super) key: Option<Key>,
}

impl Grip {
    pub(super) fn facts(&self) -> Facts {
        match self {
            Self::Advisory(advisory) => advisory.facts(),
            Self::Named(named) => named.facts(),
            Self::Lease(lease) => lease.facts(),
        }
    }

    /// Tries once.
    pub(super) async fn take(&mut self) -> Result<bool, DatabaseError> {
        match self {
            Self::Advisory(advisory) => advisory.take().await,
            Self::Named(named) => named.take().await,
            Self::Lease(lease) => lease.take().await,
        }
    }

    /// Whether it is held; keeps it alive, too.
    pub(super) async fn holds(&mut self) -> Result<bool, DatabaseError> {
        match self {
            Self::Advisory(advisory) => advisory.holds().await,
            Self::Named(named) => named.holds().await,
            Self::Lease(lease) => lease.holds().await,
        }
    }

    /// Gives it back; whether it was ours.
    pub(super) async fn release(&mut self) -> Result<bool, DatabaseError> {
        match self {
            Self::Advisory(advisory) => advisory.release().await,
            Self::Named(named) => named.release().await,
            Self::Lease(lease) => lease.release().await,
        }
    }

    /// Asks nothing more over a session that did not answer in time.
    pub(super) fn forget(&mut self) {
        match self {
            // Without its session it is lost, and nothing is asked of it any more.
            Self::Advisory(_) | Self::Named(_) => {}
            Self::Lease(lease) => lease.forget(),
        }
    }

    /// Whether it may still be held although nobody can be asked.
    pub(super) fn may_be_held(&self) -> bool {
        match self {
            // With the session it is gone.
            Self::Advisory(_) | Self::Named(_) => false,
            Self::Lease(lease) => lease.may_be_held(),
        }
    }

    /// How long it lasts without a sign of life.
    pub(super) fn beat(&self) -> Duration {
        match self {
            // Nothing forgets an idle session sooner.
            Self::Advisory(_) | Self::Named(_) => Duration::from_secs(20),
            Self::Lease(_) => Duration::from_secs(5),
        }
    }

    /// How old an answer may be before a statement.
    pub(super) fn fresh(&self) -> Duration {
        match self {
            Self::Advisory(_) | Self::Named(_) => Duration::from_millis(100),
            Self::Lease(_) => Duration::from_secs(1),
        }
    }

    pub(super) async fn close(self) {
        let line: Option<Line> = match self {
            Self::Advisory(advisory) => Some(advisory.into_line()),
            Self::Named(named) => Some(named.into_line()),
            Self::Lease(lease) => lease.into_line(),
        };
        if let Some(line) = line {
            line.close().await;
        }
    }
}

/// A name as hexadecimal digits, always as many, whatever it is.
pub(super) fn name_hash(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let mut digits = String::with_capacity(digest.len() * 2);
    for byte in digest {
        // Writing to a string fails never.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
