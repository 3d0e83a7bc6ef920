//! Statements that are sure to stay within the transaction round them.

use super::outside_transaction::needs_no_transaction;
use super::reader::Reader;
use super::{commits_implicitly, runs_stored_code, transaction_control};
use crate::sql::Dialect;

/// What changes rows.
const ROWS: &[&str] = &[
    "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH", "SELECT", "VALUES", "TRUNCATE",
];

/// What PostgreSQL defines, changes and drops within a transaction whatever is said of it.
const OBJECTS: &[&str] = &[
    "TABLE",
    "VIEW",
    "MATERIALIZED",
    "INDEX",
    "SEQUENCE",
    "FUNCTION",
    "PROCEDURE",
    "AGGREGATE",
    "TRIGGER",
    "DOMAIN",
    "SCHEMA",
    "POLICY",
    "RULE",
];

/// Whether a statement surely can run in a transaction and surely leaves it open, so that it is in
/// effect if and only if that is committed.
#[must_use]
pub fn joins_transaction(text: &str, dialect: Dialect) -> bool {
    if needs_no_transaction(text, dialect).is_some() || transaction_control(text, dialect).is_some()
    {
        return false;
    }
    let mut reader = Reader::new(text, dialect);
    let Some(head) = reader.next() else {
        return false;
    };
    match dialect {
        // These are about files and not about what is in them.
        Dialect::Sqlite => !head.is_any(&["ATTACH", "DETACH", "PRAGMA"]),
        Dialect::Mysql => head.is_any(ROWS) && !commits_implicitly(text) && !runs_stored_code(text),
        Dialect::Postgres => {
            if head.is_any(ROWS) || head.is_any(&["COMMENT", "GRANT", "REVOKE"]) {
                return true;
            }
            if !head.is_any(&["CREATE", "ALTER", "DROP"]) {
                return false;
            }
            reader.eat_all(&["OR", "REPLACE"]);
            reader.eat_any(&["UNIQUE", "UNLOGGED"]);
            let Some(kind) = reader.next() else {
                return false;
            };
            // A new type may be used at once; a new value of an old one may not.
            kind.is_any(OBJECTS) || kind.is("TYPE") && !head.is("ALTER")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_plain_definitions_stay_within() {
        for dialect in Dialect::ALL {
            assert!(joins_transaction("INSERT INTO t VALUES (1)", dialect));
            assert!(!joins_transaction("COMMIT", dialect));
            assert!(!joins_transaction("", dialect));
        }
        assert!(joins_transaction("CREATE TABLE t (a int)", Dialect::Sqlite));
        assert!(joins_transaction(
            "CREATE UNIQUE INDEX i ON t (a)",
            Dialect::Postgres
        ));
    }

    #[test]
    fn what_may_commit_or_must_stand_alone_does_not() {
        for text in [
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "VACUUM t",
            "CALL p()",
            "DO $$ BEGIN COMMIT; END $$",
            "ALTER TYPE mood ADD VALUE 'sad'",
            "ALTER SYSTEM SET work_mem = 1",
            "REINDEX TABLE t",
        ] {
            assert!(!joins_transaction(text, Dialect::Postgres), "{text}");
        }
        assert!(!joins_transaction("CREATE TABLE t (a int)", Dialect::Mysql));
        assert!(!joins_transaction("CALL p()", Dialect::Mysql));
        assert!(!joins_transaction("VACUUM", Dialect::Sqlite));
    }
}
