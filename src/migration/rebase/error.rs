//! Why migrations stay where they are.

use crate::error::{Explain, Kind};
use crate::migration::version::VersionError;

/// Why migrations cannot be moved after all others.
#[derive(Debug, thiserror::Error)]
pub enum RebaseError {
    /// A migration that stays follows one of them.
    #[error("`{follower}` follows `{name}` and stays where it is")]
    Followed {
        /// The one that would be moved.
        name: String,
        /// The one that follows it.
        follower: String,
    },
    /// There is no version for one of them.
    #[error(transparent)]
    Version(#[from] VersionError),
}

impl Explain for RebaseError {
    fn kind(&self) -> Kind {
        match self {
            Self::Followed { .. } => Kind::Failure,
            Self::Version(error) => error.kind(),
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Followed { .. } => vec!["nothing was changed".to_owned()],
            Self::Version(error) => error.details(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Followed { follower, .. } => {
                vec![format!("move both of them: manage rebase {follower}")]
            }
            Self::Version(error) => error.hints(),
        }
    }
}
