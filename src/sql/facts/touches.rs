//! What a statement is about: the tables and other objects that it changes, by name.

use super::ObjectName;
use super::reader::Reader;
use crate::sql::Dialect;

/// What may stand after `CREATE`, `ALTER` and `DROP`, and has a name of its own.
const KINDS: &[&str] = &[
    "TABLE",
    "TABLES",
    "VIEW",
    "INDEX",
    "TYPE",
    "DOMAIN",
    "SEQUENCE",
    "FUNCTION",
    "PROCEDURE",
    "AGGREGATE",
    "TRIGGER",
    "POLICY",
    "RULE",
    "EVENT",
    "SCHEMA",
    "DATABASE",
    "EXTENSION",
    "COLLATION",
    "STATISTICS",
    "PUBLICATION",
    "SUBSCRIPTION",
    "ROLE",
    "USER",
];

/// How many words may stand between `CREATE` and what is created, a definer among them.
const BEFORE_KIND: usize = 16;

/// What one statement changes. A table that is only read or referred to is not in it, nor is what a
/// function or a `DO` block does; an index is told by its table, where the statement names that.
#[must_use]
pub fn touches(text: &str, dialect: Dialect) -> Vec<ObjectName> {
    let Statement { names, moved, .. } = read(text, dialect);
    let mut all = names;
    all.extend(moved);
    distinct(all)
}

/// The same for the statements of a script, each name once and in the order they come. A table that is
/// made only to take the place of another is left out.
#[must_use]
pub fn script_touches<'a>(
    statements: impl IntoIterator<Item = &'a str>,
    dialect: Dialect,
) -> Vec<ObjectName> {
    let mut all = Vec::new();
    let mut made = Vec::new();
    for text in statements {
        let statement = read(text, dialect);
        if let Some(to) = statement.moved {
            all.retain(|name| !(statement.names.contains(name) && made.contains(name)));
            all.extend(
                statement
                    .names
                    .into_iter()
                    .filter(|name| !made.contains(name)),
            );
            all.push(to);
            continue;
        }
        if statement.creates {
            made.extend(statement.names.iter().cloned());
        }
        all.extend(statement.names);
    }
    distinct(all)
}

fn distinct(names: Vec<ObjectName>) -> Vec<ObjectName> {
    let mut distinct: Vec<ObjectName> = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

#[derive(Default)]
struct Statement {
    names: Vec<ObjectName>,
    /// The name that one of them has afterwards.
    moved: Option<ObjectName>,
    /// Whether they are made by it.
    creates: bool,
}

impl Statement {
    fn of(names: impl IntoIterator<Item = ObjectName>) -> Self {
        Self {
            names: names.into_iter().collect(),
            ..Self::default()
        }
    }
}

fn read(text: &str, dialect: Dialect) -> Statement {
    let mut reader = Reader::new(text, dialect);
    let Some(head) = reader.next() else {
        return Statement::default();
    };
    if head.is("CREATE") {
        Statement {
            creates: true,
            ..Statement::of(definition(reader, Verb::Create))
        }
    } else if head.is("DROP") {
        Statement::of(definition(reader, Verb::Drop))
    } else if head.is("ALTER") {
        Statement {
            moved: renamed(reader.clone()),
            ..Statement::of(definition(reader, Verb::Alter))
        }
    } else if head.is("RENAME") {
        Statement::of(renames(reader))
    } else if head.is("TRUNCATE") {
        reader.eat_any(&["TABLE", "TABLES"]);
        Statement::of(list(&mut reader))
    } else if head.is("COMMENT") {
        Statement::of(comment(reader))
    } else if head.is_any(&["GRANT", "REVOKE"]) {
        Statement::of(after(
            reader,
            "ON",
            &["TABLE", "SEQUENCE", "FUNCTION", "SCHEMA", "DATABASE"],
        ))
    } else if head.is("COPY") {
        Statement::of(reader.object_name())
    } else if head.is("WITH") {
        Statement::of(in_with(reader))
    } else {
        Statement::of(rows(head, reader))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Create,
    Alter,
    Drop,
}

/// The names in a `CREATE`, `ALTER` or `DROP`.
fn definition(mut reader: Reader<'_>, verb: Verb) -> Vec<ObjectName> {
    let Some(kind) = reader
        .by_ref()
        .take(BEFORE_KIND)
        .find(|piece| piece.is_any(KINDS))
    else {
        return Vec::new();
    };
    // A foreign table and a materialized view end in their kind; a `USER MAPPING` is no user.
    if kind.is_any(&["ROLE", "USER"]) {
        return Vec::new();
    }
    if kind.is("INDEX") && verb != Verb::Create && reader.dialect() != Dialect::Mysql {
        return list(&mut reader);
    }
    if kind.is("INDEX") || kind.is_any(&["TRIGGER", "POLICY"]) {
        let on = after(reader.clone(), "ON", &[]);
        // MySQL and SQLite drop a trigger by its name alone.
        return on.or_else(|| name(&mut reader)).into_iter().collect();
    }
    if kind.is("RULE") {
        let word = if verb == Verb::Create { "TO" } else { "ON" };
        return after(reader, word, &[]).into_iter().collect();
    }
    if verb == Verb::Drop {
        return list(&mut reader);
    }
    name(&mut reader).into_iter().collect()
}

/// One name, after what says under which conditions.
fn name(reader: &mut Reader<'_>) -> Option<ObjectName> {
    reader.eat("CONCURRENTLY");
    if reader.eat("IF") {
        reader.eat("NOT");
        reader.eat("EXISTS");
    }
    if reader.dialect() == Dialect::Postgres {
        reader.eat("ONLY");
    }
    reader.object_name()
}

fn list(reader: &mut Reader<'_>) -> Vec<ObjectName> {
    let mut names = Vec::new();
    while let Some(name) = name(reader) {
        names.push(name);
        // A function is named with its arguments.
        if reader.eat_punctuation("(") {
            reader.close_bracket();
        }
        reader.eat_punctuation("*");
        if !reader.eat_punctuation(",") {
            break;
        }
    }
    names
}

/// The name after a word, and after one of some words that may stand before it.
fn after(mut reader: Reader<'_>, word: &str, kinds: &[&str]) -> Option<ObjectName> {
    reader.by_ref().find(|piece| piece.is(word))?;
    reader.eat_any(kinds);
    name(&mut reader)
}

/// The new name in an `ALTER ... RENAME TO`; that of a column stands after `RENAME COLUMN`.
fn renamed(mut reader: Reader<'_>) -> Option<ObjectName> {
    reader.by_ref().find(|piece| piece.is("RENAME"))?;
    if reader.dialect() == Dialect::Mysql {
        let is_part = reader
            .peek()
            .is_some_and(|piece| piece.is_any(&["COLUMN", "INDEX", "KEY"]));
        if is_part {
            return None;
        }
        reader.eat_any(&["TO", "AS"]);
        return reader.object_name();
    }
    if reader.eat("TO") {
        reader.object_name()
    } else {
        None
    }
}

/// `RENAME TABLE a TO b, c TO d`.
fn renames(mut reader: Reader<'_>) -> Vec<ObjectName> {
    reader.eat_any(&["TABLE", "TABLES"]);
    let mut names = Vec::new();
    while let Some(from) = name(&mut reader) {
        names.push(from);
        if reader.eat("TO") {
            names.extend(reader.object_name());
        }
        if !reader.eat_punctuation(",") {
            break;
        }
    }
    names
}

/// `COMMENT ON TABLE t`, `COMMENT ON COLUMN t.c`.
fn comment(mut reader: Reader<'_>) -> Option<ObjectName> {
    reader.eat("ON");
    if reader.eat("COLUMN") {
        let column = reader.object_name()?;
        return Some(ObjectName {
            schema: None,
            name: column.schema?,
        });
    }
    let kind = reader.next()?;
    if kind.is("MATERIALIZED") || kind.is("FOREIGN") {
        reader.next();
    }
    if kind.is_any(&["CONSTRAINT", "TRIGGER", "POLICY", "RULE"]) {
        return after(reader, "ON", &[]);
    }
    name(&mut reader)
}

/// What writes rows.
fn rows(head: super::reader::Piece<'_>, mut reader: Reader<'_>) -> Option<ObjectName> {
    if head.is_any(&["INSERT", "REPLACE", "MERGE"]) {
        after(reader, "INTO", &[])
    } else if head.is("DELETE") {
        after(reader, "FROM", &[])
    } else if head.is("UPDATE") {
        if reader.eat("OR") {
            reader.next();
        }
        while reader.eat_any(&["LOW_PRIORITY", "IGNORE"]) {}
        name(&mut reader)
    } else {
        None
    }
}

/// What a `WITH` writes into, in its parts or in the end.
fn in_with(mut reader: Reader<'_>) -> Vec<ObjectName> {
    let mut names = Vec::new();
    let mut before_is_key = false;
    while let Some(piece) = reader.next() {
        // `FOR UPDATE` and `ON CONFLICT DO UPDATE` are no statements.
        if !before_is_key {
            names.extend(rows(piece, reader.clone()));
        }
        before_is_key = piece.is_any(&["FOR", "DO", "ON"]);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[ObjectName]) -> String {
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        names.join(" ")
    }

    #[track_caller]
    fn check(dialect: Dialect, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(names(&touches(text, dialect)), *expected, "{text}");
        }
    }

    #[test]
    fn definitions_touch_what_they_name() {
        for dialect in Dialect::ALL {
            check(
                dialect,
                &[
                    (
                        "CREATE TABLE books (id INT REFERENCES authors (id))",
                        "books",
                    ),
                    (
                        "create table if not exists shop.books (id int)",
                        "shop.books",
                    ),
                    ("CREATE UNIQUE INDEX books_title ON books (title)", "books"),
                    ("CREATE VIEW old AS SELECT * FROM books", "old"),
                    ("ALTER TABLE books ADD COLUMN pages INT", "books"),
                    ("ALTER TABLE books RENAME TO volumes", "books volumes"),
                    ("DROP TABLE IF EXISTS books", "books"),
                    (
                        "CREATE TRIGGER t AFTER INSERT ON books FOR EACH ROW BEGIN UPDATE a SET b = 1; END",
                        "books",
                    ),
                    ("SELECT 1", ""),
                    ("-- nothing", ""),
                ],
            );
        }
    }

    #[test]
    fn rows_are_written_into_a_table() {
        for dialect in Dialect::ALL {
            check(
                dialect,
                &[
                    ("INSERT INTO books SELECT * FROM old", "books"),
                    ("UPDATE books SET title = 'a'", "books"),
                    (
                        "DELETE FROM books WHERE id IN (SELECT id FROM old)",
                        "books",
                    ),
                    ("WITH a AS (SELECT 1) DELETE FROM books", "books"),
                ],
            );
        }
    }

    #[test]
    fn postgres_has_more_kinds() {
        check(
            Dialect::Postgres,
            &[
                ("CREATE INDEX CONCURRENTLY ON ONLY books (title)", "books"),
                (
                    "DROP INDEX CONCURRENTLY IF EXISTS books_title, b",
                    "books_title b",
                ),
                ("CREATE MATERIALIZED VIEW v AS SELECT 1", "v"),
                (
                    "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    "f",
                ),
                ("DROP FUNCTION f(int, text), g", "f g"),
                ("CREATE TYPE mood AS ENUM ('ok')", "mood"),
                ("ALTER TYPE mood ADD VALUE 'sad'", "mood"),
                ("ALTER TABLE ONLY books RENAME COLUMN a TO b", "books"),
                ("COMMENT ON COLUMN public.books.title IS 'x'", "books"),
                ("COMMENT ON TABLE public.books IS 'x'", "public.books"),
                ("GRANT SELECT ON TABLE books TO reader", "books"),
                ("TRUNCATE books, public.authors", "books public.authors"),
                ("CREATE POLICY p ON books USING (true)", "books"),
                ("CREATE RULE r AS ON INSERT TO books DO NOTHING", "books"),
                ("CREATE ROLE reader", ""),
                (
                    "WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone ON CONFLICT DO UPDATE SET x = 1",
                    "a b",
                ),
            ],
        );
    }

    #[test]
    fn mysql_names_the_table_of_an_index() {
        check(
            Dialect::Mysql,
            &[
                ("DROP INDEX books_title ON books", "books"),
                ("DROP TRIGGER t", "t"),
                ("RENAME TABLE a TO b, c TO d", "a b c d"),
                ("ALTER TABLE books RENAME INDEX a TO b", "books"),
                ("ALTER TABLE books RENAME volumes", "books volumes"),
                (
                    "CREATE DEFINER=`root`@`localhost` SQL SECURITY INVOKER VIEW v AS SELECT 1",
                    "v",
                ),
                ("INSERT IGNORE INTO `books` VALUES (1)", "books"),
            ],
        );
    }

    #[test]
    fn a_table_that_takes_another_s_place_is_that_other() {
        let rebuild = [
            "CREATE TABLE books_new (id INTEGER)",
            "INSERT INTO books_new SELECT id FROM books",
            "DROP TABLE books",
            "ALTER TABLE books_new RENAME TO books",
            "UPDATE authors SET id = 1",
        ];
        assert_eq!(
            names(&script_touches(rebuild, Dialect::Sqlite)),
            "books authors"
        );
        let renamed = ["ALTER TABLE a RENAME TO b", "DROP TABLE c"];
        assert_eq!(names(&script_touches(renamed, Dialect::Sqlite)), "a b c");
    }
}
