use std::path::Path;

use crate::support::{Project, difference};

/// The commands by their headings, as the help lists them.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "Write:",
        &[
            "makemigrations",
            "merge",
            "rebase",
            "squashmigrations",
            "edit",
        ],
    ),
    ("Run:", &["migrate", "downgrade", "redo", "stamp"]),
    (
        "Look:",
        &[
            "showmigrations",
            "current",
            "history",
            "heads",
            "branches",
            "show",
            "sqlmigrate",
            "inspectdb",
        ],
    ),
    ("Check:", &["check", "verify", "drift"]),
    ("Mend:", &["resume", "accept", "restore", "lock"]),
    (
        "Database and project:",
        &[
            "setup",
            "createdb",
            "dropdb",
            "resetdb",
            "dbshell",
            "init",
            "completions",
        ],
    ),
];

/// Words of other tools that do a little differently what a listed command does.
const UNLISTED: &[&str] = &["revision", "pending", "revert", "ensure-version"];

fn commands() -> Vec<&'static str> {
    GROUPS
        .iter()
        .flat_map(|(_, commands)| commands.iter().copied())
        .collect()
}

/// The listed ones and the others.
fn all() -> Vec<&'static str> {
    let mut all = commands();
    all.extend(UNLISTED);
    all
}

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
    for command in all() {
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
fn the_help_lists_every_command_below_its_heading() {
    let help = Project::new().run("--help").ok().stdout;
    let mut listed: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in help
        .lines()
        .skip_while(|line| !line.starts_with("Usage:"))
        .skip(2)
        .take_while(|line| !line.is_empty())
    {
        match line.strip_prefix("  ") {
            None => listed.push((line, Vec::new())),
            // What is indented further goes on from the line above.
            Some(line) if line.starts_with(' ') => {}
            Some(line) => {
                let (_, commands) = listed.last_mut().expect("a heading comes first");
                commands.extend(line.split_whitespace().next());
            }
        }
    }
    let expected: Vec<_> = GROUPS
        .iter()
        .map(|(heading, commands)| (*heading, commands.to_vec()))
        .collect();
    assert_eq!(listed, expected);
}

#[test]
fn the_help_fits_on_a_screen() {
    for arguments in ["-h", "--help", "help", "db --help"] {
        let help = Project::new().run(arguments).ok().stdout;
        let lines = help.lines().count();
        assert!(lines <= 60, "{arguments} has {lines} lines");
    }
}

#[test]
fn the_word_help_is_the_flag() {
    let project = Project::new();
    let same = |words: &str, flag: &str| {
        assert_eq!(
            project.run(words).ok().to_string(),
            project.run(flag).ok().to_string()
        );
    };
    same("help", "--help");
    same("help migrate", "migrate --help");
    same("help db upgrade", "db upgrade --help");
}

#[test]
fn the_short_help_of_a_command_fits_on_a_screen() {
    let project = Project::new();
    for command in all() {
        let help = project.run(&format!("{command} -h")).ok().stdout;
        let lines = help.lines().count();
        assert!(lines <= 60, "{command} -h has {lines} lines");
    }
}

#[test]
fn no_line_of_help_is_wider_than_the_terminal() {
    let project = Project::new();
    for columns in [60, 80, 100] {
        for command in std::iter::once("").chain(all()) {
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
