use crate::library::{ledger, stocked};
use crate::terminal::open;
use rexpect::process::Signal;

#[test]
fn a_service_that_is_stopped_at_a_question_gives_the_terminal_back() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade -2");
    terminal.until("show the SQL first");
    terminal.signal(Signal::SIGTERM);
    let ended = terminal.end();
    assert_eq!(ended.status, Some(143), "{ended}");
    assert!(ended.shows_cursor, "{ended}");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_hook_is_told_what_only_manage_was_told() {
    let project = crate::library::applied().variable("PATH", "/usr/bin:/bin");
    project.settings(
        "connections:\n  main: { url: sqlite://db.sqlite3 }\n\
         hooks: { pre_migrate: [[sh, -c, 'trap \"echo it was told; exit 0\" TERM; echo waits $((40 + 2)); while :; do sleep 0.1; done']] }\n",
    );
    let mut terminal = open(&project, "downgrade -y");
    terminal.until("waits 42");
    terminal.signal(Signal::SIGTERM);
    let ended = terminal.end();
    assert_eq!(ended.status, Some(143), "{ended}");
    assert!(ended.screen.contains("it was told"), "{ended}");
    assert!(
        ended.screen.contains("caused by: SIGTERM asked to end"),
        "{ended}"
    );
    assert_eq!(ledger(&project).len(), 3);
}
