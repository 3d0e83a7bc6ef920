//! Writes names and values as SQL, quoted for a dialect.

use super::Dialect;

impl Dialect {
    /// Quotes a name so that it is read back exactly, whatever it contains.
    #[must_use]
    pub fn quote_identifier(self, name: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => enclose(name, '"'),
            Self::Mysql => enclose(name, '`'),
        }
    }

    /// Quotes a text as a literal, for scripts that are printed and run later.
    ///
    /// A statement that we run ourselves binds its values instead.
    #[must_use]
    pub fn quote_literal(self, text: &str) -> String {
        match self {
            // The E form means the same whatever `standard_conforming_strings` says.
            Self::Postgres if text.contains('\\') => {
                format!("E{}", enclose(&text.replace('\\', "\\\\"), '\''))
            }
            Self::Sqlite | Self::Postgres => enclose(text, '\''),
            Self::Mysql => enclose(&text.replace('\\', "\\\\").replace('\0', "\\0"), '\''),
        }
    }
}

/// Puts quotes around a text and doubles those inside.
fn enclose(text: &str, quote: char) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for character in text.chars() {
        if character == quote {
            quoted.push(quote);
        }
        quoted.push(character);
    }
    quoted.push(quote);
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_in_the_way_of_the_dialect() {
        assert_eq!(Dialect::Sqlite.quote_identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(Dialect::Postgres.quote_identifier("a`b"), "\"a`b\"");
        assert_eq!(Dialect::Mysql.quote_identifier("a`b\""), "`a``b\"`");
    }

    #[test]
    fn literals_keep_quotes_and_backslashes() {
        assert_eq!(Dialect::Sqlite.quote_literal("it's \\ it"), "'it''s \\ it'");
        assert_eq!(Dialect::Postgres.quote_literal("it's"), "'it''s'");
        assert_eq!(Dialect::Postgres.quote_literal("a\\'b"), "E'a\\\\''b'");
        assert_eq!(Dialect::Mysql.quote_literal("a\\'b\0"), "'a\\\\''b\\0'");
    }
}
