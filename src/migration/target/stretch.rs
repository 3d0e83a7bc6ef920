//! The migrations between two places of the graph.

use std::collections::BTreeSet;

use super::{Keyword, Known, Position, Range, Step, Target, TargetError};
use crate::migration::graph::{Graph, Node};
use crate::migration::version::Version;

impl Target {
    /// Whether its meaning depends on what is applied: `current`, `+1`, `current~2`, `billing@-1`.
    #[must_use]
    pub fn depends_on_database(&self) -> bool {
        let text = self
            .0
            .split_once('@')
            .map_or(self.0.as_str(), |(_, rest)| rest);
        let word = Step::beside(text).map_or(text, |(left, _)| left);
        Step::from_here(text).is_some() || Keyword::of(word) == Some(Keyword::Current)
    }
}

impl Range {
    /// Reads a range, or one place, which means all that leads to it.
    ///
    /// # Errors
    /// Neither.
    pub fn up_to_or_between(text: &str) -> Result<Self, TargetError> {
        if Self::is_range(text) {
            return Self::parse(text);
        }
        Ok(Self {
            from: None,
            to: Some(Target::parse(text)?),
        })
    }

    /// Whether one of its ends depends on what is applied.
    #[must_use]
    pub fn depends_on_database(&self) -> bool {
        let ends = [&self.from, &self.to];
        ends.into_iter().flatten().any(Target::depends_on_database)
    }

    /// The migrations that lead from one end to the other along the graph, both ends included.
    ///
    /// `head` stands for every head, and `current` for everything that is applied: `current:` is what is
    /// pending, and where the database stands. `known` has an entry for each migration.
    ///
    /// # Errors
    /// An end names no place.
    pub fn stretch(
        &self,
        graph: &Graph,
        known: &[Known<'_>],
    ) -> Result<BTreeSet<Version>, TargetError> {
        let all = || graph.nodes().iter().map(|node| node.version.clone());
        let upper = match &self.to {
            None => None,
            Some(target) => End::of(target, graph, known)?.before(graph, known),
        };
        let lower = match &self.from {
            None => None,
            Some(target) => End::of(target, graph, known)?.after(graph, known),
        };
        Ok(match (upper, lower) {
            (None, None) => all().collect(),
            (Some(one), None) | (None, Some(one)) => one,
            (Some(upper), Some(lower)) => upper.intersection(&lower).cloned().collect(),
        })
    }
}

/// What one end of a range means.
enum End<'a> {
    /// The heads: of everything, or of a branch.
    Heads(Option<Vec<&'a Node>>),
    /// Before everything, or before a branch.
    Base(Option<Vec<&'a Node>>),
    /// Everything that is applied, or that of a branch.
    Current(Option<Vec<&'a Node>>),
    /// A migration.
    At(Version),
}

impl<'a> End<'a> {
    fn of(target: &Target, graph: &'a Graph, known: &[Known<'_>]) -> Result<Self, TargetError> {
        let (nodes, target) = match target.branch(graph)? {
            Some((nodes, rest)) => (Some(nodes), rest),
            None => (None, target.clone()),
        };
        match Keyword::of(target.as_str()) {
            Some(Keyword::Head) => return Ok(Self::Heads(nodes)),
            Some(Keyword::Base) => return Ok(Self::Base(nodes)),
            Some(Keyword::Current) => return Ok(Self::Current(nodes)),
            Some(Keyword::First) | None => {}
        }
        let position = match &nodes {
            None => target.resolve(known)?,
            Some(nodes) => {
                let inside: BTreeSet<&Version> = nodes.iter().map(|node| &node.version).collect();
                let known: Vec<Known<'_>> = known
                    .iter()
                    .filter(|known| inside.contains(known.version))
                    .copied()
                    .collect();
                target.resolve(&known)?
            }
        };
        Ok(match position {
            Position::Base => Self::Base(nodes),
            Position::Migration(version) => Self::At(version),
        })
    }

    /// What leads to the end, with it; `None` is everything.
    fn before(&self, graph: &Graph, known: &[Known<'_>]) -> Option<BTreeSet<Version>> {
        let through = |tips: BTreeSet<Version>| {
            let mut all = graph.ancestors(&tips);
            all.extend(tips);
            all
        };
        match self {
            Self::Heads(None) => None,
            Self::Heads(Some(nodes)) => Some(through(
                nodes.iter().map(|node| node.version.clone()).collect(),
            )),
            Self::Base(_) => Some(BTreeSet::new()),
            Self::Current(nodes) => Some(through(applied(nodes.as_deref(), graph, known))),
            // What leads to a migration without a folder, only the order of versions tells.
            Self::At(version) if graph.find(version).is_none() => Some(
                graph
                    .nodes()
                    .iter()
                    .map(|node| node.version.clone())
                    .filter(|other| other <= version)
                    .collect(),
            ),
            Self::At(version) => Some(through(BTreeSet::from([version.clone()]))),
        }
    }

    /// What the end leads to, with it; `None` is everything.
    fn after(&self, graph: &Graph, known: &[Known<'_>]) -> Option<BTreeSet<Version>> {
        let versions = |nodes: &[&Node]| -> BTreeSet<Version> {
            nodes.iter().map(|node| node.version.clone()).collect()
        };
        match self {
            Self::Heads(None) => Some(graph.heads().map(|node| node.version.clone()).collect()),
            Self::Heads(Some(nodes)) => {
                let inside = versions(nodes);
                let is_last = |node: &&&Node| {
                    graph
                        .children(node)
                        .all(|child| !inside.contains(&child.version))
                };
                Some(
                    nodes
                        .iter()
                        .filter(is_last)
                        .map(|node| node.version.clone())
                        .collect(),
                )
            }
            Self::Base(nodes) => nodes.as_deref().map(versions),
            Self::Current(nodes) => {
                let applied = applied(nodes.as_deref(), graph, known);
                let followed = graph.ancestors(&applied);
                let scope = nodes.as_deref().map_or_else(
                    || {
                        graph
                            .nodes()
                            .iter()
                            .map(|node| node.version.clone())
                            .collect()
                    },
                    versions,
                );
                // Where the database stands, and all that is not applied.
                let stays =
                    |version: &Version| !applied.contains(version) || !followed.contains(version);
                Some(scope.into_iter().filter(stays).collect())
            }
            Self::At(version) if graph.find(version).is_none() => Some(
                graph
                    .nodes()
                    .iter()
                    .map(|node| node.version.clone())
                    .filter(|other| other >= version)
                    .collect(),
            ),
            Self::At(version) => {
                let mut all = graph.descendants([version]);
                all.insert(version.clone());
                Some(all)
            }
        }
    }
}

/// The applied migrations that have a folder, of a branch or of all.
fn applied(nodes: Option<&[&Node]>, graph: &Graph, known: &[Known<'_>]) -> BTreeSet<Version> {
    let inside: Option<BTreeSet<&Version>> =
        nodes.map(|nodes| nodes.iter().map(|node| &node.version).collect());
    known
        .iter()
        .filter(|known| known.applied && graph.find(known.version).is_some())
        .filter(|known| {
            inside
                .as_ref()
                .is_none_or(|inside| inside.contains(known.version))
        })
        .map(|known| known.version.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::migration::graph::Declaration;

    /// A fork after 2 into 3, 5 and 4, joined in 6; 5 begins the branch `billing`.
    fn graph() -> Graph {
        let declaration = |version: &str, depends_on: &[&str], labels: &[&str]| Declaration {
            version: Version::parse(version),
            name: format!("{version}_step"),
            path: PathBuf::from(version),
            folder: 0,
            depends_on: Some(depends_on.iter().map(|text| Version::parse(text)).collect()),
            labels: labels.iter().map(|&label| label.to_owned()).collect(),
        };
        Graph::of(
            vec![
                declaration("0001", &[], &[]),
                declaration("0002", &["0001"], &[]),
                declaration("0003", &["0002"], &[]),
                declaration("0004", &["0002"], &[]),
                declaration("0005", &["0003"], &["billing"]),
                declaration("0006", &["0004", "0005"], &[]),
            ],
            Vec::new(),
        )
    }

    fn of(range: &str, applied: &[&str]) -> String {
        let graph = graph();
        let known: Vec<_> = graph
            .nodes()
            .iter()
            .map(|node| Known {
                version: &node.version,
                name: &node.name,
                applied: applied.contains(&node.version.as_str()),
            })
            .collect();
        let range = Range::up_to_or_between(range).unwrap();
        let found = range.stretch(&graph, &known).unwrap();
        let found: Vec<_> = found.iter().map(|version| &version.as_str()[3..]).collect();
        found.concat()
    }

    #[test]
    fn both_ends_are_part_of_it() {
        assert_eq!(of("0002:0004", &[]), "24");
        assert_eq!(of("0002:0006", &[]), "23456");
        assert_eq!(of("0003:0006", &[]), "356");
        assert_eq!(of("0004:0003", &[]), "");
    }

    #[test]
    fn an_open_end_is_the_base_or_the_heads() {
        assert_eq!(of(":", &[]), "123456");
        assert_eq!(of(":0004", &[]), "124");
        assert_eq!(of("0004", &[]), "124");
        assert_eq!(of("0004:", &[]), "46");
        assert_eq!(of("head:", &[]), "6");
        assert_eq!(of("base:heads", &[]), "123456");
    }

    #[test]
    fn current_stands_for_all_that_is_applied() {
        let applied = ["0001", "0002", "0004"];
        assert_eq!(of(":current", &applied), "124");
        assert_eq!(of("current:", &applied), "3456");
        assert_eq!(of("current:", &[]), "123456");
        assert_eq!(of("0002:current", &applied), "24");
        assert_eq!(of("-1:", &applied), "23456");
    }

    #[test]
    fn a_branch_can_be_an_end() {
        assert_eq!(of("billing@base:billing@head", &[]), "56");
        assert_eq!(of("billing@head", &[]), "123456");
        assert_eq!(of(":billing@first", &[]), "1235");
        assert_eq!(of("billing@head:", &[]), "6");
    }

    #[test]
    fn a_database_is_needed_for_places_that_are_where_it_stands() {
        for text in [
            "current",
            "CURRENT:",
            ":+1",
            "-2",
            "current~1:",
            "billing@current",
            "billing@-1",
        ] {
            assert!(
                Range::up_to_or_between(text).unwrap().depends_on_database(),
                "{text}"
            );
        }
        for text in ["head", ":", "0002:0003", "head~1", "billing@head", "0002-1"] {
            assert!(
                !Range::up_to_or_between(text).unwrap().depends_on_database(),
                "{text}"
            );
        }
    }
}
