//! Statements that a server may refuse half-way, and keep the first half.

use super::outside_transaction::needs_no_transaction;
use super::reader::Reader;
use super::{commits_implicitly, runs_stored_code};
use crate::sql::Dialect;

/// Whether a statement that stood alone and was refused has surely changed nothing.
#[must_use]
pub fn fails_whole(text: &str, dialect: Dialect) -> bool {
    let mut reader = Reader::new(text, dialect);
    let Some(head) = reader.next() else {
        return true;
    };
    match dialect {
        Dialect::Sqlite => true,
        // What cannot be in a transaction works in several of them; a procedure may have its own.
        Dialect::Postgres => {
            let is_setting = head.is("ALTER") && reader.eat_any(&["SYSTEM"]);
            is_setting
                || needs_no_transaction(text, dialect).is_none() && !head.is_any(&["CALL", "DO"])
        }
        Dialect::Mysql => {
            if !commits_implicitly(text) && !runs_stored_code(text) {
                return true;
            }
            if head.is("ALTER") {
                return reader.eat_any(&["TABLE", "VIEW", "DATABASE", "SCHEMA"])
                    || reader.eat_all(&["ONLINE", "TABLE"])
                    || reader.eat_all(&["IGNORE", "TABLE"]);
            }
            // Several tables are dropped or renamed one after the other.
            if head.is_any(&["DROP", "RENAME"]) {
                return !reader.any(|piece| piece.is_punctuation(","));
            }
            head.is_any(&["CREATE", "TRUNCATE"])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_is_made_changed_or_dropped_as_a_whole() {
        for text in [
            "CREATE TABLE t (a int, b int)",
            "ALTER TABLE t ADD a int, ADD b int",
            "DROP TABLE t",
            "RENAME TABLE a TO b",
            "TRUNCATE t",
            "INSERT INTO t VALUES (1), (2)",
        ] {
            assert!(fails_whole(text, Dialect::Mysql), "{text}");
        }
    }

    #[test]
    fn several_may_be_done_in_part() {
        for text in [
            "DROP TABLE a, b",
            "RENAME TABLE a TO b, c TO d",
            "CALL p()",
            "GRANT ALL ON *.* TO a, b",
            "OPTIMIZE TABLE a, b",
        ] {
            assert!(!fails_whole(text, Dialect::Mysql), "{text}");
        }
        assert!(!fails_whole(
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            Dialect::Postgres
        ));
        assert!(fails_whole("CREATE INDEX i ON t (a)", Dialect::Postgres));
        assert!(!fails_whole("DO $$ BEGIN END $$", Dialect::Postgres));
    }
}
