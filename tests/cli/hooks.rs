//! The project's own commands around what is done.
#![cfg(unix)]

use insta::assert_snapshot;

use crate::library::{LOANS, NOW, applied, history, ledger, pending, tables};
use crate::support::Project;

fn with(project: Project, hooks: &str) -> Project {
    let project = project.variable("PATH", "/usr/bin:/bin");
    project.settings(&format!(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\nhooks:\n{hooks}"
    ));
    project
}

/// Notes in `log` what a hook is told.
const LOG: &str = "
  pre_migrate:
    - [sh, -c, 'echo \"$MANAGE_HOOK $MANAGE_COMMAND $MANAGE_DIRECTION $MANAGE_CONNECTION fake=$MANAGE_FAKE tag=$MANAGE_TAG\" $MANAGE_VERSIONS >> log']
  post_migrate:
    - [sh, -c, 'echo \"$MANAGE_HOOK $MANAGE_COMMAND $MANAGE_DIRECTION $MANAGE_CONNECTION fake=$MANAGE_FAKE tag=$MANAGE_TAG\" $MANAGE_NAMES >> log']
";

fn log(project: &Project) -> String {
    let log = project.path("log");
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    let _ = std::fs::remove_file(log);
    text
}

#[test]
fn they_run_before_and_after_and_say_so() {
    let project = with(
        pending(),
        "  pre_migrate:
    - [echo, backup, '{connection}', '{direction}', 'x{tag}']
    - [echo, second]
  post_migrate: [[echo, done]]
",
    );
    assert_snapshot!(project.run("migrate create_authors --tag v1"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    Running hooks.pre_migrate[0]: echo backup {connection} {direction} x{tag}
    backup main up xv1
    Running hooks.pre_migrate[1]: echo second
    second
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    Running hooks.post_migrate[0]: echo done
    done
    ");
}

#[test]
fn their_output_stays_out_of_the_answer() {
    let project = with(pending(), "  pre_migrate: [[echo, backup]]\n");
    let out = project.run("migrate --json").ok();
    assert_eq!(out.json().len(), 1);
    assert!(out.stderr.contains("backup"));
    let project = with(pending(), "  pre_migrate: [[echo, backup]]\n");
    let out = project.run("migrate -q").ok();
    assert_snapshot!(out, @"");
}

#[test]
fn every_command_that_changes_what_is_applied_runs_them() {
    let project = with(pending(), LOG);
    let _ = project.run("migrate create_books --tag v1 -q").ok();
    assert_snapshot!(log(&project), @"
    pre_migrate migrate up main fake=0 tag=v1 20260105090000 20260112140000
    post_migrate migrate up main fake=0 tag=v1 2026-01-05-090000_create_authors 2026-01-12-140000_create_books
    ");
    let _ = project.run("downgrade -y -q").ok();
    assert_snapshot!(log(&project), @"
    pre_migrate downgrade down main fake=0 tag= 20260112140000
    post_migrate downgrade down main fake=0 tag= 2026-01-12-140000_create_books
    ");
    let _ = project.run("redo -y -q").ok();
    assert_snapshot!(log(&project), @"
    pre_migrate redo down main fake=0 tag= 20260105090000
    post_migrate redo up main fake=0 tag= 2026-01-05-090000_create_authors
    ");
    let _ = project.run("stamp head --tag v2 -q").ok();
    assert_snapshot!(log(&project), @"
    pre_migrate stamp up main fake=1 tag=v2 20260112140000 20260202101500
    post_migrate stamp up main fake=1 tag=v2 2026-01-12-140000_create_books 2026-02-02-101500_create_loans
    ");
    let _ = project.run("downgrade --fake -y -q").ok();
    assert_snapshot!(log(&project), @"
    pre_migrate downgrade down main fake=1 tag= 20260202101500
    post_migrate downgrade down main fake=1 tag= 2026-02-02-101500_create_loans
    ");
    let _ = project.run("migrate --fake -q").ok();
    let _ = log(&project);
    project.remove(LOANS);
    let _ = project.run("migrate --prune -y -q").ok();
    assert_snapshot!(log(&project), @"
    pre_migrate migrate down main fake=1 tag= 20260202101500
    post_migrate migrate down main fake=1 tag= 2026-02-02-101500_create_loans
    ");
}

#[test]
fn nothing_runs_them_that_changes_nothing() {
    let project = with(applied(), LOG);
    for line in [
        "migrate",
        "stamp head",
        "downgrade --plan",
        "downgrade --sql",
        "stamp base --plan",
        "stamp base --sql",
        "redo --plan",
        "migrate --check",
        "showmigrations",
    ] {
        let _ = project.run(line).ok();
    }
    let _ = project.run("downgrade").exits(4);
    assert_eq!(log(&project), "");
    let _ = project.run("downgrade -y -q --no-hooks").ok();
    assert_eq!(log(&project), "");
}

#[test]
fn one_that_fails_before_stops_everything() {
    let project = with(
        pending(),
        "  pre_migrate: [[sh, -c, 'echo no room >&2; exit 3'], [echo, never]]\n  post_migrate: [[echo, never]]\n",
    );
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    Running hooks.pre_migrate[0]: sh -c 'echo no room >&2; exit 3'
    no room
    error: hook `hooks.pre_migrate[0]` failed: sh -c 'echo no room >&2; exit 3'
      caused by: it ended with exit status: 3
      nothing was run
    hint: do without the hooks: --no-hooks
    [exit 1]
    ");
    assert_eq!(tables(&project), [""; 0]);
    assert_snapshot!(project.run("migrate --json").stdout, @r#"{"error":{"message":"hook `hooks.pre_migrate[0]` failed: sh -c 'echo no room >&2; exit 3'","causes":["it ended with exit status: 3"],"details":["nothing was run"],"hints":["do without the hooks: --no-hooks"],"exit":1}}"#);
}

#[test]
fn one_that_fails_after_leaves_what_was_applied() {
    let project = with(
        pending(),
        "  post_migrate: [[sh, -c, 'exit 1'], [echo, never]]\n",
    );
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    Running hooks.post_migrate[0]: sh -c 'exit 1'
    error: hook `hooks.post_migrate[0]` failed: sh -c 'exit 1'
      caused by: it ended with exit status: 1
      done before it: 3 migrations applied
    hint: do without the hooks: --no-hooks
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_program_that_is_not_there_is_named_with_where_it_was_looked_for() {
    let project = with(pending(), "  pre_migrate: [[pg_dumpp, -f, backup.sql]]\n");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    Running hooks.pre_migrate[0]: pg_dumpp -f backup.sql
    error: hook `hooks.pre_migrate[0]` cannot be run: pg_dumpp -f backup.sql
      caused by: there is no program `pg_dumpp`
      looked for in PATH: /usr/bin:/bin
      nothing was run
    hint: install `pg_dumpp`, or give its path in the settings
    [exit 1]
    ");
    let project = with(pending(), "  pre_migrate: [[bin/backup, -f, backup.sql]]\n");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    Running hooks.pre_migrate[0]: bin/backup -f backup.sql
    error: hook `hooks.pre_migrate[0]` cannot be run: bin/backup -f backup.sql
      caused by: there is no program `bin/backup`
      nothing was run
    hint: correct its path; it is relative to the settings
    [exit 1]
    ");
    let project = with(pending(), "  pre_migrate: [[./settings.yaml]]\n");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    Running hooks.pre_migrate[0]: ./settings.yaml
    error: hook `hooks.pre_migrate[0]` cannot be run: ./settings.yaml
      caused by: Permission denied (os error 13)
      nothing was run
    hint: do without the hooks: --no-hooks
    [exit 1]
    ");
}

#[test]
fn they_stand_where_the_settings_are() {
    let project = with(pending(), "  pre_migrate: [[sh, -c, 'pwd'], [./hook.sh]]\n");
    project.file("hook.sh", "#!/bin/sh\necho from a file\n");
    std::process::Command::new("chmod")
        .arg("+x")
        .arg(project.path("hook.sh"))
        .status()
        .unwrap();
    project.file("below/note", "");
    let out = project
        .manage("migrate")
        .within(&project.path("below"))
        .run()
        .ok();
    assert_snapshot!(out.stderr, @"
    Running hooks.pre_migrate[0]: sh -c pwd
    $PROJECT
    Running hooks.pre_migrate[1]: ./hook.sh
    from a file
    main: applying 3 migrations to sqlite://$PROJECT/db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn a_migration_that_fails_runs_none_after() {
    let project = with(pending(), LOG);
    project.migration("2026-03-01-000000_bad", "CREATE TABEL x;\n", None);
    let _ = project.run("migrate -q").exits(1);
    assert_snapshot!(log(&project), @"pre_migrate migrate up main fake=0 tag= 20260105090000 20260112140000 20260202101500 20260301000000");
}

#[test]
fn a_manage_that_a_hook_starts_runs_no_hooks_and_reads_the_same_settings() {
    let project = pending().variable("PATH", "/usr/bin:/bin");
    project
        .file(
            "other.yaml",
            format!(
                "connections: {{ first: {{ url: 'sqlite://a.db' }}, second: {{ url: 'sqlite://db.sqlite3', migrations: migrations }} }}\n\
                 default: first\n\
                 hooks:\n  pre_migrate: [[{}, migrate, -d, '{{connection}}']]\n",
                env!("CARGO_BIN_EXE_manage")
            ),
        );
    let out = project.run("migrate --settings other.yaml -d second");
    // Its own run came first, so the plan made before is stale.
    assert_snapshot!(out.stderr.replace(env!("CARGO_BIN_EXE_manage"), "$MANAGE"), @"
    Running hooks.pre_migrate[0]: $MANAGE migrate -d {connection}
    second: applying 3 migrations to sqlite://db.sqlite3
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    second: 3 migrations applied in [elapsed].
    second is at 2026-02-02-101500_create_loans (head).
    second: applying 3 migrations to sqlite://db.sqlite3
    error: another process changed what is applied since this plan was made
      nothing was run
    hint: look again: manage showmigrations --settings other.yaml -d second
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn the_database_is_in_their_environment() {
    let project = with(
        pending(),
        "  pre_migrate: [[sh, -c, 'echo $MANAGE_DATABASE_URL $MANAGE_DATABASE_NAME $MANAGE_SETTINGS']]\n",
    );
    assert_snapshot!(project.run("migrate create_authors"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    Running hooks.pre_migrate[0]: sh -c 'echo $MANAGE_DATABASE_URL $MANAGE_DATABASE_NAME $MANAGE_SETTINGS'
    sqlite://$PROJECT/db.sqlite3 $PROJECT/db.sqlite3 $PROJECT/settings.yaml
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
}

#[test]
fn what_came_from_a_variable_is_not_shown() {
    let project = with(
        pending(),
        "  pre_migrate: [[sh, -c, 'test \"$1\" = s3cret && exit 9', sh, '${TOKEN}']]\n",
    )
    .variable("TOKEN", "s3cret");
    assert_snapshot!(project.run("migrate -v"), @r#"
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    Running hooks.pre_migrate[0]: sh -c 'test "$1" = s3cret && exit 9' sh ${TOKEN}
    error: hook `hooks.pre_migrate[0]` failed: sh -c 'test "$1" = s3cret && exit 9' sh ${TOKEN}
      caused by: it ended with exit status: 9
      nothing was run
    hint: do without the hooks: --no-hooks
    [exit 1]
    "#);
}

#[test]
fn mistakes_in_the_settings_have_a_place() {
    let project = with(pending(), "  pre_migrate: pg_dump > backup.sql\n");
    assert_snapshot!(project.run("migrate"), @r#"
    --- stderr ---
    error: `hooks.pre_migrate` must be a list of commands, each a list of its arguments, not a text, at settings.yaml:5:16
    hint: write each command as a list: [[pg_dump, -f, backup.sql]]
    hint: or let a shell read it: [[sh, -c, "pg_dump > backup.sql"]]
    [exit 1]
    "#);
    let project = with(pending(), "  pre_migrate: [[echo, '${NOWHERE}']]\n");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: the variable `NOWHERE` is not set, but `hooks.pre_migrate[0][1]` needs it at settings.yaml:5:24
    hint: set NOWHERE in the environment or in .env
    hint: or give a fallback: ${NOWHERE:-...}
    [exit 1]
    ");
    // What runs no hook does without.
    let _ = project.run("showmigrations").ok();
    let _ = project.run("migrate --no-hooks -q").ok();
    // And nobody is asked in vain.
    assert_snapshot!(project.run("downgrade"), @"
    --- stderr ---
    error: the variable `NOWHERE` is not set, but `hooks.pre_migrate[0][1]` needs it at settings.yaml:5:24
    hint: set NOWHERE in the environment or in .env
    hint: or give a fallback: ${NOWHERE:-...}
    [exit 1]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn files_that_were_written_are_handed_over() {
    let project = with(
        pending(),
        "  post_write: [[sh, -c, 'echo \"-- formatted\" >> \"$1\"; echo \"$MANAGE_HOOK $MANAGE_CONNECTION $MANAGE_PATH\"; wc -l < \"$MANAGE_DOWN\"', sh, '{up}']]\n",
    );
    let out = project
        .manage("makemigrations")
        .arg("Add readers")
        .at(NOW)
        .run();
    assert_snapshot!(out, @r#"
    migrations/2026-11-20-101500_add_readers
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    Running hooks.post_write[0]: sh -c 'echo "-- formatted" >> "$1"; echo "$MANAGE_HOOK $MANAGE_CONNECTION $MANAGE_PATH"; wc -l < "$MANAGE_DOWN"' sh {up}
    post_write main $PROJECT/migrations/2026-11-20-101500_add_readers
    5
    "#);
    let up = project.read("migrations/2026-11-20-101500_add_readers/up.sql");
    assert_eq!(up.lines().last(), Some("-- formatted"));
    let out = project
        .manage("makemigrations --no-hooks")
        .arg("Add fines")
        .at(NOW)
        .run();
    assert_snapshot!(out, @"
    migrations/2026-11-20-101501_add_fines
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
}

#[test]
fn a_generated_migration_is_handed_over_too_and_what_is_not_there_is_left_out() {
    let project = with(
        pending(),
        "  post_write:\n    - [echo, fix, '{up}', '{down}']\n    - [echo, only, '{down}']\n    - [echo, always]\n",
    );
    project.settings(
        &project
            .read("settings.yaml")
            .replace("db.sqlite3\n", "db.sqlite3\n    models: models.sql\n"),
    );
    project.file(
        "models.sql",
        "CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);\n\
         CREATE TABLE books (id INTEGER PRIMARY KEY NOT NULL, author_id INTEGER NOT NULL REFERENCES authors (id), title TEXT NOT NULL);\n\
         CREATE INDEX books_title ON books (title);\n\
         CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);\n\
         CREATE TABLE fines (id INTEGER PRIMARY KEY NOT NULL);\n",
    );
    let out = project.manage("makemigrations").at(NOW).run();
    assert_snapshot!(out, @"
    migrations/2026-11-20-101500_create_fines
    --- stderr ---
    Compared models.sql with 3 migrations replayed on a scratch database (3 tables).
      + table fines
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    Running hooks.post_write[0]: echo fix {up} {down}
    fix $PROJECT/migrations/2026-11-20-101500_create_fines/up.sql $PROJECT/migrations/2026-11-20-101500_create_fines/down.sql
    Running hooks.post_write[1]: echo only {down}
    only $PROJECT/migrations/2026-11-20-101500_create_fines/down.sql
    Running hooks.post_write[2]: echo always
    always
    ");
    let out = project
        .manage("makemigrations --dry-run --empty")
        .arg("More")
        .at(NOW)
        .run()
        .ok();
    out.never_says("Running");
}

#[test]
fn a_formatter_that_fails_leaves_the_files() {
    let project = with(pending(), "  post_write: [[sh, -c, 'exit 2']]\n");
    let out = project
        .manage("makemigrations")
        .arg("Add readers")
        .at(NOW)
        .run();
    assert_snapshot!(out, @"
    migrations/2026-11-20-101500_add_readers
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    Running hooks.post_write[0]: sh -c 'exit 2'
    error: hook `hooks.post_write[0]` failed: sh -c 'exit 2'
      caused by: it ended with exit status: 2
      `migrations/2026-11-20-101500_add_readers` is written, and stays
    hint: do without the hooks: --no-hooks
    [exit 1]
    ");
    assert!(
        project
            .path("migrations/2026-11-20-101500_add_readers/up.sql")
            .exists()
    );
}

#[test]
fn ctrl_c_ends_the_hook_and_nothing_is_run() {
    let project = with(
        pending(),
        "  pre_migrate: [[sh, -c, 'trap \"echo bye; exit 0\" INT; echo $$ > started; for i in $(seq 600); do sleep 0.1; done']]\n",
    );
    let running = project.manage("migrate").start();
    let started = project.path("started");
    while std::fs::read_to_string(&started).map_or(true, |text| text.trim().is_empty()) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // A terminal sends it to both.
    let hook = std::fs::read_to_string(&started).unwrap();
    running.signal("INT");
    std::process::Command::new("kill")
        .args(["-INT", hook.trim()])
        .status()
        .unwrap();
    let out = running.wait();
    assert_snapshot!(out.stderr.replace("\nWaiting for the command to end. Press Ctrl-C again to kill it.\n", "").lines().filter(|line| !line.contains("Running")).collect::<Vec<_>>().join("\n"), @r#"
    bye
    cancelled: hook `hooks.pre_migrate[0]` was stopped: sh -c 'trap "echo bye; exit 0" INT; echo $$ > started; for i in $(seq 600); do sleep 0.1; done'
      caused by: Ctrl-C was pressed
      nothing was run
    "#);
    assert_eq!(out.status, Some(130));
}
