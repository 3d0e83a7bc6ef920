//! Names and messages that would steer the terminal of whoever looks at them.

use crate::support::Project;
use crate::terminal::{DOWN, ENTER, Ended, open};

/// Writes into the clipboard, sets the title, clears the screen, turns the writing round.
const STEERING: &str = "a\u{1b}]52;c;aGVsbG8=\u{7}\u{1b}]0;gone\u{7}\u{1b}[2J\u{9b}31m\u{202e}\rb";

/// How it is spelled out.
const SPELLED: &str = "a\\x1b]52;c;aGVsbG8=\\x07\\x1b]0;gone\\x07\\x1b[2J\\x9b31m\\u{202e}\\rb";

fn project() -> Project {
    let project = Project::new();
    project.settings("connections: { main: { url: sqlite://db.sqlite3 } }\n");
    project.migration(
        "2026-01-01-000000_tables",
        &format!(
            "CREATE TABLE \"{STEERING}\" (id INTEGER PRIMARY KEY, \"c{STEERING}\" TEXT);\n\
             CREATE TABLE plain (id INTEGER PRIMARY KEY);\n\
             CREATE TRIGGER loud BEFORE INSERT ON plain BEGIN SELECT RAISE(ABORT, '{STEERING}\nhint: type this'); END;\n"
        ),
        Some(&format!("DROP TABLE plain;\nDROP TABLE \"{STEERING}\";\n")),
    );
    project
}

#[track_caller]
fn steers_nothing(ended: &Ended) {
    let printed = String::from_utf8_lossy(&ended.printed);
    for forbidden in [
        "\u{7}",
        "\u{1b}]",
        "\u{1b}[2J\\x9b",
        "\u{9b}",
        "\u{202e}",
        "\u{1b}[2J",
    ] {
        assert!(!printed.contains(forbidden), "{forbidden:?} in {printed:?}");
    }
    assert!(!printed.replace("\r\n", "").contains("\rb"), "{printed:?}");
}

#[track_caller]
fn spells(ended: &Ended) {
    let screen = ended.screen.replace('\n', "");
    assert!(screen.contains(SPELLED), "{}", ended.screen);
}

#[test]
fn a_name_in_a_question_steers_nothing() {
    let project = project();
    project.run("migrate").ok();
    let mut terminal = open(&project, "downgrade");
    terminal.until("show the SQL first");
    terminal.press(DOWN).press(ENTER);
    let ended = terminal.end();
    steers_nothing(&ended);
    spells(&ended);
    assert_eq!(ended.status, Some(0), "{ended}");
}

#[test]
fn sql_on_a_screen_steers_nothing() {
    let project = project();
    for command in [
        "sqlmigrate head",
        "migrate --sql",
        "migrate --plan -v",
        "migrate -v",
    ] {
        let ended = open(&project, command).end();
        steers_nothing(&ended);
        assert_eq!(ended.status, Some(0), "{ended}");
    }
}

#[test]
fn what_a_server_says_steers_nothing_and_cannot_pass_for_a_hint() {
    let project = project();
    project.migration(
        "2026-01-02-000000_row",
        "INSERT INTO plain VALUES (1);\n",
        None,
    );
    let ended = open(&project, "migrate").end();
    steers_nothing(&ended);
    spells(&ended);
    assert_eq!(ended.status, Some(1), "{ended}");
    let is_forged = |line: &str| line.starts_with("hint: type this");
    assert!(!ended.screen.lines().any(is_forged), "{ended}");
}

#[test]
fn a_schema_on_a_screen_steers_nothing() {
    let project = project();
    project.run("migrate").ok();
    for command in [
        "inspectdb",
        "inspectdb --json",
        "history",
        "showmigrations",
        "check",
    ] {
        let ended = open(&project, command).end();
        steers_nothing(&ended);
    }
}
