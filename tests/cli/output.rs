//! Streams and colour.

use insta::assert_snapshot;

use crate::library::{applied, empty, pending, stocked};
use crate::pretty::pretty;

#[test]
fn the_answer_is_on_stdout_and_the_conversation_on_stderr() {
    let project = pending();
    let output = project.run("migrate").ok();
    assert_snapshot!(output.stdout, @"
    applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
    applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    ");
    assert_snapshot!(output.stderr, @"
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn colour_is_forced_on_both_streams() {
    let project = pending();
    let output = project.run("showmigrations --color always").ok();
    assert_snapshot!(output.stdout.escape_debug().to_string().replace("\\n", "\n"), @r"
    \u{1b}[1mmain\u{1b}[0m  \u{1b}[2msqlite://db.sqlite3  3 migrations, 3 pending\u{1b}[0m
     \u{1b}[33m[ ]\u{1b}[0m 2026-01-05-090000_create_authors
     \u{1b}[33m[ ]\u{1b}[0m 2026-01-12-140000_create_books
     \u{1b}[33m[ ]\u{1b}[0m 2026-02-02-101500_create_loans  \u{1b}[2m(head)\u{1b}[0m
    ");
    let output = project.run("downgrade nowhere --color=always").exits(1);
    assert_snapshot!(output.stderr.escape_debug().to_string().replace("\\n", "\n"), @r"
    \u{1b}[31m\u{1b}[1merror:\u{1b}[0m no migration matches `nowhere`
    \u{1b}[36m\u{1b}[1mhint:\u{1b}[0m see what there is: manage showmigrations
    ");
}

#[test]
fn no_colour_reaches_a_pipe() {
    let project = stocked();
    for command in [
        "showmigrations",
        "migrate",
        "downgrade",
        "migrate --plan zero",
        "check",
    ] {
        let output = project
            .manage(command)
            .env("NO_COLOR", "")
            .env("TERM", "xterm")
            .run();
        output.never_says("\u{1b}");
    }
}

#[test]
fn no_color_is_overruled_by_the_flag_alone() {
    let project = applied();
    project
        .run("showmigrations --color auto")
        .never_says("\u{1b}");
    project
        .run("showmigrations --color never")
        .never_says("\u{1b}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let project = empty();
    for number in 0..200 {
        let name = format!("2026-01-01-{number:06}_one_of_many_migrations_with_a_long_name");
        project.migration(&name, "SELECT 1;\n", None);
    }
    let command = project.manage("showmigrations").into_command();
    let mut shell = std::process::Command::new("sh");
    shell.current_dir(project.root()).env("NO_COLOR", "1");
    shell
        .args(["-c", "\"$0\" showmigrations | head -n 1"])
        .arg(command.get_program());
    let output = shell.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
}

#[test]
fn a_verbose_run_says_where_it_connects() {
    let project = applied();
    assert_snapshot!(project.run("migrate -v"), @"
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn an_error_in_json_is_told_to_people_too() {
    let project = stocked();
    assert_snapshot!(pretty(&project.run("downgrade --json")), @r#"
    {
      "error": {"message":"1 migration would be reverted, and nobody can be asked","causes":[],"details":["nothing was changed"],"hints":["revert without asking: --yes"],"exit":4}
    }
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: 1 migration would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    "#);
}

#[test]
fn an_error_of_the_server_in_json_keeps_its_cause_and_its_place() {
    let project = applied();
    project.migration(
        "2026-03-01-000000_bad",
        "CREATE TABEL bad (id INTEGER);\n",
        None,
    );
    assert_snapshot!(pretty(&project.run("migrate --json -q")), @r#"
    {
      "error": {"message":"migration `2026-03-01-000000_bad` failed at migrations/2026-03-01-000000_bad/up.sql:1:8","causes":["near \"TABEL\": syntax error"],"details":["1 | CREATE TABEL bad (id INTEGER);","  |        ^","nothing of it was committed"],"hints":["fix the file, then run: manage migrate"],"exit":1}
    }
    --- stderr ---
    error: migration `2026-03-01-000000_bad` failed at migrations/2026-03-01-000000_bad/up.sql:1:8
      caused by: near "TABEL": syntax error
      1 | CREATE TABEL bad (id INTEGER);
        |        ^
      nothing of it was committed
    hint: fix the file, then run: manage migrate
    [exit 1]
    "#);
}

#[test]
fn json_is_never_coloured() {
    let project = stocked();
    for command in [
        "showmigrations",
        "migrate --plan zero",
        "check",
        "downgrade",
        "downgrade -y",
    ] {
        let output = project.run(&format!("{command} --json --color always"));
        assert!(!output.stdout.contains('\u{1b}'), "{output}");
    }
}

#[test]
fn every_answer_in_json_is_json() {
    let project = stocked();
    project.migration("2026-03-01-000000_next", "SELECT 1;\n", None);
    for command in [
        "showmigrations",
        "showmigrations -p",
        "check",
        "migrate --plan",
        "migrate --check",
        "migrate --sql",
        "migrate",
        "downgrade --plan",
        "downgrade",
        "migrate nowhere",
        "makemigrations a",
    ] {
        let output = project.run(&format!("{command} --json"));
        let is_json = output.stdout.lines().all(|line| line.starts_with('{'));
        assert!(is_json && !output.stdout.is_empty(), "{command}:\n{output}");
    }
}
