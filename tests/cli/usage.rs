use insta::assert_snapshot;

use crate::library::{applied, pending};
use crate::support::Project;

#[test]
fn an_unknown_command_comes_with_the_nearest() {
    assert_snapshot!(pending().run("migrat"), @"
    --- stderr ---
    error: unrecognized subcommand 'migrat'

      tip: a similar subcommand exists: 'migrate'

    Usage: manage [OPTIONS] <COMMAND>

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn an_unknown_flag_comes_with_the_nearest() {
    assert_snapshot!(pending().run("migrate --paln"), @"
    --- stderr ---
    error: invalid value '--paln' for '[TARGET]': there is no such flag; see --help

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(pending().run("showmigrations --paln"), @"
    --- stderr ---
    error: unexpected argument '--paln' found

      tip: a similar argument exists: '--plan'

    Usage: manage showmigrations --plan

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn a_mistyped_short_flag_is_no_target() {
    assert_snapshot!(applied().run("downgrade -x"), @"
    --- stderr ---
    error: invalid value '-x' for '[TARGET]': there is no such flag; see --help

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(applied().run("migrate -Y"), @"
    --- stderr ---
    error: invalid value '-Y' for '[TARGET]': there is no such flag; see --help

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn a_second_target_is_one_too_many() {
    assert_snapshot!(applied().run("downgrade create_books create_authors"), @"
    --- stderr ---
    error: unexpected argument 'create_authors' found

    Usage: manage downgrade [OPTIONS] [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn an_empty_target_is_refused() {
    assert_snapshot!(applied().manage("migrate").arg("").run(), @"
    --- stderr ---
    error: invalid value '' for '[TARGET]': the target is empty

    For more information, try '--help'.
    [exit 2]
    ");
    assert_snapshot!(applied().manage("downgrade").arg("  ").run(), @"
    --- stderr ---
    error: invalid value '  ' for '[TARGET]': the target is empty

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn a_range_is_no_target() {
    assert_snapshot!(applied().run("migrate base:head"), @"
    --- stderr ---
    error: `base:head` is a range, and one migration is wanted here
    hint: name one place, such as head, base, -1, or a version
    [exit 2]
    ");
}

#[test]
fn a_value_that_is_missing_is_named() {
    assert_snapshot!(pending().run("migrate -d"), @"
    --- stderr ---
    error: a value is required for '--database <NAME>' but none was supplied

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn an_unknown_colour_lists_the_known_ones() {
    assert_snapshot!(pending().run("migrate --color sometimes"), @"
    --- stderr ---
    error: invalid value 'sometimes' for '--color <WHEN>'
      [possible values: auto, always, never]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn quiet_and_verbose_contradict_each_other() {
    assert_snapshot!(pending().run("migrate -q -v"), @"
    --- stderr ---
    error: the argument '--quiet' cannot be used with '--verbose...'

    Usage: manage migrate --quiet [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn without_a_command_the_help_is_shown_as_a_mistake() {
    let output = Project::new().run("");
    assert_eq!((output.status, output.stdout.as_str()), (Some(2), ""));
    assert_eq!(output.stderr, Project::new().run("--help").ok().stdout);
}

#[test]
fn the_version_is_that_of_the_package() {
    let output = Project::new().run("--version").ok();
    assert_eq!(
        output.to_string(),
        format!("manage {}", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(
        Project::new().run("-V").ok().to_string(),
        output.to_string()
    );
}

#[test]
fn a_working_directory_that_is_gone_is_told() {
    let project = Project::new();
    let gone = project.path("gone");
    std::fs::create_dir(&gone).unwrap();
    let command = project.manage("showmigrations").into_command();
    let mut shell = std::process::Command::new("sh");
    shell
        .current_dir(&gone)
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1");
    shell
        .args(["-c", "rmdir \"$PWD\" && exec \"$0\" showmigrations"])
        .arg(command.get_program());
    let output = shell.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"
    warning: the working directory cannot be read (No such file or directory (os error 2))
    hint: change to a folder that is there
    ");
}

#[test]
fn no_input_is_accepted_everywhere_in_both_spellings() {
    let project = pending();
    assert_snapshot!(project.run("migrate --no-input -q"), @"");
    assert_snapshot!(project.run("downgrade --noinput"), @"
    --- stderr ---
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: 1 migration would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
}

#[test]
fn a_flag_without_a_command_is_not_enough() {
    assert_eq!(Project::new().run("-v").status, Some(2));
}
