//! Whether a statement of SQLite can leave a row without the row it refers to.

use super::reader::Reader;
use crate::sql::Dialect;

/// Pragmas that only read, although they take an argument.
const READING_PRAGMAS: &[&str] = &[
    "foreign_key_check",
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Whether foreign keys must be checked after a statement of SQLite.
///
/// What is not known to be harmless counts as harmful: a check costs little.
#[must_use]
pub fn may_break_references(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Sqlite);
    let Some(head) = reader.next() else {
        return false;
    };
    if head.is_any(&["SELECT", "ANALYZE", "EXPLAIN"]) {
        return false;
    }
    if head.is("CREATE") {
        reader.eat_any(&["TEMP", "TEMPORARY", "UNIQUE"]);
        return !reader.eat_any(&["TABLE", "INDEX", "VIEW", "TRIGGER"]);
    }
    if head.is("PRAGMA") {
        let Some(pragma) = reader.object_name() else {
            return true;
        };
        let reads = READING_PRAGMAS
            .iter()
            .any(|name| pragma.name.eq_ignore_ascii_case(name));
        return !reads && !reader.is_at_end();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn making_and_reading_break_nothing() {
        for text in [
            "CREATE TABLE t (id int)",
            "CREATE TEMP TABLE t AS SELECT 1",
            "CREATE UNIQUE INDEX i ON t (id)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t; END",
            "SELECT 1",
            "EXPLAIN DELETE FROM t",
            "ANALYZE",
            "PRAGMA foreign_keys",
            "PRAGMA main.table_info(t)",
            "-- nothing",
        ] {
            assert!(!may_break_references(text), "{text}");
        }
    }

    #[test]
    fn everything_else_may() {
        for text in [
            "INSERT INTO t VALUES (1)",
            "DROP TABLE t",
            "ALTER TABLE t RENAME TO u",
            "WITH a AS (SELECT 1) DELETE FROM t",
            "PRAGMA writable_schema = ON",
            "CREATE VIRTUAL TABLE t USING fts5(a)",
            "REPLACE INTO t VALUES (1)",
        ] {
            assert!(may_break_references(text), "{text}");
        }
    }
}
