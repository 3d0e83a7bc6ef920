//! Which schema the database had when which migrations were applied, as far as it was recorded.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::ledger::{LEDGER, Ledger};
use super::record::Action;
use super::table::{TABLE, has_later_columns};
use crate::backend::{Database, DatabaseError, Query, Session};
use crate::migration::Version;
use crate::schema::manifest::Fingerprint;

/// A set of versions, told apart by a digest: a history of thousands has as many sets.
///
/// Each deed whose schema was looked at says which set the ledger held after it. It cannot be worked out
/// from the deeds, for other tools write that table too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AppliedSet(u128);

impl AppliedSet {
    /// The set with this version in it, or without it if it was.
    fn toggled(self, version: &Version) -> Self {
        let digest = Sha256::digest(version.as_str().as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(self.0 ^ u128::from_be_bytes(bytes))
    }

    fn of<'a>(versions: impl Iterator<Item = &'a Version>) -> Self {
        versions.fold(Self::default(), Self::toggled)
    }

    /// What the ledger holds at the moment, inside a transaction or out of it.
    pub(super) fn read(session: &mut dyn Session) -> Result<Self, DatabaseError> {
        let rows = session.rows(&Query::new(format!("SELECT version FROM {LEDGER}")))?;
        let versions: Vec<Version> = rows
            .iter()
            .map(|row| Version::recorded(row.text(0)))
            .collect();
        Ok(Self::of(versions.iter()))
    }

    /// As it is recorded.
    pub(super) fn text(self) -> String {
        format!("{:032x}", self.0)
    }

    fn recorded(text: &str) -> Option<Self> {
        u128::from_str_radix(text.trim_end(), 16).ok().map(Self)
    }
}

/// What was recorded last about the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LastState {
    /// After everything that is applied it was this.
    Known {
        /// Which schema.
        fingerprint: Fingerprint,
        /// Since when nothing was run, in UTC.
        at: String,
    },
    /// Nothing was recorded since a deed.
    Unknown {
        /// The name of the migration that it was done to, or the newest that is applied.
        name: String,
        /// When, in UTC.
        at: String,
        /// Why nothing is known.
        why: Unrecorded,
    },
    /// No deed is recorded.
    Never,
}

/// Why the schema was not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrecorded {
    /// Another tool applied or reverted something.
    Elsewhere,
    /// This tool did, and recorded nothing or what this version does not understand.
    Here,
}

/// One deed, as far as it concerns the schema.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) version: Version,
    pub(super) name: String,
    /// `None` where a later version of this tool has a word of its own.
    pub(super) action: Option<Action>,
    pub(super) at: String,
    pub(super) before: Option<Fingerprint>,
    pub(super) after: Option<Fingerprint>,
    /// What was applied after it.
    pub(super) applied: Option<AppliedSet>,
}

/// The schemas of the sets of migrations that were applied at one time or another.
#[derive(Clone, Debug, Default)]
pub struct States {
    known: BTreeMap<AppliedSet, Fingerprint>,
    last: Option<Last>,
    newest: String,
}

/// What the deeds leave known.
#[derive(Clone, Debug)]
enum Last {
    Known {
        fingerprint: Fingerprint,
        applied: AppliedSet,
        at: String,
    },
    Unknown {
        name: String,
        at: String,
    },
}

impl States {
    /// Reads the deeds; the table has to be there.
    pub(super) fn read(database: &mut dyn Database) -> Result<Self, DatabaseError> {
        let text = database.dialect().text_type();
        let later = if has_later_columns(database) {
            "before_fingerprint, applied_set"
        } else {
            "NULL, NULL"
        };
        let rows = database.rows(&Query::new(format!(
            "SELECT version, name, action, CAST(performed_at AS {text}), fingerprint, {later} \
             FROM {TABLE} ORDER BY id"
        )))?;
        let turns = rows.iter().map(|row| Turn {
            version: Version::recorded(row.text(0)),
            name: row.text(1).to_owned(),
            action: Action::parse(row.text(2)),
            at: row.text(3).chars().take(19).collect(),
            after: row.optional(4).and_then(Fingerprint::recorded),
            before: row.optional(5).and_then(Fingerprint::recorded),
            applied: row.optional(6).and_then(AppliedSet::recorded),
        });
        Ok(Self::of(turns.collect()))
    }

    /// Goes through the deeds, oldest first.
    pub(super) fn of(turns: Vec<Turn>) -> Self {
        let mut states = Self::default();
        for turn in turns {
            states.newest.clone_from(&turn.at);
            states.take(turn);
        }
        states
    }

    fn take(&mut self, turn: Turn) {
        let Turn {
            version,
            name,
            action,
            at,
            before,
            after,
            applied,
        } = turn;
        if let (Some(before), Some(applied)) = (before, applied) {
            self.known.insert(applied.toggled(&version), before);
        }
        if let (Some(fingerprint), Some(applied)) = (after, applied) {
            self.known.insert(applied, fingerprint.clone());
            self.last = Some(Last::Known {
                fingerprint,
                applied,
                at,
            });
            return;
        }
        // What runs nothing leaves the schema as it is.
        match (action, &mut self.last) {
            (Some(Action::Accept), _) => {}
            (Some(Action::Fake | Action::Unfake | Action::Prune), last) => {
                if let Some(Last::Known {
                    fingerprint,
                    applied,
                    ..
                }) = last
                {
                    *applied = applied.toggled(&version);
                    self.known.insert(*applied, fingerprint.clone());
                }
            }
            (Some(Action::Apply | Action::Revert) | None, last) => {
                *last = Some(Last::Unknown { name, at });
            }
        }
    }

    /// The schema that was recorded when exactly these migrations were applied.
    pub fn when<'a>(&self, applied: impl Iterator<Item = &'a Version>) -> Option<&Fingerprint> {
        self.known.get(&AppliedSet::of(applied))
    }

    /// What is recorded of the schema as it should be now.
    #[must_use]
    pub fn last(&self, ledger: &Ledger) -> LastState {
        if self.newest.is_empty() {
            return LastState::Never;
        }
        let newest = ledger.applied().iter().max_by_key(|row| &row.run_on);
        let elsewhere = |at: &str| LastState::Unknown {
            name: newest.map_or_else(String::new, |row| row.version.to_string()),
            at: at.to_owned(),
            why: Unrecorded::Elsewhere,
        };
        if let Some(row) = newest.filter(|row| row.run_on > self.newest) {
            return elsewhere(&row.run_on);
        }
        let versions = ledger.applied().iter().map(|row| &row.version);
        match &self.last {
            Some(Last::Known { applied, .. }) if *applied != AppliedSet::of(versions) => {
                elsewhere(&self.newest)
            }
            Some(Last::Known {
                fingerprint, at, ..
            }) => LastState::Known {
                fingerprint: fingerprint.clone(),
                at: at.clone(),
            },
            Some(Last::Unknown { name, at }) => LastState::Unknown {
                name: name.clone(),
                at: at.clone(),
                why: Unrecorded::Here,
            },
            None => LastState::Never,
        }
    }
}

#[cfg(test)]
mod tests;
