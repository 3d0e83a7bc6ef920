//! What lies on each side of a divergence: what is applied here, and what each migration touches.

use std::collections::BTreeSet;

use super::naming::name_of;
use crate::backend::Direction;
use crate::history::Memory;
use crate::migration::{Directory, Divergence, Version};
use crate::sql::{self, Dialect};

/// A divergence as somebody has to see it who decides about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The newest migration that all sides follow.
    pub fork: Option<Member>,
    /// One for each head.
    pub sides: Vec<Side>,
    /// What more than one side touches, sorted.
    pub common: Vec<String>,
}

/// One side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its migrations, oldest first; the last is the head.
    pub members: Vec<Member>,
}

/// A migration on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The version.
    pub version: Version,
    /// The directory's name.
    pub name: String,
    /// Whether it is applied here.
    pub applied: bool,
    /// The tables and other objects that its `up.sql` changes.
    pub touches: Vec<String>,
}

impl Side {
    /// The name of its head.
    #[must_use]
    pub fn name(&self) -> &str {
        self.members.last().map_or("", |member| &member.name)
    }

    /// Its versions.
    #[must_use]
    pub fn versions(&self) -> Vec<Version> {
        let versions = self.members.iter().map(|member| member.version.clone());
        versions.collect()
    }

    /// Whether any of it is applied here.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.members.iter().any(|member| member.applied)
    }
}

impl Parting {
    /// Reads the files on all sides.
    #[must_use]
    pub fn of(
        divergence: &Divergence,
        directory: &Directory,
        memory: &Memory,
        dialect: Dialect,
    ) -> Self {
        let member = |version: &Version, touches| Member {
            version: version.clone(),
            name: name_of(directory, memory, version),
            applied: memory.ledger.contains(version),
            touches,
        };
        let sides: Vec<Side> = divergence
            .branches
            .iter()
            .map(|branch| Side {
                members: branch
                    .versions
                    .iter()
                    .map(|version| member(version, touches(directory, version, dialect)))
                    .collect(),
            })
            .collect();
        Self {
            fork: divergence
                .fork
                .as_ref()
                .map(|fork| member(fork, Vec::new())),
            common: common(&sides),
            sides,
        }
    }
}

/// A file that cannot be read is told of when it is to run.
fn touches(directory: &Directory, version: &Version, dialect: Dialect) -> Vec<String> {
    let Some(Ok(file)) = directory
        .find(version)
        .map(|entry| entry.sql(Direction::Up))
    else {
        return Vec::new();
    };
    let Ok(script) = sql::split(&file.text, dialect) else {
        return Vec::new();
    };
    let statements = script.statements.iter().map(|statement| statement.text);
    sql::script_touches(statements, dialect)
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn common(sides: &[Side]) -> Vec<String> {
    let touched: Vec<BTreeSet<&String>> = sides
        .iter()
        .map(|side| side.members.iter().flat_map(|member| &member.touches))
        .map(Iterator::collect)
        .collect();
    let all: BTreeSet<&String> = touched.iter().flatten().copied().collect();
    all.into_iter()
        .filter(|name| touched.iter().filter(|side| side.contains(name)).count() > 1)
        .cloned()
        .collect()
}
