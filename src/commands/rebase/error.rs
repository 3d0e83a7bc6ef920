//! Why migrations are not moved.

use crate::error::{Explain, Kind};

/// One of them is applied.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` is applied on {places}, so it is not moved")]
pub(super) struct Applied {
    pub(super) name: String,
    /// The connections, in backticks.
    pub(super) places: String,
    /// The first migration of another branch, which could move instead.
    pub(super) instead: Option<String>,
    /// The command with which its row moves too; none where a command has no such flag.
    pub(super) again: Option<String>,
}

impl Explain for Applied {
    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        let instead = self
            .instead
            .as_ref()
            .map(|name| format!("move the other branch instead: manage rebase {name}"));
        let again = self
            .again
            .as_ref()
            .map(|again| format!("move its row in the ledger too: {again} --move-applied"));
        instead.into_iter().chain(again).collect()
    }
}

/// A target that is no migration.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no migration that can be moved")]
pub(super) struct NoMigration(pub(super) String);

impl Explain for NoMigration {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec!["see what there is: manage showmigrations".to_owned()]
    }
}
