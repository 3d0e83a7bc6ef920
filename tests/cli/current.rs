use insta::assert_snapshot;

use crate::history::{branched, following};
use crate::library::{LOANS, applied, empty, pending, probe};
use crate::pretty::pretty;
use crate::support::Project;

#[test]
fn nothing_applied_is_the_base_and_creates_nothing() {
    let project = pending();
    assert_snapshot!(project.run("current"), @"
    main  0 of 3 migrations applied
     base  (nothing is applied, 3 behind)
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn part_of_the_way_is_told_with_the_rest() {
    let project = pending();
    let _ = project.run("migrate create_books -q").ok();
    assert_snapshot!(project.run("current"), @"
    main  2 of 3 migrations applied
     2026-01-12-140000_create_books  (1 behind)
    ");
    assert_snapshot!(project.run("current --check-heads"), @"
    main  2 of 3 migrations applied
     2026-01-12-140000_create_books  (1 behind)
    [exit 3]
    ");
}

#[test]
fn everything_applied_is_the_head() {
    let project = applied();
    assert_snapshot!(project.run("current -c"), @"
    main  all 3 migrations applied
     2026-02-02-101500_create_loans  (head)
    ");
    assert_snapshot!(project.run("show-current-revision"), @"
    main  all 3 migrations applied
     2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn two_branches_are_two_places() {
    let project = branched();
    let _ = project.run("migrate index_loans -q").ok();
    assert_snapshot!(project.run("current"), @"
    main  5 of 7 migrations applied
     2026-02-05-090000_create_fines  (2 behind)
     2026-02-07-090000_index_loans  (1 behind)
    ");
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("current"), @"
    main  all 7 migrations applied
     2026-03-01-120000_merge  (head)
    ");
}

#[test]
fn the_head_is_not_reached_while_something_older_is_pending() {
    let project = applied();
    following(
        &project,
        "2026-01-10-000000_late",
        &["20260105090000"],
        &["late"],
    );
    assert_snapshot!(project.run("current -c"), @"
    main  3 of 4 migrations applied
     2026-02-02-101500_create_loans  (head; label late)
    --- stderr ---
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`, which is applied
      2026-01-10-000000_late
    [exit 3]
    ");
}

#[test]
fn verbose_tells_which_database_when_and_by_whom() {
    let project = pending();
    let _ = project.run("migrate create_books -q").ok();
    assert_snapshot!(project.run("current -v"), @"
    main  sqlite://db.sqlite3  2 of 3 migrations applied
     2026-01-12-140000_create_books  (1 behind)
       [time] UTC by tester, [elapsed]
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    ");
}

#[test]
fn a_folder_that_is_gone_is_told() {
    let project = applied();
    project.remove(LOANS);
    assert_snapshot!(project.run("current -c"), @"
    main  all 2 migrations applied
     2026-01-12-140000_create_books  (head)
     2026-02-02-101500_create_loans  (folder missing)
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    ");
}

#[test]
fn json_is_for_scripts() {
    let project = pending();
    let _ = project.run("migrate create_books -q").ok();
    assert_snapshot!(pretty(&project.run("current --json")), @r#"
    {
      "connection": "main",
      "url": "sqlite://db.sqlite3",
      "at_heads": false,
      "applied": 2,
      "pending": 1,
      "current": [
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","folder":null,"branches":[],"head":false,"behind":1,"run_on":"[time]","recorded":true,"performed_by":"tester","milliseconds":"[elapsed]"}
      ],
      "missing": [],
      "unfinished": []
    }
    "#);
}

#[test]
fn no_migrations_is_an_answer_too() {
    assert_snapshot!(empty().run("current -c"), @"
    main  no migrations
     base  (nothing is applied)
    --- stderr ---
    note: there is no folder `migrations`
    ");
}

#[test]
fn looking_leaves_no_table_behind() {
    let project = pending();
    probe(&project).execute("CREATE TABLE other (id INTEGER)");
    let _ = project.run("current").ok();
    let _ = project.run("current --wait 0").exits(3);
    assert_eq!(
        probe(&project).lines("SELECT name FROM sqlite_schema"),
        ["other"]
    );
}

#[test]
fn waiting_ends_at_once_where_everything_is_applied() {
    assert_snapshot!(applied().run("current --wait 60"), @"
    main  all 3 migrations applied
     2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn waiting_gives_up_with_findings_where_something_is_pending() {
    let project = pending();
    assert_snapshot!(project.run("current --wait 1"), @"
    main  0 of 3 migrations applied
     base  (nothing is applied, 3 behind)
    --- stderr ---
    main: waiting, 3 migrations pending
    [exit 3]
    ");
}

#[test]
fn waiting_gives_up_with_the_error_where_nothing_was_reached() {
    let project = pending();
    project.settings("connections:\n  main: { url: 'postgres://nobody@127.0.0.1:1/none' }\n");
    assert_snapshot!(project.run("current --wait 1"), @"
    --- stderr ---
    main: waiting, the PostgreSQL server at `127.0.0.1:1` refused the connection
    error: the PostgreSQL server at `127.0.0.1:1` refused the connection
    hint: start the server, or correct the connection's `url`
    [exit 1]
    ");
}

#[test]
fn waiting_sees_what_another_run_applies() {
    let project = pending();
    let waiting = project.manage("current --wait 100").start();
    let _ = project.run("migrate -q").ok();
    let out = waiting.wait().ok();
    out.says("main  all 3 migrations applied");
}

#[test]
fn every_connection_has_a_place_of_its_own() {
    let project = Project::new();
    project.settings("connections:\n  shop: { url: a.db }\n  audit: { url: b.db }\n");
    project.file(
        "migrations/shop/2026-01-01-000000_shop/up.sql",
        "SELECT 1;\n",
    );
    project.file(
        "migrations/audit/2026-01-01-000000_audit/up.sql",
        "SELECT 1;\n",
    );
    let _ = project.run("migrate -d shop -q").ok();
    assert_snapshot!(project.run("current --all -c"), @"
    shop  the only migration is applied
     2026-01-01-000000_shop  (head)
    audit  0 of 1 migrations applied
     base  (nothing is applied, 1 behind)
    [exit 3]
    ");
    assert_eq!(project.run("current --all --json").ok().json().len(), 2);
}
