//! A conflict, for the person who decides.

use crate::backend::Direction;
use crate::executor::{Conflict, Member, Parting};
use crate::history::JournalRun;
use crate::migration::{Divergence, Duplicate};
use crate::ui::words;
use std::collections::BTreeSet;

/// How many names of tables are worth reading in a line.
const MOST_TOUCHED: usize = 4;

/// What is wrong in one sentence, then a line for each migration concerned.
#[must_use]
pub fn conflict(conflict: &Conflict) -> (String, Vec<String>) {
    match conflict {
        Conflict::Unfinished(runs) => unfinished(runs),
        Conflict::Diverged(divergences) => (
            match divergences.as_slice() {
                [one] => format!(
                    "the migrations have diverged: {} that nothing joins",
                    words::count(one.branches.len(), "head")
                ),
                several => format!(
                    "the migrations have diverged in {}, and nothing joins the heads",
                    words::count(several.len(), "place")
                ),
            },
            divergences.iter().flat_map(heads).collect(),
        ),
        Conflict::Duplicate(duplicates) => (
            format!(
                "{} used by more than one folder; `diesel` runs one of them and never the others",
                verb(duplicates.len(), "version", "is", "are")
            ),
            duplicates
                .iter()
                .map(|duplicate| {
                    format!(
                        "{}: {}",
                        duplicate.version,
                        words::list(&twins(duplicate), 5)
                    )
                })
                .collect(),
        ),
        Conflict::Missing(missing) => (
            format!(
                "{} applied, but the folder is gone",
                verb(missing.len(), "migration", "is", "are")
            ),
            missing
                .iter()
                .map(|one| {
                    let recorded = if one.recorded {
                        ""
                    } else {
                        ", not recorded by manage"
                    };
                    format!("{}  (applied {} UTC{recorded})", one.name, one.run_on)
                })
                .collect(),
        ),
        Conflict::Edited(edited) => (
            format!(
                "{} edited after being applied",
                verb(edited.len(), "migration", "was", "were")
            ),
            edited
                .iter()
                .map(|one| {
                    format!(
                        "{}  (applied {} UTC by {})",
                        one.entry.path.join("up.sql").display(),
                        one.at,
                        one.by
                    )
                })
                .collect(),
        ),
        Conflict::OutOfOrder(late) => (
            format!(
                "{} pending, but older than `{}`, which is applied",
                verb(late.pending.len(), "migration", "is", "are"),
                late.newest
            ),
            late.pending
                .iter()
                .map(|entry| match late.needed_by.get(&entry.version) {
                    Some(by) => format!("{}  (`{by}` depends on it and is applied)", entry.name),
                    None => entry.name.clone(),
                })
                .collect(),
        ),
    }
}

fn unfinished(runs: &[JournalRun]) -> (String, Vec<String>) {
    (
        match runs {
            [one] => format!(
                "`{}` is unfinished: an earlier run stopped while {} it",
                one.name,
                doing(one.direction)
            ),
            several => format!(
                "{} are unfinished: earlier runs stopped inside them",
                words::count(several.len(), "migration")
            ),
        },
        runs.iter()
            .map(|run| {
                format!(
                    "{}  ({} of {} in effect; {} UTC by {} on {})",
                    run.name,
                    run.done,
                    words::count(run.statements, "statement"),
                    run.at,
                    run.by,
                    run.host
                )
            })
            .collect(),
    )
}

fn doing(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "applying",
        Direction::Down => "reverting",
    }
}

fn heads(divergence: &Divergence) -> impl Iterator<Item = String> {
    divergence.branches.iter().map(|branch| branch.name.clone())
}

/// Both sides of a divergence as a small tree, with what is applied and what each migration touches.
#[must_use]
pub fn parting(parting: &Parting) -> Vec<String> {
    let mark = |member: &Member| if member.applied { "[X]" } else { "[ ]" };
    let width = parting
        .sides
        .iter()
        .flat_map(|side| &side.members)
        .map(|member| member.name.chars().count())
        .max()
        .unwrap_or_default();
    let mut lines = vec![match &parting.fork {
        Some(fork) => format!("{} {}", mark(fork), fork.name),
        None => "base".to_owned(),
    }];
    let last = parting.sides.len().saturating_sub(1);
    for (number, side) in parting.sides.iter().enumerate() {
        for (place, member) in side.members.iter().enumerate() {
            let rail = match (number == last, place) {
                (false, 0) => "├─",
                (true, 0) => "└─",
                (false, _) => "│ ",
                (true, _) => "  ",
            };
            let touches = words::list(&member.touches, MOST_TOUCHED);
            let line = format!("{rail} {} {:width$}  {touches}", mark(member), member.name);
            lines.push(line.trim_end().to_owned());
        }
    }
    if !parting.common.is_empty() {
        let who = if parting.sides.len() > 2 {
            "more than one side touches"
        } else {
            "both sides touch"
        };
        lines.push(format!(
            "{who} {}",
            words::list(&parting.common, MOST_TOUCHED)
        ));
    }
    lines
}

/// The directories with one version; with their folders, where those differ.
fn twins(duplicate: &Duplicate) -> Vec<String> {
    let folders: BTreeSet<_> = duplicate
        .entries
        .iter()
        .map(|entry| entry.path.parent())
        .collect();
    duplicate
        .entries
        .iter()
        .map(|entry| match folders.len() {
            0 | 1 => entry.name.clone(),
            _ => entry.path.display().to_string(),
        })
        .collect()
}

fn verb(number: usize, noun: &str, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        words::count(number, noun),
        if number == 1 { one } else { many }
    )
}
