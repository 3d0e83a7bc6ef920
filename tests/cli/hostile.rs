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
    error: migration `2026-01-02-000000_b` failed at migrations/2026-01-02-000000_b/up.sql:5:1 (statement 3 of 3)
      caused by: no\x1b[2J
        hint: type this
        \x3a:error::forged
      5 | INSERT INTO a VALUES (1);
        | ^
      nothing of it was committed
      the migration before it is committed
    hint: fix the file, then run: manage migrate
    ");
}

#[test]
fn a_file_is_read_only_where_a_secret_belongs() {
    let project = project();
    project.file("run/secret", "hunter2\n");
    for key in [
        "host",
        "database",
        "port",
        "driver",
        "models",
        "migrations",
        "order",
    ] {
        let driver = if key == "driver" {
            ""
        } else {
            "driver: mysql, "
        };
        project.settings(&format!(
            "connections: {{ main: {{ {driver}{key}: '${{file:run/secret}}' }} }}\n"
        ));
        let output = project.run("showmigrations -v").exits(1);
        let refused = format!("error: `connections.main.{key}` cannot be read from a file, at ");
        assert!(output.stderr.contains(&refused), "{output}");
        output.never_says("hunter2");
    }
    project.settings(
        "connections: { main: { driver: mysql, host: 127.0.0.1, port: 1, options: { sslkey: '${file:run/secret}' } } }\n",
    );
    let output = project.run("showmigrations").exits(1);
    output.says("hint: `url`, `scratch_url`, `username` and `password` may be read from files");
}

#[test]
fn a_key_of_several_lines_is_no_password() {
    let project = project();
    project.file(
        "id_rsa",
        "-----BEGIN KEY-----\nhunter2\n-----END KEY-----\n",
    );
    project.settings(
        "connections: { main: { driver: postgres, host: 127.0.0.1, port: 1, password: '${file:id_rsa}' } }\n",
    );
    let output = project.run("showmigrations -v --backtrace").exits(1);
    output.never_says("hunter2").never_says("BEGIN");
    assert_snapshot!(project.run("showmigrations"), @"
    --- stderr ---
    error: a `${file:...}` cannot be read in `connections.main.password` at settings.yaml:1:78
      caused by: `id_rsa` holds more than one line, so it is no password or URL
    hint: name a file that holds the secret and nothing else
    [exit 1]
    ");
    project.file("long", "x".repeat(9000));
    project.settings(
        "connections: { main: { driver: postgres, host: 127.0.0.1, port: 1, password: '${file:long}' } }\n",
    );
    project
        .run("showmigrations")
        .exits(1)
        .says("  caused by: `long` is larger than 8 KiB");
}
