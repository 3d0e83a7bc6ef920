//! Scripts from the files alone: `migrate --sql a:b` and `downgrade --sql b:a`.

use insta::assert_snapshot;

use crate::library::{applied, empty, pending};
use crate::support::Project;

/// Settings whose database nobody can reach.
fn unreachable() -> Project {
    let project = pending();
    project.settings(
        "connections:\n  main:\n    url: sqlite:///nowhere/at/all.db\n    migrations: migrations\n  other:\n    driver: postgres\n    host: 127.0.0.1\n    port: 1\n    database: x\n    username: u\n    password: ${NOT_SET}\n    migrations: migrations\ndefault: main\n",
    );
    project
}

#[test]
fn a_range_needs_no_database() {
    let project = unreachable();
    assert_snapshot!(project.run("migrate --sql create_authors:create_books"), @"
    -- Applies 1 migration of connection `main`: 2026-01-05-090000_create_authors to 2026-01-12-140000_create_books.
    -- Run it with: sqlite3 -bail FILE < SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.
    PRAGMA foreign_keys = OFF;

    CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
           version VARCHAR(50) PRIMARY KEY NOT NULL,
           run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    );

    -- apply 2026-01-12-140000_create_books
    BEGIN IMMEDIATE;
    CREATE TABLE books (
        id INTEGER PRIMARY KEY NOT NULL,
        author_id INTEGER NOT NULL REFERENCES authors (id),
        title TEXT NOT NULL
    );
    CREATE INDEX books_title ON books (title);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260112140000');
    COMMIT;
    ");
    assert_snapshot!(project.run("migrate --sql create_authors:create_books -d other"), @"
    -- Applies 1 migration of connection `other`: 2026-01-05-090000_create_authors to 2026-01-12-140000_create_books.
    -- Run it with: psql -X -v ON_ERROR_STOP=1 -d DATABASE -f SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.
    SET client_encoding = 'UTF8';
    SET TimeZone = 'UTC';

    CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
           version VARCHAR(50) PRIMARY KEY NOT NULL,
           run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    );

    -- apply 2026-01-12-140000_create_books
    BEGIN;
    CREATE TABLE books (
        id INTEGER PRIMARY KEY NOT NULL,
        author_id INTEGER NOT NULL REFERENCES authors (id),
        title TEXT NOT NULL
    );
    CREATE INDEX books_title ON books (title);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260112140000');
    COMMIT;
    ");
}

#[test]
fn open_ends_are_the_base_and_the_head() {
    let project = pending();
    let all = project.run("migrate --sql :").ok().stdout;
    assert_eq!(project.run("migrate --sql :head").ok().stdout, all);
    assert_eq!(project.run("migrate --sql base:").ok().stdout, all);
    let back = project.run("downgrade --sql :").ok().stdout;
    assert_eq!(project.run("downgrade --sql head:base").ok().stdout, back);
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_way_back_is_written_newest_first() {
    assert_snapshot!(unreachable().run("downgrade --sql create_books:create_authors -d other"), @"
    -- Reverts 1 migration of connection `other`: 2026-01-12-140000_create_books back to 2026-01-05-090000_create_authors.
    -- Run it with: psql -X -v ON_ERROR_STOP=1 -d DATABASE -f SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.
    SET client_encoding = 'UTF8';
    SET TimeZone = 'UTC';

    -- revert 2026-01-12-140000_create_books
    BEGIN;
    DROP INDEX books_title;
    DROP TABLE books;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260112140000';
    COMMIT;
    ");
}

#[test]
fn sqlite_counts_rows_that_refer_to_nothing() {
    assert_snapshot!(unreachable().run("downgrade --sql create_books:create_authors"), @r#"
    -- Reverts 1 migration of connection `main`: 2026-01-12-140000_create_books back to 2026-01-05-090000_create_authors.
    -- Run it with: sqlite3 -bail FILE < SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.
    PRAGMA foreign_keys = OFF;
    CREATE TEMP TABLE __manage_broken AS
      SELECT "table", parent, count(*) AS number FROM pragma_foreign_key_check GROUP BY 1, 2;
    CREATE TEMP TABLE __manage_check (at TEXT DEFAULT CURRENT_TIMESTAMP);
    CREATE TEMP TRIGGER __manage_compare BEFORE INSERT ON __manage_check
    WHEN EXISTS (
      SELECT 1
      FROM (SELECT "table", parent, count(*) AS number FROM pragma_foreign_key_check GROUP BY 1, 2) AS now
      LEFT JOIN __manage_broken AS was ON was."table" = now."table" AND was.parent = now.parent
      WHERE now.number > coalesce(was.number, 0)
    )
    BEGIN
      SELECT RAISE(ABORT, 'rows refer to rows that are not there; see PRAGMA foreign_key_check');
    END;
    CREATE TEMP TRIGGER __manage_count AFTER INSERT ON __manage_check
    BEGIN
      DELETE FROM __manage_broken;
      INSERT INTO __manage_broken
        SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2;
    END;

    -- revert 2026-01-12-140000_create_books
    BEGIN IMMEDIATE;
    DROP INDEX books_title;
    DROP TABLE books;
    INSERT INTO temp.__manage_check DEFAULT VALUES;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260112140000';
    COMMIT;
    "#);
}

#[test]
fn a_range_the_wrong_way_round_is_the_other_command() {
    let project = pending();
    assert_snapshot!(project.run("migrate --sql head:base"), @"
    --- stderr ---
    error: `head:base` leads back
    hint: manage downgrade --sql head:base
    [exit 2]
    ");
    assert_snapshot!(project.run("downgrade --sql base:head"), @"
    --- stderr ---
    error: `base:head` leads forwards
    hint: manage migrate --sql base:head
    [exit 2]
    ");
}

#[test]
fn a_range_is_for_scripts_alone() {
    assert_snapshot!(pending().run("migrate base:head"), @"
    --- stderr ---
    error: `base:head` is a range, and one migration is wanted here
    hint: name one place, such as head, base, -1, or a version
    [exit 2]
    ");
}

#[test]
fn an_end_may_be_where_the_database_stands() {
    let project = pending();
    let _ = project.run("migrate create_authors").ok();
    let script = project.run("migrate --sql current:+1").ok();
    script.says("-- Applies 1 migration of connection `main`: 2026-01-05-090000_create_authors to 2026-01-12-140000_create_books.");
    let unreachable = unreachable();
    let _ = unreachable
        .run("migrate --sql current:head -d other")
        .exits(1);
}

#[test]
fn an_empty_range_has_no_script() {
    assert_snapshot!(pending().run("migrate --sql head:head"), @"");
}

#[test]
fn a_way_back_without_a_file_is_found_first() {
    let project = empty();
    project.migration("1_a", "CREATE TABLE a (id INTEGER);", None);
    assert_snapshot!(project.run("downgrade --sql :"), @"
    --- stderr ---
    error: migration `1_a` cannot be reverted: it has no down.sql
      nothing was run
    hint: write migrations/1_a/down.sql
    [exit 1]
    ");
}

#[test]
fn a_script_may_only_record() {
    assert_snapshot!(pending().run("migrate --sql :create_authors --fake"), @"
    -- Records 1 migration of connection `main`: base to 2026-01-05-090000_create_authors.
    -- Run it with: sqlite3 -bail FILE < SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.

    CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
           version VARCHAR(50) PRIMARY KEY NOT NULL,
           run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    );

    -- apply 2026-01-05-090000_create_authors
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260105090000');
    ");
}

#[test]
fn each_connection_has_a_file_of_its_own() {
    let project = unreachable();
    assert_snapshot!(project.run("migrate --sql :create_authors --output-dir out --all"), @"
    out/main.sql
    out/other.sql
    --- stderr ---
    main: wrote 1 migration to out/main.sql.
    other: wrote 1 migration to out/other.sql.
    ");
    assert_snapshot!(project.read("out/other.sql"), @"
    -- Applies 1 migration of connection `other`: base to 2026-01-05-090000_create_authors.
    -- Run it with: psql -X -v ON_ERROR_STOP=1 -d DATABASE -f SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.
    SET client_encoding = 'UTF8';
    SET TimeZone = 'UTC';

    CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
           version VARCHAR(50) PRIMARY KEY NOT NULL,
           run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    );

    -- apply 2026-01-05-090000_create_authors
    BEGIN;
    CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260105090000');
    COMMIT;
    ");
    assert_snapshot!(project.run("migrate --sql :create_authors --output-dir out --json"), @r#"
    {"connection":"main","path":"out/main.sql","migrations":1}
    --- stderr ---
    main: wrote 1 migration to out/main.sql.
    "#);
    let done = applied();
    let _ = done.run("migrate --sql --output-dir out").ok();
    assert_snapshot!(done.read("out/main.sql"), @"-- Nothing to do for connection `main`.");
    assert_snapshot!(done.run("migrate --output-dir out"), @"
    --- stderr ---
    error: the following required arguments were not provided:
      --sql

    Usage: manage migrate --sql --output-dir <DIR> [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn rows_that_come_from_the_client_cannot_be_in_a_script() {
    let project = unreachable();
    project.migration("2026-05-01-000000_copy", "COPY authors FROM STDIN;", None);
    assert_snapshot!(project.run("migrate --sql create_loans:head -d other"), @"
    --- stderr ---
    error: migrations/2026-05-01-000000_copy/up.sql:1:19: `COPY ... FROM STDIN` needs data that a migration cannot hold
      nothing was run
    hint: write the rows as `INSERT`, or `COPY ... FROM` a file on the server
    [exit 1]
    ");
}

#[test]
fn a_label_is_a_branch_with_what_it_follows() {
    let project = pending();
    project
        .migration("2026-03-01-000000_bill", "SELECT 1;", Some("SELECT 1;"))
        .metadata(
            "2026-03-01-000000_bill",
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260105090000\"]\nlabels = [\"billing\"]\n",
        );
    let script = project.run("migrate --sql base:billing@head").ok().stdout;
    let applied: Vec<_> = script
        .lines()
        .filter(|line| line.starts_with("-- apply"))
        .collect();
    assert_eq!(
        applied,
        [
            "-- apply 2026-01-05-090000_create_authors",
            "-- apply 2026-03-01-000000_bill"
        ]
    );
}
