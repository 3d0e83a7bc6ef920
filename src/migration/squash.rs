//! Several migrations as one: which they are, and what that does to those around them.
//!
//! The one takes the version of the last, so that a database that has them all sees it as applied, and a
//! fresh one runs it; `diesel` alike.

use std::collections::BTreeSet;

use super::graph::{Graph, Node};
use super::version::Version;
use crate::error::{Explain, Kind};

mod text;

pub use text::{Joined, Member, Unjoinable, joined};

/// Migrations that become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Squash {
    /// Their versions, oldest first; the last is the one that stays.
    pub members: Vec<Version>,
    /// What they follow outside of themselves, sorted.
    pub depends_on: Vec<Version>,
    /// The labels written into them, sorted.
    pub labels: Vec<String>,
    /// Migrations that say they follow one of them other than the last, sorted.
    pub followers: Vec<Version>,
}

impl Squash {
    /// What becomes one between two migrations, both included: all that follow the first and that the
    /// last follows, in one folder. Without a first, all that the last follows.
    ///
    /// # Errors
    /// There is nothing to squash, or something outside would have to run before what it follows.
    pub fn of(graph: &Graph, start: Option<&Version>, end: &Version) -> Result<Self, SquashError> {
        let find = |version: &Version| {
            graph
                .find(version)
                .ok_or_else(|| SquashError::NoFolder(version.clone()))
        };
        let last = find(end)?;
        let before = graph.ancestors([end]);
        let after = match start {
            None => None,
            Some(start) => {
                let first = find(start)?;
                if first.folder != last.folder || (start != end && !before.contains(start)) {
                    return Err(SquashError::NotBefore {
                        start: first.name.clone(),
                        end: last.name.clone(),
                    });
                }
                let mut after = graph.descendants([start]);
                after.insert(start.clone());
                Some(after)
            }
        };
        let is_member = |node: &&Node| {
            node.folder == last.folder
                && (node.version == *end || before.contains(&node.version))
                && after
                    .as_ref()
                    .is_none_or(|after| after.contains(&node.version))
        };
        let nodes: Vec<&Node> = graph.nodes().iter().filter(is_member).collect();
        if nodes.len() < 2 {
            return Err(SquashError::Nothing(last.name.clone()));
        }
        let members: BTreeSet<&Version> = nodes.iter().map(|node| &node.version).collect();
        let mut depends_on = BTreeSet::new();
        let mut labels = BTreeSet::new();
        for node in &nodes {
            labels.extend(node.labels.iter().cloned());
            depends_on.extend(
                graph
                    .parents(node)
                    .filter(|parent| !members.contains(&parent.version))
                    .map(|parent| parent.version.clone()),
            );
            for child in graph.children(node) {
                if !members.contains(&child.version) && child.version < *end {
                    return Err(SquashError::Reversed {
                        outside: child.name.clone(),
                        inside: node.name.clone(),
                        end: last.name.clone(),
                    });
                }
            }
        }
        let followers = graph
            .nodes()
            .iter()
            .filter(|node| !members.contains(&node.version))
            .filter(|node| {
                node.depends_on
                    .iter()
                    .flatten()
                    .any(|version| version != end && members.contains(version))
            })
            .map(|node| node.version.clone())
            .collect();
        Ok(Self {
            members: members.into_iter().cloned().collect(),
            depends_on: depends_on.into_iter().collect(),
            labels: labels.into_iter().collect(),
            followers,
        })
    }

    /// The versions that go: all but the last.
    #[must_use]
    pub fn replaced(&self) -> &[Version] {
        self.members
            .split_last()
            .map_or(&[], |(_, replaced)| replaced)
    }
}

/// Why migrations cannot become one.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SquashError {
    /// A version has no folder, so there is nothing to take together.
    #[error("migration {0} has no folder")]
    NoFolder(Version),
    /// One migration is one already.
    #[error("there is nothing to squash: `{0}` would be the only one")]
    Nothing(String),
    /// The first does not lead to the last.
    #[error("`{end}` does not follow `{start}`, so they cannot become one")]
    NotBefore {
        /// The name of the first.
        start: String,
        /// The name of the last.
        end: String,
    },
    /// Something outside stands between them.
    #[error("`{outside}` follows `{inside}` and comes before `{end}`, so it would run too early")]
    Reversed {
        /// What is outside.
        outside: String,
        /// What it follows.
        inside: String,
        /// The last of the range.
        end: String,
    },
}

impl Explain for SquashError {
    fn kind(&self) -> Kind {
        match self {
            Self::Nothing(_) | Self::NotBefore { .. } => Kind::Usage,
            Self::NoFolder(_) | Self::Reversed { .. } => Kind::Failure,
        }
    }

    fn details(&self) -> Vec<String> {
        vec!["nothing was written".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoFolder(_) => vec!["see what there is: manage showmigrations".to_owned()],
            Self::Nothing(_) => {
                vec![
                    "name two that follow each other: manage squashmigrations START END".to_owned(),
                ]
            }
            Self::NotBefore { .. } => vec!["see what follows what: manage branches".to_owned()],
            Self::Reversed { inside, .. } => vec![format!("squash up to it: {inside}")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::graph::Declaration;

    /// `a < b c` is a migration `a` that follows `b` and `c`; `a` alone follows the one before it.
    fn graph(lines: &[&str]) -> Graph {
        let declarations = lines
            .iter()
            .map(|line| {
                let (version, follows) = match line.split_once('<') {
                    None => (*line, None),
                    Some((version, follows)) => (
                        version.trim(),
                        Some(follows.split_whitespace().map(Version::parse).collect()),
                    ),
                };
                Declaration {
                    version: Version::parse(version),
                    name: format!("{version}_name"),
                    path: version.into(),
                    folder: 0,
                    depends_on: follows,
                    labels: Vec::new(),
                }
            })
            .collect();
        Graph::of(declarations, Vec::new())
    }

    fn squash(lines: &[&str], start: Option<&str>, end: &str) -> String {
        let start = start.map(Version::parse);
        let list = |versions: &[Version]| {
            versions
                .iter()
                .map(Version::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        };
        match Squash::of(&graph(lines), start.as_ref(), &Version::parse(end)) {
            Ok(squash) => format!(
                "{} after [{}] before [{}]",
                list(&squash.members),
                list(&squash.depends_on),
                list(&squash.followers)
            ),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_chain_becomes_one_and_keeps_its_neighbours() {
        let chain = ["1", "2", "3", "4", "5 < 4"];
        assert_eq!(squash(&chain, Some("2"), "4"), "2 3 4 after [1] before []");
        assert_eq!(squash(&chain, None, "3"), "1 2 3 after [] before []");
        assert_eq!(
            squash(&chain, Some("4"), "4"),
            "there is nothing to squash: `4_name` would be the only one"
        );
        assert_eq!(
            squash(&chain, Some("4"), "2"),
            "`2_name` does not follow `4_name`, so they cannot become one"
        );
    }

    #[test]
    fn what_follows_one_of_them_follows_the_last() {
        let forked = ["1", "2", "3", "4 < 2", "5 < 3 4"];
        assert_eq!(squash(&forked, None, "3"), "1 2 3 after [] before [4]");
    }

    #[test]
    fn a_branch_that_is_joined_becomes_part_of_it() {
        let joined = ["1", "2 < 1", "3 < 1", "4 < 2 3"];
        assert_eq!(squash(&joined, None, "4"), "1 2 3 4 after [] before []");
        assert_eq!(squash(&joined, Some("2"), "4"), "2 4 after [1 3] before []");
    }

    #[test]
    fn nothing_outside_comes_to_run_before_what_it_follows() {
        let between = ["1", "2 < 1", "3 < 1", "4 < 2"];
        assert_eq!(
            squash(&between, Some("1"), "4"),
            "`3_name` follows `1_name` and comes before `4_name`, so it would run too early"
        );
    }
}
