//! Which rows of the ledger have to go, and which to come, for it to say where a database stands.

use std::collections::{BTreeMap, BTreeSet};

use super::prepare::{KnownMigration, landmarks};
use super::routes::{RouteError, route};
use crate::backend::Direction;
use crate::error::{Explain, Kind};
use crate::migration::{Graph, Node, Position, Target, Version};

/// Rows to delete and to write; nothing is run for either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerRows {
    /// Applied migrations to forget, highest version first.
    pub forget: Vec<Version>,
    /// Migrations to record as applied, lowest version first.
    pub record: Vec<Version>,
    /// Applied migrations without a folder, whose rows stay because nobody knows what they follow.
    pub kept: Vec<Version>,
}

/// What becomes of the rows that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Those that are right stay as they are.
    Keep,
    /// All are deleted, also those of migrations without a folder.
    Erase,
}

impl LedgerRows {
    /// The rows for a database that stands at all of these targets: they, and all they follow, are
    /// applied, and nothing else.
    ///
    /// A target in a branch (`billing@head`) speaks of that branch alone, and one that is counted from
    /// where the database stands (`-1`) of the migrations in between; what else is applied stays so.
    ///
    /// # Errors
    /// A target names no place, or more than one.
    pub fn at(
        targets: &[Target],
        known: &BTreeMap<Version, KnownMigration>,
        graph: &Graph,
        before: Before,
    ) -> Result<Self, LedgerRowsError> {
        let applied: BTreeSet<Version> = known
            .iter()
            .filter(|(_, one)| one.applied)
            .map(|(version, _)| version.clone())
            .collect();
        let (mut wanted, is_about_all) = match targets {
            [one] if counts_from_here(one) => (from_here(one, &applied, known, graph)?, false),
            several => closure(several, &applied, known, graph, before)?,
        };
        let mut kept = Vec::new();
        match before {
            Before::Erase => wanted.retain(|version| graph.find(version).is_some()),
            Before::Keep if is_about_all => {
                kept = applied
                    .iter()
                    .filter(|version| graph.find(version).is_none())
                    .cloned()
                    .collect();
                wanted.extend(kept.iter().cloned());
            }
            Before::Keep => {}
        }
        Ok(match before {
            Before::Keep => Self {
                forget: applied
                    .iter()
                    .rev()
                    .filter(|version| !wanted.contains(*version))
                    .cloned()
                    .collect(),
                record: wanted.difference(&applied).cloned().collect(),
                kept,
            },
            Before::Erase => Self {
                forget: applied.into_iter().rev().collect(),
                record: wanted.into_iter().collect(),
                kept,
            },
        })
    }

    /// Whether the ledger says so already.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forget.is_empty() && self.record.is_empty()
    }
}

/// Whether a target means steps from where the database stands, or just there.
fn counts_from_here(target: &Target) -> bool {
    let text = target
        .as_str()
        .split_once('@')
        .map_or(target.as_str(), |(_, rest)| rest);
    text.starts_with(['-', '+']) || text.eq_ignore_ascii_case("current")
}

fn from_here(
    target: &Target,
    applied: &BTreeSet<Version>,
    known: &BTreeMap<Version, KnownMigration>,
    graph: &Graph,
) -> Result<BTreeSet<Version>, LedgerRowsError> {
    let mut wanted = applied.clone();
    if target.as_str().to_ascii_lowercase().ends_with("current") {
        return Ok(wanted);
    }
    let route = route(target, known, graph)?;
    match route.direction {
        Direction::Up => wanted.extend(route.versions),
        Direction::Down => wanted.retain(|version| !route.versions.contains(version)),
    }
    Ok(wanted)
}

/// What is applied if the database stands at these targets, and whether they speak of all migrations.
fn closure(
    targets: &[Target],
    applied: &BTreeSet<Version>,
    known: &BTreeMap<Version, KnownMigration>,
    graph: &Graph,
    before: Before,
) -> Result<(BTreeSet<Version>, bool), LedgerRowsError> {
    let mut reached = BTreeSet::new();
    let mut branches = Vec::new();
    for target in targets {
        if counts_from_here(target) {
            return Err(LedgerRowsError::NotAlone(target.to_string()));
        }
        let branch = target.branch(graph).map_err(RouteError::from)?;
        let place = Place {
            typed: target,
            known,
            graph,
        };
        let positions = match &branch {
            None => place.positions(target, &graph.nodes().iter().collect::<Vec<_>>())?,
            Some((nodes, rest)) => place.positions(rest, nodes)?,
        };
        reached.extend(graph.ancestors(&positions));
        reached.extend(positions);
        branches.extend(branch.map(|(nodes, _)| nodes));
    }
    if branches.len() < targets.len() || before == Before::Erase {
        return Ok((reached, true));
    }
    let gone: Vec<&Version> = branches
        .iter()
        .flatten()
        .map(|node| &node.version)
        .filter(|version| !reached.contains(*version))
        .collect();
    let after = graph.descendants(gone.iter().copied());
    let mut wanted: BTreeSet<Version> = applied
        .iter()
        .filter(|version| !gone.contains(version) && !after.contains(*version))
        .cloned()
        .collect();
    wanted.extend(reached);
    Ok((wanted, false))
}

/// Where a target is looked for.
struct Place<'a> {
    typed: &'a Target,
    known: &'a BTreeMap<Version, KnownMigration>,
    graph: &'a Graph,
}

impl Place<'_> {
    /// The migrations that a target means among those of a branch; none for `base`.
    fn positions(&self, target: &Target, nodes: &[&Node]) -> Result<Vec<Version>, LedgerRowsError> {
        let word = target.as_str().to_ascii_lowercase();
        if ["head", "heads", "latest"].contains(&word.as_str()) {
            let heads = self.heads(nodes);
            if word != "heads" {
                self.refuse_diverged(&heads)?;
            }
            return Ok(heads);
        }
        let inside: BTreeSet<&Version> = nodes.iter().map(|node| &node.version).collect();
        let landmarks: Vec<_> = landmarks(self.known)
            .into_iter()
            .filter(|one| inside.contains(one.version) || self.graph.find(one.version).is_none())
            .collect();
        match target.resolve(&landmarks).map_err(RouteError::from)? {
            Position::Base => Ok(Vec::new()),
            Position::Migration(version) if self.graph.find(&version).is_none() => {
                let name = self.known.get(&version).map(|one| one.name.clone());
                Err(LedgerRowsError::NoFolder(
                    name.unwrap_or_else(|| version.to_string()),
                ))
            }
            Position::Migration(version) => Ok(vec![version]),
        }
    }

    /// Those that nothing of the branch follows.
    fn heads(&self, nodes: &[&Node]) -> Vec<Version> {
        let inside: BTreeSet<&Version> = nodes.iter().map(|node| &node.version).collect();
        nodes
            .iter()
            .filter(|node| {
                self.graph
                    .children(node)
                    .all(|child| !inside.contains(&child.version))
            })
            .map(|node| node.version.clone())
            .collect()
    }

    /// `head` means all heads that are meant to be side by side; where a line has parted, one has to be
    /// named.
    fn refuse_diverged(&self, heads: &[Version]) -> Result<(), LedgerRowsError> {
        let parted = self.graph.divergences().into_iter().find(|divergence| {
            let concerned = divergence.heads().filter(|head| heads.contains(head));
            concerned.count() > 1
        });
        let Some(parted) = parted else {
            return Ok(());
        };
        Err(LedgerRowsError::SeveralHeads {
            typed: self.typed.to_string(),
            names: parted
                .heads()
                .filter_map(|head| self.graph.find(head))
                .map(|node| node.name.clone())
                .collect(),
        })
    }
}

/// Why the targets do not say which rows there should be.
#[derive(Debug, thiserror::Error)]
pub enum LedgerRowsError {
    /// One names no place.
    #[error(transparent)]
    Route(#[from] RouteError),
    /// It is a number of steps, and others stand beside it.
    #[error(
        "`{0}` is counted from where the database stands, so it cannot be one of several targets"
    )]
    NotAlone(String),
    /// One head is meant, and there are several.
    #[error("`{typed}` could be any of {} heads", .names.len())]
    SeveralHeads {
        /// As it was typed.
        typed: String,
        /// The heads.
        names: Vec<String>,
    },
    /// What it follows, nobody knows.
    #[error("`{0}` has no folder, so nothing tells what it follows")]
    NoFolder(String),
}

impl Explain for LedgerRowsError {
    fn kind(&self) -> Kind {
        match self {
            Self::Route(error) => error.kind(),
            Self::NotAlone(_) | Self::SeveralHeads { .. } | Self::NoFolder(_) => Kind::Usage,
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Route(error) => error.details(),
            Self::SeveralHeads { names, .. } => names.clone(),
            Self::NotAlone(_) | Self::NoFolder(_) => Vec::new(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Route(error) => error.hints(),
            Self::NotAlone(_) => vec!["name the migrations instead".to_owned()],
            Self::SeveralHeads { names, .. } => {
                let one = names.first().map(String::as_str).unwrap_or_default();
                vec![
                    "all of them: manage stamp heads".to_owned(),
                    format!("one of them: manage stamp {one}"),
                ]
            }
            Self::NoFolder(_) => vec![
                "bring its folder back, or name a migration that has one: manage showmigrations"
                    .to_owned(),
            ],
        }
    }
}

#[cfg(test)]
mod tests;
