//! What `check` says when it may ask the database.

use insta::assert_snapshot;

use crate::library::{AUTHORS, BOOKS, LOANS, applied, pending, probe};
use crate::pretty::pretty;

#[test]
fn what_is_applied_and_the_same_is_fine() {
    let project = applied();
    assert_snapshot!(project.run("check --with-database -v"), @"
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    main: nothing found in 3 migrations and the database.
    ");
}

#[test]
fn a_database_that_is_not_there_is_only_new() {
    let project = pending();
    assert_snapshot!(project.run("check --with-database"), @"
    --- stderr ---
    main: nothing found in 3 migrations and the database.
    ");
    assert_snapshot!(project.run("check --with-database -v"), @"
    note: the database has no table of applied migrations: nothing was ever applied
      hint: the first run of migrate makes it
    note: 3 migrations are not applied yet
      hint: manage migrate
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    main: 2 findings in 3 migrations and the database.
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn edited_and_missing_and_late_ones_are_found() {
    let project = applied();
    project.file(
        format!("migrations/{LOANS}/up.sql"),
        "CREATE TABLE loans (id INTEGER);\n",
    );
    project.remove(BOOKS);
    project.migration("2026-01-20-000000_late", "SELECT 1;\n", Some("SELECT 1;\n"));
    assert_snapshot!(project.run("check --with-database"), @"
    error: 1 migration is applied, but the folder is gone
      2026-01-12-140000_create_books  (applied [time] UTC)
      hint: bring the folder back, from the branch or release that has it
      hint: manage migrate --on-missing restore
    error: 1 migration was edited after being applied
      migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)
      hint: bring the file back, and write a new migration for what changed
      hint: manage migrate --on-edited accept --reason TEXT
    error: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_late
      hint: manage migrate --on-out-of-order rebase
      hint: manage migrate --on-out-of-order apply
    --- stderr ---
    main: 3 findings in 3 migrations and the database.
    [exit 3]
    ");
    assert_snapshot!(project.run("check --with-database --format github -q"), @"
    ::error title=missing-folder::1 migration is applied, but the folder is gone%0A  2026-01-12-140000_create_books  (applied [time] UTC)%0Ahint: bring the folder back, from the branch or release that has it%0Ahint: manage migrate --on-missing restore
    ::error file=migrations/2026-02-02-101500_create_loans/up.sql,title=edited::1 migration was edited after being applied%0A  migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)%0Ahint: bring the file back, and write a new migration for what changed%0Ahint: manage migrate --on-edited accept --reason TEXT
    ::error file=migrations/2026-01-20-000000_late/up.sql,title=out-of-order::1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied%0A  2026-01-20-000000_late%0Ahint: manage migrate --on-out-of-order rebase%0Ahint: manage migrate --on-out-of-order apply
    [exit 3]
    ");
    assert_snapshot!(pretty(&project.run("check --with-database --json")), @r#"
    {
      "connection": "main",
      "findings": [
        {"severity":"note","code":"pending","path":null,"line":null,"column":null,"message":"1 migration is not applied yet","hint":"manage migrate"},
        {"severity":"error","code":"missing-folder","path":null,"line":null,"column":null,"message":"1 migration is applied, but the folder is gone","hint":"bring the folder back, from the branch or release that has it","migrations":["2026-01-12-140000_create_books  (applied [time] UTC)"],"paths":[]},
        {"severity":"error","code":"edited","path":null,"line":null,"column":null,"message":"1 migration was edited after being applied","hint":"bring the file back, and write a new migration for what changed","migrations":["migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)"],"paths":["migrations/2026-02-02-101500_create_loans/up.sql"]},
        {"severity":"error","code":"out-of-order","path":null,"line":null,"column":null,"message":"1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied","hint":"manage migrate --on-out-of-order rebase","migrations":["2026-01-20-000000_late"],"paths":["migrations/2026-01-20-000000_late/up.sql"]}
      ]
    }
    [exit 3]
    "#);
    // Without asking it nothing is wrong.
    let _ = project.run("check").ok();
}

#[test]
fn in_any_order_a_late_one_is_only_worth_a_note() {
    let project = applied();
    project.migration("2026-01-20-000000_late", "SELECT 1;\n", Some("SELECT 1;\n"));
    project.settings("connections: { main: { url: sqlite://db.sqlite3, order: any } }\n");
    assert_snapshot!(project.run("check --with-database"), @"
    --- stderr ---
    main: nothing found in 4 migrations and the database.
    ");
    assert_snapshot!(project.run("check --with-database -v"), @"
    note: 1 migration is not applied yet
      hint: manage migrate
    note: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-20-000000_late
      hint: manage migrate --on-out-of-order rebase
      hint: manage migrate --on-out-of-order apply
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    main: 2 findings in 4 migrations and the database.
    ");
}

#[test]
fn an_empty_version_in_diesels_table_is_an_error() {
    let project = applied();
    probe(&project).execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('')");
    assert_snapshot!(project.run("check --with-database"), @"
    error: the table of applied migrations holds an empty version
      hint: some MariaDB client libraries make `diesel` write it; look at the newest migration, then: DELETE FROM __diesel_schema_migrations WHERE version = ''
    --- stderr ---
    main: 1 finding in 3 migrations and the database.
    [exit 3]
    ");
}

#[test]
fn a_history_of_another_version_is_told() {
    let project = applied();
    probe(&project).execute("UPDATE __manage_history SET action = 'squash' WHERE id = 1");
    assert_snapshot!(project.run("check --with-database"), @"
    warning: `__manage_history` was written by a newer version, whose words are not known here
      squash
      hint: update this program
    --- stderr ---
    main: 1 finding in 3 migrations and the database.
    [exit 3]
    ");
    let project = applied();
    probe(&project).execute("ALTER TABLE __manage_history DROP COLUMN reason");
    assert_snapshot!(project.run("check --with-database"), @"
    warning: `__manage_history` lacks 1 column, so what it holds is not read
      reason
      hint: an older version made it, or somebody changed it; rename it, and the next run makes another
    --- stderr ---
    main: 1 finding in 3 migrations and the database.
    [exit 3]
    ");
    // Edits are then not known, and what is missing is.
    project.remove(AUTHORS);
    project.file(format!("migrations/{LOANS}/up.sql"), "SELECT 1;\n");
    assert_snapshot!(project.run("check --with-database -q"), @"
    warning: `__manage_history` lacks 1 column, so what it holds is not read
      reason
      hint: an older version made it, or somebody changed it; rename it, and the next run makes another
    error: 1 migration is applied, but the folder is gone
      20260105090000  (applied [time] UTC, not recorded by manage)
      hint: bring the folder back, from the branch or release that has it
    [exit 3]
    ");
}

#[test]
fn a_database_that_cannot_be_asked_is_an_error_after_what_the_files_say() {
    let project = pending();
    project.migration("2026-02-05-090000_last", "", Some("SELECT 1;\n"));
    project.file(
        "db.sqlite3",
        "this is no database, but a text of some length",
    );
    assert_snapshot!(project.run("check --with-database"), @"
    error: migrations/2026-02-05-090000_last/up.sql: `up.sql` is empty
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 4 migrations.
    error: cannot use the database
      caused by: file is not a database
    hint: the file is left as it was; check the connection's `url`
    [exit 1]
    ");
    assert_snapshot!(project.run("check --with-database --json -q"), @r#"
    {"connection":"main","findings":[{"severity":"error","code":"empty-file","path":"migrations/2026-02-05-090000_last/up.sql","line":null,"column":null,"message":"`up.sql` is empty","hint":"write the migration's SQL, or `SELECT 1;` if there is nothing to do"}]}
    {"error":{"message":"cannot use the database","causes":["file is not a database"],"details":[],"hints":["the file is left as it was; check the connection's `url`"],"exit":1}}
    --- stderr ---
    error: cannot use the database
      caused by: file is not a database
    hint: the file is left as it was; check the connection's `url`
    [exit 1]
    "#);
}

#[test]
fn one_database_that_cannot_be_asked_does_not_hide_the_others() {
    let project = pending();
    project.settings(
        "connections:\n  \
           broken: { url: broken.db, migrations: migrations }\n  \
           main: { url: sqlite://db.sqlite3, migrations: migrations }\n",
    );
    project.file(
        "broken.db",
        "this is no database, but a text of some length",
    );
    let _ = project.run("migrate -d main -q").ok();
    project.remove(AUTHORS);
    assert_snapshot!(project.run("check --all --with-database"), @"
    error: 1 migration is applied, but the folder is gone
      2026-01-05-090000_create_authors  (applied [time] UTC)
      hint: bring the folder back, from the branch or release that has it
      hint: manage migrate -d main --on-missing restore
    --- stderr ---
    broken: nothing found in 2 migrations.
    error: cannot use the database
      caused by: file is not a database
      on connection `broken`
    hint: the file is left as it was; check the connection's `url`
    main: 1 finding in 2 migrations and the database.
    error: 1 of 2 connections could not be checked: `broken`
    hint: mend what is said above, then: manage check -d broken
    [exit 1]
    ");
}

#[test]
fn it_writes_nothing() {
    let project = applied();
    let before = std::fs::read(project.path("db.sqlite3")).unwrap();
    let tree = project.tree(".");
    let _ = project.run("check --with-database").ok();
    assert!(std::fs::read(project.path("db.sqlite3")).unwrap() == before);
    assert_eq!(project.tree("."), tree);
}
