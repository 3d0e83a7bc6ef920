//! The migrations between two places, whatever is applied.

use std::collections::{BTreeMap, BTreeSet};

use super::prepare::KnownMigration;
use super::routes::{RouteError, position};
use crate::migration::{Graph, Position, Range, Target, Version};

/// The migrations after one place and up to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The lower end, which is not part of it.
    pub after: Position,
    /// The upper end, which is.
    pub through: Position,
    /// The versions, oldest first.
    pub versions: Vec<Version>,
}

impl Stretch {
    /// Finds what lies between two targets. With a branch in one of them it is that branch, and what its
    /// migrations follow.
    ///
    /// # Errors
    /// A target names no place; or `from` comes after `to`.
    pub fn between(
        from: &Target,
        to: &Target,
        known: &BTreeMap<Version, KnownMigration>,
        graph: &Graph,
    ) -> Result<Self, StretchError> {
        let ends = [from, to].map(|target| position(target, known, graph));
        let [after, through] = ends;
        let (after, through) = (
            after.map_err(RouteError::from)?,
            through.map_err(RouteError::from)?,
        );
        if after > through {
            return Err(StretchError::Reversed {
                from: from.to_string(),
                to: to.to_string(),
            });
        }
        let is_between = |version: &Version| {
            let place = Position::Migration(version.clone());
            place > after && place <= through
        };
        let mut branch = None;
        for target in [from, to] {
            if let Some((nodes, _)) = target.branch(graph).map_err(RouteError::from)? {
                let versions = nodes.iter().map(|node| node.version.clone());
                branch.get_or_insert_with(BTreeSet::new).extend(versions);
            }
        }
        let versions = match branch {
            None => known
                .keys()
                .filter(|version| is_between(version))
                .cloned()
                .collect(),
            Some(branch) => {
                let mut versions: BTreeSet<Version> =
                    branch.into_iter().filter(is_between).collect();
                let behind: BTreeSet<Version> = match &after {
                    Position::Base => BTreeSet::new(),
                    Position::Migration(version) => {
                        let mut behind = graph.ancestors([version]);
                        behind.insert(version.clone());
                        behind
                    }
                };
                let followed = graph.ancestors(&versions);
                versions.extend(followed.difference(&behind).cloned());
                versions.into_iter().collect()
            }
        };
        Ok(Self {
            after,
            through,
            versions,
        })
    }

    /// What a target or a range means where migrations are chosen: one migration, or those after `a` up
    /// to `b`.
    ///
    /// # Errors
    /// As for [`Self::between`].
    pub fn chosen(
        text: &str,
        known: &BTreeMap<Version, KnownMigration>,
        graph: &Graph,
    ) -> Result<Vec<Version>, StretchError> {
        if Range::is_range(text) {
            let Range { from, to } = Range::parse(text).map_err(RouteError::from)?;
            let from = from.unwrap_or_else(Target::base);
            let to = to.unwrap_or_else(Target::head);
            return Ok(Self::between(&from, &to, known, graph)?.versions);
        }
        let target = Target::parse(text).map_err(RouteError::from)?;
        Ok(
            match position(&target, known, graph).map_err(RouteError::from)? {
                Position::Base => Vec::new(),
                Position::Migration(version) => vec![version],
            },
        )
    }
}

/// The directory's name of a position, as a person reads it.
#[must_use]
pub fn name_of_position(position: &Position, known: &BTreeMap<Version, KnownMigration>) -> String {
    match position {
        Position::Base => "base".to_owned(),
        Position::Migration(version) => known
            .get(version)
            .map_or_else(|| version.to_string(), |migration| migration.name.clone()),
    }
}

/// Whether a target can only be found by asking the database where it stands.
#[must_use]
pub fn needs_database(target: &Target) -> bool {
    let text = target.as_str();
    let text = text.split_once('@').map_or(text, |(_, rest)| rest);
    let signed = text
        .strip_prefix(['+', '-'])
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    let current = text
        .get(.."current".len())
        .is_some_and(|start| start.eq_ignore_ascii_case("current"))
        && text["current".len()..]
            .chars()
            .all(|rest| "~+-".contains(rest) || rest.is_ascii_digit());
    signed || current
}

/// Why there is no such stretch.
#[derive(Debug, thiserror::Error)]
pub enum StretchError {
    /// An end names no place.
    #[error(transparent)]
    Target(#[from] RouteError),
    /// The ends are the wrong way round.
    #[error("`{from}` comes after `{to}`")]
    Reversed {
        /// Where it should start.
        from: String,
        /// Where it should end.
        to: String,
    },
}

impl crate::error::Explain for StretchError {
    fn kind(&self) -> crate::error::Kind {
        match self {
            Self::Target(error) => error.kind(),
            Self::Reversed { .. } => crate::error::Kind::Usage,
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Target(error) => error.details(),
            Self::Reversed { .. } => Vec::new(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Target(error) => error.hints(),
            Self::Reversed { from, to } => vec![format!("turn them round: {to}:{from}")],
        }
    }
}

/// The migrations of a directory alone, none of them known to be applied.
#[must_use]
pub fn known_offline(directory: &crate::migration::Directory) -> BTreeMap<Version, KnownMigration> {
    super::prepare::known(directory, &crate::history::Memory::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_depends_on_the_database_needs_it() {
        for text in [
            "current",
            "Current~1",
            "+1",
            "-20",
            "billing@current",
            "a@-1",
        ] {
            assert!(needs_database(&Target::parse(text).unwrap()), "{text}");
        }
        for text in [
            "head",
            "base",
            "2026-01-01",
            "current_users",
            "a~1",
            "billing@head",
        ] {
            assert!(!needs_database(&Target::parse(text).unwrap()), "{text}");
        }
    }
}
