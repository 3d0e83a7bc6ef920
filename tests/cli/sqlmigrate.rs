//! The SQL of migrations: `manage sqlmigrate`.

use insta::assert_snapshot;

use crate::library::pending;
use crate::pretty::pretty;

#[test]
fn the_newest_is_printed_with_its_transaction() {
    let project = pending();
    assert_snapshot!(project.run("sqlmigrate"), @"
    BEGIN IMMEDIATE;
    CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    COMMIT;
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn one_is_printed_by_its_name() {
    assert_snapshot!(pending().run("sqlmigrate create_authors"), @"
    BEGIN IMMEDIATE;
    CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
    COMMIT;
    ");
}

#[test]
fn a_range_has_headings() {
    assert_snapshot!(pending().run("sqlmigrate base:create_books"), @"
    -- 2026-01-05-090000_create_authors
    BEGIN IMMEDIATE;
    CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
    COMMIT;

    -- 2026-01-12-140000_create_books
    BEGIN IMMEDIATE;
    CREATE TABLE books (
        id INTEGER PRIMARY KEY NOT NULL,
        author_id INTEGER NOT NULL REFERENCES authors (id),
        title TEXT NOT NULL
    );
    CREATE INDEX books_title ON books (title);
    COMMIT;
    ");
}

#[test]
fn the_way_back_is_printed_newest_first() {
    assert_snapshot!(pending().run("sqlmigrate create_authors: --backwards"), @"
    -- 2026-02-02-101500_create_loans
    BEGIN IMMEDIATE;
    DROP TABLE loans;
    COMMIT;

    -- 2026-01-12-140000_create_books
    BEGIN IMMEDIATE;
    DROP INDEX books_title;
    DROP TABLE books;
    COMMIT;
    ");
}

#[test]
fn the_row_of_the_ledger_is_printed_if_wanted() {
    assert_snapshot!(pending().run("sqlmigrate create_authors --with-ledger"), @"
    BEGIN IMMEDIATE;
    CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260105090000');
    COMMIT;
    ");
    assert_snapshot!(pending().run("sqlmigrate create_authors --history --backwards"), @"
    BEGIN IMMEDIATE;
    DROP TABLE authors;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260105090000';
    COMMIT;
    ");
}

#[test]
fn what_is_no_transaction_has_no_begin() {
    let project = pending();
    project
        .migration("2026-05-01-000000_vacuum", "VACUUM;\n", None)
        .metadata("2026-05-01-000000_vacuum", "run_in_transaction = false\n");
    assert_snapshot!(project.run("sqlmigrate vacuum"), @"VACUUM;");
    assert_snapshot!(project.run("sqlmigrate vacuum --backwards"), @"
    --- stderr ---
    error: migration `2026-05-01-000000_vacuum` cannot be reverted: it has no down.sql
      nothing was run
    hint: write migrations/2026-05-01-000000_vacuum/down.sql
    [exit 1]
    ");
}

#[test]
fn what_mysql_commits_by_itself_is_no_transaction() {
    let project = pending();
    project.settings("connections:\n  main:\n    url: mysql://nobody@127.0.0.1:1/x\n");
    assert_snapshot!(project.run("sqlmigrate create_authors"), @"CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);");
}

#[test]
fn what_is_pending_is_asked_of_the_database() {
    let project = pending();
    let _ = project.run("migrate create_books").ok();
    assert_snapshot!(project.run("sqlmigrate --pending"), @"
    BEGIN IMMEDIATE;
    CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    COMMIT;
    ");
    let _ = project.run("migrate").ok();
    assert_snapshot!(project.run("sqlmigrate --pending"), @"
    --- stderr ---
    main: there is nothing to print.
    ");
    assert_snapshot!(project.run("sqlmigrate current"), @"
    BEGIN IMMEDIATE;
    CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    COMMIT;
    ");
}

#[test]
fn the_json_holds_each_migration() {
    assert_snapshot!(pretty(&pending().run("sqlmigrate base:create_authors --json")), @r#"
    {
      "connection": "main",
      "direction": "up",
      "migrations": [
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors","sql":"BEGIN IMMEDIATE;\nCREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);\nCOMMIT;\n"}
      ]
    }
    "#);
}

#[test]
fn an_unknown_one_comes_with_the_nearest() {
    assert_snapshot!(pending().run("sqlmigrate create_author_"), @"
    --- stderr ---
    error: no migration matches `create_author_`
    hint: did you mean `2026-01-05-090000_create_authors`?
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(pending().run("sqlmigrate head:base"), @"
    --- stderr ---
    error: `head` comes after `base`
    hint: turn them round: base:head
    [exit 2]
    ");
}
