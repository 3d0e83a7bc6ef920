//! The kinds of database server.

use std::fmt;

use super::scheme;

/// The kind of database a URL leads to. MariaDB goes with MySQL: they speak one protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
}

impl Backend {
    /// Every backend.
    pub const ALL: &'static [Self] = &[Self::Sqlite, Self::Postgres, Self::Mysql];

    /// The word for it in settings and URLs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// The backend that a `driver:` or a URL's scheme names.
    #[must_use]
    pub fn from_driver(driver: &str) -> Option<Self> {
        scheme::recognise(driver).map(|scheme| scheme.backend)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
