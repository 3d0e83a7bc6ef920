use insta::assert_snapshot;

use crate::library::{applied, empty, history, ledger, pending, probe, tables};
use crate::support::{Output, Project};

const NAME: &str = "2026-03-01-000000_next";

/// What `migrate` says to one more migration of the library.
fn migrate(up: impl AsRef<[u8]>) -> Output {
    let project = applied();
    project.file(format!("migrations/{NAME}/up.sql"), up);
    let output = project.run("migrate").exits(1);
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    output
}

/// The same, outside of a transaction.
fn migrate_statements(up: &str) -> (Project, Output) {
    let project = applied();
    project
        .migration(NAME, up, None)
        .metadata(NAME, "run_in_transaction = false\n");
    let output = project.run("migrate");
    (project, output)
}

#[test]
fn a_failing_statement_is_shown_with_a_caret() {
    assert_snapshot!(migrate("CREATE TABEL shelves (id INTEGER);\n"), @r#"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:8
      caused by: near "TABEL": syntax error
      1 | CREATE TABEL shelves (id INTEGER);
        |        ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    "#);
}

#[test]
fn of_several_statements_the_failing_one_is_counted() {
    let up = "CREATE TABLE shelves (id INTEGER);\n\
              CREATE TABLE rooms (id INTEGER);\n\
              INSERT INTO shelvse (id) VALUES (1);\n\
              CREATE TABLE halls (id INTEGER);\n";
    assert_snapshot!(migrate(up), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:3:13 (statement 3 of 4)
      caused by: no such table: shelvse
      3 | INSERT INTO shelvse (id) VALUES (1);
        |             ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn a_column_that_is_not_there_is_pointed_at() {
    assert_snapshot!(migrate("UPDATE authors\nSET\n    nmae = 'Ada';\n"), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:3:5
      caused by: no such column: nmae
      3 |     nmae = 'Ada';
        |     ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn the_caret_counts_letters_and_not_bytes() {
    let up = "INSERT INTO authors (name) VALUES ('Žižek, größer als 日本') WHERE;\n";
    assert_snapshot!(migrate(up), @r#"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:60
      caused by: near "WHERE": syntax error
      1 | INSERT INTO authors (name) VALUES ('Žižek, größer als 日本') WHERE;
        |                                                              ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    "#);
}

#[test]
fn the_caret_is_right_with_windows_line_endings() {
    let up =
        "CREATE TABLE shelves (id INTEGER);\r\n-- The rooms.\r\nINSERT INTO roms VALUES (1);\r\n";
    assert_snapshot!(migrate(up), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:3:13 (statement 2 of 2)
      caused by: no such table: roms
      3 | INSERT INTO roms VALUES (1);
        |             ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn the_caret_is_right_below_a_tab() {
    assert_snapshot!(migrate("UPDATE\n\t\tauthors\nSET\t\tnmae\t=\t'Ada';\n"), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:3:6
      caused by: no such column: nmae
      3 | SET  nmae = 'Ada';
        |      ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn a_column_that_a_table_does_not_have_is_pointed_at() {
    assert_snapshot!(migrate("INSERT INTO authors (nmae) VALUES ('Ada');\n"), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:22
      caused by: table authors has no column named nmae
      1 | INSERT INTO authors (nmae) VALUES ('Ada');
        |                      ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn the_caret_is_right_after_a_byte_order_mark() {
    assert_snapshot!(migrate("\u{feff}INSERT INTO shelvse VALUES (1);\n"), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:13
      caused by: no such table: shelvse
      1 | INSERT INTO shelvse VALUES (1);
        |             ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn only_part_of_a_long_line_is_shown() {
    let names: Vec<String> = (1..60).map(|number| format!("('name {number}')")).collect();
    let up = format!(
        "INSERT INTO authors (name) VALUES {}, (nmae);\n",
        names.join(", ")
    );
    assert_snapshot!(migrate(up), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:794
      caused by: no such column: nmae
      1 | …ame 57'), ('name 58'), ('name 59'), (nmae);
        |                                       ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn a_long_line_is_shown_to_its_end_if_the_caret_is_early() {
    let up = format!(
        "INSERT INTO authors (nmae) VALUES ('{}');\n",
        "long ".repeat(40)
    );
    assert_snapshot!(migrate(up), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:22
      caused by: table authors has no column named nmae
      1 | INSERT INTO authors (nmae) VALUES ('long long long long long long long long …
        |                      ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn a_violated_constraint_says_which() {
    let up = "INSERT INTO authors (id, name) VALUES (1, 'Ada');\n\
              INSERT INTO authors (id, name) VALUES (1, 'Bob');\n";
    assert_snapshot!(migrate(up), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:2:22 (statement 2 of 2)
      caused by: UNIQUE constraint failed: authors.id
      2 | INSERT INTO authors (id, name) VALUES (1, 'Bob');
        |                      ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn a_name_that_is_taken_is_pointed_at() {
    assert_snapshot!(migrate("CREATE TABLE authors (id INTEGER);\n"), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:14
      caused by: table authors already exists
      1 | CREATE TABLE authors (id INTEGER);
        |              ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    ");
}

#[test]
fn what_the_server_says_cannot_steer_the_terminal() {
    assert_snapshot!(migrate("INSERT INTO \"\u{1b}[31mred\" VALUES (1);\n"), @r#"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:13
      caused by: no such table: \x1b[31mred
      1 | INSERT INTO " [31mred" VALUES (1);
        |             ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    "#);
}

#[test]
fn a_quote_that_is_never_closed_is_found_before_anything_runs() {
    assert_snapshot!(migrate("CREATE TABLE shelves (id INTEGER);\nSELECT 'one;\n"), @"
    --- stderr ---
    error: migrations/2026-03-01-000000_next/up.sql:2:8: a string is never closed
      nothing was run
    hint: close the string; a quote inside it is written twice
    [exit 1]
    ");
}

#[test]
fn the_migrations_before_the_failing_one_stay() {
    let project = pending();
    project.migration(NAME, "CREATE TABEL shelves (id INTEGER);\n", None);
    assert_snapshot!(project.run("migrate"), @r#"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 4 migrations to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:8
      caused by: near "TABEL": syntax error
      1 | CREATE TABEL shelves (id INTEGER);
        |        ^
      nothing of it was committed
      the 3 migrations before it are committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    "#);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn one_migration_before_the_failing_one_stays() {
    let project = pending();
    let _ = project.run("migrate create_books -q").ok();
    project.migration(NAME, "CREATE TABEL shelves (id INTEGER);\n", None);
    assert_snapshot!(project.run("migrate"), @r#"
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 2 migrations to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:8
      caused by: near "TABEL": syntax error
      1 | CREATE TABEL shelves (id INTEGER);
        |        ^
      nothing of it was committed
      the migration before it is committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    "#);
}

#[test]
fn after_the_file_is_mended_the_same_command_goes_on() {
    let project = pending();
    project.migration(NAME, "CREATE TABEL shelves (id INTEGER);\n", None);
    let _ = project.run("migrate").exits(1);
    project.migration(NAME, "CREATE TABLE shelves (id INTEGER);\n", None);
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-03-01-000000_next  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-03-01-000000_next (head).
    ");
}

#[test]
fn without_a_transaction_what_was_done_stays_and_is_told() {
    let (project, output) = migrate_statements(
        "CREATE TABLE shelves (id INTEGER);\nCREATE TABLE rooms (id INTEGER);\n\
         CREATE TABEL halls (id INTEGER);\n",
    );
    assert_snapshot!(output, @r#"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:3:8 (statement 3 of 3)
      caused by: near "TABEL": syntax error
      3 | CREATE TABEL halls (id INTEGER);
        |        ^
      statements 1 to 2 of 3 are in effect and cannot be rolled back; it is not recorded as applied
    hint: fix the file, then run: manage migrate  (it goes on at statement 3)
    [exit 1]
    "#);
    assert_eq!(
        tables(&project),
        ["authors", "books", "loans", "rooms", "shelves"]
    );
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn without_a_transaction_one_statement_that_was_done_is_told() {
    let (_, output) = migrate_statements(
        "CREATE TABLE shelves (id INTEGER);\nCREATE TABEL halls (id INTEGER);\n",
    );
    assert_snapshot!(output, @r#"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:2:8 (statement 2 of 2)
      caused by: near "TABEL": syntax error
      2 | CREATE TABEL halls (id INTEGER);
        |        ^
      statement 1 of 2 is in effect and cannot be rolled back; it is not recorded as applied
    hint: fix the file, then run: manage migrate  (it goes on at statement 2)
    [exit 1]
    "#);
}

#[test]
fn without_a_transaction_a_first_statement_that_fails_leaves_nothing() {
    let (_, output) = migrate_statements("CREATE TABEL halls (id INTEGER);\nSELECT 1;\n");
    assert_snapshot!(output, @r#"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql:1:8 (statement 1 of 2)
      caused by: near "TABEL": syntax error
      1 | CREATE TABEL halls (id INTEGER);
        |        ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    "#);
}

#[test]
fn without_a_transaction_a_record_that_fails_is_told() {
    let (project, output) = migrate_statements(
        "CREATE TABLE shelves (id INTEGER);\n\
         CREATE TRIGGER no_more BEFORE INSERT ON __diesel_schema_migrations\n\
         BEGIN SELECT RAISE(ABORT, 'no more rows here'); END;\n",
    );
    assert_snapshot!(output, @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed after the last statement of migrations/2026-03-01-000000_next/up.sql
      caused by: no more rows here
      all its statements are in effect, but it is not recorded as applied
    hint: to record it, running nothing again: manage migrate
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn a_transaction_whose_record_fails_leaves_nothing() {
    let project = applied();
    probe(&project).execute(
        "CREATE TRIGGER no_more BEFORE INSERT ON __diesel_schema_migrations
         BEGIN SELECT RAISE(ABORT, 'no more rows here'); END",
    );
    project.migration(NAME, "CREATE TABLE shelves (id INTEGER);\n", None);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql
      caused by: no more rows here
      nothing of it was committed
    hint: then run the same command again
    [exit 1]
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn a_failing_down_file_is_shown_with_a_caret() {
    let project = pending();
    project.migration(
        NAME,
        "CREATE TABLE shelves (id INTEGER);\n",
        Some("DROP TABLE shelvse;\n"),
    );
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade -y"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-03-01-000000_next
      Nothing that is there is dropped.
    error: migration `2026-03-01-000000_next` could not be reverted at migrations/2026-03-01-000000_next/down.sql:1:12
      caused by: no such table: shelvse
      1 | DROP TABLE shelvse;
        |            ^
      nothing of it was committed
    hint: fix the file, then run: manage downgrade
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn a_downgrade_that_fails_half_way_says_what_is_reverted() {
    let project = pending();
    let down = "DROP INDEX books_title;\nDROP TABLE boks;\n";
    project.file("migrations/2026-01-12-140000_create_books/down.sql", down);
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade base -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 3 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
      - 2026-01-05-090000_create_authors
          drops table `authors`: empty
    error: migration `2026-01-12-140000_create_books` could not be reverted at migrations/2026-01-12-140000_create_books/down.sql:2:12 (statement 2 of 2)
      caused by: no such table: boks
      2 | DROP TABLE boks;
        |            ^
      nothing of it was committed
      the migration before it is committed
    hint: fix the file, then run: manage downgrade base
    [exit 1]
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
    assert_eq!(
        probe(&project).lines("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql > ''"),
        ["books_title"]
    );
}

#[test]
fn a_recorded_down_that_fails_is_told_as_such() {
    let project = applied();
    project.remove("2026-02-02-101500_create_loans");
    probe(&project).execute("DROP TABLE loans");
    assert_snapshot!(project.run("downgrade -y --on-missing ignore"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    warning: main: the schema is not what was recorded on [time] UTC; it was changed by hand
      - table loans
    hint: see all of it: manage drift
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans  (folder missing; from the recorded SQL)
          | DROP TABLE loans;
      Nothing that is there is dropped.
    error: migration `2026-02-02-101500_create_loans` could not be reverted at line 1 of the recorded down.sql
      caused by: no such table: loans
      1 | DROP TABLE loans;
        |            ^
      nothing of it was committed
    hint: the recorded SQL does not fit this database any more; bring the migration's files back, then run: manage downgrade
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn rows_that_would_point_nowhere_stop_a_migration() {
    let project = applied();
    probe(&project).execute(
        "INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');
         INSERT INTO books VALUES (1, 1, 'Engines'), (2, 1, 'Notes'), (3, 2, 'Sums');",
    );
    project.migration(NAME, "DELETE FROM authors;\n", None);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: migration `2026-03-01-000000_next` failed at migrations/2026-03-01-000000_next/up.sql
      caused by: 3 rows of `books` would refer to missing rows of `authors`
      nothing of it was committed
    hint: delete or mend those rows in the same file, then run: manage migrate
    [exit 1]
    ");
    assert_eq!(probe(&project).value("SELECT count(*) FROM authors"), "2");
}

#[test]
fn a_database_that_somebody_else_is_writing_is_told() {
    let project = applied();
    project.migration(NAME, "CREATE TABLE shelves (id INTEGER);\n", None);
    let mut other = probe(&project);
    other.execute("BEGIN IMMEDIATE");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    error: cannot read or write what is recorded about migrations
      caused by: database is locked
    hint: another program is writing; wait for it, then run the same command again
    [exit 1]
    ");
    other.execute("ROLLBACK");
}

#[test]
fn a_missing_up_file_stops_before_the_database_is_touched() {
    let project = pending();
    std::fs::create_dir(project.path("migrations/2026-03-01-000000_empty")).unwrap();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-03-01-000000_empty: the folder is empty; `diesel` stops at it
      nothing was run
    hint: remove the folder, write its up.sql, or begin its name with a dot
    [exit 1]
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn an_empty_up_file_stops_before_anything_runs() {
    let project = pending();
    project.migration(NAME, "", None);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-03-01-000000_next/up.sql: `up.sql` is empty
      nothing was run
    hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    [exit 1]
    ");
    assert_eq!(tables(&project), [""; 0]);
}

#[test]
fn an_up_file_of_comments_is_recorded_with_a_warning() {
    let project = applied();
    project.migration(NAME, "-- nothing yet\n", None);
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-03-01-000000_next  (0 statements, [elapsed])
    --- stderr ---
    warning: migrations/2026-03-01-000000_next/up.sql: `up.sql` holds no statement
    hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-03-01-000000_next (head).
    ");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let project = pending();
    project
        .migration("2026-03-01-000000_a", "", None)
        .migration("2026-03-02-000000_b", "SELECT 'one;\n", None)
        .migration("2026-03-03-000000_c", "VACUUM;\n", None);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 3 problems in the migrations' files
      migrations/2026-03-01-000000_a/up.sql: `up.sql` is empty
      migrations/2026-03-02-000000_b/up.sql:1:8: a string is never closed
      migrations/2026-03-03-000000_c/up.sql:1:1: `VACUUM` cannot run inside a transaction
      nothing was run
    hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    hint: close the string; a quote inside it is written twice
    hint: write `run_in_transaction = false` into the migration's metadata.toml
    [exit 1]
    ");
    assert_eq!(tables(&project), [""; 0]);
}

#[test]
fn metadata_without_diesels_key_is_warned_about_when_it_runs() {
    let project = empty();
    project
        .migration(NAME, "SELECT 1;\n", None)
        .metadata(NAME, "transaction = true\n");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-03-01-000000_next  (1 statement, [elapsed])
    --- stderr ---
    warning: migrations/2026-03-01-000000_next/metadata.toml: `run_in_transaction` is missing; Diesel runs the migration without a transaction
    hint: write `run_in_transaction = true` (or `false`) as the first line
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-03-01-000000_next (head).
    ");
}

#[test]
fn a_statement_with_a_key_is_not_shown_in_verbose() {
    let project = applied();
    project
        .migration(NAME, "PRAGMA key = 'hunter2';\nSELECT 1;\n", None)
        .metadata(NAME, "run_in_transaction = false\n");
    let output = project.run("migrate -v").ok();
    assert_snapshot!(output, @"
      applied 2026-03-01-000000_next  (2 statements, [elapsed])
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    main: applying 1 migration to sqlite://db.sqlite3
        1/2 (a statement with a password)  [elapsed]
        2/2 SELECT 1  [elapsed]
    main: 1 migration applied in [elapsed].
    main is at 2026-03-01-000000_next (head).
    ");
}

#[test]
fn a_record_that_fails_is_not_the_fault_of_the_file() {
    let project = applied();
    probe(&project).execute(
        "CREATE TRIGGER no_more BEFORE INSERT ON __diesel_schema_migrations
         BEGIN SELECT RAISE(ABORT, 'no more rows here'); END",
    );
    project.migration(NAME, "CREATE TABLE shelves (id INTEGER);\n", None);
    let output = project.run("migrate").exits(1);
    output.never_says("fix the file");
}

#[test]
fn what_is_typed_again_after_a_failing_downgrade_goes_as_far() {
    let project = pending();
    project.file(
        "migrations/2026-01-12-140000_create_books/down.sql",
        "DROP TABLE boks;\n",
    );
    let _ = project.run("migrate -q").ok();
    let output = project.run("downgrade base -y").exits(1);
    assert!(
        !output
            .lines()
            .any(|line| line.ends_with("then run: manage downgrade")),
        "that would be one step:\n{output}"
    );
}
