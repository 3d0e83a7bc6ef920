//! Statements that hold a password, which no screen and no log should show.

use super::reader::{Piece, Reader};
use crate::sql::Dialect;
use crate::sql::lexer::TokenKind;

/// Whether a statement gives a user, a role or a server a password, or opens a file with a key.
///
/// A password among the rows of a table is not known for one.
#[must_use]
pub fn keeps_secret(text: &str, dialect: Dialect) -> bool {
    let mut reader = Reader::new(text, dialect);
    let Some(head) = reader.next() else {
        return false;
    };
    match dialect {
        // The keys of encrypted databases.
        Dialect::Sqlite => {
            let pragma = head.is("PRAGMA")
                && reader.any(|piece| piece.is_any(&["KEY", "REKEY", "HEXKEY", "HEXREKEY"]));
            pragma || head.is("ATTACH") && reader.any(|piece| piece.is("KEY"))
        }
        Dialect::Postgres => {
            head.is_any(&["CREATE", "ALTER"])
                && reader.next().is_some_and(|kind| {
                    kind.is_any(&["ROLE", "USER", "GROUP", "SERVER", "SUBSCRIPTION", "FOREIGN"])
                })
                && reader.any(|piece| names_password(piece))
        }
        Dialect::Mysql if head.is("SET") => reader.sees("PASSWORD"),
        Dialect::Mysql => {
            if head.is_any(&["CREATE", "ALTER"]) {
                reader.eat_all(&["OR", "REPLACE"]);
                if !reader.eat_any(&["USER", "SERVER"]) {
                    return false;
                }
            } else if !head.is_any(&["GRANT", "CHANGE", "START"]) {
                return false;
            }
            reader.any(|piece| piece.is("IDENTIFIED") || names_password(piece))
        }
    }
}

/// `PASSWORD`, `MASTER_PASSWORD` and the like as a word; `password=` inside a connection string.
fn names_password(piece: Piece<'_>) -> bool {
    const PASSWORD: &[u8] = b"password";
    let word = match piece.kind {
        TokenKind::Word | TokenKind::QuotedIdentifier | TokenKind::Parameter => true,
        TokenKind::String | TokenKind::DollarQuoted => piece.text.contains('='),
        TokenKind::Whitespace
        | TokenKind::Comment
        | TokenKind::Number
        | TokenKind::Semicolon
        | TokenKind::Punctuation
        | TokenKind::ExecutableStart
        | TokenKind::ExecutableEnd => false,
    };
    let mut windows = piece.text.as_bytes().windows(PASSWORD.len());
    word && windows.any(|window| window.eq_ignore_ascii_case(PASSWORD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_users_roles_and_servers_are_secrets() {
        for (dialect, text) in [
            (Dialect::Postgres, "CREATE ROLE app LOGIN PASSWORD 'x'"),
            (
                Dialect::Postgres,
                "alter user app with encrypted password 'x'",
            ),
            (
                Dialect::Postgres,
                "CREATE USER MAPPING FOR a SERVER s OPTIONS (password 'x')",
            ),
            (
                Dialect::Postgres,
                "CREATE SUBSCRIPTION s CONNECTION 'host=h password=x' PUBLICATION p",
            ),
            (Dialect::Mysql, "CREATE USER 'a'@'%' IDENTIFIED BY 'x'"),
            (Dialect::Mysql, "GRANT ALL ON *.* TO a IDENTIFIED BY 'x'"),
            (Dialect::Mysql, "SET PASSWORD FOR a = PASSWORD('x')"),
            (
                Dialect::Mysql,
                "CREATE OR REPLACE SERVER s OPTIONS (PASSWORD 'x')",
            ),
            (Dialect::Mysql, "CHANGE MASTER TO MASTER_PASSWORD = 'x'"),
            (Dialect::Sqlite, "PRAGMA key = 'x'"),
            (Dialect::Sqlite, "ATTACH 'f' AS e KEY 'x'"),
        ] {
            assert!(keeps_secret(text, dialect), "{text}");
        }
    }

    #[test]
    fn roles_without_one_and_columns_called_password_are_not() {
        for (dialect, text) in [
            (Dialect::Postgres, "CREATE ROLE app LOGIN"),
            (Dialect::Postgres, "CREATE TABLE users (password text)"),
            (Dialect::Postgres, "CREATE ROLE a -- PASSWORD 'x'"),
            (Dialect::Mysql, "DROP USER a"),
            (Dialect::Mysql, "CREATE TABLE users (password text)"),
            (Dialect::Mysql, "SET @a = 1"),
            (Dialect::Sqlite, "CREATE TABLE t (key text)"),
            (Dialect::Sqlite, ""),
        ] {
            assert!(!keeps_secret(text, dialect), "{text}");
        }
    }
}
