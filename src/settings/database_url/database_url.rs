//! The types of a database URL that was understood.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::backend::Backend;
use crate::settings::secret::Secret;

/// Where a database is and who asks for it. `Display` and `Debug` hide the password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file, or a database in memory.
    Sqlite(SqliteUrl),
    /// A PostgreSQL server.
    Postgres(ServerUrl),
    /// A MySQL or MariaDB server.
    Mysql(ServerUrl),
}

/// A SQLite database.
#[derive(Clone, PartialEq, Eq)]
pub struct SqliteUrl {
    /// Memory, or which file.
    pub location: SqliteLocation,
    /// What stood after the `?`, such as `mode=ro`.
    pub parameters: Vec<(String, String)>,
}

/// Where a SQLite database lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqliteLocation {
    /// In memory, gone with its connection.
    Memory,
    /// In a file, by its absolute path.
    File(PathBuf),
}

/// A database on a server. What is `None` was not said, and the server's own defaults hold.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ServerUrl {
    /// Host name or address; IPv6 without brackets.
    pub host: Option<String>,
    /// Port.
    pub port: Option<u16>,
    /// Unix socket: its directory for PostgreSQL, the socket itself for MySQL.
    pub socket: Option<PathBuf>,
    /// User name.
    pub username: Option<String>,
    /// Password.
    pub password: Option<Secret>,
    /// Database name.
    pub database: Option<String>,
    /// What stood after the `?`, such as `sslmode=require`, each name once.
    pub options: Vec<(String, String)>,
}

impl DatabaseUrl {
    /// The kind of database.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
            Self::Mysql(_) => Backend::Mysql,
        }
    }

    /// The database's name: of a SQLite file its file name, of one in memory `:memory:`.
    #[must_use]
    pub fn database_name(&self) -> Option<String> {
        match self {
            Self::Sqlite(sqlite) => Some(match &sqlite.location {
                SqliteLocation::Memory => ":memory:".to_owned(),
                SqliteLocation::File(path) => path.file_name()?.to_string_lossy().into_owned(),
            }),
            Self::Postgres(server) | Self::Mysql(server) => server.database.clone(),
        }
    }

    /// The password, where there is one.
    #[must_use]
    pub fn password(&self) -> Option<&Secret> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(server) | Self::Mysql(server) => server.password.as_ref(),
        }
    }

    /// Hides the password in a text that came from elsewhere, such as a driver's error.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        self.password()
            .map_or_else(|| text.to_owned(), |password| password.scrub(text))
    }
}

impl SqliteUrl {
    /// A database in a file; `path` must be absolute.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            location: SqliteLocation::File(path.into()),
            parameters: Vec::new(),
        }
    }

    /// A database in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self {
            location: SqliteLocation::Memory,
            parameters: Vec::new(),
        }
    }

    /// The file, unless the database is in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.location {
            SqliteLocation::Memory => None,
            SqliteLocation::File(path) => Some(path),
        }
    }

    /// The text that Diesel's `SqliteConnection` opens.
    ///
    /// Without parameters it is the plain path, in which no character has a meaning of its own;
    /// with them it must be a `file:` URI.
    #[must_use]
    pub fn connection_string(&self) -> String {
        /// What would end or alter the path of a `file:` URI.
        const SPECIAL: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#').add(b' ');
        /// What would end or alter a parameter.
        const IN_PARAMETER: &AsciiSet = &SPECIAL.add(b'&').add(b'=');

        let path = match &self.location {
            SqliteLocation::Memory => ":memory:".to_owned(),
            SqliteLocation::File(path) => path.display().to_string(),
        };
        if self.parameters.is_empty() {
            return path;
        }
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|(name, value)| {
                format!(
                    "{}={}",
                    utf8_percent_encode(name, IN_PARAMETER),
                    utf8_percent_encode(value, IN_PARAMETER)
                )
            })
            .collect();
        format!(
            "file:{}?{}",
            utf8_percent_encode(&path, SPECIAL),
            parameters.join("&")
        )
    }
}
