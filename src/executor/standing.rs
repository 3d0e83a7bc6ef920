//! Where a database stands in the graph: what `current` shows.

use std::collections::HashSet;

use super::conflict::{Missing, OutOfOrder, missing, out_of_order};
use crate::history::{JournalRun, Memory};
use crate::migration::{Directory, Graph, Node, Version};

/// Where one database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The applied migrations that nothing applied of their own folder follows, sorted.
    pub reached: Vec<Reached>,
    /// How many migrations with a folder are applied.
    pub applied: usize,
    /// How many are not.
    pub pending: usize,
    /// What is applied and has no folder.
    pub missing: Vec<Missing>,
    /// What is pending although something that is applied follows it.
    pub out_of_order: Option<OutOfOrder>,
    /// What was begun by a run that did not end.
    pub unfinished: Vec<JournalRun>,
}

/// One of the places where a database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The version.
    pub version: Version,
    /// The directory's name.
    pub name: String,
    /// The name of its folder, where there are several.
    pub folder: Option<String>,
    /// The labels that hold here.
    pub branches: Vec<String>,
    /// Whether nothing follows it.
    pub is_head: bool,
    /// How many pending migrations follow it.
    pub behind: usize,
    /// When it was applied, in UTC.
    pub run_on: String,
    /// By whom, if recorded.
    pub by: Option<String>,
    /// How long it took in milliseconds, if recorded.
    pub milliseconds: Option<i64>,
}

impl Standing {
    /// Finds out where a database stands.
    #[must_use]
    pub fn of(directory: &Directory, graph: &Graph, memory: &Memory) -> Self {
        let is_applied = |node: &Node| memory.ledger.contains(&node.version);
        let applied = graph.nodes().iter().filter(|node| is_applied(node)).count();
        // What something applied of the same folder follows, directly or not.
        let mut followed: HashSet<&Version> = HashSet::new();
        for node in graph.nodes().iter().rev() {
            let is_followed = graph.children(node).any(|child| {
                child.folder == node.folder
                    && (is_applied(child) || followed.contains(&child.version))
            });
            if is_followed {
                followed.insert(&node.version);
            }
        }
        let reached = graph
            .nodes()
            .iter()
            .filter(|node| is_applied(node) && !followed.contains(&node.version))
            .filter_map(|node| {
                let row = memory.ledger.find(&node.version)?;
                let recorded = memory.record.find(&node.version);
                Some(Reached {
                    version: node.version.clone(),
                    name: node.name.clone(),
                    folder: graph.folder_name(node).map(str::to_owned),
                    branches: node.branches.to_vec(),
                    is_head: graph.is_head(node),
                    behind: graph
                        .descendants([&node.version])
                        .iter()
                        .filter(|version| !memory.ledger.contains(version))
                        .count(),
                    run_on: row.run_on.clone(),
                    by: recorded.map(|recorded| recorded.by.clone()),
                    milliseconds: recorded.map(|recorded| recorded.milliseconds),
                })
            })
            .collect();
        Self {
            reached,
            applied,
            pending: graph.nodes().len() - applied,
            missing: missing(directory, graph, memory),
            out_of_order: out_of_order(directory, graph, memory),
            unfinished: memory.journal.runs().to_vec(),
        }
    }

    /// Whether everything on disk is applied, and so every head reached.
    #[must_use]
    pub fn is_at_heads(&self) -> bool {
        self.pending == 0 && self.unfinished.is_empty()
    }

    /// What is applied, has no folder and is newer than all else: the database is ahead of the files.
    pub fn ahead(&self) -> impl Iterator<Item = &Missing> {
        let newest = self.reached.iter().map(|one| &one.version).max();
        self.missing
            .iter()
            .filter(move |one| newest.is_none_or(|newest| one.version > *newest))
    }
}
