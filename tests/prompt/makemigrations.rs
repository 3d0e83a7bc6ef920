use insta::assert_snapshot;

use crate::library::{NOW, empty};
use crate::terminal::{ENTER, Terminal, open};

#[test]
fn without_a_message_it_asks_for_one() {
    let project = empty();
    let variables = [("SOURCE_DATE_EPOCH", &*NOW.to_string())];
    let mut terminal = Terminal::open(&project, "makemigrations", 80, &variables);
    assert_snapshot!(terminal.until("What does the migration do"), @"? What does the migration do ›");
    terminal.press("Add users").press(ENTER);
    assert_snapshot!(terminal.end(), @"
    ✔ What does the migration do · Add users
    migrations/2026-11-20-101500_add_users
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
}

#[test]
fn enter_alone_asks_on() {
    let project = empty();
    let mut terminal = open(&project, "makemigrations");
    terminal.until("What does the migration do");
    terminal.press(ENTER).press("shelves");
    terminal.until("shelves");
    assert_eq!(terminal.interrupt().status, Some(130));
    assert_eq!(project.tree("."), ["settings.yaml"]);
}

#[test]
fn ctrl_c_writes_nothing() {
    let project = empty();
    let mut terminal = open(&project, "makemigrations");
    terminal.until("What does the migration do");
    assert_snapshot!(terminal.interrupt(), @"
    ? What does the migration do ›
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(project.tree("."), ["settings.yaml"]);
}
