//! Forgetting applied migrations whose folders are gone.

use crate::commands::workspace::Workspace;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Missing};

/// Deletes their rows, and records that.
///
/// # Errors
/// What the server says.
pub(in crate::commands) fn prune(
    context: &Context,
    workspace: &mut Workspace,
    missing: &[Missing],
) -> Result<(), CommandError> {
    let identity = context.identity();
    for one in missing {
        executor::prune(
            &mut *workspace.database,
            workspace.lock.as_ref(),
            &identity,
            &one.version,
            &one.name,
        )?;
        context
            .ui
            .status(&format!("Forgot that `{}` was applied.", one.name));
    }
    Ok(())
}
