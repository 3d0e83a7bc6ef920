//! What is going to happen, as a value: shown, run, printed as SQL and tested, it is the same one.

use std::path::PathBuf;

use super::directory::Stamp;
use super::target::{Known, Position};
use super::version::Version;
use crate::backend::Direction;
use crate::error::Explain;

/// Which migrations to run, and which way; without their content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Which way.
    pub direction: Direction,
    /// In the order they run.
    pub versions: Vec<Version>,
}

impl Route {
    /// The way to a position, forwards or back.
    ///
    /// Back, if the position is applied and something after it is too; else forwards, through all
    /// that is pending up to it. Never both.
    #[must_use]
    pub fn to(known: &[Known<'_>], position: &Position) -> Self {
        let after = applied_after(known, position);
        let reached = match position {
            Position::Base => true,
            Position::Migration(version) => known
                .iter()
                .any(|migration| migration.applied && migration.version == version),
        };
        if reached && !after.is_empty() {
            return Self {
                direction: Direction::Down,
                versions: after,
            };
        }
        let versions = known
            .iter()
            .filter(|migration| !migration.applied)
            .filter(|migration| match position {
                Position::Base => false,
                Position::Migration(version) => migration.version <= version,
            })
            .map(|migration| migration.version.clone())
            .collect();
        Self {
            direction: Direction::Up,
            versions,
        }
    }

    /// The way back to a position.
    ///
    /// # Errors
    /// The position is a migration that is not applied.
    pub fn back_to(known: &[Known<'_>], position: &Position) -> Result<Self, PlanError> {
        if let Position::Migration(version) = position {
            let found = known.iter().find(|migration| migration.version == version);
            if !found.is_some_and(|migration| migration.applied) {
                return Err(PlanError::NotApplied(found.map_or_else(
                    || version.to_string(),
                    |migration| migration.name.to_owned(),
                )));
            }
        }
        Ok(Self {
            direction: Direction::Down,
            versions: applied_after(known, position),
        })
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }
}

/// Highest version first, as Diesel reverts.
fn applied_after(known: &[Known<'_>], position: &Position) -> Vec<Version> {
    known
        .iter()
        .rev()
        .filter(|migration| migration.applied)
        .filter(|migration| match position {
            Position::Base => true,
            Position::Migration(version) => migration.version > version,
        })
        .map(|migration| migration.version.clone())
        .collect()
}

/// A route with everything that is needed to run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which way.
    pub direction: Direction,
    /// What was applied when the plan was made, sorted; the executor refuses a plan that is stale.
    pub base: Vec<Version>,
    /// In the order they run.
    pub steps: Vec<Step>,
}

impl Plan {
    /// What is left of it where others have done a part of it meanwhile; `None` where they did something
    /// else, and it has to be made anew.
    #[must_use]
    pub fn remaining(&self, applied: &[Version]) -> Option<Self> {
        let is_applied = |version: &Version| applied.binary_search(version).is_ok();
        let was_applied = |version: &Version| self.base.binary_search(version).is_ok();
        let is_done = |step: &Step| match step.direction {
            Direction::Up => is_applied(&step.version),
            Direction::Down => !is_applied(&step.version),
        };
        let mut changed = applied
            .iter()
            .filter(|version| !was_applied(version))
            .chain(self.base.iter().filter(|version| !is_applied(version)));
        if !changed.all(|version| {
            let mut steps = self.steps.iter().filter(|step| step.version == *version);
            steps.next().is_some_and(&is_done) && steps.next().is_none()
        }) {
            return None;
        }
        Some(Self {
            direction: self.direction,
            base: applied.to_vec(),
            steps: if applied == self.base {
                self.steps.clone()
            } else {
                let left = self.steps.iter().filter(|step| !is_done(step));
                left.cloned().collect()
            },
        })
    }
}

/// One migration, one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The version as Diesel records it.
    pub version: Version,
    /// The directory's name; the version where the directory is gone and was never recorded.
    pub name: String,
    /// Which way.
    pub direction: Direction,
    /// Whether its SQL is executed or only the record written.
    pub execution: Execution,
    /// Whether the file asks for one transaction; Diesel's `run_in_transaction`.
    pub transactional: bool,
    /// What is executed.
    pub script: Script,
    /// What takes an applied migration back, kept for the day its files are gone.
    pub down: Option<String>,
    /// Size and time of `up.sql`, kept to notice an edit cheaply.
    pub stamp: Stamp,
    /// The text of `metadata.toml`, kept for the same day.
    pub metadata: Option<String>,
}

/// Whether a step's SQL is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Execution {
    /// Execute and record.
    Run,
    /// Record without executing.
    Fake,
}

/// SQL with where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The whole text.
    pub text: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a step's SQL came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// What the database recorded when the migration was applied.
    History,
    /// Nowhere: nothing is executed.
    Nowhere,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PlanError {
    /// One cannot go back to what is not there.
    #[error("migration `{0}` is not applied, so there is no going back to it")]
    NotApplied(String),
}

impl Explain for PlanError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::NotApplied(_) => vec!["see what is applied: manage showmigrations".to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(text: &str) -> Vec<Version> {
        text.split_whitespace().map(Version::of_directory).collect()
    }

    fn route(applied: &str, pending: &str, position: &str) -> (Direction, String) {
        let all = versions(applied).into_iter().map(|version| (version, true));
        let mut all: Vec<_> = all
            .chain(
                versions(pending)
                    .into_iter()
                    .map(|version| (version, false)),
            )
            .collect();
        all.sort();
        let known: Vec<Known<'_>> = all
            .iter()
            .map(|(version, applied)| Known {
                version,
                name: version.as_str(),
                applied: *applied,
            })
            .collect();
        let position = match position {
            "base" => Position::Base,
            version => Position::Migration(Version::of_directory(version)),
        };
        let route = Route::to(&known, &position);
        let versions: Vec<_> = route.versions.iter().map(Version::as_str).collect();
        (route.direction, versions.join(" "))
    }

    #[test]
    fn forwards_runs_what_is_pending_up_to_the_target_in_order() {
        assert_eq!(route("1", "2 3 4", "3"), (Direction::Up, "2 3".to_owned()));
    }

    #[test]
    fn an_older_pending_migration_is_on_the_way() {
        assert_eq!(route("1 3", "2 4", "4"), (Direction::Up, "2 4".to_owned()));
    }

    #[test]
    fn back_reverts_the_highest_version_first_and_applies_nothing() {
        assert_eq!(
            route("1 3 4", "2", "1"),
            (Direction::Down, "4 3".to_owned())
        );
    }

    #[test]
    fn base_reverts_everything() {
        assert_eq!(
            route("1 2", "3", "base"),
            (Direction::Down, "2 1".to_owned())
        );
    }

    #[test]
    fn a_pending_target_below_an_applied_one_is_applied() {
        assert_eq!(route("1 3", "2", "2"), (Direction::Up, "2".to_owned()));
    }

    /// What is left of a plan: `+2 -3` are steps up and down.
    fn left(base: &str, steps: &str, now: &str) -> Option<String> {
        let plan = Plan {
            direction: Direction::Up,
            base: versions(base),
            steps: steps
                .split_whitespace()
                .map(|step| {
                    let (sign, version) = step.split_at(1);
                    Step {
                        version: Version::of_directory(version),
                        name: version.to_owned(),
                        direction: if sign == "+" {
                            Direction::Up
                        } else {
                            Direction::Down
                        },
                        execution: Execution::Run,
                        transactional: true,
                        script: Script {
                            text: String::new(),
                            origin: Origin::Nowhere,
                        },
                        down: None,
                        stamp: Stamp::default(),
                        metadata: None,
                    }
                })
                .collect(),
        };
        let left = plan.remaining(&versions(now))?;
        assert_eq!(left.base, versions(now));
        Some(
            left.steps
                .iter()
                .map(|step| step.name.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    #[test]
    fn what_others_have_done_of_a_plan_is_left_out() {
        assert_eq!(left("1", "+2 +3", "1").as_deref(), Some("2 3"));
        assert_eq!(left("1", "+2 +3", "1 2").as_deref(), Some("3"));
        assert_eq!(left("1", "+2 +3", "1 2 3").as_deref(), Some(""));
        assert_eq!(left("1 2 3", "-3 -2", "1 2").as_deref(), Some("2"));
    }

    #[test]
    fn what_others_have_done_beside_a_plan_makes_it_stale() {
        assert_eq!(left("1", "+2 +3", "1 2 4"), None);
        assert_eq!(left("1", "+2 +3", "2"), None);
        assert_eq!(left("1 2 3", "-3", "1 3"), None);
        // A row that is deleted and written again tells by its absence only that the first was done.
        assert_eq!(left("1 2", "-2 +2", "1"), None);
    }
}
