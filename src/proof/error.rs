//! Why something could not be tried on a scratch database.

use super::elsewhere::Elsewhere;
use crate::backend::{DatabaseError, ScratchError};
use crate::error::{Explain, Kind, Signal};
use crate::executor::{ExecuteError, PrepareError};

/// Why something could not be tried on a scratch database.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The files of the migrations cannot run.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// A migration failed.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// The scratch database failed.
    #[error("the scratch database failed")]
    Database(#[from] DatabaseError),
    /// The scratch database could not be made again.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// A migration would change what is not in the scratch database.
    #[error("`{}` at {} leads out of the scratch database", .0.what, .0.place)]
    Elsewhere(Elsewhere),
    /// Ctrl-C was pressed, or another signal asked to end.
    #[error("stopped by {0}")]
    Interrupted(Signal),
}

impl Explain for ProofError {
    fn kind(&self) -> Kind {
        match self {
            Self::Prepare(error) => error.kind(),
            Self::Execute(error) => error.kind(),
            Self::Scratch(error) => error.kind(),
            Self::Database(_) | Self::Elsewhere(_) => Kind::Failure,
            Self::Interrupted(_) => Kind::Cancelled,
        }
    }

    fn details(&self) -> Vec<String> {
        let mut details = match self {
            Self::Prepare(error) => error.details(),
            Self::Execute(error) => error.details(),
            Self::Database(error) => error.details(),
            Self::Scratch(error) => error.details(),
            Self::Elsewhere(_) => vec!["it was not run".to_owned()],
            Self::Interrupted(_) => Vec::new(),
        };
        details.push("this was on a scratch database; no other one was touched".to_owned());
        details
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Prepare(error) => error.hints(),
            Self::Execute(error) => error.hints(),
            Self::Database(error) => error.hints(),
            Self::Scratch(error) => error.hints(),
            Self::Elsewhere(_) => vec![
                "write the names without a database, and leave databases and roles to a script of their own"
                    .to_owned(),
            ],
            Self::Interrupted(_) => Vec::new(),
        }
    }
}
