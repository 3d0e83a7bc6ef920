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

/// No side can move.
#[derive(Debug, thiserror::Error)]
#[error("something of every side is applied here, so none of them can be given new versions")]
pub(super) struct AllBegun;

impl Explain for AllBegun {
    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "join them: --on-diverged merge".to_owned(),
            "go on in version order: --on-diverged apply".to_owned(),
        ]
    }
}

/// What was done did not bring the heads together.
#[derive(Debug, thiserror::Error)]
#[error("the migrations are still diverged after that")]
pub(super) struct StillDiverged(pub(super) String);

impl Explain for StillDiverged {
    fn details(&self) -> Vec<String> {
        vec!["nothing was run".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec![format!("see the heads: manage heads{}", self.0)]
    }
}

/// A late migration cannot move behind one that depends on it.
#[derive(Debug, thiserror::Error)]
#[error("`{pending}` cannot be given a new version, for `{by}` depends on it and is applied")]
pub(super) struct Needed {
    pub(super) pending: String,
    pub(super) by: String,
}

impl Explain for Needed {
    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec!["apply it where it is: --on-out-of-order apply".to_owned()]
    }
}
