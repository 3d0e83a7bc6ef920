//! The server that a text is written for.

use super::Dialect;

/// Which product, and which version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// The product.
    pub product: Product,
    /// Its version: major, minor, patch.
    pub version: (u32, u32, u32),
}

/// The products that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

impl Server {
    /// How it spells SQL.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        match self.product {
            Product::Sqlite => Dialect::Sqlite,
            Product::Postgres => Dialect::Postgres,
            Product::Mysql | Product::Mariadb => Dialect::Mysql,
        }
    }

    /// Reads a version from the beginning of a text: `10.11.6-MariaDB-1`, `16.3 (Debian 16.3-1)`.
    #[must_use]
    pub fn version_of(text: &str) -> (u32, u32, u32) {
        let end = text
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .unwrap_or(text.len());
        let mut parts = text[..end]
            .split('.')
            .map(|part| part.parse().unwrap_or_default());
        let mut next = || parts.next().unwrap_or_default();
        (next(), next(), next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_up_to_what_is_no_number() {
        assert_eq!(Server::version_of("10.11.6-MariaDB-1"), (10, 11, 6));
        assert_eq!(Server::version_of("16.3 (Debian)"), (16, 3, 0));
        assert_eq!(Server::version_of("17beta1"), (17, 0, 0));
    }
}
