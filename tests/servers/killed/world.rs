//! Migrations that cannot be run twice without leaving a trace, and what they leave.

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};

/// Leaves the transactions to the file.
const ALONE: &str = "run_in_transaction = false\n";

/// Writes three migrations; the first is where every way back ends.
pub(super) fn write(project: &Project, backend: Backend) {
    let [first, second, third] = match backend {
        Backend::Sqlite => SQLITE,
        Backend::Postgres => POSTGRES,
        Backend::Mysql => MYSQL,
    };
    project.migration("2026-01-01-000000_first", first.0, Some(first.1));
    project.migration("2026-02-01-000000_second", second.0, Some(second.1));
    project.migration("2026-03-01-000000_third", third.0, Some(third.1));
    match backend {
        Backend::Sqlite | Backend::Postgres => {
            project.metadata("2026-02-01-000000_second", ALONE);
        }
        Backend::Mysql => {}
    }
    project.metadata("2026-03-01-000000_third", ALONE);
}

type Files = (&'static str, &'static str);

const MYSQL: [Files; 3] = [
    (
        "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(50));
         INSERT INTO author VALUES (1, 'Ada'), (2, 'Bob');
         CREATE TABLE book (id INT PRIMARY KEY, author INT, pages INT);
         INSERT INTO book VALUES (1, 1, 100), (2, 2, 200);",
        "DROP TABLE book;\nDROP TABLE author;",
    ),
    (
        "INSERT INTO book VALUES (3, 1, 300);
         UPDATE book SET pages = pages + 1;
         ALTER TABLE book ADD COLUMN title VARCHAR(50);
         UPDATE book SET title = CONCAT('no. ', id), pages = pages + 10;
         INSERT INTO book SELECT id + 10, author, pages, title FROM book;
         ALTER TABLE book RENAME COLUMN pages TO leaves;
         CREATE INDEX book_title ON book (title);
         CREATE VIEW thick AS SELECT id FROM book WHERE leaves > 150;
         UPDATE book SET leaves = leaves * 2;",
        "DROP VIEW thick;
         UPDATE book SET leaves = leaves / 2;
         DROP INDEX book_title ON book;
         ALTER TABLE book CHANGE leaves pages INT;
         DELETE FROM book WHERE id > 10;
         UPDATE book SET pages = pages - 10;
         ALTER TABLE book DROP COLUMN title;
         DELETE FROM book WHERE id = 3;
         UPDATE book SET pages = pages - 1;",
    ),
    (
        "UPDATE author SET name = CONCAT(name, '!');
         CREATE TABLE log (id INT PRIMARY KEY, what VARCHAR(50));
         INSERT INTO log SELECT id, name FROM author;
         ALTER TABLE log ADD COLUMN a INT, ADD COLUMN b INT;
         START TRANSACTION;
         UPDATE log SET a = id;
         UPDATE author SET name = CONCAT(name, '?');
         COMMIT;
         RENAME TABLE log TO journal;
         DELETE FROM journal WHERE id = 1;",
        "INSERT INTO journal VALUES (1, 'x', 1, NULL);
         RENAME TABLE journal TO log;
         UPDATE author SET name = LEFT(name, CHAR_LENGTH(name) - 1);
         ALTER TABLE log DROP COLUMN a, DROP COLUMN b;
         DROP TABLE log;
         UPDATE author SET name = LEFT(name, CHAR_LENGTH(name) - 1);",
    ),
];

const POSTGRES: [Files; 3] = [
    (
        "CREATE TABLE author (id INT PRIMARY KEY, name TEXT);
         INSERT INTO author VALUES (1, 'Ada'), (2, 'Bob');
         CREATE TABLE book (id INT PRIMARY KEY, author INT, pages INT);
         INSERT INTO book VALUES (1, 1, 100), (2, 2, 200);",
        "DROP TABLE book;\nDROP TABLE author;",
    ),
    (
        "INSERT INTO book VALUES (3, 1, 300);
         UPDATE book SET pages = pages + 1;
         ALTER TABLE book ADD COLUMN title TEXT;
         CREATE INDEX CONCURRENTLY book_pages ON book (pages);
         BEGIN;
         UPDATE book SET title = 'no. ' || id, pages = pages + 10;
         INSERT INTO book SELECT id + 10, author, pages, title FROM book;
         COMMIT;
         CREATE UNIQUE INDEX CONCURRENTLY book_title ON book (id, title);
         UPDATE book SET pages = pages * 2;",
        "UPDATE book SET pages = pages / 2;
         DROP INDEX CONCURRENTLY book_title;
         BEGIN;
         DELETE FROM book WHERE id > 10;
         UPDATE book SET pages = pages - 10;
         COMMIT;
         DROP INDEX CONCURRENTLY book_pages;
         ALTER TABLE book DROP COLUMN title;
         DELETE FROM book WHERE id = 3;
         UPDATE book SET pages = pages - 1;",
    ),
    (
        "UPDATE author SET name = name || '!';
         CREATE TABLE log (id INT PRIMARY KEY, what TEXT);
         INSERT INTO log SELECT id, name FROM author;
         CREATE INDEX CONCURRENTLY log_what ON log (what);
         VACUUM log;
         ALTER TABLE log RENAME TO journal;
         DELETE FROM journal WHERE id = 1;",
        "INSERT INTO journal VALUES (1, 'x');
         ALTER TABLE journal RENAME TO log;
         DROP INDEX CONCURRENTLY log_what;
         UPDATE author SET name = left(name, -1);
         DROP TABLE log;",
    ),
];

const SQLITE: [Files; 3] = [
    (
        "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO author VALUES (1, 'Ada'), (2, 'Bob');
         CREATE TABLE book (id INTEGER PRIMARY KEY, author INTEGER, pages INTEGER);
         INSERT INTO book VALUES (1, 1, 100), (2, 2, 200);",
        "DROP TABLE book;\nDROP TABLE author;",
    ),
    (
        "INSERT INTO book VALUES (3, 1, 300);
         UPDATE book SET pages = pages + 1;
         PRAGMA foreign_keys = OFF;
         ALTER TABLE book ADD COLUMN title TEXT;
         BEGIN;
         UPDATE book SET title = 'no. ' || id, pages = pages + 10;
         INSERT INTO book SELECT id + 10, author, pages, title FROM book;
         COMMIT;
         CREATE INDEX book_title ON book (title);
         VACUUM;
         UPDATE book SET pages = pages * 2;",
        "UPDATE book SET pages = pages / 2;
         DROP INDEX book_title;
         SAVEPOINT whole;
         DELETE FROM book WHERE id > 10;
         UPDATE book SET pages = pages - 10;
         RELEASE whole;
         ALTER TABLE book DROP COLUMN title;
         DELETE FROM book WHERE id = 3;
         UPDATE book SET pages = pages - 1;",
    ),
    (
        "UPDATE author SET name = name || '!';
         CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT);
         INSERT INTO log SELECT id, name FROM author;
         CREATE VIEW logged AS SELECT what FROM log;
         DELETE FROM log WHERE id = 1;",
        "DROP VIEW logged;
         INSERT INTO log VALUES (1, 'x');
         UPDATE author SET name = substr(name, 1, length(name) - 1);
         DROP TABLE log;",
    ),
];

/// Lets the server forget the columns that were dropped: a table holds only so many of them.
pub(super) fn refresh(server: &Server) {
    match server.backend() {
        Backend::Mysql => server.execute("ALTER TABLE book FORCE, ALGORITHM = COPY"),
        Backend::Sqlite | Backend::Postgres => {}
    }
}

/// Whether a run stopped inside a migration.
pub(super) fn is_halfway(server: &Server) -> bool {
    // Without the table there is nothing.
    let rows = server.probe().try_rows("SELECT 1 FROM __manage_journal");
    rows.is_ok_and(|rows| !rows.is_empty())
}

/// Schema, rows and ledger.
pub(super) fn state(server: &Server) -> Vec<String> {
    let mut state = server.versions();
    state.extend(server.lines(match server.backend() {
        Backend::Sqlite => {
            "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' \
             AND tbl_name NOT LIKE '~_~_%' ESCAPE '~' ORDER BY type, name"
        }
        Backend::Postgres => {
            "SELECT c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), \
             coalesce(i.indisvalid, true) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
             LEFT JOIN pg_index i ON i.indexrelid = c.oid \
             WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped \
             AND c.relname NOT LIKE '\\_\\_%' ORDER BY c.relname, a.attname"
        }
        Backend::Mysql => {
            "SELECT table_name, column_name, column_type, column_key FROM information_schema.columns \
             WHERE table_schema = database() AND table_name NOT LIKE '\\_\\_%' \
             ORDER BY table_name, column_name"
        }
    }));
    for table in server.tables() {
        if !table.starts_with("__") {
            state.push(table.clone());
            state.extend(server.lines(&format!("SELECT * FROM {table} ORDER BY 1")));
        }
    }
    if is_halfway(server) {
        state.push("the journal is not empty".to_owned());
    }
    state
}
