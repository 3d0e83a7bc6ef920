//! The command that goes on where a run stopped, as it has to be typed then.

use crate::backend::Direction;
use crate::executor::needs_database;
use crate::migration::{Plan, Target};

/// A command that was typed.
#[derive(Clone, Debug)]
pub(super) struct Again<'a> {
    pub(super) command: &'static str,
    pub(super) target: Option<&'a Target>,
    /// The flags without which it would do something else.
    pub(super) flags: String,
}

impl Again<'_> {
    /// To go on after so many steps of a plan.
    pub(super) fn after(&self, plan: &Plan, done: usize) -> String {
        let last = plan.steps.last().map(|step| step.name.as_str());
        self.left(plan.direction, last, plan.steps.len().saturating_sub(done))
    }

    /// To go on where so many steps are left, the last of which is known by its name. Where a step counts
    /// from has moved by then, so the end is named, or what is left is counted.
    pub(super) fn left(&self, direction: Direction, last: Option<&str>, steps: usize) -> String {
        let Self {
            command,
            target,
            flags,
        } = self;
        match (target, direction, last) {
            (Some(target), Direction::Up, Some(last)) if needs_database(target) => {
                format!("manage {command} {last}{flags}")
            }
            (Some(target), Direction::Down, _) if needs_database(target) => {
                let branch = target.as_str().split_once('@');
                let branch = branch.map_or_else(String::new, |(label, _)| format!("{label}@"));
                format!("manage downgrade {branch}-{steps}{flags}")
            }
            (Some(target), _, _) => format!("manage {command} {target}{flags}"),
            (None, _, _) => format!("manage {command}{flags}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(target: Option<&str>, direction: Direction) -> String {
        let target = target.map(|target| Target::parse(target).unwrap());
        Again {
            command: "migrate",
            target: target.as_ref(),
            flags: String::new(),
        }
        .left(direction, Some("2026-01-02-000000_two"), 2)
    }

    #[test]
    fn a_step_is_never_counted_from_another_place() {
        let up = |target| left(Some(target), Direction::Up);
        assert_eq!(up("+2"), "manage migrate 2026-01-02-000000_two");
        assert_eq!(up("billing@+1"), "manage migrate 2026-01-02-000000_two");
        assert_eq!(up("two"), "manage migrate two");
        assert_eq!(up("two~1"), "manage migrate two~1");
        let down = |target| left(Some(target), Direction::Down);
        assert_eq!(down("-3"), "manage downgrade -2");
        assert_eq!(down("billing@-3"), "manage downgrade billing@-2");
        assert_eq!(down("current~3"), "manage downgrade -2");
        assert_eq!(down("base"), "manage migrate base");
        assert_eq!(left(None, Direction::Up), "manage migrate");
    }
}
