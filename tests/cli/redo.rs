//! Reverting and applying again.

use insta::assert_snapshot;

use crate::library::{
    AUTHORS, BOOKS, LOANS, applied, empty, history, ledger, pending, probe, stocked, tables,
};
use crate::pretty::pretty;

#[test]
fn the_newest_migration_is_reverted_and_applied_again() {
    let project = applied();
    project.migration(
        LOANS,
        "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, due TEXT NOT NULL);\n",
        Some("DROP TABLE loans;\n"),
    );
    assert_snapshot!(project.run("redo -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      Then it is applied again.
    main: 1 migration reverted and applied again in [elapsed].
    ");
    assert_eq!(
        probe(&project).lines("SELECT name FROM pragma_table_info('loans')"),
        ["id", "due"]
    );
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(
        history(&project)[3..],
        ["revert|20260202101500", "apply|20260202101500"]
    );
    // The new text is the one that was applied.
    assert_eq!(project.run("migrate").ok().stdout, "");
}

#[test]
fn what_would_be_lost_is_shown_and_asked() {
    let project = stocked();
    assert_snapshot!(project.run("redo -2"), @"
    --- stderr ---
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
      Then they are applied again.
    error: 2 migrations would be reverted and applied again, and nobody can be asked
      nothing was changed
    hint: redo without asking: --yes
    [exit 4]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn there_are_three_ways_to_say_how_many() {
    for line in [
        "redo -2 -y",
        "redo -n 2 -y",
        "redo --number 2 -y",
        "redo create_authors -y",
    ] {
        let project = applied();
        let _ = project.run(line).ok();
        assert_eq!(
            history(&project)[3..],
            [
                "revert|20260202101500",
                "revert|20260112140000",
                "apply|20260112140000",
                "apply|20260202101500"
            ],
            "{line}"
        );
    }
}

#[test]
fn all_of_them_are_everything_after_base() {
    let project = applied();
    assert_snapshot!(project.run("redo base -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
      reverted 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 3 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
      - 2026-01-05-090000_create_authors
          drops table `authors`: empty
      Then they are applied again.
    main: 3 migrations reverted and applied again in [elapsed].
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn a_plan_shows_both_halves_and_runs_neither() {
    let project = stocked();
    assert_snapshot!(project.run("redo -2 --plan"), @"
    main  2 migrations would be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    main  2 migrations would be applied
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    ");
    assert_snapshot!(pretty(&project.run("redo --plan --json")), @r#"
    {
      "connection": "main",
      "revert": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","fake":false,"losses":["drops table `loans`: empty"],"transactional":true,"reversible":true,"file":"migrations/2026-02-02-101500_create_loans/down.sql"}
      ],
      "apply": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","fake":false,"losses":[],"transactional":true,"reversible":true,"file":"migrations/2026-02-02-101500_create_loans/up.sql"}
      ]
    }
    "#);
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn json_is_one_object() {
    let project = applied();
    assert_snapshot!(pretty(&project.run("redo -y --json -q")), @r#"
    {
      "connection": "main",
      "reverted": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","fake":false,"statements":1,"milliseconds":"[elapsed]","restored":true,"left":[]}
      ],
      "applied": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","fake":false,"statements":1,"milliseconds":"[elapsed]"}
      ],
      "milliseconds": "[elapsed]"
    }
    "#);
}

#[test]
fn with_nothing_applied_there_is_nothing_to_redo() {
    assert_snapshot!(empty().run("redo -y"), @"
    --- stderr ---
    note: there is no folder `migrations`
    main: nothing to redo.
    ");
    assert_snapshot!(applied().run("redo head -y"), @"
    --- stderr ---
    main: nothing to redo.
    ");
    assert_snapshot!(applied().run("redo -4 -y"), @"
    --- stderr ---
    error: `-4` goes too far: 3 migrations are applied
    hint: to revert them all: manage downgrade base
    [exit 1]
    ");
}

#[test]
fn files_are_checked_for_both_ways_before_anything_runs() {
    let project = pending();
    std::fs::remove_file(project.folder_of(BOOKS).join("down.sql")).unwrap();
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("redo -2 -y"), @"
    --- stderr ---
    error: migration `2026-01-12-140000_create_books` cannot be reverted: it has no down.sql
      nothing was run
    hint: write migrations/2026-01-12-140000_create_books/down.sql
    hint: redo less: manage redo 2026-01-12-140000_create_books
    [exit 1]
    ");
    let project = applied();
    project.file(project.folder_of(LOANS).join("up.sql"), "");
    assert_snapshot!(project.run("redo -y"), @"
    --- stderr ---
    error: migrations/2026-02-02-101500_create_loans/up.sql: `up.sql` is empty
      nothing was run
    hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    [exit 1]
    ");
    let project = applied();
    project.remove(LOANS);
    assert_snapshot!(project.run("redo -y"), @"
    --- stderr ---
    error: migration `2026-02-02-101500_create_loans` could not be applied again: its folder is gone
      nothing was run
    hint: bring the folder back, from the branch or release that has it
    hint: or write it again from what is recorded: manage migrate --on-missing restore
    [exit 1]
    ");
    let project = applied();
    project.migration("20260202101500_other", "SELECT 1;\n", None);
    assert_snapshot!(project.run("redo -y"), @"
    --- stderr ---
    error: version 20260202101500 is used by more than one folder, so it is not clear which to apply again
      nothing was run
    hint: give one a new version: manage migrate --on-duplicate renumber
    [exit 1]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn when_the_second_half_fails_it_says_what_is_left_to_apply() {
    let project = applied();
    project.migration(
        BOOKS,
        "CREATE TABLE books (id INTEGER);\nCREATE TABEL more;\n",
        Some("DROP TABLE books;\n"),
    );
    assert_snapshot!(project.run("redo base -y"), @r#"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (1 statement, [elapsed])
      reverted 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    main: 3 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
      - 2026-01-05-090000_create_authors
          drops table `authors`: empty
      Then they are applied again.
    error: migration `2026-01-12-140000_create_books` failed at migrations/2026-01-12-140000_create_books/up.sql:2:8 (statement 2 of 2)
      caused by: near "TABEL": syntax error
      2 | CREATE TABEL more;
        |        ^
      nothing of it was committed
      the migration before it is committed
      reverted and not applied again: `2026-01-12-140000_create_books`, `2026-02-02-101500_create_loans`
    hint: fix the file, then run: manage migrate 2026-02-02-101500_create_loans
    [exit 1]
    "#);
    assert_eq!(ledger(&project), ["20260105090000"]);
    // And that is what one types then.
    project.migration(
        BOOKS,
        "CREATE TABLE books (id INTEGER);\n",
        Some("DROP TABLE books;\n"),
    );
    let _ = project.run(&format!("migrate {LOANS} -q")).ok();
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn when_the_first_half_fails_it_says_what_was_reverted() {
    let project = applied();
    project.migration(
        BOOKS,
        "CREATE TABLE books (id INTEGER);\n",
        Some("DROP TABLE bookz;\n"),
    );
    assert_snapshot!(project.run("redo base -y"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 3 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
      - 2026-01-05-090000_create_authors
          drops table `authors`: empty
      Then they are applied again.
    error: migration `2026-01-12-140000_create_books` could not be reverted at migrations/2026-01-12-140000_create_books/down.sql:1:12
      caused by: no such table: bookz
      1 | DROP TABLE bookz;
        |            ^
      nothing of it was committed
      the migration before it is committed
      reverted and not applied again: `2026-02-02-101500_create_loans`
    hint: fix the file, then run: manage redo, and then: manage redo base
    hint: the first of them applies again what was reverted
    [exit 1]
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
    assert_snapshot!(project.run("redo -y"), @"
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: reverted by an earlier redo, and not applied again: `2026-02-02-101500_create_loans`
    main: 1 migration applied again in [elapsed].
    ");
    let _ = project.run("downgrade -y").ok();
    assert_snapshot!(project.run("redo -y"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-01-12-140000_create_books
      Nothing that is there is dropped.
      Then it is applied again.
    error: migration `2026-01-12-140000_create_books` could not be reverted at migrations/2026-01-12-140000_create_books/down.sql:1:12
      caused by: no such table: bookz
      1 | DROP TABLE bookz;
        |            ^
      nothing of it was committed
    hint: fix the file, then run: manage redo -1
    [exit 1]
    ");
}

#[test]
fn what_to_type_names_the_connection() {
    let project = applied();
    project.settings(
        "default: other\nconnections:\n  other: { url: sqlite://other.db }\n  main: { url: sqlite://db.sqlite3, migrations: migrations }\n",
    );
    project.migration(LOANS, "CREATE TABEL x;\n", Some("DROP TABLE loans;\n"));
    let out = project.run("redo -d main -y -q").exits(1);
    out.says(&format!(
        "hint: fix the file, then run: manage migrate -d main {LOANS}"
    ));
}

#[test]
fn on_a_protected_connection_its_name_is_wanted() {
    let project = applied();
    project.settings("connections:\n  main: { url: sqlite://db.sqlite3, protected: true }\n");
    assert_snapshot!(project.run("redo -y"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      Then it is applied again.
    error: `main` is protected, and nobody can be asked
      nothing was changed
    hint: consent for a protected connection: --confirm main
    [exit 4]
    ");
    let _ = project.run("redo --confirm main -q").ok();
    assert_eq!(history(&project).len(), 5);
}

#[test]
fn only_what_is_redone_is_applied_again() {
    let project = applied();
    project.migration("2026-03-01-000000_later", "SELECT 1;\n", None);
    let _ = project.run("redo -y -q").ok();
    assert_eq!(ledger(&project).len(), 3);
    let _ = project.run(&format!("redo {AUTHORS} -y -q")).ok();
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn the_second_half_is_done_by_the_same_command() {
    let project = applied();
    let up = "migrations/2026-02-02-101500_create_loans/up.sql";
    let whole = project.read(up);
    project.file(up, "INSERT INTO nowhere VALUES (1);\n");
    assert_snapshot!(project.run("redo -y").exits(1), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      Then it is applied again.
    error: migration `2026-02-02-101500_create_loans` failed at migrations/2026-02-02-101500_create_loans/up.sql:1:13
      caused by: no such table: nowhere
      1 | INSERT INTO nowhere VALUES (1);
        |             ^
      nothing of it was committed
      reverted and not applied again: `2026-02-02-101500_create_loans`
    hint: fix the file, then run: manage migrate 2026-02-02-101500_create_loans
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 2);
    project.file(up, whole);
    assert_snapshot!(project.run("redo --plan"), @"
    main  1 migration would be applied
      + 2026-02-02-101500_create_loans
    --- stderr ---
    main: reverted by an earlier redo, and not applied again: `2026-02-02-101500_create_loans`
    ");
    assert_snapshot!(pretty(&project.run("redo -y --json -q").ok()), @r#"
    {
      "connection": "main",
      "reverted": [],
      "applied": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","fake":false,"statements":1,"milliseconds":"[elapsed]"}
      ],
      "milliseconds": "[elapsed]"
    }
    "#);
    assert_eq!(ledger(&project).len(), 3);
    // From here on it is an ordinary one.
    project
        .run("redo --plan")
        .says("  - 2026-02-02-101500_create_loans");
}

#[test]
fn what_was_reverted_on_purpose_is_left_alone() {
    let project = applied();
    let _ = project.run("downgrade -y").ok();
    project
        .run("redo --plan")
        .says("  - 2026-01-12-140000_create_books");
}
