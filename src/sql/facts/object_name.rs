//! Names of objects as the server understands them.

use std::fmt;

use crate::sql::Dialect;
use crate::sql::lexer::TokenKind;

/// The name of a table, a schema or a database, without quotes and folded as the dialect does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// The schema or database before the dot.
    pub schema: Option<String>,
    /// The name itself.
    pub name: String,
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(&self.name)
    }
}

/// The name that a token stands for, if it can be a name.
pub(in crate::sql) fn identifier(kind: TokenKind, text: &str, dialect: Dialect) -> Option<String> {
    match (kind, dialect) {
        // PostgreSQL folds ASCII alone when the database is UTF-8.
        (TokenKind::Word, Dialect::Postgres) => Some(text.to_ascii_lowercase()),
        (TokenKind::Word, Dialect::Sqlite | Dialect::Mysql) => Some(text.to_owned()),
        (TokenKind::QuotedIdentifier, _) => Some(unquote(text)),
        // SQLite takes a string for a name where only a name makes sense; MySQL does so for
        // double quotes in the mode ANSI_QUOTES.
        (TokenKind::String, Dialect::Sqlite) if text.starts_with('\'') => Some(unquote(text)),
        (TokenKind::String, Dialect::Mysql) if text.starts_with('"') => Some(unquote(text)),
        (
            TokenKind::String
            | TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::Punctuation
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd,
            _,
        ) => None,
    }
}

/// Takes the quotes away, and the second of each doubled one inside.
fn unquote(text: &str) -> String {
    if let Some(inner) = text.strip_prefix('[') {
        return inner.strip_suffix(']').unwrap_or(inner).to_owned();
    }
    // The escapes of a `U&"..."` stay as they are written.
    let quoted = text.trim_start_matches(['u', 'U', '&']);
    let Some(quote) = quoted.chars().next() else {
        return String::new();
    };
    let inner = &quoted[quote.len_utf8()..];
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::reader::Reader;
    use super::*;

    fn name(text: &str, dialect: Dialect) -> Option<ObjectName> {
        Reader::new(text, dialect).object_name()
    }

    #[test]
    fn names_are_folded_and_unquoted_as_the_dialect_does() {
        for (dialect, text, schema, expected) in [
            (Dialect::Postgres, "Public.Users", Some("public"), "users"),
            (Dialect::Postgres, "\"A\"\"b\" . C", Some("A\"b"), "c"),
            (Dialect::Postgres, "db.public.t", Some("public"), "t"),
            (Dialect::Postgres, "U&\"uber\"", None, "uber"),
            (Dialect::Mysql, "`a``b`.Users", Some("a`b"), "Users"),
            (Dialect::Mysql, "shop.2fa_codes", Some("shop"), "2fa_codes"),
            (Dialect::Sqlite, "[a b].'c'", Some("a b"), "c"),
            (Dialect::Sqlite, "Users", None, "Users"),
        ] {
            let expected = ObjectName {
                schema: schema.map(str::to_owned),
                name: expected.to_owned(),
            };
            assert_eq!(name(text, dialect), Some(expected));
        }
    }

    #[test]
    fn what_cannot_be_a_name_is_none() {
        assert_eq!(name("'t'", Dialect::Postgres), None);
        assert_eq!(name("1", Dialect::Sqlite), None);
        assert_eq!(name("", Dialect::Mysql), None);
    }

    #[test]
    fn a_name_is_shown_with_its_schema() {
        let shown = name("a.b", Dialect::Sqlite).map(|name| name.to_string());
        assert_eq!(shown.as_deref(), Some("a.b"));
    }
}
