//! What a statement leaves in its session, and what is gone with it.

use std::fmt;

use super::reader::Reader;
use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, TokenKind};

/// Something that is known to one session alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionThing {
    /// A temporary table.
    Table(String),
    /// A variable of MySQL: its name with the `@`.
    Variable(String),
    /// A prepared statement.
    Prepared(String),
}

impl fmt::Display for SessionThing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(name) => write!(f, "the temporary table `{name}`"),
            Self::Variable(name) => write!(f, "the variable `{name}`"),
            Self::Prepared(name) => write!(f, "the prepared statement `{name}`"),
        }
    }
}

impl SessionThing {
    /// Whether a statement may need it.
    #[must_use]
    pub fn is_used_by(&self, text: &str, dialect: Dialect) -> bool {
        let name = match self {
            Self::Table(name) | Self::Variable(name) | Self::Prepared(name) => name,
        };
        let name = name.trim_start_matches('@');
        Lexer::new(text, dialect).flatten().any(|token| {
            let word = token.text(text).trim_matches(['`', '"', '@']);
            word.eq_ignore_ascii_case(name)
                || token.kind == TokenKind::DollarQuoted && word.contains(name)
        })
    }
}

/// What a statement leaves in its session that cannot be had again by running it once more.
#[must_use]
pub fn left_in_session(text: &str, dialect: Dialect) -> Vec<SessionThing> {
    let mut reader = Reader::new(text, dialect);
    let Some(head) = reader.next() else {
        return Vec::new();
    };
    if head.is("CREATE") {
        reader.eat_all(&["OR", "REPLACE"]);
        reader.eat_any(&["GLOBAL", "LOCAL"]);
        if !reader.eat_any(&["TEMP", "TEMPORARY"]) || !reader.eat_any(&["TABLE", "VIEW"]) {
            return Vec::new();
        }
        reader.eat_all(&["IF", "NOT", "EXISTS"]);
        let name = reader.object_name();
        return name
            .map(|name| SessionThing::Table(name.name))
            .into_iter()
            .collect();
    }
    if head.is("PREPARE") && !reader.sees("TRANSACTION") {
        let name = reader.identifier();
        return name.map(SessionThing::Prepared).into_iter().collect();
    }
    if dialect == Dialect::Mysql {
        return variables(text, head.is("SET"));
    }
    Vec::new()
}

/// The variables that are assigned. A `SET` from constants alone is run again instead.
fn variables(text: &str, is_set: bool) -> Vec<SessionThing> {
    let mut names: Vec<String> = Vec::new();
    let mut is_constant = true;
    let mut before = String::new();
    let pieces: Vec<&str> = Reader::new(text, Dialect::Mysql)
        .map(|piece| piece.text)
        .collect();
    for (place, piece) in pieces.iter().enumerate() {
        is_constant &= *piece != "(";
        let is_variable = piece.starts_with('@') && !piece.starts_with("@@");
        if is_variable {
            let next = pieces.get(place + 1).copied().unwrap_or_default();
            let is_assigned = next == ":=" || next == ":" || is_set && next == "=";
            let is_filled = before.eq_ignore_ascii_case("INTO");
            if is_assigned || is_filled {
                names.push((*piece).to_owned());
            } else {
                is_constant = false;
            }
        }
        if *piece != "," || !before.eq_ignore_ascii_case("INTO") {
            (*piece).clone_into(&mut before);
        }
        if is_variable && before.starts_with('@') && pieces.get(place + 1) == Some(&",") {
            // `INTO @a, @b` goes on.
            if names.last().is_some_and(|name| name == piece) && !is_set {
                "INTO".clone_into(&mut before);
            }
        }
    }
    if is_set && is_constant {
        return Vec::new();
    }
    names.into_iter().map(SessionThing::Variable).collect()
}

/// The database that a statement of MySQL changes to.
#[must_use]
pub fn used_database(text: &str) -> Option<String> {
    let mut reader = Reader::new(text, Dialect::Mysql);
    reader.eat("USE").then(|| reader.identifier()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str, dialect: Dialect) -> String {
        let things: Vec<_> = left_in_session(text, dialect)
            .iter()
            .map(ToString::to_string)
            .collect();
        things.join(", ")
    }

    #[test]
    fn temporary_tables_and_computed_variables_are_left() {
        let mysql = |text| left(text, Dialect::Mysql);
        assert_eq!(
            mysql("CREATE TEMPORARY TABLE t (a int)"),
            "the temporary table `t`"
        );
        assert_eq!(
            mysql("SET @a = (SELECT max(id) FROM t)"),
            "the variable `@a`"
        );
        assert_eq!(
            mysql("SELECT a, b INTO @a, @b FROM t"),
            "the variable `@a`, the variable `@b`"
        );
        assert_eq!(mysql("SET @a = 1, @b = 'x'"), "");
        assert_eq!(mysql("SET sql_mode = ''"), "");
        assert_eq!(mysql("CREATE TABLE t (a int)"), "");
        assert_eq!(
            left("CREATE TEMP TABLE t (a int)", Dialect::Sqlite),
            "the temporary table `t`"
        );
    }

    #[test]
    fn a_thing_is_used_by_its_name() {
        let table = SessionThing::Table("ids".to_owned());
        assert!(table.is_used_by("INSERT INTO t SELECT * FROM `ids`", Dialect::Mysql));
        assert!(!table.is_used_by("INSERT INTO t SELECT ids2 FROM x", Dialect::Mysql));
        let variable = SessionThing::Variable("@a".to_owned());
        assert!(variable.is_used_by("UPDATE t SET x = @a", Dialect::Mysql));
    }

    #[test]
    fn a_use_names_its_database() {
        assert_eq!(used_database("USE `other`"), Some("other".to_owned()));
        assert_eq!(used_database("UPDATE t SET a = 1"), None);
    }
}
