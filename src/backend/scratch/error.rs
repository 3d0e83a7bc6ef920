//! Why there is no scratch database.

use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::open::OpenError;
use crate::error::Explain;

/// Why there is no scratch database.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// The server cannot be reached.
    #[error("cannot reach the server for a scratch database")]
    Open(#[source] Box<OpenError>),
    /// The server refused to make one.
    #[error("cannot create a scratch database")]
    Create(#[source] DatabaseError),
    /// The database that the settings give is in use for something else.
    #[error("the scratch database `{0}` is not empty, and what is in it is not ours")]
    NotEmpty(String),
    /// The database that the settings give is of another kind.
    #[error("`scratch_url` is of another kind of server than the connection")]
    OtherBackend,
    /// It was there and then it failed.
    #[error("the scratch database failed")]
    Failed(#[from] DatabaseError),
}

impl Explain for ScratchError {
    fn details(&self) -> Vec<String> {
        match self {
            Self::Open(error) => error.details(),
            Self::Create(error) | Self::Failed(error) => error.details(),
            Self::NotEmpty(_) | Self::OtherBackend => Vec::new(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Open(error) => error.hints(),
            Self::Create(error) if error.class == ErrorClass::Permission => vec![
                "give the role the right to create databases, or name an empty one that it may use as `scratch_url` in the settings"
                    .to_owned(),
            ],
            Self::Create(error) | Self::Failed(error) => error.hints(),
            Self::NotEmpty(_) => vec![
                "name an empty database as `scratch_url`; it is emptied after each use".to_owned(),
            ],
            Self::OtherBackend => {
                vec!["name a database of the connection's own kind as `scratch_url`".to_owned()]
            }
        }
    }
}
