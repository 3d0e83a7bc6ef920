//! Edited files of applied migrations, and that they are right.

use insta::assert_snapshot;

use crate::library::{AUTHORS, BOOKS, LOANS, applied, history, pending, probe};
use crate::support::Project;

/// Somebody made the readers' names longer, in the file and in the database.
fn edited(project: &Project) {
    project.file(
        format!("migrations/{LOANS}/up.sql"),
        "CREATE TABLE loans (\n    id INTEGER PRIMARY KEY NOT NULL,\n    reader TEXT NOT NULL,\n    due TEXT\n);\n",
    );
}

#[test]
fn an_edit_is_shown_and_recorded_with_its_reason() {
    let project = applied();
    edited(&project);
    assert_snapshot!(project.run("accept create_loans --reason"), @"
    --- stderr ---
    error: a value is required for '--reason <TEXT>' but none was supplied

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(
        project
            .manage("accept create_loans --reason")
            .arg("the column was added by hand")
            .run(),
        @"
    --- stderr ---
    --- 2026-02-02-101500_create_loans as recorded
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (
    +     id INTEGER PRIMARY KEY NOT NULL,
    +     reader TEXT NOT NULL,
    +     due TEXT
    + );
    Recorded the new text of `2026-02-02-101500_create_loans`.
    "
    );
    assert_snapshot!(history(&project).join("\n"), @"
    apply|20260105090000
    apply|20260112140000
    apply|20260202101500
    accept|20260202101500
    ");
    let _ = project.run("migrate").ok();
    assert_snapshot!(project.run("show create_loans"), @"
    2026-02-02-101500_create_loans
      version      20260202101500
      folder       migrations/2026-02-02-101500_create_loans
      follows      2026-01-12-140000_create_books
      followed by  nothing; it is a head
      transaction  yes
      state        applied [time] UTC by tester, [elapsed]
      recorded     [time] UTC on testhost, with manage 0.1.0
      accepted     the column was added by hand

    -- migrations/2026-02-02-101500_create_loans/up.sql
    CREATE TABLE loans (
        id INTEGER PRIMARY KEY NOT NULL,
        reader TEXT NOT NULL,
        due TEXT
    );

    -- migrations/2026-02-02-101500_create_loans/down.sql
    DROP TABLE loans;
    ");
    assert_snapshot!(project.run("accept create_loans --reason again"), @"
    --- stderr ---
    error: the files of `2026-02-02-101500_create_loans` say what was recorded, so there is no edit to accept
      nothing was recorded
    hint: see which ones are edited: manage showmigrations
    [exit 1]
    ");
}

#[test]
fn an_edited_way_back_is_accepted_too() {
    let project = applied();
    project.file(
        format!("migrations/{LOANS}/down.sql"),
        "DROP TABLE IF EXISTS loans;\n",
    );
    assert_snapshot!(project.run("accept create_loans --reason safer"), @"
    --- stderr ---
    --- 2026-02-02-101500_create_loans as recorded
    +++ migrations/2026-02-02-101500_create_loans/down.sql
    - DROP TABLE loans;
    + DROP TABLE IF EXISTS loans;
    Recorded the new text of `2026-02-02-101500_create_loans`.
    ");
    project.remove(LOANS);
    assert_snapshot!(project.run("downgrade --sql --on-missing ignore"), @r#"
    -- Reverts 1 migration of connection `main`: 2026-02-02-101500_create_loans back to 2026-01-12-140000_create_books.
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

    -- revert 2026-02-02-101500_create_loans
    BEGIN IMMEDIATE;
    DROP TABLE IF EXISTS loans;
    INSERT INTO temp.__manage_check DEFAULT VALUES;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260202101500';
    COMMIT;
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    "#);
}

#[test]
fn without_a_reason_nobody_accepts() {
    let project = applied();
    edited(&project);
    assert_snapshot!(project.run("accept create_loans"), @"
    --- stderr ---
    --- 2026-02-02-101500_create_loans as recorded
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (
    +     id INTEGER PRIMARY KEY NOT NULL,
    +     reader TEXT NOT NULL,
    +     due TEXT
    + );
    error: accepting an edit needs a reason
      nothing was changed
    hint: say why: --reason TEXT
    [exit 4]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn what_is_no_edit_is_not_accepted() {
    let project = applied();
    project.file(
        format!("migrations/{AUTHORS}/up.sql"),
        "-- the writers\r\nCREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL)\r\n",
    );
    assert_snapshot!(project.run("accept create_authors --reason x"), @"
    --- stderr ---
    error: the files of `2026-01-05-090000_create_authors` say what was recorded, so there is no edit to accept
      nothing was recorded
    hint: see which ones are edited: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("accept base --reason x"), @"
    --- stderr ---
    error: `base` is the place before all migrations, which has no files
      nothing was recorded
    hint: name a migration: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("accept nobody --reason x"), @"
    --- stderr ---
    error: no migration matches `nobody`
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("accept --reason x"), @"
    --- stderr ---
    error: the following required arguments were not provided:
      <TARGET>...

    Usage: manage accept --reason <TEXT> <TARGET>...

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn what_is_not_applied_or_has_no_folder_is_not_accepted() {
    assert_snapshot!(pending().run("accept create_books --reason x"), @"
    --- stderr ---
    error: `2026-01-12-140000_create_books` is not applied, so its files may be edited freely
      nothing was recorded
    hint: apply it: manage migrate 2026-01-12-140000_create_books
    [exit 1]
    ");
    let project = applied();
    project.remove(BOOKS);
    assert_snapshot!(project.run("accept create_books --reason x"), @"
    --- stderr ---
    error: the folder of `2026-01-12-140000_create_books` is gone, so it has no text to accept
      nothing was recorded
    hint: write it again: manage restore 2026-01-12-140000_create_books
    [exit 1]
    ");
}

#[test]
fn of_several_all_are_accepted_or_none() {
    let project = applied();
    edited(&project);
    assert_snapshot!(project.run("accept create_loans create_authors --reason x"), @"
    --- stderr ---
    --- 2026-02-02-101500_create_loans as recorded
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (
    +     id INTEGER PRIMARY KEY NOT NULL,
    +     reader TEXT NOT NULL,
    +     due TEXT
    + );
    error: the files of `2026-01-05-090000_create_authors` say what was recorded, so there is no edit to accept
      nothing was recorded
    hint: see which ones are edited: manage showmigrations
    [exit 1]
    ");
    assert_eq!(history(&project).len(), 3);
    project.file(format!("migrations/{AUTHORS}/down.sql"), "SELECT 1;\n");
    assert_snapshot!(project.run("accept create_loans create_authors create_loans --reason x --json -q"), @r#"{"connection":"main","accepted":[{"version":"20260202101500","name":"2026-02-02-101500_create_loans"},{"version":"20260105090000","name":"2026-01-05-090000_create_authors"}],"reason":"x"}"#);
    assert_eq!(history(&project).len(), 5);
}

#[test]
fn what_another_tool_applied_is_recorded_by_accepting_it() {
    let project = applied();
    probe(&project).execute("DELETE FROM __manage_history");
    assert_snapshot!(project.run("accept create_loans --reason --baseline"), @"
    --- stderr ---
    error: unexpected argument '--baseline' found

      tip: to pass '--baseline' as a value, use '-- --baseline'

    Usage: manage accept <TARGET>...

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(project.run("accept create_loans --reason=baseline"), @"
    --- stderr ---
    --- 2026-02-02-101500_create_loans as recorded
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    + CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    --- 2026-02-02-101500_create_loans as recorded
    +++ migrations/2026-02-02-101500_create_loans/down.sql
    + DROP TABLE loans;
    Recorded the new text of `2026-02-02-101500_create_loans`.
    ");
    project.remove(LOANS);
    let _ = project.run("restore create_loans").ok();
}

#[test]
fn a_clock_that_went_back_hides_no_edit() {
    let project = applied();
    project.file(
        format!("migrations/{LOANS}/up.sql"),
        "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL);\n",
    );
    let _ = project.run("accept create_loans --reason mended").ok();
    probe(&project).execute(
        "UPDATE __manage_history SET performed_at = '2020-01-01 00:00:00' WHERE action = 'accept'",
    );
    project.file(
        format!("migrations/{LOANS}/up.sql"),
        "CREATE TABLE loans (id BIGINT PRIMARY KEY NOT NULL);\n",
    );
    project
        .run("showmigrations")
        .ok()
        .says("warning: 1 migration was edited after being applied");
}
