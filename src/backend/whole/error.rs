//! Why a database was neither made nor dropped.

use std::io;
use std::path::PathBuf;

use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::open::OpenError;
use crate::error::{Explain, Kind};

/// Why a database was neither made nor dropped.
#[derive(Debug, thiserror::Error)]
pub enum WholeError {
    /// The connection names no database.
    #[error("the connection names no database")]
    NoName,
    /// It is in memory, and comes and goes with each connection.
    #[error("a database in memory is made by opening it, and gone afterwards")]
    InMemory,
    /// The server needs it for itself.
    #[error("the database `{0}` belongs to the server itself")]
    System(String),
    /// The server cannot be reached.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The server refused to make it.
    #[error("cannot create the database `{name}`")]
    Create {
        /// Its name.
        name: String,
        /// What the server said.
        source: DatabaseError,
    },
    /// The server refused to drop it.
    #[error("cannot drop the database `{name}`")]
    Drop {
        /// Its name.
        name: String,
        /// What the server said.
        source: DatabaseError,
    },
    /// The file system refused.
    #[error("cannot {deed} `{}`", .path.display())]
    File {
        /// What was to be done.
        deed: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("`{}` is no SQLite database", .0.display())]
    NotADatabase(PathBuf),
}

impl WholeError {
    /// Whether it may be otherwise in a moment, for a server that is still starting.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Open(error) => error.may_pass(),
            Self::NoName
            | Self::InMemory
            | Self::System(_)
            | Self::Create { .. }
            | Self::Drop { .. }
            | Self::File { .. }
            | Self::NotADatabase(_) => false,
        }
    }

    fn is_in_use(source: &DatabaseError) -> bool {
        source.class == ErrorClass::Locked || source.message.contains("being accessed by other")
    }
}

impl Explain for WholeError {
    fn kind(&self) -> Kind {
        match self {
            Self::Open(error) => error.kind(),
            Self::NoName
            | Self::InMemory
            | Self::System(_)
            | Self::Create { .. }
            | Self::Drop { .. }
            | Self::File { .. }
            | Self::NotADatabase(_) => Kind::Failure,
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Open(error) => error.details(),
            Self::Create { source, .. } | Self::Drop { source, .. } => source.details(),
            Self::NoName
            | Self::InMemory
            | Self::System(_)
            | Self::File { .. }
            | Self::NotADatabase(_) => Vec::new(),
        }
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Open(error) => return error.hints(),
            Self::Create { source, .. } if source.class == ErrorClass::Permission => {
                "have it created by a role that may, or give this one the right to create databases"
            }
            Self::Drop { source, .. } if source.class == ErrorClass::Permission => {
                "connect as the database's owner"
            }
            Self::Drop { source, .. } if Self::is_in_use(source) => {
                "stop the programs that use it, or disconnect them: --force"
            }
            Self::Create { source, .. } | Self::Drop { source, .. } => return source.hints(),
            Self::NoName => "name it in the connection's `url`, behind the last `/`",
            Self::InMemory => "name a file in the connection's `url`: sqlite://db.sqlite3",
            Self::System(_) => "name the application's own database in the connection's `url`",
            Self::File { .. } => "check the rights of the folder",
            Self::NotADatabase(_) => "the file is left as it was; check the connection's `url`",
        };
        vec![hint.to_owned()]
    }
}
