//! Which migrations are to be moved where nobody named any.

use std::collections::BTreeSet;

use super::git::Repository;
use super::standing::{Standing, quoted};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::Conflicts;
use crate::migration::{Directory, Divergence, Graph, Version};
use crate::settings::Connection;
use crate::sql::Dialect;
use crate::ui::{Choice, Question};

/// Branches on which others build, so that neither side of a merge there is anybody's own.
const SHARED: &[&str] = &["main", "master", "trunk", "develop"];

/// What is to be moved.
#[derive(Default)]
pub(super) struct Mine {
    pub(super) versions: Vec<Version>,
    /// Why these, a line for each reason.
    pub(super) because: Vec<String>,
    /// The first migration of another branch.
    pub(super) other: Option<String>,
}

/// One side of a divergence: what only it has.
struct Side {
    versions: Vec<Version>,
    names: Vec<String>,
}

/// Finds what is to be moved: of parted branches the one that is not shared yet, else pending migrations
/// that are older than what they follow.
///
/// # Errors
/// It cannot be told, and nobody is there to ask.
pub(super) fn mine(
    context: &Context,
    connection: &Connection,
    directory: &Directory,
    graph: &Graph,
    standing: &Standing,
) -> Result<Mine, CommandError> {
    let divergences = graph.divergences();
    if divergences.is_empty() {
        return Ok(late(connection, directory, graph, standing));
    }
    let mut mine = Mine::default();
    for divergence in &divergences {
        let sides = sides(graph, divergence);
        let (moves, because) = match decide(directory, &sides, standing) {
            Some((moves, because)) => (moves, Some(because)),
            None => (vec![ask(context, &sides)?], None),
        };
        mine.other = (0..sides.len())
            .find(|index| !moves.contains(index))
            .and_then(|index| sides[index].names.first().cloned());
        for index in &moves {
            mine.versions.extend(sides[*index].versions.iter().cloned());
        }
        mine.because.extend(because);
    }
    Ok(mine)
}

/// Pending migrations that something applied follows.
fn late(
    connection: &Connection,
    directory: &Directory,
    graph: &Graph,
    standing: &Standing,
) -> Mine {
    let Some(seen) = standing
        .seen
        .iter()
        .find(|seen| seen.connection.name == connection.name)
    else {
        return Mine::default();
    };
    // Whether texts were edited is of no matter here, so neither is how they are read.
    let conflicts = Conflicts::find(directory, graph, &seen.memory, Dialect::Sqlite);
    conflicts
        .out_of_order
        .map_or_else(Mine::default, |late| Mine {
            versions: late
                .pending
                .iter()
                .map(|entry| entry.version.clone())
                .collect(),
            because: vec![format!(
                "pending, and older than `{}`, which is applied on `{}`",
                late.newest, connection.name
            )],
            other: None,
        })
}

fn sides(graph: &Graph, divergence: &Divergence) -> Vec<Side> {
    divergence
        .branches
        .iter()
        .enumerate()
        .map(|(index, _)| {
            // Of three heads two may have more in common with each other than with the third.
            let versions = divergence.own(index);
            let names = versions
                .iter()
                .filter_map(|version| graph.find(version))
                .map(|node| node.name.clone())
                .collect();
            Side { versions, names }
        })
        .collect()
}

/// The sides to move, and the fact that says so.
fn decide(
    directory: &Directory,
    sides: &[Side],
    standing: &Standing,
) -> Option<(Vec<usize>, String)> {
    by_databases(sides, standing).or_else(|| {
        let repository = directory
            .folders()
            .iter()
            .find_map(|folder| Repository::of(folder))?;
        by_git(&repository, sides)
    })
}

/// Nothing of it is applied anywhere, and something of another side is.
fn by_databases(sides: &[Side], standing: &Standing) -> Option<(Vec<usize>, String)> {
    let places: Vec<BTreeSet<&str>> = sides
        .iter()
        .map(|side| {
            side.versions
                .iter()
                .flat_map(|version| standing.applied_on(version))
                .collect()
        })
        .collect();
    let moves: Vec<usize> = (0..sides.len())
        .filter(|index| places[*index].is_empty())
        .collect();
    let all: BTreeSet<&str> = places.iter().flatten().copied().collect();
    let all: Vec<&str> = all.into_iter().collect();
    (!all.is_empty() && !moves.is_empty()).then(|| {
        (
            moves,
            format!(
                "{} {} the other branch, and nothing of this one",
                quoted(&all),
                if all.len() == 1 { "has" } else { "have" },
            ),
        )
    })
}

fn by_git(repository: &Repository, sides: &[Side]) -> Option<(Vec<usize>, String)> {
    let without = |names: &BTreeSet<String>| absent(sides, names);
    if let Some(moves) = repository.kept().and_then(|names| without(&names)) {
        return Some((moves, "git does not have it yet".to_owned()));
    }
    if let Some(published) = repository.published()
        && let Some(moves) = repository
            .entries(&published)
            .and_then(|names| without(&names))
    {
        return Some((moves, format!("it is not on `{published}` yet")));
    }
    if let Some(onto) = repository.rebased_onto()
        && let Some(moves) = repository.entries(&onto).and_then(|names| without(&names))
    {
        return Some((moves, "git is rebasing it".to_owned()));
    }
    // What stands on the branch that others were merged into is that branch's own.
    let (ours, theirs) = repository.merged()?;
    let branch = repository
        .branch()
        .filter(|branch| !SHARED.contains(&branch.as_str()))?;
    let moves = without(&repository.entries(theirs)?)?;
    let others = without(&repository.entries(ours)?)?;
    (moves.len() + others.len() == sides.len()).then(|| {
        (
            moves,
            format!("it is the own work of `{branch}`, into which the other was merged"),
        )
    })
}

/// The sides of which nothing is among the names, if all of every other side is.
fn absent(sides: &[Side], names: &BTreeSet<String>) -> Option<Vec<usize>> {
    let mut absent = Vec::new();
    for (index, side) in sides.iter().enumerate() {
        let there = side
            .names
            .iter()
            .filter(|name| names.contains(*name))
            .count();
        if there == 0 {
            absent.push(index);
        } else if there < side.names.len() {
            return None;
        }
    }
    (!absent.is_empty() && absent.len() < sides.len()).then_some(absent)
}

fn ask(context: &Context, sides: &[Side]) -> Result<usize, CommandError> {
    let choices: Vec<Choice> = sides
        .iter()
        .map(|side| {
            let first = side.names.first().cloned().unwrap_or_default();
            let more = match side.names.len() {
                0 | 1 => String::new(),
                number => format!("and {} after it", number - 1),
            };
            Choice::new(first, more)
        })
        .collect();
    let question = Question {
        ask: "Which branch moves after the other".to_owned(),
        unattended: "which branch moves after the other is not known, and nobody can be asked"
            .to_owned(),
        about: Vec::new(),
        flags: choices
            .iter()
            .map(|choice| format!("move this one: manage rebase {}", choice.value))
            .collect(),
    };
    Ok(context.ui.choose(&question, &choices)?)
}
