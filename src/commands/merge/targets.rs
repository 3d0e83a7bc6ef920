//! Which heads are joined.

use std::collections::{BTreeMap, BTreeSet};

use super::error::MergeError;
use crate::error::CommandError;
use crate::executor::{self, KnownMigration, PrepareError};
use crate::migration::{
    Directory, Divergence, Fault, Finding, Graph, Node, Position, Target, TargetError, Version,
};

/// Stops at what makes the graph another one than it seems.
pub(super) fn check(directory: &Directory, graph: &Graph) -> Result<(), CommandError> {
    let faults: Vec<Finding> = graph.faults().iter().map(Fault::finding).collect();
    if !faults.is_empty() {
        return Err(PrepareError::Findings(faults).into());
    }
    match directory.duplicates().first() {
        None => Ok(()),
        Some(duplicate) => Err(MergeError::Duplicate {
            version: duplicate.version.to_string(),
            names: duplicate
                .entries
                .iter()
                .map(|entry| entry.name.clone())
                .collect(),
        }
        .into()),
    }
}

/// What there is to join: every line that has parted, or the heads that are named.
pub(super) fn find(
    graph: &Graph,
    targets: &[String],
    splice: bool,
) -> Result<Vec<Divergence>, CommandError> {
    match targets {
        [] => return Ok(graph.divergences()),
        [only] if only.eq_ignore_ascii_case("heads") => return Ok(graph.divergences()),
        _ => {}
    }
    let mut heads = BTreeSet::new();
    for text in targets {
        heads.extend(named(graph, text)?);
    }
    let nodes: Vec<&Node> = heads
        .iter()
        .filter_map(|version| graph.find(version))
        .collect();
    let &[first, _, ..] = nodes.as_slice() else {
        let name = nodes
            .first()
            .map_or_else(String::new, |node| node.name.clone());
        return Err(MergeError::Alone(name).into());
    };
    if let Some(other) = nodes.iter().find(|node| node.folder != first.folder) {
        return Err(MergeError::Folders {
            one: first.name.clone(),
            other: other.name.clone(),
        }
        .into());
    }
    for later in &nodes {
        let before = graph.ancestors([&later.version]);
        if let Some(earlier) = nodes.iter().find(|node| before.contains(&node.version)) {
            return Err(MergeError::Follows {
                later: later.name.clone(),
                earlier: earlier.name.clone(),
            }
            .into());
        }
    }
    if !splice && let Some(node) = nodes.iter().find(|node| !graph.is_head(node)) {
        return Err(not_a_head(graph, node).into());
    }
    let versions: Vec<&Version> = nodes.iter().map(|node| &node.version).collect();
    Ok(vec![graph.divergence(&versions)])
}

/// The migrations that a target names: one, or all heads.
fn named(graph: &Graph, text: &str) -> Result<Vec<Version>, CommandError> {
    let target = Target::parse(text)?;
    let (branch, rest) = match target.branch(graph)? {
        Some((nodes, rest)) => (Some(nodes), rest),
        None => (None, target.clone()),
    };
    if rest.as_str().eq_ignore_ascii_case("heads") {
        let is_in = |node: &Node| {
            branch
                .as_ref()
                .is_none_or(|nodes| nodes.iter().any(|one| one.version == node.version))
        };
        return Ok(graph
            .heads()
            .filter(|node| is_in(node))
            .map(|node| node.version.clone())
            .collect());
    }
    let among = |nodes: &mut dyn Iterator<Item = &Node>| {
        let known: BTreeMap<Version, KnownMigration> = nodes
            .map(|node| {
                let known = KnownMigration {
                    name: node.name.clone(),
                    applied: false,
                    on_disk: true,
                };
                (node.version.clone(), known)
            })
            .collect();
        executor::position(&target, &known, graph)
    };
    let position = match among(&mut graph.nodes().iter()) {
        // Of several that are called so, a head is meant.
        Err(TargetError::Ambiguous { text, candidates }) => {
            among(&mut graph.heads()).map_err(|_| TargetError::Ambiguous { text, candidates })?
        }
        outcome => outcome?,
    };
    match position {
        Position::Base => Err(MergeError::Base(text.to_owned()).into()),
        Position::Migration(version) => Ok(vec![version]),
    }
}

fn not_a_head(graph: &Graph, node: &Node) -> MergeError {
    let after = graph.descendants([&node.version]);
    let heads = graph
        .heads()
        .filter(|head| head.folder == node.folder && after.contains(&head.version))
        .map(|head| head.name.clone())
        .collect();
    let follower = graph
        .children(node)
        .find(|child| child.folder == node.folder)
        .map_or_else(String::new, |child| child.name.clone());
    MergeError::NotAHead {
        name: node.name.clone(),
        follower,
        heads,
    }
}
