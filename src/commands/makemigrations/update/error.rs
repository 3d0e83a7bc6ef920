//! Why a migration is not written again.

use crate::error::{Explain, Kind};

/// Somebody may rely on it as it is.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpdateError {
    /// There are no migrations.
    #[error("there is no migration to rewrite")]
    Nothing,
    /// The database has it.
    #[error("`{name}` is applied, so it stays as it is")]
    Applied { name: String, on: String },
    /// Another one comes after it.
    #[error("`{by}` depends on `{name}`, so it stays as it is")]
    DependedOn { name: String, by: String },
    /// It joins branches.
    #[error("`{0}` joins branches, and has no change of its own to rewrite")]
    Merge(String),
    /// It stands for others.
    #[error("`{0}` replaces others, and has to do what they did")]
    Squash(String),
}

impl Explain for UpdateError {
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        let another = "to write another one after it, leave out --update".to_owned();
        match self {
            Self::Nothing => vec!["to write the first one, leave out --update".to_owned()],
            Self::Applied { on, .. } => vec![
                another,
                format!("or take it back first: manage downgrade{on}"),
            ],
            Self::DependedOn { .. } | Self::Merge(_) | Self::Squash(_) => vec![another],
        }
    }
}
