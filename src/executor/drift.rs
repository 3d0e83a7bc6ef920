//! Whether the schema is as the last deed left it.

use crate::backend::{Database, DatabaseError};
use crate::history::{self, LastState, Memory, Unrecorded};
use crate::schema::manifest::{Departure, Fingerprint, Manifest, departures};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drift {
    /// The live schema was compared with the recorded one.
    Compared {
        /// When that was recorded, in UTC.
        at: String,
        /// The recorded one.
        recorded: Fingerprint,
        /// The live one, with all that is in it.
        live: Box<Manifest>,
        /// What differs.
        drifted: Drifted,
    },
    /// It is not recorded what the schema should be.
    Unknown {
        /// The name or version of the migration since which that is so.
        name: String,
        /// When it was applied or reverted, in UTC.
        at: String,
        /// Why.
        why: Unrecorded,
    },
    /// No migration was ever recorded.
    Never,
}

/// How a live schema differs from what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drifted {
    /// It does not.
    No,
    /// By these.
    By(Vec<Departure>),
    /// By something; what there was is not kept any more.
    Somehow,
}

impl Drifted {
    /// Compares, given what is kept of the one that should be.
    #[must_use]
    pub fn between(recorded: &Fingerprint, kept: Option<&Manifest>, live: &Manifest) -> Self {
        if live.fingerprint() == recorded {
            return Self::No;
        }
        match kept.map(|kept| (departures(kept, live), kept.unseen())) {
            Some((list, _)) if !list.is_empty() => Self::By(list),
            // Then it is what somebody cannot see that makes the difference.
            Some((_, unseen)) if !unseen.is_empty() || !live.unseen().is_empty() => Self::No,
            Some(_) | None => Self::Somehow,
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::No
    }
}

/// Compares the schema with what was recorded after the last deed. Nothing is written.
///
/// # Errors
/// What the server says.
pub fn drift(database: &mut dyn Database, memory: &Memory) -> Result<Drift, DatabaseError> {
    let states = memory.states(database)?;
    Ok(match states.last(&memory.ledger) {
        LastState::Known { fingerprint, at } => {
            let live = Manifest::of(&database.introspect()?);
            let kept = if *live.fingerprint() == fingerprint {
                None
            } else {
                history::snapshot(database, &fingerprint)?
            };
            Drift::Compared {
                drifted: Drifted::between(&fingerprint, kept.as_ref(), &live),
                at,
                recorded: fingerprint,
                live: Box::new(live),
            }
        }
        LastState::Unknown { name, at, why } => Drift::Unknown { name, at, why },
        LastState::Never => Drift::Never,
    })
}
