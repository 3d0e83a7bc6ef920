//! Statements that a server refuses to run inside a transaction.

use super::reader::{Piece, Reader};
use crate::sql::Dialect;
use crate::sql::lexer::TokenKind;

/// The construct for which a statement must run outside a transaction, if it must.
///
/// MySQL commits on its own instead, see [`commits_implicitly`](super::commits_implicitly).
#[must_use]
pub fn needs_no_transaction(text: &str, dialect: Dialect) -> Option<&'static str> {
    let mut reader = Reader::new(text, dialect);
    let head = reader.next()?;
    match dialect {
        Dialect::Sqlite => sqlite(head, reader),
        Dialect::Postgres => postgres(head, reader),
        Dialect::Mysql => None,
    }
}

fn sqlite(head: Piece<'_>, mut reader: Reader<'_>) -> Option<&'static str> {
    if head.is("VACUUM") {
        return Some("VACUUM");
    }
    if !head.is("PRAGMA") {
        return None;
    }
    let pragma = reader.object_name()?.name.to_ascii_lowercase();
    let assigns = !reader.is_at_end();
    match pragma.as_str() {
        "journal_mode" if assigns => Some("PRAGMA journal_mode"),
        "synchronous" if assigns => Some("PRAGMA synchronous"),
        "wal_checkpoint" => Some("PRAGMA wal_checkpoint"),
        _ => None,
    }
}

fn postgres(head: Piece<'_>, mut reader: Reader<'_>) -> Option<&'static str> {
    if head.is("VACUUM") {
        return Some("VACUUM");
    }
    if head.is("CREATE") {
        return create(reader);
    }
    if head.is("DROP") {
        return drop(reader);
    }
    if head.is("ALTER") {
        return alter(reader);
    }
    if head.is("REINDEX") {
        return reindex(reader);
    }
    if head.is("CLUSTER") {
        if reader.eat_punctuation("(") {
            reader.close_bracket();
        }
        reader.eat("VERBOSE");
        return reader.is_at_end().then_some("CLUSTER");
    }
    if head.is("DISCARD") {
        return reader.eat("ALL").then_some("DISCARD ALL");
    }
    if head.is("COMMIT") {
        return reader.eat("PREPARED").then_some("COMMIT PREPARED");
    }
    if head.is("ROLLBACK") {
        return reader.eat("PREPARED").then_some("ROLLBACK PREPARED");
    }
    None
}

fn create(mut reader: Reader<'_>) -> Option<&'static str> {
    reader.eat("UNIQUE");
    if reader.eat("INDEX") {
        reader
            .eat("CONCURRENTLY")
            .then_some("CREATE INDEX CONCURRENTLY")
    } else if reader.eat("DATABASE") {
        Some("CREATE DATABASE")
    } else if reader.eat("TABLESPACE") {
        Some("CREATE TABLESPACE")
    } else if reader.eat("SUBSCRIPTION") {
        // Without a slot to create, nothing happens on the other server.
        let connects = !turns_off(&reader, "create_slot") && !turns_off(&reader, "connect");
        connects.then_some("CREATE SUBSCRIPTION")
    } else {
        None
    }
}

fn drop(mut reader: Reader<'_>) -> Option<&'static str> {
    if reader.eat("INDEX") {
        reader
            .eat("CONCURRENTLY")
            .then_some("DROP INDEX CONCURRENTLY")
    } else if reader.eat("DATABASE") {
        Some("DROP DATABASE")
    } else if reader.eat("TABLESPACE") {
        Some("DROP TABLESPACE")
    } else if reader.eat("SUBSCRIPTION") {
        Some("DROP SUBSCRIPTION")
    } else {
        None
    }
}

fn alter(mut reader: Reader<'_>) -> Option<&'static str> {
    if reader.eat("SYSTEM") {
        Some("ALTER SYSTEM")
    } else if reader.eat("DATABASE") {
        reader.identifier()?;
        reader
            .eat_all(&["SET", "TABLESPACE"])
            .then_some("ALTER DATABASE ... SET TABLESPACE")
    } else if reader.eat("SUBSCRIPTION") {
        reader.identifier()?;
        alter_subscription(reader)
    } else if reader.eat("TABLE") {
        reader.eat_all(&["IF", "EXISTS"]);
        reader.object_name()?;
        reader.eat_all(&["DETACH", "PARTITION"]).then_some(())?;
        reader.object_name()?;
        reader
            .eat("CONCURRENTLY")
            .then_some("DETACH PARTITION ... CONCURRENTLY")
    } else {
        None
    }
}

/// Whatever makes the subscription ask the other server for its tables.
fn alter_subscription(mut reader: Reader<'_>) -> Option<&'static str> {
    if reader.eat_all(&["REFRESH", "PUBLICATION"]) {
        return Some("ALTER SUBSCRIPTION ... REFRESH PUBLICATION");
    }
    let changes = reader.eat_any(&["SET", "ADD", "DROP"]) && reader.eat("PUBLICATION");
    (changes && !turns_off(&reader, "refresh")).then_some("ALTER SUBSCRIPTION ... PUBLICATION")
}

fn reindex(mut reader: Reader<'_>) -> Option<&'static str> {
    if reader.clone().eat_punctuation("(") && turns_on(&reader, "concurrently") {
        return Some("REINDEX CONCURRENTLY");
    }
    if reader.eat_punctuation("(") {
        reader.close_bracket();
    }
    if reader.eat("DATABASE") {
        Some("REINDEX DATABASE")
    } else if reader.eat("SYSTEM") {
        Some("REINDEX SYSTEM")
    } else if reader.eat("SCHEMA") {
        Some("REINDEX SCHEMA")
    } else if reader.eat_any(&["TABLE", "INDEX"]) {
        reader.eat("CONCURRENTLY").then_some("REINDEX CONCURRENTLY")
    } else {
        None
    }
}

/// Whether an option in brackets is given without a value or with one that means yes.
fn turns_on(reader: &Reader<'_>, option: &str) -> bool {
    let mut reader = reader.clone();
    reader.by_ref().any(|piece| piece.is(option)) && !is_off(reader)
}

/// Whether an option in brackets is given with a value that means no.
fn turns_off(reader: &Reader<'_>, option: &str) -> bool {
    let mut reader = reader.clone();
    reader.by_ref().any(|piece| piece.is(option)) && is_off(reader)
}

fn is_off(mut value: Reader<'_>) -> bool {
    value.eat_punctuation("=");
    value.next().is_some_and(|piece| {
        let text = if piece.kind == TokenKind::String {
            piece.text.trim_matches('\'')
        } else {
            piece.text
        };
        ["false", "off", "0", "no", "f", "n"]
            .iter()
            .any(|no| text.eq_ignore_ascii_case(no))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dialect: Dialect, cases: &[(&str, Option<&str>)]) {
        for (text, expected) in cases {
            assert_eq!(needs_no_transaction(text, dialect), *expected, "{text}");
        }
    }

    #[test]
    fn postgres_refuses_what_spans_databases_or_commits_by_itself() {
        check(
            Dialect::Postgres,
            &[
                (
                    "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
                    Some("CREATE INDEX CONCURRENTLY"),
                ),
                (
                    "drop index concurrently if exists i",
                    Some("DROP INDEX CONCURRENTLY"),
                ),
                ("REINDEX TABLE CONCURRENTLY t", Some("REINDEX CONCURRENTLY")),
                (
                    "REINDEX (VERBOSE, CONCURRENTLY) INDEX i",
                    Some("REINDEX CONCURRENTLY"),
                ),
                ("REINDEX (VERBOSE) DATABASE d", Some("REINDEX DATABASE")),
                ("REINDEX SYSTEM d", Some("REINDEX SYSTEM")),
                ("REINDEX SCHEMA s", Some("REINDEX SCHEMA")),
                ("VACUUM (ANALYZE) t", Some("VACUUM")),
                ("CLUSTER", Some("CLUSTER")),
                ("CLUSTER (VERBOSE);", Some("CLUSTER")),
                ("CREATE DATABASE d", Some("CREATE DATABASE")),
                ("DROP DATABASE d", Some("DROP DATABASE")),
                (
                    "CREATE TABLESPACE s LOCATION '/s'",
                    Some("CREATE TABLESPACE"),
                ),
                ("DROP TABLESPACE s", Some("DROP TABLESPACE")),
                (
                    "ALTER DATABASE d SET TABLESPACE s",
                    Some("ALTER DATABASE ... SET TABLESPACE"),
                ),
                ("ALTER SYSTEM SET a = 1", Some("ALTER SYSTEM")),
                (
                    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
                    Some("CREATE SUBSCRIPTION"),
                ),
                ("DROP SUBSCRIPTION s", Some("DROP SUBSCRIPTION")),
                (
                    "ALTER SUBSCRIPTION s SET PUBLICATION p",
                    Some("ALTER SUBSCRIPTION ... PUBLICATION"),
                ),
                (
                    "ALTER TABLE a.t DETACH PARTITION p CONCURRENTLY",
                    Some("DETACH PARTITION ... CONCURRENTLY"),
                ),
                ("DISCARD ALL", Some("DISCARD ALL")),
                ("COMMIT PREPARED 'a'", Some("COMMIT PREPARED")),
            ],
        );
    }

    #[test]
    fn postgres_takes_the_rest_inside_a_transaction() {
        check(
            Dialect::Postgres,
            &[
                ("CREATE INDEX concurrently_i ON t (a)", None),
                ("CREATE INDEX i ON t (concurrently)", None),
                ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", None),
                ("REINDEX TABLE t", None),
                ("REINDEX (CONCURRENTLY off) TABLE t", None),
                ("CLUSTER t USING i", None),
                ("ALTER DATABASE d SET search_path = a", None),
                ("ALTER TABLE t DETACH PARTITION p", None),
                ("ALTER TYPE t ADD VALUE 'a'", None),
                ("ANALYZE", None),
                ("DISCARD TEMP", None),
                (
                    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)",
                    None,
                ),
                (
                    "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
                    None,
                ),
                ("ALTER SUBSCRIPTION s ENABLE", None),
                ("COMMIT", None),
            ],
        );
    }

    #[test]
    fn sqlite_refuses_vacuum_and_some_pragmas() {
        check(
            Dialect::Sqlite,
            &[
                ("VACUUM", Some("VACUUM")),
                ("PRAGMA journal_mode = WAL", Some("PRAGMA journal_mode")),
                ("PRAGMA main.journal_mode(wal)", Some("PRAGMA journal_mode")),
                ("PRAGMA synchronous = OFF", Some("PRAGMA synchronous")),
                ("PRAGMA wal_checkpoint", Some("PRAGMA wal_checkpoint")),
                ("PRAGMA journal_mode", None),
                ("PRAGMA foreign_keys = ON", None),
                ("CREATE TABLE vacuum (id)", None),
            ],
        );
    }

    #[test]
    fn mysql_has_none() {
        check(
            Dialect::Mysql,
            &[("CREATE DATABASE d", None), ("OPTIMIZE TABLE t", None)],
        );
    }
}
