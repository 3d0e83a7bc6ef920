//! Statements whose effect is on the session, and those whose effect is not in their text.

use super::reader::Reader;
use crate::sql::Dialect;

/// Whether a statement changes nothing but the session it runs in.
#[must_use]
pub fn concerns_session(text: &str, dialect: Dialect) -> bool {
    let mut reader = Reader::new(text, dialect);
    reader.next().is_some_and(|head| match dialect {
        Dialect::Sqlite => head.is_any(&["PRAGMA", "ATTACH", "DETACH"]),
        Dialect::Postgres => head.is_any(&["SET", "RESET", "SHOW"]),
        Dialect::Mysql => head.is_any(&["SET", "USE", "SHOW"]),
    })
}

/// Whether a statement of PostgreSQL goes on as somebody else, who may have other rights.
#[must_use]
pub fn changes_role(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Postgres);
    if !reader.eat("SET") {
        return false;
    }
    if reader.eat("SESSION") && reader.sees("AUTHORIZATION") {
        return true;
    }
    reader.eat("LOCAL");
    reader.eat("ROLE") || reader.eat_all(&["SESSION", "AUTHORIZATION"])
}

/// Whether a statement of MySQL or MariaDB runs code that its text does not show.
#[must_use]
pub fn runs_stored_code(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Mysql);
    reader
        .next()
        .is_some_and(|head| head.is_any(&["CALL", "EXECUTE"]))
}

/// Whether a statement of PostgreSQL runs code that may commit: a procedure, or a block.
#[must_use]
pub fn may_commit_inside(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Postgres);
    reader
        .next()
        .is_some_and(|head| head.is_any(&["CALL", "DO"]))
}

/// Whether a statement of PostgreSQL builds an index, which may take long and is counted by the server.
#[must_use]
pub fn builds_index(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Postgres);
    if reader.eat("REINDEX") {
        return true;
    }
    if !reader.eat("CREATE") {
        return false;
    }
    reader.eat("UNIQUE");
    reader.eat("INDEX")
}

/// Whether a statement of MySQL or MariaDB takes locks that the beginning of a transaction releases.
#[must_use]
pub fn locks_tables(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Mysql);
    reader.next().is_some_and(|head| head.is("LOCK"))
}

/// Whether a statement of MySQL or MariaDB gives those locks back.
#[must_use]
pub fn unlocks_tables(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Mysql);
    reader.next().is_some_and(|head| head.is("UNLOCK"))
}

/// Whether a statement of PostgreSQL drops statements that the session has prepared.
#[must_use]
pub fn forgets_prepared(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Postgres);
    reader
        .next()
        .is_some_and(|head| head.is_any(&["DISCARD", "DEALLOCATE"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_the_session_leave_nothing_behind() {
        assert!(concerns_session(
            "PRAGMA foreign_keys = OFF",
            Dialect::Sqlite
        ));
        assert!(concerns_session("set search_path = app", Dialect::Postgres));
        assert!(!concerns_session("SELECT 1", Dialect::Mysql));
    }

    #[test]
    fn another_role_has_other_rights() {
        for text in [
            "SET ROLE a",
            "set local role a",
            "SET SESSION AUTHORIZATION a",
            "SET LOCAL SESSION AUTHORIZATION a",
            "SET SESSION ROLE a",
        ] {
            assert!(changes_role(text), "{text}");
        }
        assert!(!changes_role("SET search_path = role"));
        assert!(!changes_role("RESET ROLE"));
    }

    #[test]
    fn a_call_may_do_anything() {
        assert!(runs_stored_code("/* now */ call refresh()"));
        assert!(runs_stored_code("EXECUTE IMMEDIATE 'DROP TABLE t'"));
        assert!(!runs_stored_code("CREATE PROCEDURE p() SELECT 1"));
    }

    #[test]
    fn table_locks_are_known_by_their_verb() {
        assert!(locks_tables("LOCK TABLES t WRITE"));
        assert!(!locks_tables("UNLOCK TABLES"));
        assert!(unlocks_tables("UNLOCK TABLES"));
    }
}
