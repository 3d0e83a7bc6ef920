//! The three families of SQL that are spoken here.

use std::fmt;

/// How a server reads SQL text: its quotes, comments and bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL and servers that speak its language.
    Postgres,
    /// MySQL and MariaDB, whose texts are cut by the same rules.
    Mysql,
}

impl Dialect {
    /// The type to cast to when a value is wanted as text.
    #[must_use]
    pub fn text_type(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgres => "TEXT",
            Self::Mysql => "CHAR",
        }
    }

    /// Every dialect, for tests and lists.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    /// The name a person reads.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
