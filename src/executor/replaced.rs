//! Rows of migrations that were squashed into another one.
//!
//! A database that was built by the originals keeps their rows: an earlier release, which still has their
//! folders, would run them again without. They count as nothing as long as what they went into is applied,
//! and are forgotten when that is reverted, or when somebody asks for it.

use super::bookkeeping::{accept, prune};
use super::conflict::Missing;
use super::execute::ExecuteError;
use super::naming::name_of;
use crate::backend::{Database, Lock};
use crate::history::{Identity, Ledger, Memory};
use crate::migration::{Directory, Graph, Version};

/// Whether a version's row stands for nothing of its own: its folder is gone, and what it was squashed
/// into is applied.
#[must_use]
pub fn is_absorbed(version: &Version, graph: &Graph, ledger: &Ledger) -> bool {
    graph.find(version).is_none()
        && graph
            .replacement(version)
            .is_some_and(|by| ledger.contains(by))
}

/// The applied versions that were squashed into a migration, sorted.
#[must_use]
pub fn squashed_into(by: &Version, graph: &Graph, ledger: &Ledger) -> Vec<Version> {
    graph
        .replaced_by(by)
        .filter(|version| graph.find(version).is_none() && ledger.contains(version))
        .cloned()
        .collect()
}

/// The rows that stand for nothing of their own, sorted.
#[must_use]
pub fn absorbed(directory: &Directory, graph: &Graph, memory: &Memory) -> Vec<Missing> {
    memory
        .ledger
        .applied()
        .iter()
        .filter(|applied| is_absorbed(&applied.version, graph, &memory.ledger))
        .map(|applied| Missing {
            name: name_of(directory, memory, &applied.version),
            version: applied.version.clone(),
            run_on: applied.run_on.clone(),
            recorded: memory.record.find(&applied.version).is_some(),
        })
        .collect()
}

/// Forgets the rows of what was squashed into an applied migration, and records its text as the one that
/// is applied. Gives the names that were forgotten.
///
/// # Errors
/// What the server says. What is forgotten by then stays so, and is no loss.
pub fn forget_squashed(
    database: &mut dyn Database,
    lock: Option<&Lock>,
    identity: &Identity,
    files: (&Directory, &Graph),
    memory: &Memory,
    by: &Version,
) -> Result<Vec<String>, ExecuteError> {
    let (directory, graph) = files;
    let versions = squashed_into(by, graph, &memory.ledger);
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    // From now on the database is as if the squashed migration had made it.
    if memory.record.find(by).is_some()
        && let Some(entry) = directory.find(by)
    {
        accept(database, lock, identity, entry, "squashed")?;
    }
    let mut names = Vec::with_capacity(versions.len());
    for version in versions {
        let name = name_of(directory, memory, &version);
        prune(database, lock, identity, &version, &name)?;
        names.push(name);
    }
    Ok(names)
}
