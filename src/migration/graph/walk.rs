//! Questions to the graph.

use std::collections::BTreeSet;

use super::{Fault, Graph, Node};
use crate::migration::version::Version;

impl Graph {
    /// The migrations, sorted by version.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What is wrong with dependencies.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The migration with a version.
    #[must_use]
    pub fn find(&self, version: &Version) -> Option<&Node> {
        self.index(version).map(|index| &self.nodes[index])
    }

    pub(super) fn index(&self, version: &Version) -> Option<usize> {
        self.nodes
            .binary_search_by(|node| node.version.cmp(version))
            .ok()
    }

    /// What a migration follows directly, sorted.
    pub fn parents<'a>(&'a self, node: &'a Node) -> impl DoubleEndedIterator<Item = &'a Node> {
        node.parents.iter().map(|index| &self.nodes[*index])
    }

    /// What follows a migration directly, sorted.
    pub fn children<'a>(&'a self, node: &'a Node) -> impl DoubleEndedIterator<Item = &'a Node> {
        node.children.iter().map(|index| &self.nodes[*index])
    }

    /// Whether nothing of its own folder follows a migration, directly or not.
    #[must_use]
    pub fn is_head(&self, node: &Node) -> bool {
        node.is_head
    }

    /// Those of some migrations that none of the others in their own folder follows, sorted.
    #[must_use]
    pub fn tips(&self, versions: &BTreeSet<&Version>) -> Vec<&Node> {
        let is_one = |node: &Node| versions.contains(&node.version);
        let tips = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(index, node)| is_one(node) && !is_followed(&self.nodes, *index, is_one));
        tips.map(|(_, node)| node).collect()
    }

    /// The migrations that nothing of their own folder follows, sorted.
    pub fn heads(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes.iter().filter(|node| self.is_head(node))
    }

    /// The migrations that nothing follows at all, sorted.
    pub fn last(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.children.is_empty())
    }

    /// The migrations that follow nothing, sorted.
    pub fn roots(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.parents.is_empty())
    }

    /// The migrations that several of their own folder follow directly, sorted.
    pub fn branch_points(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes.iter().filter(|node| {
            self.children(node)
                .filter(|child| child.folder == node.folder)
                .count()
                > 1
        })
    }

    /// All that the given migrations follow, directly or not, without themselves; versions that the
    /// graph does not have are passed over.
    #[must_use]
    pub fn ancestors<'a>(
        &self,
        versions: impl IntoIterator<Item = &'a Version>,
    ) -> BTreeSet<Version> {
        self.reach(versions, |node| &node.parents)
    }

    /// All that follow the given migrations, directly or not, without themselves.
    #[must_use]
    pub fn descendants<'a>(
        &self,
        versions: impl IntoIterator<Item = &'a Version>,
    ) -> BTreeSet<Version> {
        self.reach(versions, |node| &node.children)
    }

    fn reach<'a>(
        &self,
        versions: impl IntoIterator<Item = &'a Version>,
        next: impl Fn(&Node) -> &Vec<usize>,
    ) -> BTreeSet<Version> {
        let starts = versions
            .into_iter()
            .filter_map(|version| self.index(version))
            .collect();
        self.nodes
            .iter()
            .zip(self.reached(starts, next))
            .filter(|(_, is_reached)| *is_reached)
            .map(|(node, _)| node.version.clone())
            .collect()
    }

    /// For each migration whether edges lead to it from one of the starts.
    pub(super) fn reached(
        &self,
        starts: Vec<usize>,
        next: impl Fn(&Node) -> &Vec<usize>,
    ) -> Vec<bool> {
        let mut is_reached = vec![false; self.nodes.len()];
        let mut open = starts;
        while let Some(index) = open.pop() {
            for other in next(&self.nodes[index]) {
                if !std::mem::replace(&mut is_reached[*other], true) {
                    open.push(*other);
                }
            }
        }
        is_reached
    }

    /// The names that may stand before an `@`: labels, and folders where there are several; sorted.
    #[must_use]
    pub fn branch_names(&self) -> BTreeSet<&str> {
        self.nodes
            .iter()
            .flat_map(|node| node.labels.iter().map(String::as_str))
            .chain(self.folders.iter().map(String::as_str))
            .collect()
    }

    /// The name of the folder that a migration lies in, where there are several.
    #[must_use]
    pub fn folder_name(&self, node: &Node) -> Option<&str> {
        self.folders.get(node.folder).map(String::as_str)
    }

    /// The migrations of a branch: those with a label or after one that has it; or those of a folder.
    /// `None` if nothing is called so.
    #[must_use]
    pub fn branch(&self, name: &str) -> Option<Vec<&Node>> {
        if !self.branch_names().contains(name) {
            return None;
        }
        let folder = self.folders.iter().position(|folder| folder == name);
        Some(
            self.nodes
                .iter()
                .filter(|node| {
                    node.branches.iter().any(|branch| branch == name) || folder == Some(node.folder)
                })
                .collect(),
        )
    }
}

/// Whether a migration of the same folder that is asked for follows one, directly or not.
pub(super) fn is_followed(nodes: &[Node], index: usize, asked: impl Fn(&Node) -> bool) -> bool {
    let follows =
        |other: &usize| nodes[*other].folder == nodes[index].folder && asked(&nodes[*other]);
    let mut open = nodes[index].children.clone();
    // Most migrations are followed by the next one, and nothing has to be walked.
    if open.iter().any(follows) {
        return true;
    }
    if open.is_empty() {
        return false;
    }
    let mut is_seen = vec![false; nodes.len()];
    while let Some(at) = open.pop() {
        if follows(&at) {
            return true;
        }
        if !std::mem::replace(&mut is_seen[at], true) {
            open.extend(&nodes[at].children);
        }
    }
    false
}
