//! What was changed by hand is said before a run, and what a rollback left after it.

use insta::assert_snapshot;

use crate::library::{AUTHORS, LOANS, applied, ledger, pending, probe};
use crate::support::Project;

const NEXT: &str = "2026-03-01-000000_shelves";

/// One more migration is pending, and somebody was at work in the database.
fn drifted() -> Project {
    let project = applied();
    project.migration(
        NEXT,
        "CREATE TABLE shelves (id INTEGER PRIMARY KEY NOT NULL);\n",
        Some("DROP TABLE shelves;\n"),
    );
    probe(&project).execute("ALTER TABLE authors ADD COLUMN hotfix TEXT");
    project
}

#[test]
fn it_is_a_warning() {
    let project = drifted();
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-03-01-000000_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: main: the schema is not what was recorded on [time] UTC; it was changed by hand
      + column authors.hotfix: TEXT
    hint: see all of it: manage drift
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-03-01-000000_shelves (head).
    ");
    // What was there is recorded now.
    assert_snapshot!(project.run("downgrade --yes"), @"
      reverted 2026-03-01-000000_shelves  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-03-01-000000_shelves
          drops table `shelves`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-02-02-101500_create_loans.
    ");
}

#[test]
fn of_many_a_few_are_named() {
    let project = drifted();
    probe(&project).execute(
        "CREATE TABLE a (i); CREATE TABLE b (i); CREATE TABLE c (i); CREATE TABLE d (i); \
         CREATE TABLE e (i); DROP TABLE loans;",
    );
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-03-01-000000_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: main: the schema is not what was recorded on [time] UTC; it was changed by hand
      + table a
      + table b
      + table c
      + table d
      + table e
      and 2 more
    hint: see all of it: manage drift
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-03-01-000000_shelves (head).
    ");
}

#[test]
fn it_may_be_refused() {
    let project = drifted();
    assert_snapshot!(project.run("migrate --on-drift refuse"), @"
    --- stderr ---
    error: the schema of `main` is not what was recorded on [time] UTC; it was changed by hand
      + column authors.hotfix: TEXT
      nothing was run
    hint: see all of it: manage drift
    hint: go on all the same: --on-drift warn
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("downgrade --yes --on-drift refuse"), @"
    --- stderr ---
    error: the schema of `main` is not what was recorded on [time] UTC; it was changed by hand
      + column authors.hotfix: TEXT
      nothing was run
    hint: see all of it: manage drift
    hint: go on all the same: --on-drift warn
    [exit 4]
    ");
    assert_snapshot!(project.run("redo --yes --on-drift refuse"), @"
    --- stderr ---
    error: the schema of `main` is not what was recorded on [time] UTC; it was changed by hand
      + column authors.hotfix: TEXT
      nothing was run
    hint: see all of it: manage drift
    hint: go on all the same: --on-drift warn
    [exit 4]
    ");
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    on_drift: refuse\n");
    let _ = project.run("migrate").exits(4);
    assert_snapshot!(project.run("migrate --on-drift ignore"), @"
      applied 2026-03-01-000000_shelves  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-03-01-000000_shelves (head).
    ");
    // Nothing to do, nothing to look at.
    probe(&project).execute("DROP TABLE loans");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-03-01-000000_shelves (head).
    ");
}

#[test]
fn the_settings_are_checked() {
    let project = applied();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    on_drift: maybe\n");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: `connections.main.on_drift` must be `warn`, `refuse` or `ignore`, at settings.yaml:4:15
    [exit 1]
    ");
}

#[test]
fn a_rollback_that_leaves_something_says_what() {
    let project = applied();
    project.file(
        format!("migrations/{LOANS}/down.sql"),
        "ALTER TABLE loans RENAME TO old_loans;\n",
    );
    assert_snapshot!(project.run("downgrade --yes"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    warning: migrations/2026-02-02-101500_create_loans/down.sql: it differs from what was recorded when the migration was applied; the file is what is run
    hint: see the difference, and record it: manage accept
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
      Nothing that is there is dropped.
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    warning: main: `2026-02-02-101500_create_loans` is reverted, but the schema is not what it was before it was applied
      + table old_loans
    hint: mend its down.sql, and what is left by hand; then see: manage verify 2026-02-02-101500_create_loans
    [exit 3]
    ");
    assert_eq!(ledger(&project).len(), 2);
    // It is what was left from then on.
    assert_snapshot!(project.run("drift"), @"main  no drift: the schema is what was recorded on [time] UTC");
}

#[test]
fn the_first_migration_is_compared_with_what_was_there_before_it() {
    let project = pending();
    probe(&project).execute("CREATE TABLE theirs (id INTEGER)");
    let _ = project
        .file(
            format!("migrations/{AUTHORS}/down.sql"),
            "DROP TABLE theirs;\n",
        )
        .run("migrate -q 20260105")
        .ok();
    assert_snapshot!(project.run("downgrade --yes"), @"
      reverted 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-01-05-090000_create_authors
          drops table `theirs`: empty
    main: 1 migration reverted in [elapsed].
    main is at base: nothing is applied.
    warning: main: `2026-01-05-090000_create_authors` is reverted, but the schema is not what it was before it was applied
      + table authors
      - table theirs
    hint: mend its down.sql, and what is left by hand; then see: manage verify 2026-01-05-090000_create_authors
    [exit 3]
    ");
}

#[test]
fn of_several_each_is_told_what_it_left_itself() {
    let project = applied();
    project.file(format!("migrations/{LOANS}/down.sql"), "SELECT 1;\n");
    let output = project.run("downgrade --yes base");
    assert_snapshot!(output, @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
      reverted 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    warning: migrations/2026-02-02-101500_create_loans/down.sql: it differs from what was recorded when the migration was applied; the file is what is run
    hint: see the difference, and record it: manage accept
    main: 3 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
          drops table `books`: empty
      - 2026-01-05-090000_create_authors
          drops table `authors`: empty
    main: 3 migrations reverted in [elapsed].
    main is at base: nothing is applied.
    warning: main: `2026-02-02-101500_create_loans` is reverted, but the schema is not what it was before it was applied
      + table loans
    hint: mend its down.sql, and what is left by hand; then see: manage verify 2026-02-02-101500_create_loans
    [exit 3]
    ");
}

#[test]
fn what_had_drifted_before_is_not_laid_on_the_rollback() {
    let project = applied();
    probe(&project).execute("ALTER TABLE authors ADD COLUMN hotfix TEXT");
    assert_snapshot!(project.run("downgrade --yes -v --on-drift ignore"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
        1/1 DROP TABLE loans  [elapsed]
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
}

#[test]
fn redo_says_what_the_way_back_left() {
    let project = applied();
    project
        .file(
            format!("migrations/{LOANS}/up.sql"),
            "CREATE TABLE IF NOT EXISTS loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);\n",
        )
        .file(format!("migrations/{LOANS}/down.sql"), "DELETE FROM loans;\n");
    assert_snapshot!(project.run("redo --yes"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          deletes all of `loans`: empty
      Then it is applied again.
    warning: main: `2026-02-02-101500_create_loans` is reverted, but the schema is not what it was before it was applied
      + table loans
    hint: mend its down.sql, and what is left by hand; then see: manage verify 2026-02-02-101500_create_loans
    main: 1 migration reverted and applied again in [elapsed].
    [exit 3]
    ");
}

#[test]
fn where_nothing_was_recorded_nothing_is_said() {
    let project = applied();
    probe(&project)
        .execute("UPDATE __manage_history SET fingerprint = NULL, before_fingerprint = NULL");
    project.file(format!("migrations/{LOANS}/down.sql"), "SELECT 1;\n");
    assert_snapshot!(project.run("downgrade --yes -v"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    warning: migrations/2026-02-02-101500_create_loans/down.sql: it differs from what was recorded when the migration was applied; the file is what is run
    hint: see the difference, and record it: manage accept
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
      Nothing that is there is dropped.
        1/1 SELECT 1  [elapsed]
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    which schema there was before `2026-02-02-101500_create_loans` is not recorded, so what its down.sql left is not compared
    ");
}

#[test]
fn check_finds_it_too() {
    let project = applied();
    assert_snapshot!(project.run("check --with-database"), @"
    --- stderr ---
    main: nothing found in 3 migrations and the database.
    ");
    probe(&project).execute("ALTER TABLE authors ADD COLUMN hotfix TEXT");
    assert_snapshot!(project.run("check --with-database"), @"
    warning: the schema is not what was recorded on [time] UTC; it was changed by hand
      + column authors.hotfix: TEXT
      hint: manage drift
    --- stderr ---
    main: 1 finding in 3 migrations and the database.
    [exit 3]
    ");
    probe(&project).execute("UPDATE __manage_history SET fingerprint = NULL");
    assert_snapshot!(project.run("check --with-database -v"), @"
    note: what the schema should be is not recorded since `2026-02-02-101500_create_loans`
      hint: manage drift
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    main: 1 finding in 3 migrations and the database.
    ");
}
