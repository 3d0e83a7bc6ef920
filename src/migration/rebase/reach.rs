//! What moves along with what was named.

use std::collections::BTreeSet;

use crate::migration::graph::Graph;
use crate::migration::version::Version;

/// The given migrations and those that say they follow one of them, directly or not.
///
/// One that follows by its place alone comes along only if both are on one side of a divergence;
/// otherwise it is somebody else's that happens to be newer.
#[must_use]
pub fn with_followers(graph: &Graph, versions: &[Version]) -> BTreeSet<Version> {
    let divergences = graph.divergences();
    let sides: Vec<&[Version]> = divergences
        .iter()
        .flat_map(|divergence| divergence.branches.iter())
        .map(|branch| branch.versions.as_slice())
        .collect();
    let is_beside = |a: &Version, b: &Version| {
        sides
            .iter()
            .any(|side| side.contains(a) && side.contains(b))
    };
    let mut found: BTreeSet<Version> = versions.iter().cloned().collect();
    let mut open: Vec<Version> = versions.to_vec();
    while let Some(version) = open.pop() {
        let Some(node) = graph.find(&version) else {
            continue;
        };
        for child in graph.children(node) {
            let comes_along = child.depends_on.is_some() || is_beside(&version, &child.version);
            if comes_along && found.insert(child.version.clone()) {
                open.push(child.version.clone());
            }
        }
    }
    found
}

/// The given migrations, and where one of them is on a side of a divergence, all that this side alone has: a
/// part of it that stayed behind would be a head of its own.
#[must_use]
pub fn with_their_sides(graph: &Graph, versions: &[Version]) -> Vec<Version> {
    let mut all: BTreeSet<Version> = versions.iter().cloned().collect();
    for divergence in graph.divergences() {
        for side in 0..divergence.branches.len() {
            let own = divergence.own(side);
            if versions.iter().any(|version| own.contains(version)) {
                all.extend(own);
            }
        }
    }
    all.into_iter().collect()
}
