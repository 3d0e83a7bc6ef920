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

/// A migration that is a link to a folder of somebody else's, and a file in that.
#[cfg(unix)]
fn with_link_outside() -> (Project, Project) {
    let (project, elsewhere) = (project(), Project::new());
    elsewhere.file("2026-01-02-000000_b/up.sql", "SELECT 2;\n");
    elsewhere.file("2026-01-02-000000_b/down.sql", "SELECT 2;\n");
    elsewhere.file(
        "2026-01-02-000000_b/metadata.toml",
        "run_in_transaction = true\n",
    );
    std::os::unix::fs::symlink(
        elsewhere.path("2026-01-02-000000_b"),
        project.folder_of("2026-01-02-000000_b"),
    )
    .expect("a link can be made");
    (project, elsewhere)
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_run_and_told() {
    let (mut project, elsewhere) = with_link_outside();
    project.filter(&elsewhere.root().display().to_string(), "$ELSEWHERE");
    assert_snapshot!(project.run("check"), @"
    warning: migrations/2026-01-02-000000_b: the link leads out of the project, to $ELSEWHERE/2026-01-02-000000_b
      hint: put a copy in its place; nothing is written through it
    --- stderr ---
    main: 1 finding in 2 migrations.
    [exit 3]
    ");
    project.run("migrate").ok();
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_out_of_the_project() {
    let (mut project, elsewhere) = with_link_outside();
    project.filter(&elsewhere.root().display().to_string(), "$ELSEWHERE");
    let before = elsewhere.tree("");
    let texts = |project: &Project| {
        ["up.sql", "down.sql", "metadata.toml"]
            .map(|file| project.read(format!("2026-01-02-000000_b/{file}")))
    };
    let read = texts(&elsewhere);
    for command in [
        "squashmigrations base:head -y",
        "rebase -y",
        "makemigrations --update -y",
    ] {
        let output = project.run(command);
        assert!(output.status.is_some(), "{output}");
    }
    assert_eq!(elsewhere.tree(""), before);
    assert_eq!(texts(&elsewhere), read);

    let project = self::project();
    project.remove("2026-01-01-000000_a");
    std::fs::remove_dir(project.path("migrations")).unwrap();
    std::os::unix::fs::symlink(elsewhere.root(), project.path("migrations")).unwrap();
    let output = project.run("makemigrations a --empty").exits(1);
    assert!(
        output.stderr.contains("` leads out of the project, to `"),
        "{output}"
    );
    assert_eq!(elsewhere.tree(""), before);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for() {
    let project = project();
    let pipe = |path: &std::path::Path| {
        let _ = std::fs::remove_file(path);
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    };
    pipe(&project.folder_of("2026-01-01-000000_a").join("down.sql"));
    project.run("migrate").ok();
    assert_snapshot!(project.run("downgrade -y"), @"
    --- stderr ---
    error: migration `2026-01-01-000000_a` cannot be reverted: not a file, but a folder, a pipe or a device (migrations/2026-01-01-000000_a/down.sql)
      nothing was run
    hint: remove it, or put a file in its place
    [exit 1]
    ");
    pipe(
        &project
            .folder_of("2026-01-01-000000_a")
            .join("metadata.toml"),
    );
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-01-01-000000_a/metadata.toml: not a file, but a folder, a pipe or a device
      hint: remove it, or put a file in its place
    error: migrations/2026-01-01-000000_a/down.sql: not a file, but a folder, a pipe or a device
      hint: remove it, or put a file in its place
    --- stderr ---
    main: 2 findings in 1 migration.
    [exit 3]
    ");
    pipe(&project.folder_of("2026-01-01-000000_a").join("up.sql"));
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-01-01-000000_a/up.sql: `up.sql` is not a file
      nothing was run
    hint: put the migration's SQL into a file of that name
    [exit 1]
    ");
}

#[cfg(unix)]
#[test]
fn settings_that_are_no_file_are_not_passed_over() {
    let project = project();
    let settings = project.path("settings.yaml");
    for target in ["/dev/zero", "gone.yaml"] {
        std::fs::remove_file(&settings).unwrap();
        std::os::unix::fs::symlink(target, &settings).unwrap();
        let told = project.run("check");
        match target {
            "gone.yaml" => assert_snapshot!(told, @"
            --- stderr ---
            error: cannot read `settings.yaml`
              caused by: No such file or directory (os error 2)
            hint: check the path
            [exit 1]
            "),
            _ => assert_snapshot!(told, @"
            --- stderr ---
            error: `settings.yaml` is not a file
            hint: name a plain file, or put one in its place
            [exit 1]
            "),
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_is_larger_than_any_migration_is_not_read() {
    let project = project();
    let up = project.folder_of("2026-01-01-000000_a").join("up.sql");
    let file = std::fs::File::options().write(true).open(up).unwrap();
    file.set_len(300 * 1024 * 1024).unwrap();
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/2026-01-01-000000_a/up.sql: larger than 256 MiB
      nothing was run
    hint: load the data with the database's own client, and keep the migration to the schema
    [exit 1]
    ");
}

#[test]
fn a_schema_file_is_not_written_over_something_else() {
    let (project, elsewhere) = (project(), Project::new());
    project.migration(
        "2026-01-02-000000_b",
        "CREATE TABLE b (id INTEGER PRIMARY KEY NOT NULL);\n",
        None,
    );
    project.file("notes.txt", "not to be lost\n");
    for path in [
        project.path("notes.txt"),
        elsewhere.path("autostart/evil.rs"),
    ] {
        project.settings(&format!(
            "connections: {{ main: {{ url: sqlite://db.sqlite3, schema_file: '{}' }} }}\n",
            path.display()
        ));
        let before = std::fs::read_to_string(&path).ok();
        let output = project.run("migrate").ok();
        assert!(
            output
                .stderr
                .contains("warning: the schema file is as it was: "),
            "{output}"
        );
        assert_eq!(std::fs::read_to_string(&path).ok(), before);
        project.run("downgrade --fake -y").ok();
        let _ = std::fs::remove_file(project.path("db.sqlite3"));
    }
}

#[test]
fn the_programs_of_the_settings_are_listed_before_they_run_and_reading_runs_none() {
    let project = project().variable("SECRET", "hunter2");
    project.settings(
        "connections: { main: { url: sqlite://db.sqlite3 } }\n\
         hooks:\n  pre_migrate: [[touch, ran, '${SECRET}']]\n  post_migrate: [[touch, ran]]\n  \
         post_write: [[touch, ran, '{path}']]\n",
    );
    assert_snapshot!(project.run("check -v"), @"
    --- stderr ---
    settings: settings.yaml
    hooks.pre_migrate[0] runs touch ran ${SECRET}
    hooks.post_migrate[0] runs touch ran
    hooks.post_write[0] runs touch ran {path}
    main: nothing found in 1 migration.
    ");
    for command in [
        "showmigrations",
        "migrate --plan",
        "migrate --sql",
        "migrate --check",
        "history",
        "current",
        "sqlmigrate head",
        "inspectdb",
        "makemigrations a --empty --dry-run",
        "migrate --no-hooks",
    ] {
        let output = project.run(command);
        assert!(!project.path("ran").exists(), "{command}: {output}");
    }
}

#[cfg(unix)]
#[test]
fn settings_that_somebody_else_left_above_have_to_be_named() {
    use std::os::unix::fs::{PermissionsExt, chown};

    let project = Project::new();
    project.settings("connections: { main: { url: sqlite://db.sqlite3 } }\nhooks: { pre_migrate: [[touch, ran]] }\n");
    std::fs::create_dir(project.path("mine")).unwrap();
    // Only root can give a file away.
    if chown(project.path("settings.yaml"), Some(4_000_001), None).is_err() {
        return;
    }
    let run = |command: &str| project.manage(command).within(&project.path("mine")).run();
    assert_snapshot!(run("showmigrations"), @r#"
    --- stderr ---
    error: `$PROJECT/settings.yaml` belongs to another user (4000001), so it is not followed
    hint: if it is to be followed, name it: --settings $PROJECT/settings.yaml
    hint: or, if it is no settings file, make it yours: chown "$USER" $PROJECT/settings.yaml
    [exit 1]
    "#);
    run("showmigrations --settings ../settings.yaml").ok();
    // In the folder of who left it there, it is as good as the folder.
    chown(project.path("mine"), Some(4_000_001), None).unwrap();
    run("showmigrations").ok();
    let everybody = std::fs::Permissions::from_mode(0o1777);
    std::fs::set_permissions(project.path("mine"), everybody).unwrap();
    run("showmigrations").exits(1);
}

#[cfg(unix)]
#[test]
fn a_lock_is_neither_a_link_nor_a_pipe() {
    let project = project();
    project.file("precious", "1\n");
    let lock = project.path("db.sqlite3.manage-lock");
    std::os::unix::fs::symlink(project.path("precious"), &lock).unwrap();
    let refused = |what| {
        format!(
            "
            --- stderr ---
            error: the lock of the database has to be the file `$PROJECT/db.sqlite3.manage-lock`, and that is {what}
              nothing was run
            hint: put it elsewhere, then run the same command again: mv $PROJECT/db.sqlite3.manage-lock $PROJECT/db.sqlite3.manage-lock.old
            [exit 1]
            "
        )
    };
    project.run("migrate").exits(1).shows(&refused("a link"));
    assert_eq!(project.read("precious"), "1\n");
    std::fs::remove_file(&lock).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&lock).status();
    assert!(made.is_ok_and(|status| status.success()));
    project
        .run("migrate")
        .exits(1)
        .shows(&refused("not a file"));
    let _ = project.run("lock status").exits(1);
}

/// To end process 0 or -1 is to end many.
#[cfg(unix)]
#[test]
fn what_a_lock_says_of_itself_ends_no_other_process() {
    let project = project();
    let path = project.path("db.sqlite3.manage-lock");
    std::fs::write(&path, "pid: -1\n").unwrap();
    let lock = std::fs::File::open(&path).unwrap();
    lock.lock().unwrap();
    project.run("lock release --yes").exits(1).shows(
        "
        --- stderr ---
        error: the lock is held by somebody the server does not name, and ends only with that process
          nothing was changed
        hint: look which process that is: ps -ef
        hint: what it was doing is rolled back, and the next run goes on from there
        [exit 1]
        ",
    );
    let out = project.run("migrate --lock-timeout 0").exits(1);
    out.says("error: another run is changing this database");
}
