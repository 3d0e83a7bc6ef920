use insta::assert_snapshot;

use crate::library::{BOOKS, applied, empty, pending};
use crate::pretty::pretty;
use crate::support::Project;

const NAME: &str = "2026-01-01-000000_a";

fn with(up: &str, down: Option<&str>) -> Project {
    let project = empty();
    project.migration(NAME, up, down);
    project
}

fn with_metadata(text: &str) -> Project {
    let project = with("SELECT 1;\n", Some("SELECT 1;\n"));
    project.metadata(NAME, text);
    project
}

#[test]
fn nothing_found_is_said_and_succeeds() {
    let project = pending();
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 3 migrations.
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_folder_without_migrations_is_fine() {
    assert_snapshot!(empty().run("check"), @"
    --- stderr ---
    main: nothing found in 0 migrations.
    ");
}

#[test]
fn an_empty_folder_stops_diesel() {
    let project = pending();
    std::fs::create_dir(project.path("migrations/2026-03-01-000000_empty")).unwrap();
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-03-01-000000_empty: the folder is empty; `diesel` stops at it
      hint: remove the folder, write its up.sql, or begin its name with a dot
    --- stderr ---
    main: 1 finding in 3 migrations.
    [exit 3]
    ");
}

#[test]
fn a_folder_without_up_sql_stops_diesel() {
    let project = pending();
    project.file("migrations/2026-03-01-000000_half/down.sql", "SELECT 1;\n");
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-03-01-000000_half: the folder has no `up.sql`; `diesel` stops at it
      hint: remove the folder, write its up.sql, or begin its name with a dot
    --- stderr ---
    main: 1 finding in 3 migrations.
    [exit 3]
    ");
}

#[test]
fn an_up_sql_that_is_a_folder_is_told() {
    let project = pending();
    project.file("migrations/2026-03-01-000000_nest/up.sql/why", "");
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-03-01-000000_nest/up.sql: `up.sql` is not a file
      hint: put the migration's SQL into a file of that name
    --- stderr ---
    main: 1 finding in 3 migrations.
    [exit 3]
    ");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told() {
    let project = pending();
    std::os::unix::fs::symlink("nowhere", project.path("migrations/2026-03-01-000000_link"))
        .unwrap();
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-03-01-000000_link: the link leads nowhere (No such file or directory (os error 2))
      hint: remove the link, or mend what it points to
    --- stderr ---
    main: 1 finding in 3 migrations.
    [exit 3]
    ");
}

#[cfg(unix)]
#[test]
fn a_name_that_would_steer_the_terminal_is_told_without_doing_so() {
    let project = empty();
    project.file(
        "migrations/2026-03-01-000000_\u{1b}[2J/up.sql",
        "SELECT 1;\n",
    );
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-03-01-000000_�[2J: the folder's name holds a control character
      hint: rename it
    --- stderr ---
    main: 1 finding in 0 migrations.
    [exit 3]
    ");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-03-01-000000_�[2J: the folder's name holds a control character
      nothing was run
    hint: rename it
    [exit 1]
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_text_is_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let project = empty();
    let name = OsStr::from_bytes(b"2026-03-01-000000_\xe9");
    std::fs::create_dir_all(project.path("migrations").join(name)).unwrap();
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-03-01-000000_�: the name is not valid UTF-8
      hint: rename it
    --- stderr ---
    main: 1 finding in 0 migrations.
    [exit 3]
    ");
}

#[test]
fn an_empty_up_sql_is_an_error() {
    assert_snapshot!(with("", Some("SELECT 1;\n")).run("check"), @"
    error: migrations/2026-01-01-000000_a/up.sql: `up.sql` is empty
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn an_up_sql_of_comments_is_a_warning_on_sqlite_and_an_error_on_postgres() {
    let project = with("-- later\n", Some("SELECT 1;\n"));
    assert_snapshot!(project.run("check"), @"
    warning: migrations/2026-01-01-000000_a/up.sql: `up.sql` holds no statement
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
    project.settings("connections: { main: { url: postgres://localhost/shop } }\n");
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-01-01-000000_a/up.sql: `up.sql` holds no statement
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn an_empty_down_sql_cannot_revert() {
    assert_snapshot!(with("SELECT 1;\n", Some("")).run("check"), @"
    warning: migrations/2026-01-01-000000_a/down.sql: `down.sql` is empty, so the migration cannot be reverted
      hint: write the SQL that takes the migration back, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
    assert_snapshot!(with("SELECT 1;\n", Some("-- later\n")).run("check"), @"
    warning: migrations/2026-01-01-000000_a/down.sql: `down.sql` holds no statement, so the migration cannot be reverted
      hint: write the SQL that takes the migration back, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn no_down_sql_is_only_worth_a_note() {
    let project = with("SELECT 1;\n", None);
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 1 migration.
    ");
    assert_snapshot!(project.run("check -v"), @"
    note: migrations/2026-01-01-000000_a: there is no `down.sql`, so the migration cannot be reverted
      hint: nothing needs to be done if that is meant
    --- stderr ---
    settings: settings.yaml
    main: 1 finding in 1 migration.
    ");
}

#[test]
fn what_is_not_utf_8_has_a_place() {
    let project = with("SELECT 1;\n", Some("SELECT 1;\n"));
    project.file(
        format!("migrations/{NAME}/up.sql"),
        b"-- Zahl\nSELECT 'caf\xe9';\n",
    );
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-01-01-000000_a/up.sql:2:12: not valid UTF-8 at byte 19
      hint: save the file as UTF-8
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn a_quote_that_is_never_closed_has_a_place() {
    assert_snapshot!(with("SELECT 1;\nSELECT 'one;\n", None).run("check"), @"
    error: migrations/2026-01-01-000000_a/up.sql:2:8: a string is never closed
      hint: close the string; a quote inside it is written twice
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn a_comment_that_is_never_closed_is_an_error_on_postgres_alone() {
    let project = with("SELECT 1; /* and so on\n", None);
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 1 migration.
    ");
    project.settings("connections: { main: { url: postgres://localhost/shop } }\n");
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-01-01-000000_a/up.sql:1:11: a comment is never closed
      hint: write `*/` for every `/*`: in PostgreSQL a comment may hold comments
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn a_statement_that_refuses_transactions_is_found_before_the_server_does() {
    let project = with("SELECT 1;\nVACUUM;\n", None);
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-01-01-000000_a/up.sql:2:1: `VACUUM` cannot run inside a transaction
      hint: write `run_in_transaction = false` into the migration's metadata.toml
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-01-01-000000_a/up.sql:2:1: `VACUUM` cannot run inside a transaction
      nothing was run
    hint: write `run_in_transaction = false` into the migration's metadata.toml
    [exit 1]
    ");
}

#[test]
fn a_transaction_inside_the_transaction_is_found() {
    assert_snapshot!(with("BEGIN;\nSELECT 1;\nCOMMIT;\n", None).run("check"), @"
    error: migrations/2026-01-01-000000_a/up.sql:1:1: `BEGIN` inside a migration that is a transaction already
      hint: remove it, or write `run_in_transaction = false` into the migration's metadata.toml
    error: migrations/2026-01-01-000000_a/up.sql:3:1: `COMMIT` inside a migration that is a transaction already
      hint: remove it, or write `run_in_transaction = false` into the migration's metadata.toml
    --- stderr ---
    main: 2 findings in 1 migration.
    [exit 3]
    ");
}

#[test]
fn without_a_transaction_around_it_it_is_fine() {
    let project = with("BEGIN;\nSELECT 1;\nCOMMIT;\n", None);
    project.metadata(NAME, "run_in_transaction = false\n");
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 1 migration.
    ");
}

#[test]
fn a_byte_order_mark_is_an_error_on_postgres_alone() {
    let project = with("\u{feff}SELECT 1;\n", None);
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 1 migration.
    ");
    project.settings("connections: { main: { url: postgres://localhost/shop } }\n");
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-01-01-000000_a/up.sql:1:1: `up.sql` begins with a byte order mark, which PostgreSQL refuses
      hint: save the file as UTF-8 without it
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn windows_line_endings_are_worth_a_note() {
    assert_snapshot!(with("SELECT 1;\r\n", Some("SELECT 1;\n")).run("check -v"), @"
    note: migrations/2026-01-01-000000_a/up.sql: `up.sql` has Windows line endings; they do not count as an edit
      hint: nothing needs to be done
    --- stderr ---
    settings: settings.yaml
    main: 1 finding in 1 migration.
    ");
}

#[test]
fn metadata_without_diesels_key_runs_outside_a_transaction() {
    assert_snapshot!(with_metadata("[manage]\nlabels = []\n").run("check"), @"
    warning: migrations/2026-01-01-000000_a/metadata.toml: `run_in_transaction` is missing; Diesel runs the migration without a transaction
      hint: write `run_in_transaction = true` (or `false`) as the first line
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn metadata_that_is_not_toml_is_an_error() {
    assert_snapshot!(with_metadata("run_in_transaction: false\n").run("check"), @"
    error: migrations/2026-01-01-000000_a/metadata.toml:1:21: not valid TOML (key with no value, expected `=`); Diesel ignores the file and runs the migration in a transaction
      hint: mend metadata.toml at line 1, column 21
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn metadata_of_the_wrong_type_is_an_error() {
    assert_snapshot!(with_metadata("run_in_transaction = \"no\"\n").run("check"), @"
    error: migrations/2026-01-01-000000_a/metadata.toml:1:22: `run_in_transaction` is a text, not true or false; Diesel ignores the file and runs the migration in a transaction
      hint: write `run_in_transaction = true` (or `false`) as the first line
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn metadata_with_a_mistyped_key_names_the_right_one() {
    let text = "run_in_transaction = true\n[manage]\ndepend_on = [\"20260101000000\"]\n";
    assert_snapshot!(with_metadata(text).run("check"), @"
    error: migrations/2026-01-01-000000_a/metadata.toml:3:1: `manage.depend_on` is not a known key
      hint: did you mean `depends_on`? rename `depend_on`
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn a_version_that_is_too_long_is_an_error_where_diesels_table_is_strict() {
    let project = empty();
    project.migration(
        &format!("{}_a", "2".repeat(51)),
        "SELECT 1;\n",
        Some("SELECT 1;\n"),
    );
    assert_snapshot!(project.run("check"), @"
    warning: migrations/222222222222222222222222222222222222222222222222222_a: the version has 51 characters; Diesel's table holds 50
      hint: give the folder a shorter version: everything before the first `_`
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
    project.settings("connections: { main: { url: postgres://localhost/shop } }\n");
    assert_snapshot!(project.run("check"), @"
    error: migrations/222222222222222222222222222222222222222222222222222_a: the version has 51 characters; Diesel's table holds 50
      hint: give the folder a shorter version: everything before the first `_`
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn versions_that_are_no_dates_are_worth_a_note() {
    let project = empty();
    for name in ["3_a", "abc_b", "_c"] {
        project.migration(name, "SELECT 1;\n", Some("SELECT 1;\n"));
    }
    assert_snapshot!(project.run("check -v"), @"
    error: migrations/_c: the folder's name has no version: nothing stands before the first `_`
      hint: rename it: a version, `_` and words, as in 2026-11-20-101500_add_users
    note: migrations/3_a: the version sorts after every date of this century, because versions are compared as text
      hint: new migrations are sorted after it; nothing needs to be done
    note: migrations/abc_b: the version holds `a`; only digits sort as dates do
      hint: new migrations are sorted after it; nothing needs to be done
    --- stderr ---
    settings: settings.yaml
    main: 3 findings in 2 migrations.
    [exit 3]
    ");
}

#[test]
fn two_folders_with_one_version_are_a_conflict() {
    let project = pending();
    project.migration("20260112140000_shelves", "SELECT 1;\n", Some("SELECT 1;\n"));
    assert_snapshot!(project.run("check"), @"
    error: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260112140000: 2026-01-12-140000_create_books and 20260112140000_shelves
      hint: manage migrate --on-duplicate renumber
    --- stderr ---
    main: 1 finding in 4 migrations.
    [exit 3]
    ");
}

#[test]
fn a_stray_file_is_ignored() {
    let project = pending();
    project.file("migrations/notes.txt", "");
    assert_snapshot!(project.run("check -v"), @"
    --- stderr ---
    settings: settings.yaml
    main: nothing found in 3 migrations.
    ");
}

#[test]
fn json_holds_every_finding_notes_included() {
    let project = with("SELECT 1;\nVACUUM;\n", None);
    project.migration("20260101000000_b", "SELECT 1;\n", Some("SELECT 1;\n"));
    assert_snapshot!(pretty(&project.run("check --json")), @r#"
    {
      "connection": "main",
      "findings": [
        {"severity":"error","code":"needs-no-transaction","path":"migrations/2026-01-01-000000_a/up.sql","line":2,"column":1,"message":"`VACUUM` cannot run inside a transaction","hint":"write `run_in_transaction = false` into the migration's metadata.toml"},
        {"severity":"note","code":"no-down-sql","path":"migrations/2026-01-01-000000_a","line":null,"column":null,"message":"there is no `down.sql`, so the migration cannot be reverted","hint":"nothing needs to be done if that is meant"},
        {"severity":"error","code":"duplicate-version","path":null,"line":null,"column":null,"message":"1 version is used by more than one folder; `diesel` runs one of them and never the others","hint":"manage migrate --on-duplicate renumber","migrations":["20260101000000: 2026-01-01-000000_a and 20260101000000_b"],"paths":["migrations/2026-01-01-000000_a/up.sql","migrations/20260101000000_b/up.sql"]}
      ]
    }
    [exit 3]
    "#);
}

#[test]
fn json_of_nothing_is_an_empty_list() {
    assert_snapshot!(pretty(&pending().run("check --json")), @r#"
    {
      "connection": "main",
      "findings": []
    }
    "#);
}

#[test]
fn a_note_alone_is_no_finding_for_the_exit_code() {
    let output = with("SELECT 1;\n", None).run("check --json");
    assert_snapshot!(pretty(&output), @r#"
    {
      "connection": "main",
      "findings": [
        {"severity":"note","code":"no-down-sql","path":"migrations/2026-01-01-000000_a","line":null,"column":null,"message":"there is no `down.sql`, so the migration cannot be reverted","hint":"nothing needs to be done if that is meant"}
      ]
    }
    "#);
}

#[test]
fn the_database_is_not_asked() {
    let project = applied();
    project.migration(BOOKS, "SELECT 1;\n", Some("SELECT 1;\n"));
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 3 migrations.
    ");
}

#[test]
fn a_backend_that_is_not_known_is_the_error_of_its_url() {
    let project = pending();
    project.settings("connections: { main: { url: oracle://localhost/shop } }\n");
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    error: cannot use the database URL in `connections.main.url` at settings.yaml:1:29
      caused by: unknown scheme `oracle`
    hint: known schemes are sqlite://, postgres:// and mysql://
    [exit 1]
    ");
}

#[test]
fn a_folder_whose_name_is_no_version_can_be_applied_and_looked_at_afterwards() {
    let project = empty();
    project.migration("_first", "SELECT 1;\n", Some("SELECT 1;\n"));
    // Either it is refused before it runs, or everything works after it ran.
    if project.run("migrate").status == Some(0) {
        let _ = project.run("showmigrations").ok();
    }
}

#[test]
fn all_connections_are_checked() {
    let project = Project::new();
    project.settings("connections:\n  shop: { url: a.db }\n  audit: { url: b.db }\n");
    project.file("migrations/shop/2026-01-01-000000_a/up.sql", "SELECT 1;\n");
    project.file("migrations/audit/2026-01-01-000000_b/up.sql", "");
    assert_snapshot!(project.run("check --all"), @"
    error: migrations/audit/2026-01-01-000000_b/up.sql: `up.sql` is empty
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    shop: nothing found in 1 migration.
    audit: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn quiet_shows_the_findings_alone() {
    assert_snapshot!(with("", Some("SELECT 1;\n")).run("check -q"), @"
    error: migrations/2026-01-01-000000_a/up.sql: `up.sql` is empty
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    [exit 3]
    ");
}
