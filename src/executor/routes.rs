//! From a target to a route, with the branch that the target may name.

use std::collections::{BTreeMap, BTreeSet};

use super::prepare::{KnownMigration, PrepareError, landmarks};
use crate::backend::Direction;
use crate::migration::{
    Fault, Finding, Graph, Known, PlanError, Position, Route, Target, TargetError, Version,
};

/// Why a target leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// It names no place.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// There is no way to the place.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Dependencies that no order can honour.
    #[error(transparent)]
    Graph(PrepareError),
}

impl crate::error::Explain for RouteError {
    fn kind(&self) -> crate::error::Kind {
        match self {
            Self::Target(error) => error.kind(),
            Self::Plan(error) => error.kind(),
            Self::Graph(error) => error.kind(),
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Target(error) => error.details(),
            Self::Plan(error) => error.details(),
            Self::Graph(error) => error.details(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Target(error) => error.hints(),
            Self::Plan(error) => error.hints(),
            Self::Graph(error) => error.hints(),
        }
    }
}

/// The place that a target means.
///
/// # Errors
/// It names none.
pub fn position(
    target: &Target,
    known: &BTreeMap<Version, KnownMigration>,
    graph: &Graph,
) -> Result<Position, TargetError> {
    let all = landmarks(known);
    match target.branch(graph)? {
        None => target.resolve(&all),
        Some((nodes, rest)) => in_branch(target, &rest, &within(&all, &versions(&nodes))),
    }
}

/// The place that the rest of a target means among the migrations of its branch.
fn in_branch(whole: &Target, rest: &Target, branch: &[Known<'_>]) -> Result<Position, TargetError> {
    rest.resolve(branch).map_err(|error| {
        let name = whole.as_str().split_once('@').map(|(name, _)| name);
        error.within(name.unwrap_or_default())
    })
}

/// What is wrong with dependencies. One on a migration that is applied and whose directory is gone is
/// none of it: that is a matter between the directory and the database.
#[must_use]
pub fn graph_faults(known: &BTreeMap<Version, KnownMigration>, graph: &Graph) -> Vec<Finding> {
    graph
        .faults()
        .iter()
        .filter(|fault| {
            !fault
                .unknown()
                .is_some_and(|version| known.get(version).is_some_and(|one| one.applied))
        })
        .map(Fault::finding)
        .collect()
}

fn refuse_faults(
    known: &BTreeMap<Version, KnownMigration>,
    graph: &Graph,
) -> Result<(), RouteError> {
    let faults = graph_faults(known, graph);
    if faults.is_empty() {
        return Ok(());
    }
    Err(RouteError::Graph(PrepareError::Findings(faults)))
}

/// The way to a target, forwards or back. In a branch, what it follows is applied with it, and what
/// follows it is reverted with it.
///
/// # Errors
/// The target names no place, or a dependency leads nowhere.
pub fn route(
    target: &Target,
    known: &BTreeMap<Version, KnownMigration>,
    graph: &Graph,
) -> Result<Route, RouteError> {
    refuse_faults(known, graph)?;
    let all = landmarks(known);
    let Some((nodes, rest)) = target.branch(graph)? else {
        let position = target.resolve(&all)?;
        return Ok(Route::to(&all, &position));
    };
    let landmarks = within(&all, &versions(&nodes));
    let position = in_branch(target, &rest, &landmarks)?;
    Ok(widened(&Route::to(&landmarks, &position), known, graph))
}

/// The way back to a target.
///
/// # Errors
/// The target names no place, or one that is not applied, or a dependency leads nowhere.
pub fn route_back(
    target: &Target,
    known: &BTreeMap<Version, KnownMigration>,
    graph: &Graph,
) -> Result<Route, RouteError> {
    refuse_faults(known, graph)?;
    let all = landmarks(known);
    let Some((nodes, rest)) = target.branch(graph)? else {
        let position = target.resolve(&all)?;
        return Ok(Route::back_to(&all, &position)?);
    };
    let landmarks = within(&all, &versions(&nodes));
    let position = in_branch(target, &rest, &landmarks)?;
    Ok(widened(
        &Route::back_to(&landmarks, &position)?,
        known,
        graph,
    ))
}

fn versions<'a>(nodes: &[&'a crate::migration::Node]) -> BTreeSet<&'a Version> {
    nodes.iter().map(|node| &node.version).collect()
}

fn within<'a>(all: &[Known<'a>], versions: &BTreeSet<&Version>) -> Vec<Known<'a>> {
    all.iter()
        .filter(|known| versions.contains(known.version))
        .copied()
        .collect()
}

/// The route with what else has to run: pending migrations that it follows, or applied ones that follow
/// what is reverted.
fn widened(route: &Route, known: &BTreeMap<Version, KnownMigration>, graph: &Graph) -> Route {
    let is_applied = |version: &Version| known.get(version).is_some_and(|one| one.applied);
    let mut versions: BTreeSet<Version> = route.versions.iter().cloned().collect();
    let versions: Vec<Version> = match route.direction {
        Direction::Up => {
            let before = graph.ancestors(&route.versions);
            versions.extend(before.into_iter().filter(|version| !is_applied(version)));
            versions.into_iter().collect()
        }
        Direction::Down => {
            let after = graph.descendants(&route.versions);
            versions.extend(after.into_iter().filter(is_applied));
            versions.into_iter().rev().collect()
        }
    };
    Route {
        direction: route.direction,
        versions,
    }
}
