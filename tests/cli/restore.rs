//! Folders that are gone, written again from what was recorded.

use insta::assert_snapshot;

use crate::library::{BOOKS, LOANS, applied, ledger, pending, probe};

#[test]
fn a_folder_comes_back_byte_for_byte() {
    let project = pending();
    let up = "-- Bücher\r\nCREATE TABLE books (id INTEGER PRIMARY KEY NOT NULL);\r\n\r\n";
    let metadata = "# how it runs\nrun_in_transaction = false\n\n[manage]\nlabels = [\"shop\"]\n";
    project.file(format!("migrations/{BOOKS}/up.sql"), up);
    project.file(format!("migrations/{BOOKS}/down.sql"), "DROP TABLE books;");
    project.metadata(BOOKS, metadata);
    let _ = project.run("migrate -q").ok();
    let before = project.tree("migrations");
    project.remove(BOOKS);
    assert_snapshot!(project.run("restore create_books"), @"
    --- stderr ---
    Restored `migrations/2026-01-12-140000_create_books`.
    ");
    assert_eq!(project.tree("migrations"), before);
    assert_eq!(project.read(format!("migrations/{BOOKS}/up.sql")), up);
    assert_eq!(
        project.read(format!("migrations/{BOOKS}/down.sql")),
        "DROP TABLE books;"
    );
    assert_eq!(
        project.read(format!("migrations/{BOOKS}/metadata.toml")),
        metadata
    );
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn what_is_there_already_is_left_alone() {
    let project = applied();
    assert_snapshot!(project.run("restore create_loans --json"), @r#"
    {"connection":"main","restored":[{"version":"20260202101500","name":"2026-02-02-101500_create_loans","path":"migrations/2026-02-02-101500_create_loans","written":false}]}
    --- stderr ---
    `migrations/2026-02-02-101500_create_loans` is there, as it was recorded.
    "#);
    let mine = "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL);\n";
    project.file(format!("migrations/{LOANS}/up.sql"), mine);
    assert_snapshot!(project.run("restore create_loans"), @"
    --- stderr ---
    --- up.sql as recorded
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL);
    error: `migrations/2026-02-02-101500_create_loans` is there and says something else than was recorded; it is left as it is
      nothing was written
    hint: write it beside, to compare: --to migrations.recorded
    hint: record the text that is there: manage accept
    [exit 1]
    ");
    assert_eq!(project.read(format!("migrations/{LOANS}/up.sql")), mine);
    assert_snapshot!(project.run("restore create_loans --to migrations.recorded"), @"
    --- stderr ---
    Restored `migrations.recorded/2026-02-02-101500_create_loans`.
    ");
    assert!(
        project
            .path(format!("migrations.recorded/{LOANS}/down.sql"))
            .exists()
    );
}

#[test]
fn a_folder_with_another_name_is_in_the_way() {
    let project = applied();
    std::fs::rename(
        project.folder_of(LOANS),
        project.path("migrations/2026-02-02-101500_lending"),
    )
    .expect("a folder can be renamed");
    assert_snapshot!(project.run("restore lending"), @"
    --- stderr ---
    error: its version is in use: by `migrations/2026-02-02-101500_lending`, under another name than was recorded
      nothing was written
    hint: write it beside, to compare: --to migrations.recorded
    [exit 1]
    ");
}

#[test]
fn several_come_back_or_none() {
    let project = applied();
    project.remove(BOOKS).remove(LOANS);
    probe(&project).execute("DELETE FROM __manage_history WHERE version = '20260202101500'");
    assert_snapshot!(project.run("restore create_books 20260202101500"), @"
    --- stderr ---
    error: the SQL of `20260202101500` is not recorded, so its folder cannot be restored
    hint: bring the folder back, from the branch or release that has it
    hint: go on without it: --on-missing ignore
    [exit 1]
    ");
    assert!(!project.folder_of(BOOKS).exists());
    assert_snapshot!(project.run("restore create_books create_books --json -q"), @r#"{"connection":"main","restored":[{"version":"20260112140000","name":"2026-01-12-140000_create_books","path":"migrations/2026-01-12-140000_create_books","written":true}]}"#);
}

#[test]
fn what_cannot_be_restored_is_said() {
    let project = applied();
    assert_snapshot!(project.run("restore base"), @"
    --- stderr ---
    error: `base` is the place before all migrations, which has no folder
      nothing was written
    hint: see what is applied: manage showmigrations
    [exit 1]
    ");
    let _ = project.run("downgrade -q --yes").ok();
    assert_snapshot!(project.run("restore create_loans"), @"
    --- stderr ---
    error: `2026-02-02-101500_create_loans` is not applied, so its text is not kept
      nothing was written
    hint: see what is applied: manage showmigrations
    [exit 1]
    ");
}

#[test]
fn a_text_that_was_too_long_to_keep_is_said_so() {
    let project = pending();
    let long = format!(
        "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL);\n-- {}\n",
        "x".repeat(1024 * 1024)
    );
    project.file(format!("migrations/{LOANS}/up.sql"), long);
    let _ = project.run("migrate -q").ok();
    project.remove(LOANS);
    assert_snapshot!(project.run("restore create_loans"), @"
    --- stderr ---
    error: the up.sql of `2026-02-02-101500_create_loans` is longer than the 1 MB that is kept, so its folder cannot be restored
    hint: bring the folder back, from the branch or release that has it
    hint: go on without it: --on-missing ignore
    [exit 1]
    ");
}

#[test]
fn a_history_of_an_older_version_is_read_and_gets_its_columns() {
    let project = applied();
    probe(&project).execute(
        "ALTER TABLE __manage_history DROP COLUMN before_fingerprint; \
         ALTER TABLE __manage_history DROP COLUMN applied_set; \
         ALTER TABLE __manage_history DROP COLUMN metadata; \
         ALTER TABLE __manage_history DROP COLUMN folder; \
         UPDATE __manage_history SET fingerprint = NULL; \
         DROP TABLE __manage_schema;",
    );
    project.remove(BOOKS);
    assert_snapshot!(project.run("drift"), @"
    --- stderr ---
    note: the schema was not recorded at `2026-02-02-101500_create_loans` ([time] UTC), so the applied migrations are replayed on a scratch database
    error: the applied migrations cannot be replayed: the folder of `2026-01-12-140000_create_books` is gone
      what the schema should be is not recorded either
    hint: write them again from what is recorded: manage restore 2026-01-12-140000_create_books
    hint: the next migration that manage applies records it: manage migrate
    [exit 1]
    ");
    assert_snapshot!(project.run("restore create_books"), @"
    --- stderr ---
    Restored `migrations/2026-01-12-140000_create_books`.
    ");
    let columns =
        || probe(&project).value("SELECT count(*) FROM pragma_table_info('__manage_history')");
    assert_eq!(columns(), "18");
    assert_snapshot!(project.run("downgrade --yes"), @"
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(columns(), "22");
    assert_snapshot!(project.run("drift"), @"main  no drift: the schema is what was recorded on [time] UTC");
    assert_snapshot!(project.run("check --with-database"), @"
    --- stderr ---
    main: nothing found in 3 migrations and the database.
    ");
    assert_eq!(ledger(&project).len(), 2);
}

#[test]
fn it_comes_back_into_the_folder_it_came_from() {
    let project = pending();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [migrations, billing/migrations]\n",
    );
    let name = "2026-03-01-000000_invoices";
    project.file(
        format!("billing/migrations/{name}/up.sql"),
        "CREATE TABLE invoices (id INTEGER PRIMARY KEY NOT NULL);\n",
    );
    let _ = project.run("migrate -q").ok();
    std::fs::remove_dir_all(project.path(format!("billing/migrations/{name}")))
        .expect("a folder can be removed");
    assert_snapshot!(project.run("restore invoices"), @"
    --- stderr ---
    Restored `billing/migrations/2026-03-01-000000_invoices`.
    ");
}
