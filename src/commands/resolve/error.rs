//! Conflicts that were left as they are.

use crate::error::Explain;
use crate::executor::Conflict;
use crate::ui;

/// Somebody chose to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped, because {0}")]
pub(super) struct Stopped(String);

impl Stopped {
    pub(super) fn at(conflict: &Conflict) -> Self {
        Self(ui::conflict(conflict).0)
    }
}

impl Explain for Stopped {
    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }
}

/// There is nothing to restore from.
#[derive(Debug, thiserror::Error)]
#[error("the SQL of `{0}` is not recorded, so its folder cannot be restored")]
pub(super) struct NotRecorded(pub(super) String);

impl Explain for NotRecorded {
    fn hints(&self) -> Vec<String> {
        vec![
            "bring the folder back, from the branch or release that has it".to_owned(),
            "go on without it: --on-missing ignore".to_owned(),
        ]
    }
}
