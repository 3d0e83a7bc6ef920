use insta::assert_snapshot;

use crate::library::{
    AUTHORS, BOOKS, LOANS, NOW, applied, history, ledger, pending, probe, tables,
};
use crate::support::Project;

const LATE: &str = "2026-01-20-000000_create_shelves";

/// One pending migration is older than the newest applied.
fn out_of_order() -> Project {
    let project = applied();
    project.migration(
        LATE,
        "CREATE TABLE shelves (id INTEGER PRIMARY KEY NOT NULL);\n",
        Some("DROP TABLE shelves;\n"),
    );
    project
}

/// The text of an applied migration was edited.
fn edited() -> Project {
    let project = applied();
    project.file(
        format!("migrations/{BOOKS}/up.sql"),
        "CREATE TABLE books (\n    \
         id INTEGER PRIMARY KEY NOT NULL,\n    \
         author_id INTEGER NOT NULL REFERENCES authors (id),\n    \
         title TEXT NOT NULL,\n    \
         pages INTEGER\n);\n\
         CREATE INDEX books_title ON books (title);\n",
    );
    project
}

/// The folder of an applied migration is gone.
fn missing() -> Project {
    let project = applied();
    project.remove(LOANS);
    project
}

/// Two folders have one version.
fn duplicate() -> Project {
    let project = pending();
    project.migration(
        "20260112140000_create_shelves",
        "CREATE TABLE shelves (id INTEGER PRIMARY KEY NOT NULL);\n",
        Some("DROP TABLE shelves;\n"),
    );
    project
}

fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

#[test]
fn out_of_order_needs_a_decision() {
    let project = out_of_order();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied, and nobody can be asked what to do
      2026-01-20-000000_create_shelves
      nothing was changed
    hint: --on-out-of-order apply  (apply now, in version order, as `diesel` would)
    hint: --on-out-of-order rebase  (give new versions, after the newest, then apply)
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn out_of_order_apply_runs_it_now() {
    let project = out_of_order();
    assert_snapshot!(project.run("migrate --on-out-of-order apply"), @"
      applied 2026-01-20-000000_create_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans", "shelves"]);
}

#[test]
fn out_of_order_rebase_gives_new_versions_and_mends_what_depends_on_them() {
    let project = out_of_order();
    let name = "2026-01-21-000000_number_shelves";
    project
        .migration(name, "ALTER TABLE shelves ADD COLUMN number INTEGER;\n", None)
        .metadata(
            name,
            "# After the shelves.\nrun_in_transaction = true\n\n[manage]\ndepends_on = [\"20260120000000\"]\n",
        );
    let output = project
        .manage("migrate --on-out-of-order rebase")
        .at(NOW)
        .run();
    assert_snapshot!(output, @"
      applied 2026-11-20-101500_create_shelves  (1 statement, [elapsed])
      applied 2026-11-20-101501_number_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: 2 migrations are pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves
      2026-01-21-000000_number_shelves
    Renamed `2026-01-20-000000_create_shelves` to `2026-11-20-101500_create_shelves`.
    Renamed `2026-01-21-000000_number_shelves` to `2026-11-20-101501_number_shelves`.
    Mended `migrations/2026-11-20-101501_number_shelves/metadata.toml`.
    main: applying 2 migrations to sqlite://db.sqlite3
    main: 2 migrations applied in [elapsed].
    main is at 2026-11-20-101501_number_shelves (head).
    ");
    assert_eq!(
        folders(&project),
        [
            AUTHORS,
            BOOKS,
            LOANS,
            "2026-11-20-101500_create_shelves",
            "2026-11-20-101501_number_shelves"
        ]
    );
    let metadata = "migrations/2026-11-20-101501_number_shelves/metadata.toml";
    assert_snapshot!(project.read(metadata), @r#"
    # After the shelves.
    run_in_transaction = true

    [manage]
    depends_on = ["20261120101500"]
    "#);
}

#[test]
fn out_of_order_stop_changes_nothing() {
    let project = out_of_order();
    assert_snapshot!(project.run("migrate --on-out-of-order stop"), @"
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves
    error: stopped, because 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      nothing was changed
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn out_of_order_is_no_conflict_where_the_settings_allow_any_order() {
    let project = out_of_order();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n    order: any\n");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-20-000000_create_shelves  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn out_of_order_can_be_answered_in_the_settings() {
    let project = out_of_order();
    project.settings("on: { out_of_order: apply }\nconnections: { main: { url: db.sqlite3 } }\n");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-20-000000_create_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn a_flag_goes_before_the_settings() {
    let project = out_of_order();
    project.settings(
        "on: { out_of_order: apply }\nconnections: { main: { url: sqlite://db.sqlite3 } }\n",
    );
    assert_snapshot!(project.run("migrate --on-out-of-order stop"), @"
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves
    error: stopped, because 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      nothing was changed
    [exit 1]
    ");
}

#[test]
fn out_of_order_does_not_concern_a_target_before_it() {
    let project = out_of_order();
    let _ = project.run("downgrade create_books -y -q").ok();
    assert_snapshot!(project.run("migrate create_books"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-01-12-140000_create_books.
    ");
}

#[test]
fn out_of_order_does_not_concern_the_way_back() {
    let project = out_of_order();
    assert_snapshot!(project.run("downgrade -y"), @"
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
fn a_plan_warns_of_a_conflict_and_asks_nothing() {
    let project = out_of_order();
    assert_snapshot!(project.run("migrate --plan"), @"
    main  1 migration would be applied
      + 2026-01-20-000000_create_shelves
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves
    ");
}

#[test]
fn a_check_warns_of_a_conflict_and_asks_nothing() {
    assert_snapshot!(edited().run("migrate --check"), @"
    main  nothing to do
    --- stderr ---
    warning: 1 migration was edited after being applied
      migrations/2026-01-12-140000_create_books/up.sql  (applied [time] UTC by tester)
    [exit 3]
    ");
}

#[test]
fn edited_shows_the_difference_and_needs_a_decision() {
    let project = edited();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    --- 2026-01-12-140000_create_books as applied
    +++ migrations/2026-01-12-140000_create_books/up.sql
          author_id INTEGER NOT NULL REFERENCES authors (id),
    -     title TEXT NOT NULL
    +     title TEXT NOT NULL,
    +     pages INTEGER
      );
    error: 1 migration was edited after being applied, and nobody can be asked what to do
      migrations/2026-01-12-140000_create_books/up.sql  (applied [time] UTC by tester)
      nothing was changed
    hint: --on-edited accept  (the database is right as it is: record the new text)
    [exit 4]
    ");
}

#[test]
fn edited_accept_needs_a_reason() {
    let project = edited();
    assert_snapshot!(project.run("migrate --on-edited accept"), @"
    --- stderr ---
    --- 2026-01-12-140000_create_books as applied
    +++ migrations/2026-01-12-140000_create_books/up.sql
          author_id INTEGER NOT NULL REFERENCES authors (id),
    -     title TEXT NOT NULL
    +     title TEXT NOT NULL,
    +     pages INTEGER
      );
    warning: 1 migration was edited after being applied
      migrations/2026-01-12-140000_create_books/up.sql  (applied [time] UTC by tester)
    error: accepting an edit needs a reason
      nothing was changed
    hint: say why: --reason TEXT
    [exit 4]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn edited_accept_with_a_reason_records_both() {
    let project = edited();
    let output = project
        .manage("migrate --on-edited accept --reason")
        .arg("pages were added by hand")
        .run();
    assert_snapshot!(output, @"
    --- stderr ---
    --- 2026-01-12-140000_create_books as applied
    +++ migrations/2026-01-12-140000_create_books/up.sql
          author_id INTEGER NOT NULL REFERENCES authors (id),
    -     title TEXT NOT NULL
    +     title TEXT NOT NULL,
    +     pages INTEGER
      );
    warning: 1 migration was edited after being applied
      migrations/2026-01-12-140000_create_books/up.sql  (applied [time] UTC by tester)
    Recorded the new text of `2026-01-12-140000_create_books`.
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    let reason = "SELECT action, version, reason FROM __manage_history ORDER BY id DESC LIMIT 1";
    assert_snapshot!(probe(&project).value(reason), @"accept|20260112140000|pages were added by hand");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn edited_stop_changes_nothing() {
    let project = edited();
    assert_snapshot!(project.run("migrate --on-edited stop"), @"
    --- stderr ---
    --- 2026-01-12-140000_create_books as applied
    +++ migrations/2026-01-12-140000_create_books/up.sql
          author_id INTEGER NOT NULL REFERENCES authors (id),
    -     title TEXT NOT NULL
    +     title TEXT NOT NULL,
    +     pages INTEGER
      );
    warning: 1 migration was edited after being applied
      migrations/2026-01-12-140000_create_books/up.sql  (applied [time] UTC by tester)
    error: stopped, because 1 migration was edited after being applied
      nothing was changed
    [exit 1]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn edited_does_not_pass_a_downgrade_in_silence() {
    let project = edited();
    assert_snapshot!(project.run("downgrade -2 -y"), @"
    --- stderr ---
    --- 2026-01-12-140000_create_books as applied
    +++ migrations/2026-01-12-140000_create_books/up.sql
          author_id INTEGER NOT NULL REFERENCES authors (id),
    -     title TEXT NOT NULL
    +     title TEXT NOT NULL,
    +     pages INTEGER
      );
    error: 1 migration was edited after being applied, and nobody can be asked what to do
      migrations/2026-01-12-140000_create_books/up.sql  (applied [time] UTC by tester)
      nothing was changed
    hint: --on-edited accept  (the database is right as it is: record the new text)
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn only_part_of_a_long_difference_is_shown() {
    let project = applied();
    let lines: Vec<String> = (0..40)
        .map(|number| format!("SELECT {number};\n"))
        .collect();
    project.file(format!("migrations/{AUTHORS}/up.sql"), lines.concat());
    assert_snapshot!(project.run("migrate --on-edited stop"), @"
    --- stderr ---
    --- 2026-01-05-090000_create_authors as applied
    +++ migrations/2026-01-05-090000_create_authors/up.sql
    - CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
    + SELECT 0;
    + SELECT 1;
    + SELECT 2;
    + SELECT 3;
    + SELECT 4;
    + SELECT 5;
    + SELECT 6;
    + SELECT 7;
    + SELECT 8;
    + SELECT 9;
    + SELECT 10;
    + SELECT 11;
    + SELECT 12;
    + SELECT 13;
    + SELECT 14;
    + SELECT 15;
    + SELECT 16;
    + SELECT 17;
    + SELECT 18;
    + SELECT 19;
    + SELECT 20;
    + SELECT 21;
    + SELECT 22;
      … 17 more lines
    warning: 1 migration was edited after being applied
      migrations/2026-01-05-090000_create_authors/up.sql  (applied [time] UTC by tester)
    error: stopped, because 1 migration was edited after being applied
      nothing was changed
    [exit 1]
    ");
}

#[test]
fn missing_needs_a_decision() {
    let project = missing();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 1 migration is applied, but the folder is gone, and nobody can be asked what to do
      2026-02-02-101500_create_loans  (applied [time] UTC)
      nothing was changed
    hint: --on-missing restore  (write the folder again, from what the database recorded)
    hint: --on-missing ignore  (go on without it; a rollback uses the recorded SQL)
    hint: --on-missing prune  (forget that it was applied; the schema stays as it is)
    [exit 4]
    ");
}

#[test]
fn missing_restore_writes_the_folder_again() {
    let project = missing();
    assert_snapshot!(project.run("migrate --on-missing restore"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    Restored `migrations/2026-02-02-101500_create_loans`.
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_snapshot!(project.read(format!("migrations/{LOANS}/up.sql")), @"CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);");
    assert_snapshot!(project.read(format!("migrations/{LOANS}/down.sql")), @"DROP TABLE loans;");
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, nothing pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [X] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn missing_restore_brings_the_metadata_back() {
    let project = pending();
    project
        .migration("2026-03-01-000000_tidy", "VACUUM;\n", Some("SELECT 1;\n"))
        .metadata("2026-03-01-000000_tidy", "run_in_transaction = false\n");
    let _ = project.run("migrate -q").ok();
    project.remove("2026-03-01-000000_tidy");
    let _ = project.run("migrate --on-missing restore").ok();
    assert_snapshot!(project.read("migrations/2026-03-01-000000_tidy/metadata.toml"), @"run_in_transaction = false");
}

#[test]
fn missing_ignore_goes_on() {
    let project = missing();
    assert_snapshot!(project.run("migrate --on-missing ignore"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans.
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn missing_ignore_downgrades_by_the_recorded_sql() {
    let project = missing();
    assert_snapshot!(project.run("downgrade --on-missing ignore -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans  (folder missing; from the recorded SQL)
          | DROP TABLE loans;
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books (head).
    ");
    assert_eq!(tables(&project), ["authors", "books"]);
}

#[test]
fn missing_prune_forgets_the_row_and_keeps_the_table() {
    let project = missing();
    assert_snapshot!(project.run("migrate --on-missing prune"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    Forgot that `2026-02-02-101500_create_loans` was applied.
    main: nothing to apply.
    main is at 2026-01-12-140000_create_books (head).
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
    assert_eq!(history(&project).last().unwrap(), "prune|20260202101500");
}

#[test]
fn what_is_pruned_makes_nothing_late() {
    let project = out_of_order();
    project.remove(LOANS);
    assert_snapshot!(project.run("migrate --on-missing prune"), @"
      applied 2026-01-20-000000_create_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    Forgot that `2026-02-02-101500_create_loans` was applied.
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-20-000000_create_shelves (head).
    ");
    assert_eq!(
        ledger(&project),
        ["20260105090000", "20260112140000", "20260120000000"]
    );
}

#[test]
fn missing_stop_changes_nothing() {
    let project = missing();
    assert_snapshot!(project.run("migrate --on-missing stop"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    error: stopped, because 1 migration is applied, but the folder is gone
      nothing was changed
    [exit 1]
    ");
}

#[test]
fn missing_without_a_record_cannot_be_restored() {
    let project = missing();
    probe(&project).execute("DROP TABLE __manage_history");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 1 migration is applied, but the folder is gone, and nobody can be asked what to do
      20260202101500  (applied [time] UTC, not recorded by manage)
      nothing was changed
    hint: --on-missing ignore  (go on without it; a rollback uses the recorded SQL)
    hint: --on-missing prune  (forget that it was applied; the schema stays as it is)
    [exit 4]
    ");
    assert_snapshot!(project.run("migrate --on-missing restore"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      20260202101500  (applied [time] UTC, not recorded by manage)
    error: the SQL of `20260202101500` is not recorded, so its folder cannot be restored
    hint: bring the folder back, from the branch or release that has it
    hint: go on without it: --on-missing ignore
    [exit 1]
    ");
    assert_snapshot!(project.run("downgrade -y --on-missing ignore"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      20260202101500  (applied [time] UTC, not recorded by manage)
    error: migration `20260202101500` cannot be reverted: its folder is gone; its down.sql was expected in migrations/20260202101500
      nothing was run
    hint: bring the folder back, from the branch or release that has it
    hint: stop above it: manage downgrade 20260202101500
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn duplicate_needs_a_decision_before_the_database_is_touched() {
    let project = duplicate();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 1 version is used by more than one folder; `diesel` runs one of them and never the others, and nobody can be asked what to do
      20260112140000: 2026-01-12-140000_create_books and 20260112140000_create_shelves
      nothing was changed
    hint: --on-duplicate renumber  (give one of them a new version, after all others)
    [exit 4]
    ");
    assert_eq!(ledger_or_none(&project), [""; 0]);
}

fn ledger_or_none(project: &Project) -> Vec<String> {
    probe(project).lines("SELECT name FROM sqlite_schema WHERE name = '__diesel_schema_migrations'")
}

#[test]
fn duplicate_renumber_moves_all_but_one() {
    let project = duplicate();
    assert_snapshot!(project.manage("migrate --on-duplicate renumber").at(NOW).run(), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      applied 2026-11-20-101500_create_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260112140000: 2026-01-12-140000_create_books and 20260112140000_create_shelves
    Renamed `20260112140000_create_shelves` to `2026-11-20-101500_create_shelves`.
    main: applying 4 migrations to sqlite://db.sqlite3
    main: 4 migrations applied in [elapsed].
    main is at 2026-11-20-101500_create_shelves (head).
    ");
    assert_eq!(
        folders(&project),
        [AUTHORS, BOOKS, LOANS, "2026-11-20-101500_create_shelves"]
    );
    assert_eq!(tables(&project), ["authors", "books", "loans", "shelves"]);
}

#[test]
fn duplicate_renumber_keeps_the_one_that_was_applied() {
    let project = applied();
    let name = "2026-01-12-140000_a_name_that_sorts_first";
    project.migration(name, "CREATE TABLE shelves (id INTEGER);\n", None);
    assert_snapshot!(project.manage("migrate --on-duplicate renumber").at(NOW).run(), @"
      applied 2026-11-20-101500_a_name_that_sorts_first  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260112140000: 2026-01-12-140000_a_name_that_sorts_first and 2026-01-12-140000_create_books
    Renamed `2026-01-12-140000_a_name_that_sorts_first` to `2026-11-20-101500_a_name_that_sorts_first`.
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-11-20-101500_a_name_that_sorts_first (head).
    ");
    assert_eq!(
        folders(&project),
        [
            AUTHORS,
            BOOKS,
            LOANS,
            "2026-11-20-101500_a_name_that_sorts_first"
        ]
    );
}

#[test]
fn duplicate_renumber_says_when_it_has_to_guess() {
    let project = applied();
    probe(&project).execute("DROP TABLE __manage_history");
    project.migration(
        "20260112140000_create_shelves",
        "CREATE TABLE shelves (id INTEGER);\n",
        None,
    );
    assert_snapshot!(project.manage("migrate --on-duplicate renumber").at(NOW).run(), @"
      applied 2026-11-20-101500_create_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260112140000: 2026-01-12-140000_create_books and 20260112140000_create_shelves
    warning: version 20260112140000 is applied, and it is not recorded from which folder; `2026-01-12-140000_create_books` keeps it
    Renamed `20260112140000_create_shelves` to `2026-11-20-101500_create_shelves`.
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-11-20-101500_create_shelves (head).
    ");
}

#[test]
fn duplicate_stop_changes_nothing() {
    let project = duplicate();
    assert_snapshot!(project.run("migrate --on-duplicate stop"), @"
    --- stderr ---
    warning: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260112140000: 2026-01-12-140000_create_books and 20260112140000_create_shelves
    error: stopped, because 1 version is used by more than one folder; `diesel` runs one of them and never the others
      nothing was changed
    [exit 1]
    ");
}

#[test]
fn an_unknown_answer_lists_the_known_ones() {
    let project = out_of_order();
    assert_snapshot!(project.run("migrate --on-out-of-order skip"), @"
    --- stderr ---
    error: invalid value 'skip' for '--on-out-of-order <ANSWER>'
      [possible values: apply, rebase, stop]

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(project.run("migrate --on-edited"), @"
    --- stderr ---
    error: a value is required for '--on-edited <ANSWER>' but none was supplied
      [possible values: accept, stop]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn several_conflicts_are_answered_one_by_one() {
    let project = out_of_order();
    project.remove(AUTHORS);
    assert_snapshot!(project.run("migrate --on-missing ignore"), @"
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-05-090000_create_authors  (applied [time] UTC)
    error: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied, and nobody can be asked what to do
      2026-01-20-000000_create_shelves
      nothing was changed
    hint: --on-out-of-order apply  (apply now, in version order, as `diesel` would)
    hint: --on-out-of-order rebase  (give new versions, after the newest, then apply)
    [exit 4]
    ");
    assert_snapshot!(project.run("migrate --on-missing ignore --on-out-of-order apply"), @"
      applied 2026-01-20-000000_create_shelves  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-05-090000_create_authors  (applied [time] UTC)
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn an_answer_is_carried_out_only_when_no_question_is_left_open() {
    let project = out_of_order();
    project.remove(AUTHORS);
    let output = project.run("migrate --on-missing prune").exits(4);
    output.says("  nothing was changed");
    assert_eq!(ledger(&project).len(), 3);
    let project = out_of_order();
    project.migration("20260105090000_people", "SELECT 1;\n", None);
    let before = folders(&project);
    let output = project.run("migrate --on-duplicate renumber").exits(4);
    output.says("  nothing was changed");
    assert_eq!(folders(&project), before);
}

#[test]
fn a_conflict_of_a_migration_that_a_downgrade_leaves_alone_does_not_stop_it() {
    let project = edited();
    let _ = project.run("downgrade -1 -y").ok();
    assert_eq!(ledger(&project).len(), 2);
}

#[test]
fn a_restored_migration_can_be_edited_and_is_noticed() {
    let project = missing();
    let _ = project.run("migrate --on-missing restore -q").ok();
    project.file(format!("migrations/{LOANS}/up.sql"), "SELECT 2;\n");
    let _ = project.run("migrate").exits(4);
}

#[test]
fn several_missing_migrations_are_restored_at_once() {
    let project = missing();
    project.remove(BOOKS);
    assert_snapshot!(project.run("migrate --on-missing restore"), @"
    --- stderr ---
    warning: 2 migrations are applied, but the folder is gone
      2026-01-12-140000_create_books  (applied [time] UTC)
      2026-02-02-101500_create_loans  (applied [time] UTC)
    Restored `migrations/2026-01-12-140000_create_books`.
    Restored `migrations/2026-02-02-101500_create_loans`.
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(folders(&project), [AUTHORS, BOOKS, LOANS]);
}

#[test]
fn yes_is_no_answer_to_a_conflict() {
    let project = out_of_order();
    assert_snapshot!(project.run("migrate -y"), @"
    --- stderr ---
    error: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied, and nobody can be asked what to do
      2026-01-20-000000_create_shelves
      nothing was changed
    hint: --on-out-of-order apply  (apply now, in version order, as `diesel` would)
    hint: --on-out-of-order rebase  (give new versions, after the newest, then apply)
    [exit 4]
    ");
}

#[test]
fn a_conflict_in_json_is_still_told_to_people() {
    let project = out_of_order();
    assert_snapshot!(project.run("migrate --json --on-out-of-order stop"), @r#"
    {"error":{"message":"stopped, because 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied","causes":[],"details":["nothing was changed"],"hints":[],"exit":1}}
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_create_shelves
    error: stopped, because 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      nothing was changed
    [exit 1]
    "#);
}
