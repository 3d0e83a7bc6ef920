//! Where in the file a server's error points.

use crate::backend::{Cause, DatabaseError};
use crate::sql::lexer::{Lexer, TokenKind};
use crate::sql::{self, Dialect, Statement};

/// The byte offset in the file that an error of a statement is about.
///
/// PostgreSQL tells the character. SQLite and MariaDB name what they stumbled over, so the first
/// place where that stands in the statement is taken; else the statement's beginning.
pub(super) fn offset(statement: &Statement<'_>, cause: &Cause, dialect: Dialect) -> usize {
    let within = match cause {
        Cause::Database(error) => within(statement.text, error, dialect),
        Cause::Stopped(_) | Cause::OpenTransaction | Cause::BrokenReferences(_) => 0,
    };
    statement.offset + within
}

fn within(text: &str, error: &DatabaseError, dialect: Dialect) -> usize {
    if let Some(position) = error.position {
        return sql::offset_of_char(text, position);
    }
    // MariaDB's way to say that the statement ends too early.
    if error.message.contains("near '' at line") {
        return text.len();
    }
    named(&error.message)
        .and_then(|name| find(text, name, dialect))
        .unwrap_or_default()
}

/// What a message names: `near "FOO": …`, `no such column: foo`, `Unknown column 'foo' in …`.
fn named(message: &str) -> Option<&str> {
    if let Some(rest) = message.split_once("near '").map(|(_, rest)| rest) {
        // MariaDB quotes the rest of the statement; its first line is enough.
        let rest = rest.split_once("' at line").map_or(rest, |(near, _)| near);
        return rest.lines().next().filter(|near| !near.is_empty());
    }
    if let Some(rest) = message.split_once("near \"").map(|(_, rest)| rest) {
        return rest.split_once('"').map(|(name, _)| name);
    }
    if let Some((_, name)) = message.split_once(" has no column named ") {
        return Some(name);
    }
    // `table t already exists`, `index t already exists`.
    if let Some(name) = message.strip_suffix(" already exists")
        && let Some((_, name)) = name.rsplit_once(' ')
    {
        return Some(name.trim_matches(['"', '\'', '`']));
    }
    if let Some((_, rest)) = message.split_once('\'') {
        let name = rest.split_once('\'').map_or(rest, |(name, _)| name);
        return name.rsplit('.').next().filter(|name| !name.is_empty());
    }
    let name = message.rsplit(": ").next()?;
    let name = name.rsplit('.').next()?.trim();
    (!name.is_empty() && !name.contains(' ')).then_some(name)
}

/// The first token that begins what is named; never inside a comment or a string.
fn find(text: &str, name: &str, dialect: Dialect) -> Option<usize> {
    Lexer::new(text, dialect)
        .map_while(Result::ok)
        .find(|token| match token.kind {
            TokenKind::Comment | TokenKind::Whitespace => false,
            TokenKind::Word => {
                let word = token.text(text);
                word.eq_ignore_ascii_case(name)
                    || name.len() > word.len() && text[token.start..].starts_with(name)
            }
            TokenKind::QuotedIdentifier => token
                .text(text)
                .get(1..)
                .and_then(|rest| rest.strip_prefix(name))
                .is_some(),
            TokenKind::String
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::Punctuation
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => text[token.start..].starts_with(name),
        })
        .map(|token| token.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, message: &str) -> usize {
        let error = DatabaseError::new(crate::backend::ErrorClass::Statement, message);
        within(text, &error, Dialect::Mysql)
    }

    #[test]
    fn sqlite_names_the_token_it_stumbled_over() {
        assert_eq!(place("SELECT 1 FORM t", "near \"t\": syntax error"), 14);
        assert_eq!(place("SELECT nmae FROM t", "no such column: nmae"), 7);
        assert_eq!(place("DROP TABLE nosuch", "no such table: main.nosuch"), 11);
    }

    #[test]
    fn mariadb_quotes_the_rest_of_the_statement() {
        let message = "You have an error in your SQL syntax; check the manual that corresponds to \
                       your MariaDB server version for the right syntax to use near 'NOSUCH)' at line 1";
        assert_eq!(place("CREATE TABLE t (a NOSUCH)", message), 18);
        assert_eq!(
            place("SELECT nmae", "Unknown column 'nmae' in 'field list'"),
            7
        );
    }

    #[test]
    fn an_error_that_names_nothing_is_at_the_beginning() {
        assert_eq!(place("SELECT 1", "database is locked"), 0);
    }
}
