//! Functions and procedures.

use super::plan::{Phase, Plan};
use super::text::{comment, full};
use crate::schema::{Name, Routine, RoutineKind};

/// What tells routines apart.
pub(super) type Key = (Name, RoutineKind, String);

/// The key of a routine.
pub(super) fn key(routine: &Routine) -> Key {
    (
        routine.name.clone(),
        routine.kind,
        routine.arguments.clone(),
    )
}

/// Name, arguments and result: what `CREATE OR REPLACE` cannot change.
pub(super) fn header(routine: &Routine) -> &str {
    routine
        .definition
        .split("\n LANGUAGE ")
        .next()
        .unwrap_or_default()
}

/// Whether the server reads the body when the routine is made.
pub(super) fn is_sql(routine: &Routine) -> bool {
    routine
        .definition
        .split("\n LANGUAGE ")
        .nth(1)
        .is_some_and(|rest| rest.starts_with("sql"))
}

fn subject(routine: &Routine) -> String {
    let kind = match routine.kind {
        RoutineKind::Function => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
    };
    format!("{kind} {}({})", full(&routine.name), routine.arguments)
}

/// `DROP FUNCTION`.
pub(super) fn drop(routine: &Routine) -> String {
    format!("DROP {}", subject(routine))
}

/// Creates or replaces it.
pub(super) fn create(plan: &mut Plan<'_>, phase: Phase, routine: &Routine) {
    plan.push(phase, routine.definition.clone());
}

/// The comment, where it is another than before.
pub(super) fn say(plan: &mut Plan<'_>, from: Option<&String>, routine: &Routine) {
    if from != routine.comment.as_ref() {
        plan.push(
            Phase::Comment,
            format!(
                "COMMENT ON {} IS {}",
                subject(routine),
                comment(routine.comment.as_ref())
            ),
        );
    }
}
