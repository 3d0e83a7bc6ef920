//! One row of our record: what was done to a migration, by whom, with what text.

use std::collections::{BTreeMap, BTreeSet};

use super::checksum::Checksum;
use super::ledger::Ledger;
use super::states::AppliedSet;
use super::table::{Keeping, TABLE, has_later_columns};
use crate::backend::{Database, DatabaseError, Query, Session};
use crate::migration::{Stamp, Version};
use crate::schema::manifest::Fingerprint;

/// The longest SQL text that is kept, in bytes. Servers refuse packets of a few megabytes.
const LONGEST_TEXT: usize = 1024 * 1024;

/// The most characters of a name that its column takes.
const LONGEST_NAME: usize = 255;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `up.sql` was run.
    Apply,
    /// `down.sql` was run.
    Revert,
    /// The ledger's row was written, nothing run.
    Fake,
    /// The ledger's row was deleted, nothing run.
    Unfake,
    /// The edited text of an applied migration was accepted.
    Accept,
    /// The ledger's row was deleted, for a migration whose directory is gone.
    Prune,
}

impl Action {
    /// The word in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Revert => "revert",
            Self::Fake => "fake",
            Self::Unfake => "unfake",
            Self::Accept => "accept",
            Self::Prune => "prune",
        }
    }

    /// Whether the migration is applied after it.
    #[must_use]
    pub fn leaves_applied(self) -> bool {
        match self {
            Self::Apply | Self::Fake | Self::Accept => true,
            Self::Revert | Self::Unfake | Self::Prune => false,
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        [
            Self::Apply,
            Self::Revert,
            Self::Fake,
            Self::Unfake,
            Self::Accept,
            Self::Prune,
        ]
        .into_iter()
        .find(|action| action.name() == word)
    }
}

/// Who does it, from where, with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The operating system's user.
    pub user: String,
    /// The machine.
    pub host: String,
    /// This tool and its version.
    pub tool: String,
}

/// A row to be written.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// The migration.
    pub version: &'a Version,
    /// Its directory's name.
    pub name: &'a str,
    /// What is done to it.
    pub action: Action,
    /// The text that applied it.
    pub up: Option<&'a str>,
    /// The text that takes it back.
    pub down: Option<&'a str>,
    /// Whether the texts run in one transaction.
    pub transactional: bool,
    /// Size and time of `up.sql`.
    pub stamp: Stamp,
    /// How long it took, in milliseconds.
    pub milliseconds: i64,
    /// Why, where a person was asked.
    pub reason: Option<&'a str>,
    /// The schema before it, where that was looked at.
    pub before: Option<&'a Fingerprint>,
    /// The schema after it, where that was looked at.
    pub after: Option<&'a Fingerprint>,
    /// The text of `metadata.toml`.
    pub metadata: Option<&'a str>,
    /// The folder that the migration's own is in, as much of it as is the same everywhere.
    pub folder: Option<&'a str>,
}

impl<'a> Deed<'a> {
    /// A deed that nothing more is known of.
    #[must_use]
    pub fn new(version: &'a Version, name: &'a str, action: Action) -> Self {
        Self {
            version,
            name,
            action,
            up: None,
            down: None,
            transactional: true,
            stamp: Stamp::default(),
            milliseconds: 0,
            reason: None,
            before: None,
            after: None,
            metadata: None,
            folder: None,
        }
    }
}

impl Deed<'_> {
    /// Writes the row, under the condition that guards every write of this run, if there is one.
    /// `false` if that does not hold any more, and nothing was written.
    ///
    /// # Errors
    /// What the server says; the table has to be there, as `keeping` says that it is.
    pub fn write(
        &self,
        identity: &Identity,
        keeping: Keeping,
        fence: Option<&str>,
        session: &mut dyn Session,
    ) -> Result<bool, DatabaseError> {
        let checksum = self.up.map(|up| Checksum::of(up, session.dialect()));
        let kept = |text: Option<&str>| {
            text.filter(|text| text.len() <= LONGEST_TEXT)
                .map(str::to_owned)
        };
        let fingerprint = |one: Option<&Fingerprint>| one.map(|one| one.as_str().to_owned());
        let columns = "version, name, action, up_sql, down_sql, raw_checksum, \
             normalized_checksum, run_in_transaction, up_size, up_modified, milliseconds, \
             performed_by, host, tool, reason, fingerprint";
        let insert = |columns: &str, number: usize| {
            let places = vec!["{}"; number].join(", ");
            let row = match fence {
                Some(fence) => format!("SELECT {places} WHERE {fence}"),
                None => format!("VALUES ({places})"),
            };
            Query::new(format!("INSERT INTO {TABLE} ({columns}) {row}"))
                .text(self.version.as_str())
                .text(self.name)
                .text(self.action.name())
                .text_or_null(kept(self.up))
                .text_or_null(kept(self.down))
                .text_or_null(checksum.as_ref().map(|checksum| checksum.raw.clone()))
                .text_or_null(checksum.map(|checksum| checksum.normalized))
                .integer(i64::from(self.transactional))
                .integer(i64::try_from(self.stamp.size).unwrap_or(i64::MAX))
                .integer(self.stamp.modified)
                .integer(self.milliseconds)
                .text(identity.user.as_str())
                .text(identity.host.as_str())
                .text(identity.tool.as_str())
                .text_or_null(self.reason.map(str::to_owned))
                .text_or_null(fingerprint(self.after))
        };
        let query = if keeping.later_columns {
            let applied = match self.before.or(self.after) {
                Some(_) => Some(AppliedSet::read(session)?.text()),
                None => None,
            };
            insert(
                &format!("{columns}, before_fingerprint, applied_set, metadata, folder"),
                20,
            )
            .text_or_null(fingerprint(self.before))
            .text_or_null(applied)
            .text_or_null(kept(self.metadata))
            .text_or_null(
                self.folder
                    .filter(|folder| folder.chars().count() <= LONGEST_NAME)
                    .map(str::to_owned),
            )
        } else {
            insert(columns, 16)
        };
        Ok(session.execute(&query)? > 0)
    }
}

/// What is recorded of an applied migration: the last row about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The directory's name then.
    pub name: String,
    /// What was done.
    pub action: Action,
    /// The digests of `up.sql` then.
    pub checksum: Option<Checksum>,
    /// Size and time of `up.sql` then.
    pub stamp: Stamp,
    /// When, in UTC, to the second.
    pub at: String,
    /// Who.
    pub by: String,
    /// How long it took, in milliseconds.
    pub milliseconds: i64,
    /// On which machine.
    pub host: String,
    /// With which version of this tool.
    pub tool: String,
    /// Why, where somebody was asked.
    pub reason: Option<String>,
    /// The schema after it, where that was looked at.
    pub fingerprint: Option<Fingerprint>,
}

/// The reason of a migration that was reverted to be applied again.
pub const REDO: &str = "redo";

/// The record of all applied migrations.
#[derive(Clone, Debug, Default)]
pub struct Record {
    rows: BTreeMap<Version, Recorded>,
    /// What was reverted to be applied again, and was not.
    half_redone: BTreeSet<Version>,
}

impl Record {
    /// Reads the last row of every migration that is applied by it; the table has to be there.
    pub(super) fn read(database: &mut dyn Database) -> Result<Self, DatabaseError> {
        let text = database.dialect().text_type();
        let rows = database.rows(&Query::new(format!(
            "SELECT version, name, action, raw_checksum, normalized_checksum, \
             CAST(up_size AS {text}), CAST(up_modified AS {text}), CAST(performed_at AS {text}), \
             performed_by, CAST(milliseconds AS {text}), host, tool, reason, fingerprint \
             FROM {TABLE} ORDER BY id"
        )))?;
        let mut record = Self::default();
        for row in &rows {
            let version = Version::recorded(row.text(0));
            // A word written by a later version of this tool says nothing to this one.
            let Some(action) = Action::parse(row.text(2)) else {
                continue;
            };
            record.half_redone.remove(&version);
            if action == Action::Revert && row.optional(12) == Some(REDO) {
                record.half_redone.insert(version.clone());
            }
            if !action.leaves_applied() {
                record.rows.remove(&version);
                continue;
            }
            let checksum = match (row.optional(3), row.optional(4)) {
                (Some(raw), Some(normalized)) => Some(Checksum {
                    raw: raw.trim_end().to_owned(),
                    normalized: normalized.trim_end().to_owned(),
                }),
                (Some(_) | None, _) => None,
            };
            let at: String = row.text(7).chars().take(19).collect();
            // The clock of a server may go back; what was applied and then accepted is applied since then.
            let at = match record.rows.get(&version) {
                Some(before) if action == Action::Accept => at.max(before.at.clone()),
                Some(_) | None => at,
            };
            record.rows.insert(
                version,
                Recorded {
                    name: row.text(1).to_owned(),
                    action,
                    checksum,
                    stamp: Stamp {
                        size: row
                            .integer(5)
                            .and_then(|size| u64::try_from(size).ok())
                            .unwrap_or_default(),
                        modified: row.integer(6).unwrap_or_default(),
                    },
                    at,
                    by: row.text(8).to_owned(),
                    milliseconds: row.integer(9).unwrap_or_default(),
                    host: row.text(10).to_owned(),
                    tool: row.text(11).to_owned(),
                    reason: row.optional(12).map(str::to_owned),
                    fingerprint: row.optional(13).and_then(Fingerprint::recorded),
                },
            );
        }
        Ok(record)
    }

    /// Drops what was recorded before the ledger's row was written: `diesel` has reverted and applied
    /// the migration since, with what text nobody knows.
    pub(super) fn forget_older_than(&mut self, ledger: &Ledger) {
        self.rows.retain(|version, recorded| {
            ledger
                .find(version)
                .is_some_and(|applied| recorded.at >= applied.run_on)
        });
    }

    /// What was reverted to be applied again, and was not by this tool, lowest version first.
    pub fn half_redone(&self) -> impl Iterator<Item = &Version> {
        self.half_redone.iter()
    }

    /// What is recorded of a migration, if it is applied and was applied by this tool.
    #[must_use]
    pub fn find(&self, version: &Version) -> Option<&Recorded> {
        self.rows.get(version)
    }
}

/// The texts recorded when a migration was applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedSql {
    /// What applied it; `None` where it was too long to keep.
    pub up: Option<String>,
    /// What takes it back; `None` where there was nothing, or it was too long to keep.
    pub down: Option<String>,
    /// Whether they run in one transaction.
    pub transactional: bool,
    /// The text of `metadata.toml`; `None` where there was none, or it was not recorded.
    pub metadata: Option<String>,
    /// The folder that the migration's own was in, as [`crate::migration::home`] tells it.
    pub home: Option<String>,
}

impl RecordedSql {
    /// Reads the texts of one migration; the table has to be there.
    pub(super) fn read(
        database: &mut dyn Database,
        version: &Version,
    ) -> Result<Option<Self>, DatabaseError> {
        let text = database.dialect().text_type();
        let later = if has_later_columns(database) {
            "metadata, folder"
        } else {
            "NULL, NULL"
        };
        let rows = database.rows(
            &Query::new(format!(
                "SELECT up_sql, down_sql, CAST(run_in_transaction AS {text}), {later} FROM {TABLE} \
                 WHERE version = {{}} AND action IN ('apply', 'fake', 'accept') \
                 ORDER BY id DESC LIMIT 1"
            ))
            .text(version.as_str()),
        )?;
        Ok(rows.first().map(|row| Self {
            up: row.optional(0).map(str::to_owned),
            down: row.optional(1).map(str::to_owned),
            transactional: row.is_true(2),
            metadata: row.optional(3).map(str::to_owned),
            home: row.optional(4).map(str::to_owned),
        }))
    }
}
