//! Heads that nobody meant to have side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, Node};
use crate::migration::version::Version;

/// Two or more heads of one line of migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The newest migration that all of them follow; `None` where they have no beginning in common.
    pub fork: Option<Version>,
    /// One for each head, in the order of the heads' versions.
    pub branches: Vec<Branch>,
}

/// What stands on one side of a divergence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its newest migration.
    pub head: Version,
    /// The name of that migration's directory.
    pub name: String,
    /// The migrations that lead to the head and are not shared by all sides, oldest first; the head is
    /// the last.
    pub versions: Vec<Version>,
}

impl Divergence {
    /// The heads, sorted.
    pub fn heads(&self) -> impl Iterator<Item = &Version> {
        self.branches.iter().map(|branch| &branch.head)
    }

    /// What one side has and no other.
    #[must_use]
    pub fn own(&self, side: usize) -> Vec<Version> {
        let others = |version: &Version| {
            let mut branches = self.branches.iter().enumerate();
            branches.any(|(index, branch)| index != side && branch.versions.contains(version))
        };
        self.branches.get(side).map_or_else(Vec::new, |branch| {
            let versions = branch.versions.iter();
            versions
                .filter(|version| !others(version))
                .cloned()
                .collect()
        })
    }

    /// Whether a migration is on one of the sides.
    #[must_use]
    pub fn concerns(&self, version: &Version) -> bool {
        self.branches
            .iter()
            .any(|branch| branch.versions.contains(version))
    }
}

impl Graph {
    /// Where lines of migrations have parted. Heads of different folders, or with different labels, are
    /// meant to be side by side; and where a dependency leads nowhere, nobody knows what is.
    #[must_use]
    pub fn divergences(&self) -> Vec<Divergence> {
        let mut lines: BTreeMap<(usize, &[String]), Vec<&Node>> = BTreeMap::new();
        for head in self.heads() {
            lines
                .entry((head.folder, &*head.branches))
                .or_default()
                .push(head);
        }
        let mut divergences: Vec<_> = lines
            .into_values()
            .filter(|heads| heads.len() > 1)
            .map(|heads| {
                let heads: Vec<_> = heads.iter().map(|head| &head.version).collect();
                self.divergence(&heads)
            })
            .filter(|divergence| !self.is_cut(divergence))
            .collect();
        divergences.sort_by(|a, b| a.branches[0].head.cmp(&b.branches[0].head));
        divergences
    }

    fn is_cut(&self, divergence: &Divergence) -> bool {
        let mut versions = divergence
            .branches
            .iter()
            .flat_map(|branch| &branch.versions);
        versions.any(|version| self.find(version).is_some_and(Node::is_cut))
    }

    /// What lies on each side of given heads, in the folders that these are in.
    #[must_use]
    pub fn divergence(&self, heads: &[&Version]) -> Divergence {
        let heads: BTreeSet<usize> = heads
            .iter()
            .filter_map(|version| self.index(version))
            .collect();
        let folders: BTreeSet<usize> = heads.iter().map(|head| self.nodes[*head].folder).collect();
        let reached: Vec<Vec<bool>> = heads
            .iter()
            .map(|head| {
                let mut reached = self.reached(vec![*head], |node| &node.parents);
                reached[*head] = true;
                reached
            })
            .collect();
        let own = |index: &usize| folders.contains(&self.nodes[*index].folder);
        let is_shared = |index: &usize| reached.iter().all(|side| side[*index]);
        let branches = heads
            .iter()
            .zip(&reached)
            .map(|(head, side)| Branch {
                head: self.nodes[*head].version.clone(),
                name: self.nodes[*head].name.clone(),
                versions: (0..=*head)
                    .filter(|index| side[*index] && own(index) && !is_shared(index))
                    .map(|index| self.nodes[index].version.clone())
                    .collect(),
            })
            .collect();
        let fork = (0..self.nodes.len())
            .rev()
            .find(|index| own(index) && is_shared(index))
            .filter(|_| !heads.is_empty());
        Divergence {
            fork: fork.map(|index| self.nodes[index].version.clone()),
            branches,
        }
    }
}
