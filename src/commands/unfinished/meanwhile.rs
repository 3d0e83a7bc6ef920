//! What another run left unfinished while this one waited for it.

use crate::commands::registry::Outcome;
use crate::error::{CommandError, Explain};

/// Seen under the lock, and not before it.
#[derive(Debug, thiserror::Error)]
#[error("another run left `{0}` unfinished while this one waited for it")]
pub(in crate::commands) struct LeftMeanwhile(pub(in crate::commands) String);

impl Explain for LeftMeanwhile {
    fn details(&self) -> Vec<String> {
        vec!["nothing was run".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec!["run the same command again: that is settled first then".to_owned()]
    }
}

/// Begins once more where what was decided before the lock was had knows nothing of what is unfinished now.
///
/// # Errors
/// Those of the command.
pub(in crate::commands) fn anew(
    mut command: impl FnMut() -> Result<Outcome, CommandError>,
) -> Result<Outcome, CommandError> {
    match command() {
        Err(error) if error.is::<LeftMeanwhile>() => command(),
        outcome => outcome,
    }
}
