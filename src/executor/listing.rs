//! Every migration with its state: what `showmigrations` shows.

use super::conflict::Conflicts;
use super::prepare::KnownMigration;
use crate::history::Memory;
use crate::migration::{Directory, Version};
use std::collections::{BTreeMap, BTreeSet};

/// All migrations of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Sorted by version.
    pub rows: Vec<Row>,
    /// How many there are, shown or not.
    pub total: usize,
    /// How many of them are not applied.
    pub pending: usize,
    /// What files and database disagree about.
    pub conflicts: Conflicts,
}

/// One migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The version.
    pub version: Version,
    /// The directory's name.
    pub name: String,
    /// Applied, pending, or neither quite.
    pub state: State,
    /// Whether `up.sql` was edited since.
    pub edited: bool,
    /// Whether it is the newest on disk.
    pub head: bool,
    /// When it was applied, in UTC.
    pub run_on: Option<String>,
    /// By whom, if recorded.
    pub by: Option<String>,
    /// How long it took in milliseconds, if recorded.
    pub milliseconds: Option<i64>,
    /// Whether this tool recorded it.
    pub recorded: bool,
}

/// Where a migration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Applied.
    Applied,
    /// Not applied yet.
    Pending,
    /// Not applied, and older than the newest that is.
    OutOfOrder,
    /// Applied, and the directory is gone.
    Missing,
    /// Shares its version with another directory, so nobody knows which was applied.
    Duplicate,
}

impl Listing {
    /// Puts together what the files and the database say.
    #[must_use]
    pub fn new(
        directory: &Directory,
        memory: &Memory,
        known: &BTreeMap<Version, KnownMigration>,
        conflicts: Conflicts,
    ) -> Self {
        let head = directory
            .entries()
            .last()
            .map(|entry| entry.version.clone());
        let newest = memory.ledger.newest();
        let edited: BTreeSet<_> = conflicts
            .edited
            .iter()
            .map(|one| &one.entry.version)
            .collect();
        let duplicates: BTreeSet<_> = conflicts
            .duplicates
            .iter()
            .map(|one| &one.version)
            .collect();
        let row = |version: &Version, name: &str, on_disk: bool| {
            let applied = memory.ledger.find(version);
            let recorded = memory.record.find(version);
            Row {
                version: version.clone(),
                name: name.to_owned(),
                state: match (applied, on_disk) {
                    _ if duplicates.contains(version) => State::Duplicate,
                    (Some(_), true) => State::Applied,
                    (Some(_), false) => State::Missing,
                    (None, _) if newest.is_some_and(|newest| version < newest) => State::OutOfOrder,
                    (None, _) => State::Pending,
                },
                edited: edited.contains(version),
                head: head.as_ref() == Some(version) && !duplicates.contains(version),
                run_on: applied.map(|applied| applied.run_on.clone()),
                by: recorded.map(|recorded| recorded.by.clone()),
                milliseconds: recorded.map(|recorded| recorded.milliseconds),
                recorded: recorded.is_some(),
            }
        };
        let mut rows: Vec<_> = directory
            .entries()
            .iter()
            .map(|entry| row(&entry.version, &entry.name, true))
            .collect();
        rows.extend(
            known
                .iter()
                .filter(|(_, migration)| !migration.on_disk)
                .map(|(version, migration)| row(version, &migration.name, false)),
        );
        rows.sort_by(|a, b| a.version.cmp(&b.version).then_with(|| a.name.cmp(&b.name)));
        Self {
            total: rows.len(),
            pending: rows.iter().filter(|row| row.is_pending()).count(),
            rows,
            conflicts,
        }
    }

    /// Leaves only what is not applied, in the order it would run.
    #[must_use]
    pub fn only_pending(mut self) -> Self {
        self.rows.retain(Row::is_pending);
        self
    }
}

impl Row {
    fn is_pending(&self) -> bool {
        matches!(self.state, State::Pending | State::OutOfOrder)
    }
}
