//! Why a target names no place.

use super::Position;
use crate::error::{Explain, Kind};

/// Why a target names no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Nothing was typed.
    #[error("the target is empty")]
    Empty,
    /// No migration is named so.
    #[error("no migration matches `{}`", .text.escape_debug())]
    Unknown {
        /// What was typed.
        text: String,
        /// What looks like it, best first.
        nearest: Vec<String>,
    },
    /// No branch is named so.
    #[error("no branch is called `{}`", .name.escape_debug())]
    UnknownBranch {
        /// What was typed before the `@`.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// Several migrations match at the same rule.
    #[error("`{}` matches {} migrations", .text.escape_debug(), .candidates.len())]
    Ambiguous {
        /// What was typed.
        text: String,
        /// The directories that match.
        candidates: Vec<String>,
    },
    /// There are fewer pending migrations.
    #[error("`{text}` goes too far: {}", tell(*.pending, "pending"))]
    TooFarForward {
        /// What was typed.
        text: String,
        /// How many are pending.
        pending: usize,
    },
    /// There are fewer applied migrations.
    #[error("`{text}` goes too far: {}", tell(*.applied, "applied"))]
    TooFarBack {
        /// What was typed.
        text: String,
        /// How many are applied.
        applied: usize,
    },
    /// There are fewer places on that side of the migration.
    #[error("`{}` goes too far: {} {side} `{start}`", .text.escape_debug(), steps(*.available))]
    TooFarBeside {
        /// What was typed.
        text: String,
        /// The place from which the steps were counted.
        start: Position,
        /// `before` or `after`.
        side: &'static str,
        /// How many places there are on that side.
        available: usize,
    },
    /// The first of no migrations.
    #[error("`{text}` names nothing, for there are no migrations")]
    NoMigrations {
        /// What was typed.
        text: String,
    },
    /// One place is wanted.
    #[error("`{}` is a range, and one migration is wanted here", .text.escape_debug())]
    RangeNotWanted {
        /// What was typed.
        text: String,
    },
    /// Two places are wanted.
    #[error("`{}` is not a range", .text.escape_debug())]
    NotARange {
        /// What was typed.
        text: String,
    },
}

impl TargetError {
    /// The same error about a target that was looked for in a branch.
    #[must_use]
    pub fn within(mut self, branch: &str) -> Self {
        match &mut self {
            Self::Unknown { text, .. }
            | Self::Ambiguous { text, .. }
            | Self::TooFarForward { text, .. }
            | Self::TooFarBack { text, .. }
            | Self::TooFarBeside { text, .. }
            | Self::NoMigrations { text }
            | Self::RangeNotWanted { text }
            | Self::NotARange { text } => *text = format!("{branch}@{text}"),
            Self::Empty | Self::UnknownBranch { .. } => {}
        }
        self
    }
}

/// The branch before a target, with its `@`.
fn branch_of(text: &str) -> String {
    text.split_once('@')
        .map_or_else(String::new, |(branch, _)| format!("{branch}@"))
}

impl Explain for TargetError {
    fn kind(&self) -> Kind {
        match self {
            Self::Empty | Self::RangeNotWanted { .. } | Self::NotARange { .. } => Kind::Usage,
            Self::Unknown { .. }
            | Self::UnknownBranch { .. }
            | Self::Ambiguous { .. }
            | Self::TooFarForward { .. }
            | Self::TooFarBack { .. }
            | Self::TooFarBeside { .. }
            | Self::NoMigrations { .. } => Kind::Failure,
        }
    }

    fn hints(&self) -> Vec<String> {
        let list = || "see what there is: manage showmigrations".to_owned();
        match self {
            Self::Empty | Self::RangeNotWanted { .. } => {
                vec!["name one place, such as head, base, -1, or a version".to_owned()]
            }
            Self::Unknown { text, nearest } => {
                let mut hints = Vec::new();
                if !nearest.is_empty() {
                    hints.push(format!("did you mean {}?", one_of(nearest)));
                }
                if text.len() <= super::STEP_DIGITS && text.bytes().all(|b| b.is_ascii_digit()) {
                    hints.push(format!(
                        "for a number of steps, write its sign: +{text} or -{text}"
                    ));
                } else if text.chars().count() < 3 {
                    hints.push("type three characters of its name or more".to_owned());
                }
                hints.push(list());
                hints
            }
            Self::UnknownBranch { known, .. } => {
                if known.is_empty() {
                    vec![
                        "a branch is named by a label: manage makemigrations --label NAME"
                            .to_owned(),
                    ]
                } else {
                    vec![format!("there is {}", one_of(known))]
                }
            }
            Self::Ambiguous { .. } => {
                vec!["type more of it, or the whole name of the directory".to_owned()]
            }
            Self::TooFarForward { text, pending } => match pending {
                0 => vec![list()],
                1.. => vec![format!(
                    "to apply them all: manage migrate {}head",
                    branch_of(text)
                )],
            },
            Self::TooFarBack { text, applied } => match applied {
                0 => vec![list()],
                1.. => vec![format!(
                    "to revert them all: manage downgrade {}base",
                    branch_of(text)
                )],
            },
            Self::TooFarBeside { .. } => vec![list()],
            Self::NoMigrations { .. } => {
                vec!["write the first migration: manage makemigrations".to_owned()]
            }
            Self::NotARange { .. } => {
                vec![
                    "write two places with a colon between them, such as base:head or current:"
                        .to_owned(),
                ]
            }
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Ambiguous { candidates, .. } => candidates.clone(),
            Self::Empty
            | Self::Unknown { .. }
            | Self::UnknownBranch { .. }
            | Self::TooFarForward { .. }
            | Self::TooFarBack { .. }
            | Self::TooFarBeside { .. }
            | Self::NoMigrations { .. }
            | Self::RangeNotWanted { .. }
            | Self::NotARange { .. } => Vec::new(),
        }
    }
}

/// Tells how many migrations are in a state.
fn tell(count: usize, state: &str) -> String {
    match count {
        0 => format!("no migration is {state}"),
        1 => format!("1 migration is {state}"),
        2.. => format!("{count} migrations are {state}"),
    }
}

/// Tells how many places there are.
fn steps(count: usize) -> String {
    match count {
        0 => "nothing comes".to_owned(),
        1 => "there is 1 step".to_owned(),
        2.. => format!("there are {count} steps"),
    }
}

/// Joins the guesses: `a`, `b` or `c`.
fn one_of(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
