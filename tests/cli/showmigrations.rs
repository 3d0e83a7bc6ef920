use insta::assert_snapshot;

use crate::library::{BOOKS, LOANS, applied, empty, pending, probe};
use crate::pretty::pretty;
use crate::support::Project;

/// One of each: edited, out of order, missing, a version twice, pending.
fn odd() -> Project {
    let project = applied();
    project.migration("2026-03-01-000000_gone", "SELECT 1;\n", Some("SELECT 1;\n"));
    let _ = project.run("migrate -q").ok();
    project
        .remove("2026-03-01-000000_gone")
        .migration(
            LOANS,
            "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL);\n",
            None,
        )
        .migration("2026-01-20-000000_late", "SELECT 1;\n", None)
        .migration("2026-04-01-000000_one", "SELECT 1;\n", None)
        .migration("20260401000000_two", "SELECT 1;\n", None)
        .migration("2026-05-01-000000_new", "SELECT 1;\n", None);
    project
}

#[test]
fn applied_and_pending_are_told_apart() {
    let project = pending();
    let _ = project.run("migrate create_books -q").ok();
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, 1 pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn a_database_that_is_not_there_is_not_created() {
    let project = pending();
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, 3 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn looking_leaves_no_table_behind() {
    let project = pending();
    probe(&project).execute("CREATE TABLE other (id INTEGER)");
    let _ = project.run("showmigrations").ok();
    assert_eq!(
        probe(&project).lines("SELECT name FROM sqlite_schema"),
        ["other"]
    );
}

#[test]
fn everything_applied_is_said_in_one_word() {
    assert_snapshot!(applied().run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, nothing pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [X] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn no_migrations_is_an_answer_too() {
    assert_snapshot!(empty().run("showmigrations"), @"
    main  sqlite://db.sqlite3  0 migrations, nothing pending
      (no migrations)
    ");
}

#[test]
fn every_oddity_has_a_mark_and_a_warning() {
    assert_snapshot!(odd().run("showmigrations"), @"
    main  sqlite://db.sqlite3  8 migrations, 2 pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [!] 2026-01-20-000000_late  (pending, out of order)
     [X] 2026-02-02-101500_create_loans  (edited since)
     [?] 2026-03-01-000000_gone  (applied, folder missing)
     [2] 2026-04-01-000000_one  (two folders have this version)
     [2] 20260401000000_two  (two folders have this version)
     [ ] 2026-05-01-000000_new  (head)
    --- stderr ---
    warning: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260401000000: 2026-04-01-000000_one and 20260401000000_two
    warning: 1 migration is applied, but the folder is gone
      2026-03-01-000000_gone  (applied [time] UTC)
    warning: 1 migration was edited after being applied
      migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)
    warning: 1 migration is pending, but older than `2026-03-01-000000_gone`, which is applied
      2026-01-20-000000_late
    ");
}

#[test]
fn every_oddity_is_in_the_json() {
    assert_snapshot!(pretty(&odd().run("showmigrations --json")), @r#"
    {
      "connection": "main",
      "url": "sqlite://db.sqlite3",
      "pending": 2,
      "migrations": [
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors","state":"applied","applied":true,"edited":false,"head":false,"depends_on":[],"labels":[],"folder":null,"run_on":"[time]","recorded":true,"performed_by":"tester","milliseconds":"[elapsed]"},
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","state":"applied","applied":true,"edited":false,"head":false,"depends_on":["20260105090000"],"labels":[],"folder":null,"run_on":"[time]","recorded":true,"performed_by":"tester","milliseconds":"[elapsed]"},
        {"version":"20260120000000","name":"2026-01-20-000000_late","state":"out-of-order","applied":false,"edited":false,"head":false,"depends_on":["20260112140000"],"labels":[],"folder":null,"run_on":null,"recorded":false,"performed_by":null,"milliseconds":null},
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","state":"applied","applied":true,"edited":true,"head":false,"depends_on":["20260120000000"],"labels":[],"folder":null,"run_on":"[time]","recorded":true,"performed_by":"tester","milliseconds":"[elapsed]"},
        {"version":"20260301000000","name":"2026-03-01-000000_gone","state":"missing","applied":true,"edited":false,"head":false,"depends_on":[],"labels":[],"folder":null,"run_on":"[time]","recorded":true,"performed_by":"tester","milliseconds":"[elapsed]"},
        {"version":"20260401000000","name":"2026-04-01-000000_one","state":"duplicate","applied":false,"edited":false,"head":false,"depends_on":["20260202101500"],"labels":[],"folder":null,"run_on":null,"recorded":false,"performed_by":null,"milliseconds":null},
        {"version":"20260401000000","name":"20260401000000_two","state":"duplicate","applied":false,"edited":false,"head":false,"depends_on":["20260202101500"],"labels":[],"folder":null,"run_on":null,"recorded":false,"performed_by":null,"milliseconds":null},
        {"version":"20260501000000","name":"2026-05-01-000000_new","state":"pending","applied":false,"edited":false,"head":true,"depends_on":["20260401000000"],"labels":[],"folder":null,"run_on":null,"recorded":false,"performed_by":null,"milliseconds":null}
      ]
    }
    "#);
}

#[test]
fn the_plan_is_what_would_run() {
    let project = pending();
    let _ = project.run("migrate create_authors -q").ok();
    assert_snapshot!(project.run("showmigrations --plan"), @"
    main  sqlite://db.sqlite3  3 migrations, 2 pending
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn the_plan_of_nothing_says_that_nothing_is_pending() {
    assert_snapshot!(applied().run("showmigrations -p"), @"main  sqlite://db.sqlite3  3 migrations, nothing pending");
}

#[test]
fn verbose_tells_when_by_whom_and_how_long() {
    let project = pending();
    let _ = project.run("migrate create_authors -q").ok();
    probe(&project)
        .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20260112140000')");
    assert_snapshot!(project.run("showmigrations -v"), @"
    main  sqlite://db.sqlite3  3 migrations, 1 pending
     [X] 2026-01-05-090000_create_authors
         [time] UTC by tester, [elapsed]
     [X] 2026-01-12-140000_create_books
         [time] UTC, not recorded by manage
     [ ] 2026-02-02-101500_create_loans  (head)
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    ");
}

#[test]
fn json_tells_who_recorded_what() {
    let project = pending();
    let _ = project.run("migrate create_authors -q").ok();
    assert_snapshot!(pretty(&project.run("showmigrations --json")), @r#"
    {
      "connection": "main",
      "url": "sqlite://db.sqlite3",
      "pending": 2,
      "migrations": [
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors","state":"applied","applied":true,"edited":false,"head":false,"depends_on":[],"labels":[],"folder":null,"run_on":"[time]","recorded":true,"performed_by":"tester","milliseconds":"[elapsed]"},
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","state":"pending","applied":false,"edited":false,"head":false,"depends_on":["20260105090000"],"labels":[],"folder":null,"run_on":null,"recorded":false,"performed_by":null,"milliseconds":null},
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","state":"pending","applied":false,"edited":false,"head":true,"depends_on":["20260112140000"],"labels":[],"folder":null,"run_on":null,"recorded":false,"performed_by":null,"milliseconds":null}
      ]
    }
    "#);
}

#[test]
fn quiet_keeps_the_answer_and_drops_the_warnings() {
    let project = applied();
    project.migration("2026-01-20-000000_late", "SELECT 1;\n", None);
    assert_snapshot!(project.run("showmigrations -q"), @"
    main  sqlite://db.sqlite3  4 migrations, 1 pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [!] 2026-01-20-000000_late  (pending, out of order)
     [X] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn djangos_short_word_is_understood() {
    assert_snapshot!(pending().run("list"), @"
    main  sqlite://db.sqlite3  3 migrations, 3 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn line_endings_and_comments_are_no_edit() {
    let project = applied();
    let up = project.read(format!("migrations/{BOOKS}/up.sql"));
    let up = format!("-- The books.\n{}", up.replace('\n', "\r\n"));
    project.file(format!("migrations/{BOOKS}/up.sql"), up);
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, nothing pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [X] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn versions_that_are_no_dates_are_shown_as_they_are() {
    let project = empty();
    project
        .migration(
            "00000000000000_diesel_initial_setup",
            "SELECT 1;\n",
            Some("SELECT 1;\n"),
        )
        .migration("0001_first", "SELECT 1;\n", None)
        .migration("10_tenth", "SELECT 1;\n", None)
        .migration("2_second", "SELECT 1;\n", None)
        .migration("2024-04-09-221530", "SELECT 1;\n", None);
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  5 migrations, 5 pending
     [ ] 00000000000000_diesel_initial_setup
     [ ] 0001_first
     [ ] 10_tenth
     [ ] 2_second
     [ ] 2024-04-09-221530  (head)
    ");
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_was() {
    let project = pending();
    project.file(
        "db.sqlite3",
        "This is a letter and no database, however long it may be. ".repeat(40),
    );
    assert_snapshot!(project.run("showmigrations"), @"
    --- stderr ---
    error: cannot use the database
      caused by: file is not a database
    hint: the file is left as it was; check the connection's `url`
    [exit 1]
    ");
}

#[test]
fn an_empty_version_in_diesels_table_is_explained() {
    let project = applied();
    probe(&project).execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('')");
    assert_snapshot!(project.run("showmigrations"), @"
    --- stderr ---
    error: the table of applied migrations holds an empty version
    hint: some MariaDB client libraries make `diesel` write it; update the library, look at the newest migration, then: DELETE FROM __diesel_schema_migrations WHERE version = ''
    [exit 1]
    ");
}

#[test]
fn what_is_wrong_in_the_folder_does_not_hide_the_rest() {
    let project = applied();
    std::fs::create_dir(project.path("migrations/2026-03-01-000000_empty")).unwrap();
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, nothing pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [X] 2026-02-02-101500_create_loans  (head)
    --- stderr ---
    warning: migrations/2026-03-01-000000_empty: the folder is empty; `diesel` stops at it
    hint: remove the folder, write its up.sql, or begin its name with a dot
    ");
}
