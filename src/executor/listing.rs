//! Every migration with its state: what `showmigrations` shows.

use super::conflict::Conflicts;
use super::prepare::KnownMigration;
use crate::history::Memory;
use crate::migration::{Directory, Graph, Node, Version};
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
    /// Whether it is the order of a run that is wanted.
    pub is_plan: bool,
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
    /// Whether nothing of its folder follows it.
    pub head: bool,
    /// What it follows directly, sorted.
    pub depends_on: Vec<Dependency>,
    /// Its labels, and those of the branches it is on.
    pub labels: Vec<String>,
    /// What its folder is called, where the connection has several.
    pub folder: Option<String>,
    /// When it was applied, in UTC.
    pub run_on: Option<String>,
    /// By whom, if recorded.
    pub by: Option<String>,
    /// How long it took in milliseconds, if recorded.
    pub milliseconds: Option<i64>,
    /// Whether this tool recorded it.
    pub recorded: bool,
}

/// A migration that another one follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The version.
    pub version: Version,
    /// The directory's name; the version again where there is none.
    pub name: String,
}

/// Where a migration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Applied.
    Applied,
    /// Not applied yet.
    Pending,
    /// Not applied, and something that follows it is.
    OutOfOrder,
    /// Applied, and the directory is gone.
    Missing,
    /// Shares its version with another directory, so nobody knows which was applied.
    Duplicate,
    /// Begun by a run that did not end: some of its statements are in effect.
    Unfinished,
}

impl Listing {
    /// Puts together what the files and the database say.
    #[must_use]
    pub fn new(
        directory: &Directory,
        graph: &Graph,
        memory: &Memory,
        known: &BTreeMap<Version, KnownMigration>,
        conflicts: Conflicts,
    ) -> Self {
        let late: BTreeSet<_> = conflicts
            .out_of_order
            .iter()
            .flat_map(|late| &late.pending)
            .map(|entry| &entry.version)
            .collect();
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
        let unfinished: BTreeSet<_> = conflicts
            .unfinished
            .iter()
            .map(|run| &run.version)
            .collect();
        let row = |version: &Version, name: &str, on_disk: bool| {
            let node = graph.find(version).filter(|_| on_disk);
            let applied = memory.ledger.find(version);
            let recorded = memory.record.find(version);
            Row {
                version: version.clone(),
                name: name.to_owned(),
                state: match (applied, on_disk) {
                    _ if unfinished.contains(version) => State::Unfinished,
                    _ if duplicates.contains(version) => State::Duplicate,
                    (Some(_), true) => State::Applied,
                    (Some(_), false) => State::Missing,
                    (None, _) if late.contains(version) => State::OutOfOrder,
                    (None, _) => State::Pending,
                },
                edited: edited.contains(version),
                head: node.is_some_and(|node| graph.is_head(node)) && !duplicates.contains(version),
                depends_on: node.map_or_else(Vec::new, |node| dependencies(graph, node)),
                labels: node.map_or_else(Vec::new, |node| node.branches.to_vec()),
                folder: node
                    .and_then(|node| graph.folder_name(node))
                    .map(str::to_owned),
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
            is_plan: false,
        }
    }

    /// Leaves only what is not applied, in the order it would run.
    #[must_use]
    pub fn only_pending(mut self) -> Self {
        self.rows.retain(Row::is_pending);
        self.is_plan = true;
        self
    }
}

/// What a migration follows, and what it says it follows and is not there.
fn dependencies(graph: &Graph, node: &Node) -> Vec<Dependency> {
    let missing = node.depends_on.iter().flatten();
    let mut all: Vec<_> = graph
        .parents(node)
        .map(|parent| Dependency {
            version: parent.version.clone(),
            name: parent.name.clone(),
        })
        .chain(
            missing
                .filter(|version| graph.find(version).is_none())
                .map(|version| Dependency {
                    version: version.clone(),
                    name: version.to_string(),
                }),
        )
        .collect();
    all.sort_by(|a, b| a.version.cmp(&b.version));
    all.dedup();
    all
}

impl Row {
    fn is_pending(&self) -> bool {
        match self.state {
            State::Pending | State::OutOfOrder => true,
            State::Unfinished => self.run_on.is_none(),
            State::Applied | State::Missing | State::Duplicate => false,
        }
    }
}
