//! Where the files and the database disagree.

use std::collections::BTreeMap;

use super::naming::name_of;
use super::replaced::{is_absorbed, squashed_into};
use crate::backend::Direction;
use crate::history::{Checksum, JournalRun, Memory};
use crate::migration::{Directory, Divergence, Duplicate, Entry, Graph, Version};
use crate::sql::Dialect;

/// One kind of disagreement, with everything it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Begun by a run that did not end.
    Unfinished(Vec<JournalRun>),
    /// Lines of migrations that have parted, and nothing joins them.
    Diverged(Vec<Divergence>),
    /// Directories that share a version.
    Duplicate(Vec<Duplicate>),
    /// Applied, but the directory is gone.
    Missing(Vec<Missing>),
    /// Applied, and `up.sql` says something else now.
    Edited(Vec<Edited>),
    /// Pending, and older than the newest that is applied.
    OutOfOrder(OutOfOrder),
}

/// An applied migration without a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The version in the ledger.
    pub version: Version,
    /// The directory's name as it was recorded, else the version.
    pub name: String,
    /// When it was applied, in UTC.
    pub run_on: String,
    /// Whether its texts may be in the history.
    pub recorded: bool,
}

/// An applied migration whose file was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The directory as it is.
    pub entry: Entry,
    /// When it was applied or last accepted, in UTC.
    pub at: String,
    /// By whom.
    pub by: String,
}

/// Migrations that come too late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfOrder {
    /// The late ones, oldest first.
    pub pending: Vec<Entry>,
    /// The name of the newest that is applied.
    pub newest: String,
    /// For those that an applied one names in its `depends_on`, the name of that one.
    pub needed_by: BTreeMap<Version, String>,
}

/// Everything that files and database disagree about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// Begun by a run that did not end.
    pub unfinished: Vec<JournalRun>,
    /// Lines of migrations that have parted.
    pub diverged: Vec<Divergence>,
    /// Directories that share a version.
    pub duplicates: Vec<Duplicate>,
    /// Applied, but the directory is gone.
    pub missing: Vec<Missing>,
    /// Applied, and `up.sql` says something else now.
    pub edited: Vec<Edited>,
    /// Pending, and older than the newest that is applied.
    pub out_of_order: Option<OutOfOrder>,
}

impl Conflicts {
    /// Finds all of them. A file is only opened if its size or time is not as recorded.
    #[must_use]
    pub fn find(directory: &Directory, graph: &Graph, memory: &Memory, dialect: Dialect) -> Self {
        Self {
            unfinished: memory.journal.runs().to_vec(),
            diverged: graph.divergences(),
            duplicates: directory.duplicates(),
            missing: missing(directory, graph, memory),
            edited: edited(directory, graph, memory, dialect),
            out_of_order: out_of_order(directory, graph, memory),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.unfinished.is_empty()
            && self.diverged.is_empty()
            && self.duplicates.is_empty()
            && self.missing.is_empty()
            && self.edited.is_empty()
            && self.out_of_order.is_none()
    }

    /// One value for each kind that there is.
    #[must_use]
    pub fn list(self) -> Vec<Conflict> {
        let mut list = Vec::new();
        if !self.unfinished.is_empty() {
            list.push(Conflict::Unfinished(self.unfinished));
        }
        if !self.diverged.is_empty() {
            list.push(Conflict::Diverged(self.diverged));
        }
        if !self.duplicates.is_empty() {
            list.push(Conflict::Duplicate(self.duplicates));
        }
        if !self.missing.is_empty() {
            list.push(Conflict::Missing(self.missing));
        }
        if !self.edited.is_empty() {
            list.push(Conflict::Edited(self.edited));
        }
        list.extend(self.out_of_order.map(Conflict::OutOfOrder));
        list
    }
}

pub(super) fn missing(directory: &Directory, graph: &Graph, memory: &Memory) -> Vec<Missing> {
    memory
        .ledger
        .applied()
        .iter()
        .filter(|applied| directory.find(&applied.version).is_none())
        .filter(|applied| !is_absorbed(&applied.version, graph, &memory.ledger))
        .map(|applied| Missing {
            name: name_of(directory, memory, &applied.version),
            version: applied.version.clone(),
            run_on: applied.run_on.clone(),
            recorded: memory.record.find(&applied.version).is_some(),
        })
        .collect()
}

fn edited(directory: &Directory, graph: &Graph, memory: &Memory, dialect: Dialect) -> Vec<Edited> {
    let duplicates = directory.duplicates();
    directory
        .entries()
        .iter()
        .filter(|entry| memory.ledger.contains(&entry.version))
        // What was squashed is another text, and the same schema.
        .filter(|entry| squashed_into(&entry.version, graph, &memory.ledger).is_empty())
        // Of two directories with one version the other one is not an edit of this one.
        .filter(|entry| {
            !duplicates.iter().any(|duplicate| {
                duplicate.version == entry.version
                    && memory.record.find(&entry.version).is_some_and(|recorded| {
                        recorded.name != entry.name
                            && duplicate
                                .entries
                                .iter()
                                .any(|twin| twin.name == recorded.name)
                    })
            })
        })
        .filter_map(|entry| {
            let recorded = memory.record.find(&entry.version)?;
            let checksum = recorded.checksum.as_ref()?;
            if recorded.stamp == entry.stamp || same_text(entry, checksum, dialect) {
                return None;
            }
            Some(Edited {
                entry: entry.clone(),
                at: recorded.at.clone(),
                by: recorded.by.clone(),
            })
        })
        .collect()
}

fn same_text(entry: &Entry, recorded: &Checksum, dialect: Dialect) -> bool {
    entry.sql(Direction::Up).is_ok_and(|file| {
        let now = Checksum::of(&file.text, dialect);
        now.normalized == recorded.normalized
    })
}

/// A pending migration comes too late if one that is applied follows it. Where neither follows the
/// other they are on two branches, and their order is the business of whoever joins those.
pub(super) fn out_of_order(
    directory: &Directory,
    graph: &Graph,
    memory: &Memory,
) -> Option<OutOfOrder> {
    let newest = memory.ledger.newest()?;
    let is_early =
        |entry: &&Entry| entry.version < *newest && !memory.ledger.contains(&entry.version);
    if !directory.entries().iter().any(|entry| is_early(&entry)) {
        return None;
    }
    let versions = memory.ledger.versions();
    let followed = graph.ancestors(&versions);
    // What a migration follows whose directory is gone, nobody knows.
    let unknown = versions.iter().rfind(|version| {
        graph.find(version).is_none() && !is_absorbed(version, graph, &memory.ledger)
    });
    let pending: Vec<_> = directory
        .entries()
        .iter()
        .filter(is_early)
        .filter(|entry| {
            followed.contains(&entry.version)
                || unknown.is_some_and(|unknown| entry.version < *unknown)
        })
        .cloned()
        .collect();
    if pending.is_empty() {
        return None;
    }
    let needed_by = pending
        .iter()
        .filter_map(|entry| {
            let node = graph.find(&entry.version)?;
            let by = graph.children(node).find(|child| {
                child.depends_on.is_some() && memory.ledger.contains(&child.version)
            })?;
            Some((entry.version.clone(), by.name.clone()))
        })
        .collect();
    Some(OutOfOrder {
        pending,
        newest: name_of(directory, memory, newest),
        needed_by,
    })
}
