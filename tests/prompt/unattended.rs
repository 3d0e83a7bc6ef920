//! A terminal where nobody is to be asked.

use insta::assert_snapshot;

use crate::library::{empty, ledger, pending, stocked};
use crate::terminal::{DOWN, ENTER, Terminal, open};

#[test]
fn no_input_asks_nothing() {
    let project = stocked();
    assert_snapshot!(open(&project, "downgrade --no-input").end(), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: 1 migration would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn ci_asks_nothing() {
    let project = stocked();
    let terminal = Terminal::open(&project, "downgrade", 80, &[("CI", "1")]);
    assert_snapshot!(terminal.end(), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: 1 migration would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    [exit 4]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn ci_false_is_no_ci() {
    let project = stocked();
    let mut terminal = Terminal::open(&project, "downgrade", 80, &[("CI", "false")]);
    terminal.until("show the SQL first");
    assert_eq!(terminal.interrupt().status, Some(130));
}

#[test]
fn makemigrations_in_ci_needs_a_message() {
    let project = empty();
    let terminal = Terminal::open(&project, "makemigrations", 80, &[("CI", "true")]);
    assert_snapshot!(terminal.end(), @r#"
    error: a migration needs a name
      nothing was changed
    hint: say what it does: manage makemigrations "Add users"
    [exit 4]
    "#);
}

#[test]
fn a_run_without_a_question_leaves_only_its_lines() {
    let project = pending();
    assert_snapshot!(open(&project, "migrate").end(), @"
    main: applying 3 migrations to sqlite://db.sqlite3
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
}

#[test]
fn a_run_on_a_narrow_terminal_leaves_only_its_lines() {
    let project = pending();
    assert_snapshot!(Terminal::open(&project, "migrate", 40, &[]).end(), @"
    main: applying 3 migrations to sqlite://
    db.sqlite3
      applied 2026-01-05-090000_create_autho
    rs  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books
      (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans
      (1 statement, [elapsed])
    main: 3 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loan
    s (head).
    ");
}

#[test]
fn a_caret_points_at_the_place_below_wide_letters() {
    let project = empty();
    project.migration("2026-01-01-000000_a", "SELECT '日本' WHERE nmae;\n", None);
    let mut terminal = open(&project, "migrate");
    terminal.until("nothing of it was committed");
    assert!(terminal.column("^").is_some());
    assert_eq!(
        terminal.column("^"),
        terminal.column("nmae;"),
        "{}",
        terminal.screen()
    );
}

#[test]
fn nobody_is_asked_where_the_question_would_not_be_seen() {
    let project = stocked();
    let ended = Terminal::redirected(&project, "downgrade", 80, &[], "2>errors").end();
    assert_snapshot!(ended, @"[exit 4]");
    assert_snapshot!(project.read("errors"), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    error: 1 migration would be reverted, and nobody can be asked
      nothing was changed
    hint: revert without asking: --yes
    ");
}

#[test]
fn nobody_is_asked_where_no_key_would_arrive() {
    let project = stocked();
    let ended = Terminal::redirected(&project, "downgrade", 80, &[], "</dev/null").end();
    assert_eq!(ended.status, Some(4));
}

#[test]
fn an_answer_that_is_led_elsewhere_does_not_keep_anybody_from_being_asked() {
    let project = stocked();
    let mut terminal = Terminal::redirected(&project, "downgrade", 80, &[], ">answer");
    terminal.until("show the SQL first");
    terminal.press(DOWN).press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    let answer = project.read("answer");
    assert!(
        answer.starts_with("  reverted 2026-02-02-101500_create_loans  (1 statement, "),
        "{answer}"
    );
}
