//! Migrations of a graph with what is known about them, however they are shown.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::migration::{Graph, Node, Version};
use crate::ui::visible_line;

/// A graph, and what somebody found out about its migrations.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// What is applied, where a database was asked.
    pub applied: Option<&'a BTreeSet<Version>>,
    /// Where the database stands: what is applied and nothing applied follows.
    pub current: &'a BTreeSet<Version>,
    /// What migrations are for, as far as their metadata.toml was read for that.
    pub descriptions: &'a BTreeMap<Version, String>,
    /// Whether to say all there is to say.
    pub verbose: bool,
}

impl View<'_> {
    /// Whether a migration is applied, where a database was asked.
    pub(super) fn is_applied(&self, node: &Node) -> Option<bool> {
        Some(self.applied?.contains(&node.version))
    }

    /// What stands in brackets behind the name: `head; label billing`.
    pub(in crate::ui::render) fn remarks(&self, node: &Node) -> String {
        let mut remarks = Vec::new();
        if self.graph.is_head(node) {
            remarks.push("head".to_owned());
        }
        if self.current.contains(&node.version) {
            remarks.push("current".to_owned());
        }
        match node.labels.as_slice() {
            [] => {}
            [label] => remarks.push(format!("label {label}")),
            labels => remarks.push(format!("labels {}", labels.join(", "))),
        }
        if let Some(folder) = self.graph.folder_name(node) {
            remarks.push(format!("folder {folder}"));
        }
        remarks.join("; ")
    }

    /// What `-v` tells below the name.
    pub(in crate::ui::render) fn details(&self, node: &Node) -> Vec<String> {
        if !self.verbose {
            return Vec::new();
        }
        let mut lines = vec![format!("follows {}", self.follows(node))];
        let inherited: Vec<&str> = node
            .branches
            .iter()
            .filter(|branch| !node.labels.contains(branch))
            .map(String::as_str)
            .collect();
        if !inherited.is_empty() {
            lines.push(format!("in branch {}", inherited.join(", ")));
        }
        lines.push(node.path.display().to_string());
        if let Some(description) = self.descriptions.get(&node.version) {
            lines.extend(description.trim().lines().map(shown));
        }
        lines
    }

    /// What it follows, by name; also what it says it follows and is not there.
    pub(in crate::ui::render) fn follows(&self, node: &Node) -> String {
        let mut names: Vec<String> = self
            .graph
            .parents(node)
            .map(|parent| parent.name.clone())
            .collect();
        names.extend(
            node.depends_on
                .iter()
                .flatten()
                .filter(|version| self.graph.find(version).is_none())
                .map(|version| format!("{version} (not there)")),
        );
        if names.is_empty() {
            return "nothing".to_owned();
        }
        names.join(", ")
    }

    /// A migration as JSON.
    #[must_use]
    pub fn json(&self, node: &Node) -> Value {
        let versions = |nodes: Vec<&Node>| -> Vec<String> {
            nodes.iter().map(|node| node.version.to_string()).collect()
        };
        json!({
            "version": node.version.as_str(),
            "name": node.name,
            "path": node.path.display().to_string(),
            "folder": self.graph.folder_name(node),
            "follows": versions(self.graph.parents(node).collect()),
            "followed_by": versions(self.graph.children(node).collect()),
            "labels": node.labels,
            "branches": &*node.branches,
            "head": self.graph.is_head(node),
            "applied": self.is_applied(node),
            "current": self.applied.map(|_| self.current.contains(&node.version)),
            "description": self.descriptions.get(&node.version),
        })
    }
}

/// A line that somebody else wrote, without what would steer the terminal.
pub(in crate::ui::render) fn shown(line: &str) -> String {
    visible_line(line).into_owned()
}
