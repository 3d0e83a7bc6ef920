//! A rollback over migrations whose folders are gone.

use crate::commands::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::ExecuteError;
use crate::migration::Route;
use crate::settings::{Answers, Missing};

/// The answers for a rollback: where nobody can be asked and the SQL of all that has no folder is recorded,
/// that is used. It is shown before it is run, and somebody has to consent to it.
pub(in crate::commands) fn answers_for_rollback(
    context: &Context,
    workspace: &mut Workspace,
    route: &Route,
    answers: Answers,
) -> Result<Answers, CommandError> {
    if answers.missing.is_some() || context.ui.is_interactive() {
        return Ok(answers);
    }
    for version in &route.versions {
        if workspace.directory.find(version).is_some() {
            continue;
        }
        let recorded = workspace
            .memory
            .sql(&mut *workspace.database, version)
            .map_err(ExecuteError::from)?;
        if recorded.is_none_or(|recorded| recorded.down.is_none()) {
            return Ok(answers);
        }
    }
    Ok(Answers {
        missing: Some(Missing::Ignore),
        ..answers
    })
}
