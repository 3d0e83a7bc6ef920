//! Why there is no SQL for a difference.

use crate::error::Explain;

/// Why there is no SQL for a difference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DdlError {
    /// The server has no way to do it and keep the rows.
    #[error("{what} cannot be changed by a migration that keeps the rows")]
    NoWay {
        /// What is different, as [`crate::schema::change::Change::describe`] says it.
        what: String,
        /// Why, and what to write by hand.
        hint: String,
    },
}

impl Explain for DdlError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoWay { hint, .. } => vec![hint.clone()],
        }
    }
}
