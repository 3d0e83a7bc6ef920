//! What is said of a redo that stopped, and what to type then.

use super::Halves;
use crate::error::CommandError;
use crate::executor::ExecuteError;
use crate::migration::Target;

/// The first half stopped: what was reverted by then is applied again by the next redo.
pub(super) fn half_reverted(
    target: Option<&Target>,
    halves: &Halves,
    error: ExecuteError,
) -> CommandError {
    let whole = match target {
        Some(target) => format!("manage redo {target}"),
        None => format!("manage redo -{}", halves.down.steps.len()),
    };
    if let ExecuteError::Interrupted { signal, .. } = error {
        let again = whole;
        return ExecuteError::Interrupted { signal, again }.into();
    }
    let ExecuteError::Step(mut failure) = error else {
        return error.into();
    };
    let done = failure.done;
    let newest = halves.up.steps.last().map(|step| step.name.as_str());
    let newest = newest.unwrap_or_default();
    let reverted = names(halves.down.steps.iter().take(done).map(|step| &step.name));
    let reverted = format!("reverted and not applied again: {reverted}");
    if failure.is_half_way() {
        "manage resume".clone_into(&mut failure.again);
        let mut error = CommandError::from(ExecuteError::Step(failure));
        if done > 0 {
            error = error.detail(reverted);
        }
        return error.hint(format!("and then, to apply again: manage migrate {newest}"));
    }
    if done == 0 {
        failure.again = whole;
        return ExecuteError::Step(failure).into();
    }
    failure.again = format!("manage redo, and then: {whole}");
    CommandError::from(ExecuteError::Step(failure))
        .detail(reverted)
        .hint("the first of them applies again what was reverted".to_owned())
}

/// The second half stopped: the rest is an ordinary way forwards.
pub(super) fn half_applied(halves: &Halves, error: ExecuteError) -> CommandError {
    let done = match &error {
        ExecuteError::Step(failure) => failure.done,
        ExecuteError::LockLost { done } => *done,
        ExecuteError::Stale
        | ExecuteError::Lock(_)
        | ExecuteError::Overtaken { .. }
        | ExecuteError::Split { .. }
        | ExecuteError::Interrupted { .. }
        | ExecuteError::TakeBack { .. }
        | ExecuteError::Database(_) => 0,
    };
    let error = if let ExecuteError::Step(mut failure) = error {
        failure.again = again(halves);
        CommandError::from(ExecuteError::Step(failure))
    } else if let ExecuteError::Interrupted { signal, .. } = error {
        let again = again(halves);
        CommandError::from(ExecuteError::Interrupted { signal, again })
    } else {
        CommandError::from(error).hint(forwards(halves))
    };
    not_again(halves, done, error)
}

/// Adds what is reverted and not applied again, all but the first so many.
pub(super) fn not_again(halves: &Halves, done: usize, error: CommandError) -> CommandError {
    let rest = names(halves.up.steps.iter().skip(done).map(|step| &step.name));
    error.detail(format!("reverted and not applied again: {rest}"))
}

fn again(halves: &Halves) -> String {
    let newest = halves.up.steps.last().map(|step| step.name.as_str());
    format!("manage migrate {}", newest.unwrap_or_default())
}

pub(super) fn forwards(halves: &Halves) -> String {
    format!("to go on: {}", again(halves))
}

pub(super) fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
