//! What people type who come from other tools, spelled as they spell it: the command line's side of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;

use crate::library::{NOW, applied, empty, ledger, pending};
use crate::support::Project;

/// A program of a project's own on the path.
pub(crate) fn program(project: &Project, name: &str, script: &str) {
    let path = format!("bin/{name}");
    project.file(&path, format!("#!/bin/sh\n{script}"));
    let rights = fs::Permissions::from_mode(0o755);
    fs::set_permissions(project.path(&path), rights).expect("the program can be made to run");
}

/// The same project with those programs, and those of the system.
pub(crate) fn with_programs(project: Project) -> Project {
    let path = format!("{}:/usr/bin:/bin", project.path("bin").display());
    project.variable("PATH", &path)
}

#[test]
fn a_word_of_another_tool_has_the_help_of_its_command() {
    let project = Project::new();
    for (word, command) in [
        ("upgrade", "migrate"),
        ("make-migrations", "makemigrations"),
        ("list", "showmigrations"),
        ("show-current-revision", "current"),
        ("stamp-migration", "stamp"),
        ("merge-migrations", "merge"),
        ("squash", "squashmigrations"),
        ("print-schema", "inspectdb"),
        ("ensure_version", "ensure-version"),
        ("help migrate", "migrate"),
    ] {
        let help = |words: &str| {
            let words = match words.strip_prefix("help ") {
                Some(word) => format!("help {word}"),
                None => format!("{words} --help"),
            };
            project.run(&words).ok().stdout
        };
        assert_eq!(help(word), help(command), "{word}");
    }
}

#[test]
fn below_db_database_and_migration_the_commands_are_the_same() {
    let project = pending();
    let _ = project.run("-q db upgrade create_authors").ok();
    assert_eq!(ledger(&project).len(), 1);
    let _ = project.run("database -q upgrade +1").ok();
    assert_eq!(ledger(&project).len(), 2);
    let _ = project.run("migration migrate -q").ok();
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn the_group_alone_shows_its_help() {
    let output = pending().run("db");
    assert_eq!((output.status, output.stdout.as_str()), (Some(2), ""));
    assert_eq!(output.stderr, pending().run("db --help").ok().stdout);
    assert_snapshot!(pending().run("db lsit"), @"
    --- stderr ---
    error: unrecognized subcommand 'lsit'

      tip: a similar subcommand exists: 'list'

    Usage: manage db [OPTIONS] <COMMAND>

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn diesel_s_words_work_below_migration() {
    let project = pending();
    let _ = project.run("migration run -q").ok();
    assert_eq!(ledger(&project).len(), 3);
    let _ = project.run("migration revert -q -y").ok();
    assert_eq!(ledger(&project).len(), 2);
    let _ = project.run("migration revert -n 1 -q -y").ok();
    assert_eq!(ledger(&project).len(), 1);
    assert_snapshot!(project.run("migration pending"), @"
    main  2 migrations would be applied
      + 2026-01-12-140000_create_books
      + 2026-02-02-101500_create_loans
    [exit 3]
    ");
    let _ = project.run("migration run -q").ok();
    assert_snapshot!(project.run("migration pending"), @"main  nothing to do");
    let _ = project.run("migration revert -a -q -y").ok();
    assert_eq!(ledger(&project).len(), 0);
    let generated = project.manage("migration generate shelves").at(NOW).run();
    assert_eq!(
        generated.ok().stdout,
        "migrations/2026-11-20-101500_shelves\n"
    );
}

#[test]
fn revert_does_not_take_every_connection_for_every_migration() {
    let project = applied();
    assert_snapshot!(project.run("revert --all -y"), @"
    --- stderr ---
    error: `--all` is every connection here, not every migration
    hint: to revert every migration: manage downgrade base
    hint: to revert one on every connection: manage downgrade --all
    [exit 2]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn revert_asks_as_downgrade_does() {
    let project = applied();
    assert_snapshot!(project.run("revert -n 2"), @"
    --- stderr ---
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
    error: 2 migrations would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
    assert_snapshot!(project.run("revert -n 4"), @"
    --- stderr ---
    error: `-4` goes too far: 3 migrations are applied
    hint: to revert them all: manage downgrade base
    [exit 1]
    ");
}

/// Models with a column that no migration makes.
fn modelled() -> Project {
    let project = empty();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
    );
    project.migration(
        "2026-01-05-090000_create_authors",
        "CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL);\n",
        Some("DROP TABLE authors;\n"),
    );
    project.file(
        "src/schema.rs",
        "diesel::table! {\n    authors (id) {\n        id -> Integer,\n        name -> Nullable<Text>,\n    }\n}\n",
    );
    project
}

#[test]
fn a_revision_is_empty_unless_it_is_generated() {
    let up = |words: &str| {
        let project = modelled();
        let output = project.manage(words).at(NOW).run().ok();
        project.read(format!("{}/up.sql", output.stdout.trim()))
    };
    let by_hand = up("revision -m names");
    assert_eq!(by_hand, up("makemigrations --empty -m names"));
    assert_eq!(by_hand, up("makemigrations --no-autogenerate -m names"));
    assert_eq!(by_hand, up("make-migrations --no-autogenerate -m names"));
    assert_eq!(by_hand, up("migration generate names"));
    let from_models = up("makemigrations -m names");
    assert_ne!(by_hand, from_models);
    assert_eq!(from_models, up("revision --autogenerate -m names"));
    assert_eq!(from_models, up("makemigrations --autogenerate -m names"));
    assert_eq!(from_models, up("migration generate names --diff-schema"));
    assert_eq!(from_models, up("makemigrations --scriptable -m names"));
}

#[test]
fn sql_shows_a_revision_and_writes_none() {
    let project = modelled();
    let before = project.tree("migrations");
    assert_snapshot!(project.manage("revision --autogenerate -m names --sql").at(NOW).run(), @r#"
    -- migrations/2026-11-20-101500_names/up.sql
    -- names

    ALTER TABLE "authors" ADD COLUMN "name" TEXT;

    -- migrations/2026-11-20-101500_names/down.sql
    -- Revert: names

    ALTER TABLE "authors" DROP COLUMN "name";

    -- migrations/2026-11-20-101500_names/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["20260105090000"]
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      + column authors.name TEXT
    proved: up reaches the models, down comes back, up works again
    "#);
    assert_eq!(project.tree("migrations"), before);
}

#[test]
fn a_message_is_for_another_command_than_migrate() {
    let project = pending();
    let output = project.manage("db migrate -m").arg("Add \"users\"").run();
    assert_snapshot!(output, @r#"
    --- stderr ---
    error: `migrate` applies migrations, and has no message
    hint: to write one from the models: manage makemigrations -m "Add \"users\""
    hint: to apply what is pending: manage migrate
    [exit 2]
    "#);
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_word_that_is_no_command_here_says_what_is() {
    assert_snapshot!(pending().run("drop-all"), @"
    --- stderr ---
    error: unrecognized subcommand 'drop-all'

      tip: here it is: manage downgrade base, or manage dropdb

    Usage: manage [OPTIONS] <COMMAND>

    For more information, try '--help'.
    [exit 2]
    ");
    for word in [
        "list_templates",
        "flush",
        "loaddata",
        "dump-data",
        "rollback",
        "status",
        "up",
    ] {
        let output = pending().run(word).exits(2);
        assert!(
            output.stderr.contains("\n  tip: here it is: manage "),
            "{output}"
        );
    }
}

#[test]
fn a_program_on_the_path_is_a_command() {
    let project = with_programs(pending());
    program(
        &project,
        "manage-hello",
        "echo \"hello $*\"\necho \"settings: $MANAGE_SETTINGS, profile: $MANAGE_PROFILE\"\nexit 7\n",
    );
    assert_snapshot!(project.run("--settings settings.yaml --profile prod hello -d other --help x"), @"
    hello -d other --help x
    settings: settings.yaml, profile: prod
    [exit 7]
    ");
}

#[test]
fn a_program_does_not_take_the_place_of_a_command() {
    let project = with_programs(pending());
    program(&project, "manage-showmigrations", "echo no\n");
    program(&project, "manage-list", "echo no\n");
    let _ = project.run("list").ok().never_says("no\n");
    assert_snapshot!(project.run("list"), @"
    main  sqlite://db.sqlite3  3 migrations, 3 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn a_program_that_may_not_be_run_is_told() {
    let project = with_programs(pending());
    project.file("bin/manage-hello", "not a program");
    let output = project.run("hello").exits(2);
    assert!(output.stderr.contains("Permission denied"), "{output}");
}

#[test]
fn a_path_is_no_command() {
    let project = pending();
    program(&project, "manage-hello", "echo no\n");
    let output = project.run("../bin/manage-hello").exits(2);
    assert_eq!(output.stdout, "");
}

#[test]
fn a_backtrace_says_what_an_error_holds_and_where_it_came_from() {
    let project = pending();
    insta::allow_duplicates! {
    for flag in ["--backtrace", "--raiseerr", "--traceback"] {
        let output = project.run(&format!("migrate nowhere {flag}")).exits(1);
        let (told, stack) = output
            .stderr
            .split_once("it came from:\n")
            .expect("there is a stack");
        assert_snapshot!(told, @r#"
        error: no migration matches `nowhere`
        hint: see what there is: manage showmigrations
        cause 0: Target(Unknown { text: "nowhere", nearest: [] })
        "#);
        assert!(stack.contains("diesel_manage"), "{stack}");
    }
    }
}

#[test]
fn a_backtrace_has_no_password() {
    let project = Project::new();
    project
        .settings("connections: { main: { url: 'postgres://clerk:hunter2@127.0.0.1:1/shop' } }\n");
    let output = project.run("showmigrations -v --backtrace").exits(1);
    output.never_says("hunter2");
    output.says("it came from:");
}

#[test]
fn verbose_says_which_settings_were_read() {
    let project = pending();
    project.file(
        "settings.prod.yaml",
        "connections: { main: { protected: true } }\n",
    );
    let second = |arguments: &str, project: &Project| {
        let output = project.run(arguments).ok();
        output.stderr.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(second("check -v", &project), "settings: settings.yaml");
    assert_eq!(
        second("check -v --profile prod", &project),
        "settings: settings.yaml with profile `prod` (settings.prod.yaml)"
    );
    let bare = Project::new().url("sqlite://db.sqlite3");
    bare.file("migrations/.keep", "");
    assert_eq!(
        second("check -v", &bare),
        "settings: none; a Diesel project"
    );
    bare.file("diesel.toml", "");
    assert_eq!(
        second("check -v", &bare),
        "settings: none; a Diesel project with diesel.toml"
    );
}

#[test]
fn django_s_numbers_and_words_for_how_it_looks_are_known() {
    let project = applied();
    let told = |flags: &str| project.run(&format!("migrate {flags}")).ok().stderr;
    assert_eq!(told("--verbosity 0"), told("-q"));
    assert_eq!(told("--verbosity 1"), told(""));
    assert_eq!(told("--verbosity 2"), told("-v"));
    assert_eq!(told("--no-color -v"), told("--color never -v"));
    assert_eq!(told("--force-color -v"), told("--color always -v"));
    assert_ne!(told("--force-color -v"), told("--no-color -v"));
}

#[test]
fn the_table_of_versions_can_be_made_by_itself() {
    let project = pending();
    assert_snapshot!(project.run("ensure-version --sql"), @"
    CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
           version VARCHAR(50) PRIMARY KEY NOT NULL,
           run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    ");
    assert!(!project.path("db.sqlite3").exists());
    assert_snapshot!(project.run("ensure-version"), @"
    --- stderr ---
    main: table `__diesel_schema_migrations` created.
    ");
    assert_eq!(ledger(&project), [""; 0]);
    assert_snapshot!(project.run("ensure_version --json"), @r#"
    {"connection":"main","created":false}
    --- stderr ---
    main: table `__diesel_schema_migrations` is there already.
    "#);
}
