//! From a URL to an open connection: the one match over backends.

use std::path::PathBuf;

use super::connect_error::ConnectError;
use super::database::Database;
use super::error::DatabaseError;
use super::{mysql, postgres, sqlite};
use crate::error::Explain;
use crate::settings::{DatabaseUrl, Environment};

/// What the caller is going to do with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Look: nothing is created and nothing written.
    Read,
    /// Apply, revert, record.
    Write,
}

/// Opens a connection.
///
/// # Errors
/// Whatever keeps the database from being reached: address, password, rights, certificate.
pub fn open(
    url: &DatabaseUrl,
    access: Access,
    environment: &Environment,
) -> Result<Box<dyn Database>, OpenError> {
    match url {
        DatabaseUrl::Sqlite(url) => sqlite::open(url, access),
        DatabaseUrl::Postgres(url) => postgres::open(url, environment),
        DatabaseUrl::Mysql(url) => mysql::open(url, environment),
    }
}

/// Why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder of a SQLite file is missing.
    #[error("the folder `{}` of the database file does not exist", .0.display())]
    NoFolder(PathBuf),
    /// A SQLite file cannot be opened.
    #[error("cannot open the database file `{}`", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        error: DatabaseError,
    },
    /// A program was killed while it wrote a SQLite file, and here what it left cannot be rolled back.
    #[error("a program was killed while it wrote `{}`, and what it left has to be rolled back first", .path.display())]
    HalfWritten {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        error: DatabaseError,
    },
    /// The file or server was reached and refused.
    #[error("cannot use the database")]
    Database(#[source] DatabaseError),
    /// A server could not be reached or entered.
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

impl OpenError {
    /// Whether it may be otherwise in a moment, for a server that is still starting.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NoFolder(_)
            | Self::File { .. }
            | Self::HalfWritten { .. }
            | Self::Database(_) => false,
            Self::Connect(error) => error.may_pass(),
        }
    }
}

impl Explain for OpenError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoFolder(folder) => vec![format!("create it: mkdir -p {}", folder.display())],
            Self::File { path, .. } => vec![format!(
                "check that `{}` may be read and written, or correct the connection's `url`",
                path.display()
            )],
            Self::HalfWritten { path, .. } => vec![format!(
                "SQLite does that by itself where the file and its folder may be written; as their owner: sqlite3 '{}' .tables",
                path.display()
            )],
            Self::Database(error) => error.hints(),
            Self::Connect(error) => error.hints(),
        }
    }
}
