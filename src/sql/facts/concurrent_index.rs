//! Indexes that PostgreSQL builds while others go on writing; a failed one stays, and is invalid.

use super::ObjectName;
use super::reader::Reader;
use crate::sql::Dialect;

/// What a statement builds concurrently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConcurrentIndex {
    /// `CREATE INDEX CONCURRENTLY`.
    Create {
        /// The index; the server makes up a name where none is given.
        index: Option<String>,
        /// Its table.
        table: ObjectName,
    },
    /// `REINDEX INDEX CONCURRENTLY`.
    Index(ObjectName),
    /// `REINDEX TABLE CONCURRENTLY`.
    Table(ObjectName),
}

/// The index that a statement of PostgreSQL builds concurrently, if it does.
///
/// Whole schemas and databases are left out: what they leave behind is named by the server's own message.
#[must_use]
pub fn concurrent_index(text: &str) -> Option<ConcurrentIndex> {
    let mut reader = Reader::new(text, Dialect::Postgres);
    if reader.eat("CREATE") {
        return create(reader);
    }
    reader.eat("REINDEX").then(|| reindex(reader)).flatten()
}

fn create(mut reader: Reader<'_>) -> Option<ConcurrentIndex> {
    reader.eat("UNIQUE");
    if !reader.eat_all(&["INDEX", "CONCURRENTLY"]) {
        return None;
    }
    reader.eat_all(&["IF", "NOT", "EXISTS"]);
    let index = if reader.sees("ON") {
        None
    } else {
        Some(reader.identifier()?)
    };
    if !reader.eat("ON") {
        return None;
    }
    reader.eat("ONLY");
    let table = reader.object_name()?;
    Some(ConcurrentIndex::Create { index, table })
}

fn reindex(mut reader: Reader<'_>) -> Option<ConcurrentIndex> {
    let mut concurrently = false;
    if reader.eat_punctuation("(") {
        let mut depth = 1_usize;
        while depth > 0 {
            let piece = reader.next()?;
            concurrently |= piece.is("CONCURRENTLY");
            if piece.is_punctuation("(") {
                depth += 1;
            } else if piece.is_punctuation(")") {
                depth -= 1;
            }
        }
    }
    let is_index = reader.eat("INDEX");
    if !is_index && !reader.eat("TABLE") {
        return None;
    }
    if !(reader.eat("CONCURRENTLY") || concurrently) {
        return None;
    }
    let name = reader.object_name()?;
    Some(if is_index {
        ConcurrentIndex::Index(name)
    } else {
        ConcurrentIndex::Table(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(schema: Option<&str>, name: &str) -> ObjectName {
        ObjectName {
            schema: schema.map(str::to_owned),
            name: name.to_owned(),
        }
    }

    #[test]
    fn an_index_that_is_built_concurrently_is_known_with_its_table() {
        for (text, index, table) in [
            (
                "CREATE INDEX CONCURRENTLY a ON b (c)",
                Some("a"),
                name(None, "b"),
            ),
            (
                "create unique index concurrently if not exists \"A\" on only s.b using btree (c)",
                Some("A"),
                name(Some("s"), "b"),
            ),
            ("CREATE INDEX CONCURRENTLY ON b (c)", None, name(None, "b")),
        ] {
            let index = index.map(str::to_owned);
            assert_eq!(
                concurrent_index(text),
                Some(ConcurrentIndex::Create { index, table }),
                "{text}"
            );
        }
        for (text, expected) in [
            (
                "REINDEX INDEX CONCURRENTLY s.a",
                ConcurrentIndex::Index(name(Some("s"), "a")),
            ),
            (
                "REINDEX (VERBOSE, CONCURRENTLY) TABLE b",
                ConcurrentIndex::Table(name(None, "b")),
            ),
        ] {
            assert_eq!(concurrent_index(text), Some(expected), "{text}");
        }
        for text in [
            "CREATE INDEX a ON b (c)",
            "REINDEX TABLE b",
            "REINDEX DATABASE CONCURRENTLY d",
            "CREATE TABLE a (b INT)",
            "DROP INDEX CONCURRENTLY a",
        ] {
            assert_eq!(concurrent_index(text), None, "{text}");
        }
    }
}
