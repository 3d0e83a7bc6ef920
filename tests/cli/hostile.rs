//! Projects that mean harm: settings, names and links that somebody else wrote.

use insta::assert_snapshot;

use crate::support::Project;

fn project() -> Project {
    let project = Project::new();
    project.settings("connections: { main: { url: sqlite://db.sqlite3 } }\n");
    project.migration("2026-01-01-000000_a", "SELECT 1;\n", Some("SELECT 1;\n"));
    project
}

#[test]
fn sql_reaches_a_program_byte_for_byte() {
    let project = project();
    let up = "SELECT '\u{1b}]52;c;aGVsbG8=\u{7}\u{202e}';";
    project.migration("2026-01-02-000000_b", &format!("{up}\n"), None);
    let output = project.run("sqlmigrate head").ok();
    assert!(output.answer.contains(up), "{output}");
    let output = project.run("migrate --sql").ok();
    assert!(output.answer.contains(up), "{output}");
}

#[test]
fn an_error_is_spelled_out_in_a_log_too() {
    let project = project();
    project.migration(
        "2026-01-02-000000_b",
        "CREATE TABLE a (id INTEGER);\n\
         CREATE TRIGGER loud BEFORE INSERT ON a BEGIN SELECT RAISE(ABORT, 'no\u{1b}[2J\nhint: type this\n::error::forged'); END;\n\
         INSERT INTO a VALUES (1);\n",
        None,
    );
    let output = project
        .manage("migrate")
        .env("GITHUB_ACTIONS", "true")
        .run()
        .exits(1);
    assert_snapshot!(output.stderr, @r"
    main: applying 2 migrations to sqlite://db.sqlite3
    error: migration `2026-01-02-000000_b` failed at migrations/2026-01-02-000000_b/up.sql:4:1
      caused by: no\x1b[2J
        hint: type this
        \x3a:error::forged
    ");
}
