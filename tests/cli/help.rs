use std::path::Path;

use crate::support::{Project, difference};

const COMMANDS: &[&str] = &[
    "init",
    "makemigrations",
    "migrate",
    "downgrade",
    "showmigrations",
    "inspectdb",
    "check",
    "verify",
];

/// All texts of `--help` as one page.
fn page() -> String {
    let project = Project::new();
    let section = |title: &str, arguments: &str| {
        let help = project.run(arguments).ok();
        assert_eq!(help.stderr, "", "{arguments}");
        let lines: Vec<&str> = help.stdout.trim_end().lines().map(str::trim_end).collect();
        format!("\n## {title}\n\n```text\n{}\n```\n", lines.join("\n"))
    };
    let mut page = String::from(
        "# Commands\n\nWhat `manage --help` and the help of each command say, at 100 columns.\n",
    );
    page.push_str(&section("manage", "--help"));
    for command in COMMANDS {
        page.push_str(&section(
            &format!("manage {command}"),
            &format!("{command} --help"),
        ));
    }
    page
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the variable is for the test and not for the command"
)]
fn the_page_of_commands_says_what_help_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        kept == page,
        "docs/commands.md is not what --help says; UPDATE=1 cargo test --test cli help rewrites it:\n{}",
        difference(&kept, &page)
    );
}

#[test]
fn the_page_has_every_command_of_the_list() {
    let help = Project::new().run("--help").ok().stdout;
    let listed: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        // What is indented further goes on from the line above.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(listed, COMMANDS);
}

#[test]
fn the_short_help_of_a_command_fits_on_a_screen() {
    let project = Project::new();
    for command in COMMANDS {
        let help = project.run(&format!("{command} -h")).ok().stdout;
        let lines = help.lines().count();
        assert!(lines <= 60, "{command} -h has {lines} lines");
    }
}

#[test]
fn no_line_of_help_is_wider_than_the_terminal() {
    let project = Project::new();
    for columns in [60, 80, 100] {
        for command in COMMANDS {
            let help = project
                .manage(command)
                .arg("--help")
                .env("COLUMNS", columns.to_string());
            for line in help.run().ok().stdout.lines() {
                assert!(
                    line.chars().count() <= columns,
                    "{command} at {columns}: {line}"
                );
            }
        }
    }
}

#[test]
fn help_needs_no_settings_and_minds_none_that_are_broken() {
    let project = Project::new();
    project.settings("not: [settings");
    let _ = project.run("migrate --help").ok();
}
