//! Which schema the database had when which migrations were applied, as far as it was recorded.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::ledger::Ledger;
use super::record::Action;
use super::table::{TABLE, has_later_columns};
use crate::backend::{Database, DatabaseError, Query};
use crate::migration::Version;
use crate::schema::manifest::Fingerprint;

/// A set of versions, told apart by a digest: a history of thousands has as many sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Applied(u128);

impl Applied {
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
        /// The name of the migration that it was done to.
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
}

/// The schemas of the sets of migrations that were applied at one time or another.
#[derive(Clone, Debug, Default)]
pub struct States {
    known: BTreeMap<Applied, Fingerprint>,
    /// What is applied as far as the history tells.
    applied: Vec<Version>,
    /// The schema after the last deed, or that deed if it was not recorded.
    last: Option<Result<(Fingerprint, String), (String, String)>>,
    newest: String,
}

impl States {
    /// Reads the deeds; the table has to be there.
    pub(super) fn read(database: &mut dyn Database) -> Result<Self, DatabaseError> {
        let text = database.dialect().text_type();
        let before = if has_later_columns(database) {
            "before_fingerprint"
        } else {
            "NULL"
        };
        let rows = database.rows(&Query::new(format!(
            "SELECT version, name, action, CAST(performed_at AS {text}), fingerprint, {before} \
             FROM {TABLE} ORDER BY id"
        )))?;
        let turns = rows.iter().map(|row| Turn {
            version: Version::recorded(row.text(0)),
            name: row.text(1).to_owned(),
            action: Action::parse(row.text(2)),
            at: row.text(3).chars().take(19).collect(),
            after: row.optional(4).and_then(Fingerprint::recorded),
            before: row.optional(5).and_then(Fingerprint::recorded),
        });
        Ok(Self::of(turns.collect()))
    }

    /// Goes through the deeds, oldest first.
    pub(super) fn of(turns: Vec<Turn>) -> Self {
        let mut states = Self::default();
        let mut set = Applied::default();
        let mut applied = BTreeSet::new();
        for turn in turns {
            if let Some(before) = turn.before {
                states.known.insert(set, before);
            }
            let is_run = match turn.action {
                Some(action) => {
                    let changed = if action.leaves_applied() {
                        applied.insert(turn.version.clone())
                    } else {
                        applied.remove(&turn.version)
                    };
                    if changed {
                        set = set.toggled(&turn.version);
                    }
                    action.runs()
                }
                None => true,
            };
            states.newest.clone_from(&turn.at);
            match (turn.after, is_run) {
                (Some(after), _) => {
                    states.known.insert(set, after.clone());
                    states.last = Some(Ok((after, turn.at)));
                }
                (None, true) => states.last = Some(Err((turn.name, turn.at))),
                // What runs nothing leaves the schema as it is.
                (None, false) => {
                    if let Some(Ok((fingerprint, _))) = &states.last {
                        states.known.insert(set, fingerprint.clone());
                    }
                }
            }
        }
        states.applied = applied.into_iter().collect();
        states
    }

    /// The schema that was recorded when exactly these migrations were applied.
    pub fn when<'a>(&self, applied: impl Iterator<Item = &'a Version>) -> Option<&Fingerprint> {
        self.known.get(&Applied::of(applied))
    }

    /// What is recorded of the schema as it should be now.
    #[must_use]
    pub fn last(&self, ledger: &Ledger) -> LastState {
        if self.newest.is_empty() {
            return LastState::Never;
        }
        let stranger = ledger
            .applied()
            .iter()
            .filter(|row| {
                row.run_on > self.newest || self.applied.binary_search(&row.version).is_err()
            })
            .max_by(|a, b| a.run_on.cmp(&b.run_on));
        if let Some(row) = stranger {
            return LastState::Unknown {
                name: row.version.to_string(),
                at: row.run_on.clone(),
                why: Unrecorded::Elsewhere,
            };
        }
        // Something was reverted, and nobody tells when.
        if let Some(gone) = self.applied.iter().rev().find(|one| !ledger.contains(one)) {
            return LastState::Unknown {
                name: gone.to_string(),
                at: self.newest.clone(),
                why: Unrecorded::Elsewhere,
            };
        }
        match &self.last {
            Some(Ok((fingerprint, at))) => LastState::Known {
                fingerprint: fingerprint.clone(),
                at: at.clone(),
            },
            Some(Err((name, at))) => LastState::Unknown {
                name: name.clone(),
                at: at.clone(),
                why: Unrecorded::Here,
            },
            None => LastState::Never,
        }
    }
}
