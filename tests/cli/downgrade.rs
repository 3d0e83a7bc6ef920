use insta::assert_snapshot;

use crate::library::{
    AUTHORS, BOOKS, LOANS, applied, empty, history, ledger, pending, probe, stocked, tables,
};
use crate::pretty::pretty;
use crate::support::Project;

fn protected() -> Project {
    let project = stocked();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    protected: true\n");
    project
}

#[test]
fn the_newest_migration_is_reverted() {
    let project = applied();
    assert_snapshot!(project.run("downgrade -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(tables(&project), ["authors", "books"]);
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
    assert_eq!(history(&project).last().unwrap(), "revert|20260202101500");
}

#[test]
fn without_a_terminal_somebody_has_to_consent() {
    let project = stocked();
    assert_snapshot!(project.run("downgrade"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: 1 migration would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn what_would_be_lost_is_counted() {
    let project = stocked();
    assert_snapshot!(project.run("downgrade base"), @"
    --- stderr ---
    main: 3 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
      - 2026-01-05-090000_create_authors
          drops table `authors`: 1 row
    error: 3 migrations would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
}

#[test]
fn every_kind_of_loss_has_its_words() {
    let project = applied();
    project.migration(
        "2026-03-01-000000_clean",
        "CREATE TABLE kept (id INTEGER PRIMARY KEY NOT NULL, note TEXT);
         INSERT INTO kept (note) VALUES ('one'), (NULL);\n",
        Some(
            "ALTER TABLE kept DROP COLUMN note;\nDELETE FROM loans;\n\
             DELETE FROM authors WHERE id > 1;\nDROP TABLE kept;\nDROP TABLE IF EXISTS never;\n",
        ),
    );
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-03-01-000000_clean
          drops column `kept.note`: 1 value
          deletes all of `loans`: empty
          deletes some rows of `authors`, which is empty
          drops table `kept`: 2 rows
    error: 1 migration would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
}

#[test]
fn a_downgrade_that_drops_nothing_says_so() {
    let project = applied();
    project.migration("2026-03-01-000000_note", "SELECT 1;\n", Some("SELECT 1;\n"));
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade -y"), @"
      reverted 2026-03-01-000000_note  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-03-01-000000_note
      Nothing that is there is dropped.
    main: 1 migration reverted in [elapsed].
    main is at 2026-02-02-101500_create_loans.
    ");
}

#[test]
fn steps_are_written_with_a_minus_and_no_two_dashes() {
    let project = applied();
    assert_snapshot!(project.run("downgrade -2 -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
    --- stderr ---
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
    main: 2 migrations reverted in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    assert_snapshot!(project.run("downgrade -1 --yes"), @"
      reverted 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-01-05-090000_create_authors
          drops table `authors`: empty
    main: 1 migration reverted in [elapsed].
    main is at base: nothing is applied.
    ");
    assert_eq!(tables(&project), [""; 0]);
}

#[test]
fn all_spellings_of_a_target_mean_the_same() {
    let project = applied();
    let plan = |target: &str| {
        project
            .run(&format!("downgrade --plan {target}"))
            .ok()
            .stdout
    };
    let authors = plan(AUTHORS);
    for target in [
        "20260105090000",
        "2026-01-05-090000",
        "create_authors",
        "create_a",
        "2026-01-05",
        "20260105",
        "first",
        "head~2",
        "current~2",
        "create_books~1",
        "-2",
    ] {
        assert_eq!(plan(target), authors, "{target}");
    }
    let everything = plan("base");
    for target in ["zero", "-3", "create_authors~1", "ZERO"] {
        assert_eq!(plan(target), everything, "{target}");
    }
}

#[test]
fn the_target_stays_applied() {
    let project = applied();
    assert_snapshot!(project.run("downgrade create_books -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
}

#[test]
fn base_takes_everything_back() {
    let project = applied();
    assert_snapshot!(project.run("downgrade base -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
      reverted 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: 3 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
      - 2026-01-05-090000_create_authors
          drops table `authors`: empty
    main: 3 migrations reverted in [elapsed].
    main is at base: nothing is applied.
    ");
    assert_eq!(tables(&project), [""; 0]);
}

#[test]
fn more_steps_than_there_are_revert_nothing() {
    let project = applied();
    assert_snapshot!(project.run("downgrade -4 -y"), @"
    --- stderr ---
    error: `-4` goes too far: 3 migrations are applied
    hint: to revert them all: manage downgrade base
    [exit 1]
    ");
    assert_snapshot!(project.run("downgrade create_authors~2 -y"), @"
    --- stderr ---
    error: `create_authors~2` goes too far: there is 1 step before `20260105090000`
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("downgrade -20260105090000 -y"), @"
    --- stderr ---
    error: `-20260105090000` goes too far: 3 migrations are applied
    hint: to revert them all: manage downgrade base
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn an_ambiguous_target_lists_what_it_could_be() {
    let project = applied();
    assert_snapshot!(project.run("downgrade create -y"), @"
    --- stderr ---
    error: `create` matches 3 migrations
      2026-01-05-090000_create_authors
      2026-01-12-140000_create_books
      2026-02-02-101500_create_loans
    hint: type more of it, or the whole name of the directory
    [exit 1]
    ");
    assert_snapshot!(project.run("downgrade 2026 -y"), @"
    --- stderr ---
    error: `2026` matches 3 migrations
      2026-01-05-090000_create_authors
      2026-01-12-140000_create_books
      2026-02-02-101500_create_loans
    hint: type more of it, or the whole name of the directory
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_number_without_a_sign_is_no_number_of_steps() {
    let project = applied();
    assert_snapshot!(project.run("downgrade 1 -y"), @"
    --- stderr ---
    error: no migration matches `1`
    hint: for a number of steps, write its sign: +1 or -1
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("downgrade +1 -y"), @"
    --- stderr ---
    error: `+1` goes too far: no migration is pending
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
}

#[test]
fn a_target_that_is_not_applied_is_no_way_back() {
    let project = pending();
    let _ = project.run("migrate create_books -q").ok();
    assert_snapshot!(project.run("downgrade create_loans -y"), @"
    --- stderr ---
    error: migration `2026-02-02-101500_create_loans` is not applied, so there is no going back to it
    hint: see what is applied: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("downgrade head -y"), @"
    --- stderr ---
    error: migration `2026-02-02-101500_create_loans` is not applied, so there is no going back to it
    hint: see what is applied: manage showmigrations
    [exit 1]
    ");
}

#[test]
fn the_place_where_it_stands_is_no_work() {
    let project = applied();
    assert_snapshot!(project.run("downgrade create_loans"), @"
    --- stderr ---
    main: nothing to revert.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_snapshot!(project.run("downgrade head"), @"
    --- stderr ---
    main: nothing to revert.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_snapshot!(project.run("downgrade -0"), @"
    --- stderr ---
    main: nothing to revert.
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn an_empty_database_has_nothing_to_revert() {
    let project = pending();
    assert_snapshot!(project.run("downgrade"), @"
    --- stderr ---
    main: nothing is applied.
    ");
    assert_snapshot!(project.run("downgrade base"), @"
    --- stderr ---
    main: nothing to revert.
    main is at base: nothing is applied.
    ");
    assert_snapshot!(project.run("downgrade -1"), @"
    --- stderr ---
    error: `-1` goes too far: no migration is applied
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
}

#[test]
fn json_of_nothing_is_json() {
    let project = pending();
    assert_snapshot!(pretty(&project.run("downgrade --json -q")), @r#"
    {
      "connection": "main",
      "direction": "down",
      "steps": [],
      "milliseconds": "[elapsed]"
    }
    "#);
}

#[test]
fn reverting_nothing_creates_no_database() {
    let project = pending();
    let _ = project.run("downgrade").ok();
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_protected_connection_wants_its_name() {
    let project = protected();
    assert_snapshot!(project.run("downgrade -y"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: `main` is protected, and nobody can be asked
      nothing was changed
    hint: consent for a protected connection: --confirm main
    [exit 4]
    ");
    assert_snapshot!(project.run("downgrade --confirm mian"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: `mian` is not the name of the connection
      nothing was run
    hint: type it: --confirm main
    [exit 2]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("downgrade --confirm main"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(ledger(&project).len(), 2);
}

#[test]
fn the_name_of_a_connection_is_consent_even_if_it_is_not_protected() {
    let project = applied();
    assert_snapshot!(project.run("downgrade --confirm main"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
}

#[test]
fn the_wrong_name_is_no_consent_even_if_it_is_not_protected() {
    let project = applied();
    assert_snapshot!(project.run("downgrade --confirm other"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: `other` is not the name of the connection
      nothing was run
    hint: type it: --confirm main
    [exit 2]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn the_wrong_name_outweighs_a_yes() {
    let project = applied();
    let output = project.run("downgrade --yes --confirm other");
    assert_ne!(output.status, Some(0), "{output}");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn two_dashes_do_no_harm() {
    let project = applied();
    let with = project.run("downgrade --plan -- -2").ok();
    assert_eq!(with.stdout, project.run("downgrade --plan -2").ok().stdout);
}

#[test]
fn a_plan_is_shown_and_nobody_is_asked() {
    let project = applied();
    assert_snapshot!(project.run("downgrade --plan create_authors"), @"
    main  2 migrations would be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
    ");
    assert_snapshot!(pretty(&project.run("downgrade --plan --json")), @r#"
    {
      "connection": "main",
      "direction": "down",
      "steps": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","fake":false,"losses":["drops table `loans`: empty"],"transactional":true,"reversible":true,"file":"migrations/2026-02-02-101500_create_loans/down.sql"}
      ]
    }
    "#);
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn the_sql_is_what_would_run() {
    let project = applied();
    assert_snapshot!(project.run("downgrade --sql create_authors"), @r#"
    -- Reverts 2 migrations of connection `main`: 2026-02-02-101500_create_loans back to 2026-01-05-090000_create_authors.
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
    DROP TABLE loans;
    INSERT INTO temp.__manage_check DEFAULT VALUES;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260202101500';
    COMMIT;

    -- revert 2026-01-12-140000_create_books
    BEGIN IMMEDIATE;
    DROP INDEX books_title;
    DROP TABLE books;
    INSERT INTO temp.__manage_check DEFAULT VALUES;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260112140000';
    COMMIT;
    "#);
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn plan_and_sql_exclude_each_other() {
    assert_snapshot!(applied().run("downgrade --plan --sql"), @"
    --- stderr ---
    error: the argument '--plan' cannot be used with '--sql'

    Usage: manage downgrade --plan [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn fake_forgets_and_runs_nothing() {
    let project = applied();
    assert_snapshot!(project.run("downgrade --fake create_books -y"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
    --- stderr ---
    main: 1 migration will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
    main: 1 migration forgotten in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_eq!(ledger(&project).len(), 2);
    assert_eq!(history(&project).last().unwrap(), "unfake|20260202101500");
}

#[test]
fn fake_does_not_need_the_files() {
    let project = applied();
    std::fs::remove_file(project.folder_of(LOANS).join("down.sql")).unwrap();
    assert_snapshot!(project.run("downgrade --fake -y"), @"
      forgotten 2026-02-02-101500_create_loans  (not run)
    --- stderr ---
    main: 1 migration will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
    main: 1 migration forgotten in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(ledger(&project).len(), 2);
}

#[test]
fn json_reports_the_steps_that_were_done() {
    let project = applied();
    assert_snapshot!(pretty(&project.run("downgrade --json -q -y create_authors")), @r#"
    {
      "connection": "main",
      "direction": "down",
      "steps": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","fake":false,"statements":1,"milliseconds":"[elapsed]","restored":true,"left":[]},
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","fake":false,"statements":2,"milliseconds":"[elapsed]","restored":true,"left":[]}
      ],
      "milliseconds": "[elapsed]"
    }
    "#);
}

#[test]
fn quiet_still_needs_consent() {
    let project = applied();
    assert_snapshot!(project.run("downgrade -q"), @"
    --- stderr ---
    error: 1 migration would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
    assert_snapshot!(project.run("downgrade -q -y"), @"");
}

#[test]
fn a_missing_down_file_stops_before_anything_runs() {
    let project = pending();
    std::fs::remove_file(project.folder_of(BOOKS).join("down.sql")).unwrap();
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade base -y"), @"
    --- stderr ---
    error: migration `2026-01-12-140000_create_books` cannot be reverted: it has no down.sql
      nothing was run
    hint: write migrations/2026-01-12-140000_create_books/down.sql
    hint: stop above it: manage downgrade 2026-01-12-140000_create_books
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn a_down_file_that_was_deleted_since_is_taken_from_the_record() {
    let project = applied();
    std::fs::remove_file(project.folder_of(LOANS).join("down.sql")).unwrap();
    assert_snapshot!(project.run("downgrade -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans  (folder missing; from the recorded SQL)
          | DROP TABLE loans;
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(tables(&project), ["authors", "books"]);
}

#[test]
fn several_missing_down_files_are_told_at_once() {
    let project = pending();
    std::fs::remove_file(project.folder_of(BOOKS).join("down.sql")).unwrap();
    project.file(format!("migrations/{LOANS}/down.sql"), "-- nothing yet\n");
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade base -y"), @"
    --- stderr ---
    error: 2 migrations on the way cannot be reverted
      `2026-02-02-101500_create_loans`: `down.sql` holds no statement (migrations/2026-02-02-101500_create_loans/down.sql)
      `2026-01-12-140000_create_books`: it has no down.sql
      nothing was run
    hint: write the SQL that takes the migration back, or `SELECT 1;` if there is nothing to do
    hint: write migrations/2026-01-12-140000_create_books/down.sql
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn an_empty_down_file_cannot_be_what_was_meant() {
    let project = pending();
    project.file(format!("migrations/{LOANS}/down.sql"), "");
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade -y"), @"
    --- stderr ---
    error: migration `2026-02-02-101500_create_loans` cannot be reverted: `down.sql` is empty (migrations/2026-02-02-101500_create_loans/down.sql)
      nothing was run
    hint: write the SQL that takes the migration back, or `SELECT 1;` if there is nothing to do
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn rows_that_would_point_nowhere_stop_the_downgrade() {
    let project = stocked();
    let up = "SELECT 1;\n";
    project.migration("2026-03-01-000000_note", up, Some("DELETE FROM authors;\n"));
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade -y"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-03-01-000000_note
          deletes all of `authors`: 1 row
    error: migration `2026-03-01-000000_note` could not be reverted at migrations/2026-03-01-000000_note/down.sql
      caused by: 2 rows of `books` would refer to missing rows of `authors`
      nothing of it was committed
    hint: delete or mend those rows in the same file, then run: manage downgrade
    [exit 1]
    ");
    assert_eq!(probe(&project).value("SELECT count(*) FROM authors"), "1");
    assert_eq!(ledger(&project).len(), 4);
}

#[test]
fn choosing_from_a_list_needs_a_terminal() {
    assert_snapshot!(applied().run("downgrade --choose"), @"
    --- stderr ---
    error: nobody can be asked where to stop
      nothing was changed
    hint: name it: manage downgrade TARGET
    [exit 4]
    ");
}

#[test]
fn choosing_from_a_list_and_naming_a_target_contradict_each_other() {
    assert_snapshot!(applied().run("downgrade --choose create_books"), @"
    --- stderr ---
    error: the argument '--choose' cannot be used with '[TARGET]'

    Usage: manage downgrade --choose [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn a_folder_without_migrations_is_no_error() {
    assert_snapshot!(empty().run("downgrade"), @"
    --- stderr ---
    note: there is no folder `migrations`
    main: nothing is applied.
    ");
}

#[test]
fn what_diesel_applied_is_reverted_all_the_same() {
    let project = applied();
    probe(&project).execute("DROP TABLE __manage_history");
    assert_snapshot!(project.run("downgrade -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(history(&project), ["revert|20260202101500"]);
}

#[test]
fn where_the_folder_is_gone_the_recorded_sql_is_shown_and_used() {
    let project = applied();
    project.remove("2026-01-12-140000_create_books");
    assert_snapshot!(project.run("downgrade --plan 20260105"), @"
    main  2 migrations would be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books  (from the recorded SQL)
          drops table `books`: empty
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-12-140000_create_books  (applied [time] UTC)
    ");
    assert_snapshot!(project.run("downgrade 20260105"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-12-140000_create_books  (applied [time] UTC)
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books  (folder missing; from the recorded SQL)
          | DROP INDEX books_title;
          | DROP TABLE books;
          drops table `books`: empty
    error: 2 migrations would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_snapshot!(project.run("migrate -y 20260105"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-12-140000_create_books  (applied [time] UTC)
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books  (folder missing; from the recorded SQL)
          | DROP INDEX books_title;
          | DROP TABLE books;
          drops table `books`: empty
    main: 2 migrations reverted in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    assert_eq!(tables(&project), ["authors"]);
}

#[test]
fn without_recorded_sql_a_folder_that_is_gone_is_asked_about() {
    let project = applied();
    project.remove("2026-02-02-101500_create_loans");
    probe(&project).execute("UPDATE __manage_history SET down_sql = NULL");
    assert_snapshot!(project.run("downgrade -y"), @"
    --- stderr ---
    error: 1 migration is applied, but the folder is gone, and nobody can be asked what to do
      2026-02-02-101500_create_loans  (applied [time] UTC)
      nothing was changed
    hint: --on-missing restore  (write the folder again, from what the database recorded)
    hint: --on-missing ignore  (go on without it; a rollback uses the recorded SQL)
    hint: --on-missing prune  (forget that it was applied; the schema stays as it is)
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
}
