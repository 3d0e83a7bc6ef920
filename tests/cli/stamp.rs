//! Saying where the database stands, without running anything.

use insta::assert_snapshot;

use crate::library::{AUTHORS, BOOKS, LOANS, applied, history, ledger, pending, probe, tables};
use crate::pretty::pretty;
use crate::support::Project;

/// The library, and two branches after its authors that are meant to be side by side.
fn branches() -> Project {
    let project = pending();
    project
        .remove(BOOKS)
        .remove(LOANS)
        .migration(BOOKS, "CREATE TABLE books (id INTEGER);\n", Some("DROP TABLE books;\n"))
        .metadata(
            BOOKS,
            "run_in_transaction = true\n[manage]\ndepends_on = [\"20260105090000\"]\nlabels = [\"shelf\"]\n",
        )
        .migration(LOANS, "CREATE TABLE loans (id INTEGER);\n", Some("DROP TABLE loans;\n"))
        .metadata(
            LOANS,
            "run_in_transaction = true\n[manage]\ndepends_on = [\"20260105090000\"]\nlabels = [\"desk\"]\n",
        );
    project
}

/// The same, without labels: nobody meant it.
fn parted() -> Project {
    let project = branches();
    for name in [BOOKS, LOANS] {
        project.metadata(
            name,
            "run_in_transaction = true\n[manage]\ndepends_on = [\"20260105090000\"]\n",
        );
    }
    project
}

fn protected(project: Project) -> Project {
    project.settings("connections:\n  main: { url: sqlite://db.sqlite3, protected: true }\n");
    project
}

#[test]
fn everything_up_to_the_target_is_recorded_and_nothing_is_run() {
    let project = pending();
    assert_snapshot!(project.run("stamp create_books"), @"
      recorded 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    main: 2 migrations will be recorded; nothing is run and the schema stays
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
    main: 2 migrations recorded in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
    assert_eq!(tables(&project), [""; 0]);
    assert_eq!(
        history(&project),
        ["fake|20260105090000", "fake|20260112140000"]
    );
}

#[test]
fn everything_above_the_target_is_forgotten_and_stays_in_the_schema() {
    let project = applied();
    assert_snapshot!(project.run("stamp create_authors"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
      forgotten 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    main: 2 migrations will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
    main: 2 migrations forgotten in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    assert_eq!(ledger(&project), ["20260105090000"]);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_eq!(
        history(&project)[3..],
        ["unfake|20260202101500", "unfake|20260112140000"]
    );
}

#[test]
fn rows_come_and_go_in_one_stamp() {
    let project = pending();
    let _ = project.run("stamp create_loans -q").ok();
    probe(&project)
        .execute("DELETE FROM __diesel_schema_migrations WHERE version = '20260105090000'");
    assert_snapshot!(project.run("stamp create_books"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
      recorded 2026-01-05-090000_create_authors  (not run)
    --- stderr ---
    main: 1 migration will be forgotten, 1 recorded; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
      + 2026-01-05-090000_create_authors
    main: 1 migration forgotten, 1 recorded in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
}

#[test]
fn base_forgets_everything_and_head_records_everything() {
    let project = applied();
    assert_snapshot!(project.run("stamp base"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
      forgotten 2026-01-12-140000_create_books  (not run)
      forgotten 2026-01-05-090000_create_authors  (not run)
    --- stderr ---
    main: 3 migrations will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
      - 2026-01-05-090000_create_authors
    main: 3 migrations forgotten in [elapsed].
    main is at base: nothing is applied.
    ");
    assert_eq!(ledger(&project), [""; 0]);
    assert_snapshot!(project.run("stamp head"), @"
      recorded 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-12-140000_create_books  (not run)
      recorded 2026-02-02-101500_create_loans  (not run)
    --- stderr ---
    main: 3 migrations will be recorded; nothing is run and the schema stays
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    main: 3 migrations recorded in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn what_is_recorded_can_be_reverted_without_its_folder() {
    let project = pending();
    probe(&project).execute("CREATE TABLE loans (id INTEGER)");
    let _ = project.run("stamp head -q").ok();
    project.remove(LOANS);
    let _ = project.run("downgrade -y --on-missing ignore -q").ok();
    assert_eq!(tables(&project), [""; 0]);
    assert_eq!(ledger(&project).len(), 2);
}

#[test]
fn a_ledger_that_says_so_already_is_left_alone() {
    let project = applied();
    assert_snapshot!(project.run("stamp head"), @"
    --- stderr ---
    main: nothing to record or to forget.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_snapshot!(project.run("stamp current"), @"
    --- stderr ---
    main: nothing to record or to forget.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn steps_count_from_where_the_database_stands() {
    let project = applied();
    assert_snapshot!(project.run("stamp -2 --plan"), @"
    main  2 migrations would be forgotten; nothing is run
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
    ");
    assert_snapshot!(project.run("stamp -1 create_books --plan"), @"
    --- stderr ---
    error: `-1` is counted from where the database stands, so it cannot be one of several targets
    hint: name the migrations instead
    [exit 2]
    ");
}

#[test]
fn a_plan_and_a_script_change_nothing() {
    let project = applied();
    probe(&project)
        .execute("DELETE FROM __diesel_schema_migrations WHERE version = '20260105090000'");
    let before = (ledger(&project), history(&project));
    assert_snapshot!(project.run("stamp create_books --plan"), @"
    main  1 migration would be forgotten, 1 recorded; nothing is run
      - 2026-02-02-101500_create_loans
      + 2026-01-05-090000_create_authors
    ");
    assert_snapshot!(project.run("stamp create_books --sql"), @"
    -- Forgets and records 2 migrations of connection `main`: up to 2026-01-05-090000_create_authors.
    -- Run it with: sqlite3 -bail FILE < SCRIPT
    -- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.

    -- revert 2026-02-02-101500_create_loans
    DELETE FROM __diesel_schema_migrations WHERE version = '20260202101500';

    -- apply 2026-01-05-090000_create_authors
    INSERT INTO __diesel_schema_migrations (version) VALUES ('20260105090000');
    ");
    assert_snapshot!(pretty(&project.run("stamp create_books --plan --json")), @r#"
    {
      "connection": "main",
      "forget": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans"}
      ],
      "record": [
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors"}
      ],
      "done": false
    }
    "#);
    assert_snapshot!(project.run("stamp create_books --sql --json"), @r#"{"connection":"main","sql":"-- Forgets and records 2 migrations of connection `main`: up to 2026-01-05-090000_create_authors.\n-- Run it with: sqlite3 -bail FILE < SCRIPT\n-- Written by manage 0.1.0. Diesel's rows are in it, those of manage's own history are not.\n\n-- revert 2026-02-02-101500_create_loans\nDELETE FROM __diesel_schema_migrations WHERE version = '20260202101500';\n\n-- apply 2026-01-05-090000_create_authors\nINSERT INTO __diesel_schema_migrations (version) VALUES ('20260105090000');\n"}"#);
    assert_eq!((ledger(&project), history(&project)), before);
}

#[test]
fn json_is_one_object() {
    let project = pending();
    assert_snapshot!(pretty(&project.run("stamp create_authors --json -q")), @r#"
    {
      "connection": "main",
      "forget": [],
      "record": [
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors"}
      ],
      "done": true
    }
    "#);
    assert_snapshot!(pretty(&project.run("stamp create_authors --json -q")), @r#"
    {
      "connection": "main",
      "forget": [],
      "record": [],
      "done": true
    }
    "#);
}

#[test]
fn the_script_makes_the_table_that_is_missing() {
    assert_snapshot!(pending().run("stamp create_authors --sql"), @"
    -- Records 1 migration of connection `main`: up to 2026-01-05-090000_create_authors.
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
fn of_branches_side_by_side_head_means_all_and_a_name_means_one() {
    let project = branches();
    assert_snapshot!(project.run("stamp head"), @"
      recorded 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-12-140000_create_books  (not run)
      recorded 2026-02-02-101500_create_loans  (not run)
    --- stderr ---
    main: 3 migrations will be recorded; nothing is run and the schema stays
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    main: 3 migrations recorded in [elapsed].
    main is at 2026-01-12-140000_create_books and 2026-02-02-101500_create_loans.
    ");
    assert_snapshot!(project.run("stamp create_books"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
    --- stderr ---
    main: 1 migration will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
    main: 1 migration forgotten in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_snapshot!(project.run("stamp create_books create_loans"), @"
      recorded 2026-02-02-101500_create_loans  (not run)
    --- stderr ---
    main: 1 migration will be recorded; nothing is run and the schema stays
      + 2026-02-02-101500_create_loans
    main: 1 migration recorded in [elapsed].
    main is at 2026-01-12-140000_create_books and 2026-02-02-101500_create_loans.
    ");
}

#[test]
fn a_branch_leaves_the_others_alone() {
    let project = branches();
    assert_snapshot!(project.run("stamp shelf@head"), @"
      recorded 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    main: 2 migrations will be recorded; nothing is run and the schema stays
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
    main: 2 migrations recorded in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_snapshot!(project.run("stamp desk@head"), @"
      recorded 2026-02-02-101500_create_loans  (not run)
    --- stderr ---
    main: 1 migration will be recorded; nothing is run and the schema stays
      + 2026-02-02-101500_create_loans
    main: 1 migration recorded in [elapsed].
    main is at 2026-01-12-140000_create_books and 2026-02-02-101500_create_loans.
    ");
    assert_snapshot!(project.run("stamp shelf@base"), @"
      forgotten 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    main: 1 migration will be forgotten; nothing is run and the schema stays
      - 2026-01-12-140000_create_books
    main: 1 migration forgotten in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260202101500"]);
}

#[test]
fn one_of_several_heads_has_to_be_named() {
    let project = parted();
    assert_snapshot!(project.run("stamp head"), @"
    --- stderr ---
    error: `head` could be any of 2 heads
      2026-01-12-140000_create_books
      2026-02-02-101500_create_loans
    hint: all of them: manage stamp heads
    hint: one of them: manage stamp 2026-01-12-140000_create_books
    [exit 2]
    ");
    let _ = project.run("stamp heads").ok();
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_target_that_is_nowhere_is_an_error() {
    let project = pending();
    assert_snapshot!(project.run("stamp nowhere"), @"
    --- stderr ---
    error: no migration matches `nowhere`
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("stamp"), @"
    --- stderr ---
    error: the following required arguments were not provided:
      <TARGET>...

    Usage: manage stamp <TARGET>...

    For more information, try '--help'.
    [exit 2]
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_row_without_a_folder_stays() {
    let project = applied();
    project.remove(LOANS);
    assert_snapshot!(project.run("stamp create_authors"), @"
      forgotten 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    warning: 1 row has no folder and will stay: 2026-02-02-101500_create_loans
    hint: to forget them: manage migrate --prune, or with everything else: manage stamp --purge TARGET
    main: 1 migration will be forgotten; nothing is run and the schema stays
      - 2026-01-12-140000_create_books
    main: 1 migration forgotten in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260202101500"]);
}

#[test]
fn purge_erases_every_row_if_somebody_consents() {
    let project = applied();
    project.remove(LOANS);
    assert_snapshot!(project.run("stamp create_books --purge"), @"
    --- stderr ---
    main: 3 migrations will be forgotten, 2 recorded; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
      - 2026-01-05-090000_create_authors
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
    error: 3 rows would be erased, and nobody can be asked
      nothing was changed
    hint: erase without asking: --yes
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("stamp create_books --purge -y"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
      forgotten 2026-01-12-140000_create_books  (not run)
      forgotten 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    main: 3 migrations will be forgotten, 2 recorded; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
      - 2026-01-05-090000_create_authors
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
    main: 3 migrations forgotten, 2 recorded in [elapsed].
    main is at 2026-01-12-140000_create_books (head).
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
}

#[test]
fn purge_of_nothing_asks_nothing() {
    assert_snapshot!(pending().run("stamp create_authors --purge"), @"
      recorded 2026-01-05-090000_create_authors  (not run)
    --- stderr ---
    main: 1 migration will be recorded; nothing is run and the schema stays
      + 2026-01-05-090000_create_authors
    main: 1 migration recorded in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
}

#[test]
fn on_a_protected_connection_its_name_is_wanted_before_a_row_goes() {
    let project = protected(applied());
    assert_snapshot!(project.run("stamp create_authors -y"), @"
    --- stderr ---
    main: 2 migrations will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
    error: `main` is protected, and nobody can be asked
      nothing was changed
    hint: consent for a protected connection: --confirm main
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("stamp create_authors --confirm main"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
      forgotten 2026-01-12-140000_create_books  (not run)
    --- stderr ---
    main: 2 migrations will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
    main: 2 migrations forgotten in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    // To record is no loss.
    assert_snapshot!(project.run("stamp head"), @"
      recorded 2026-01-12-140000_create_books  (not run)
      recorded 2026-02-02-101500_create_loans  (not run)
    --- stderr ---
    main: 2 migrations will be recorded; nothing is run and the schema stays
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    main: 2 migrations recorded in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn the_old_word_works_too() {
    let project = pending();
    let _ = project.run("stamp-migration head -q").ok();
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn several_folders_of_one_version_are_told() {
    let project = pending();
    project.migration("20260105090000_other", "SELECT 1;\n", None);
    assert_snapshot!(project.run("stamp head --plan"), @"
    main  3 migrations would be recorded; nothing is run
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    --- stderr ---
    warning: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260105090000: 2026-01-05-090000_create_authors and 20260105090000_other
    ");
}

#[test]
fn the_names_of_the_tables_stay_out_of_it() {
    // A database that somebody made by hand, and the migrations that would have made it.
    let project = pending();
    probe(&project).execute("CREATE TABLE authors (id INTEGER)");
    let _ = project.run(&format!("stamp {AUTHORS} -q")).ok();
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, 2 pending
     [X] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
}
