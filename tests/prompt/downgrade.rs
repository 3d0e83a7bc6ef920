use insta::assert_snapshot;

use crate::library::{applied, ledger, stocked, tables};
use crate::support::Project;
use crate::terminal::{DOWN, ENTER, ESCAPE, Terminal, open};

fn protected() -> Project {
    let project = stocked();
    project.settings("connections:\n  main: { url: sqlite://db.sqlite3, protected: true }\n");
    project
}

#[test]
fn enter_alone_is_no() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade -2");
    assert_snapshot!(terminal.until("show the SQL first"), @"
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    ? Revert ›
    ❯ no    stop here, change nothing
      yes   revert 2 migrations
      show  show the SQL first
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    Revert: no
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn yes_reverts() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade -2");
    terminal.until("show the SQL first");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    Revert: yes
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
    main: 2 migrations reverted in [elapsed].
    main is at 2026-01-05-090000_create_authors.
    ");
    assert_eq!(tables(&project), ["authors"]);
}

#[test]
fn the_sql_is_shown_and_asked_about_again() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade -2");
    terminal.until("show the SQL first");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    // The answer repeats the words of the choice, but not its indentation.
    assert_snapshot!(terminal.until("  show  show the SQL first"), @"
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    ? Revert ›
    ❯ no    stop here, change nothing
      yes   revert 2 migrations
      show  show the SQL first
    ");
    terminal.press(DOWN).press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert_eq!(tables(&project), ["authors"]);
}

#[test]
fn escape_changes_nothing() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade");
    terminal.until("show the SQL first");
    terminal.press(ESCAPE);
    assert_snapshot!(terminal.end(), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn ctrl_c_changes_nothing_and_gives_the_cursor_back() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade");
    terminal.until("show the SQL first");
    let ended = terminal.interrupt();
    assert!(ended.shows_cursor);
    assert_snapshot!(ended, @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    ? Revert ›
    ❯ no    stop here, change nothing
      yes   revert 1 migration
      show  show the SQL first

    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn a_place_can_be_picked_from_a_list() {
    let project = applied();
    let mut terminal = open(&project, "downgrade --choose");
    assert_snapshot!(terminal.until("base"), @"
    ? Go back to which migration? It stays applied ›
    ❯ 2026-01-12-140000_create_books  (applied [time] UTC)
      2026-01-05-090000_create_authors  (applied [time] UTC)
      base  (revert everything)
    ");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.until("show the SQL first"), @"
    Go back to which migration? It stays applied: 2026-01-05-090000_create_authors
    (applied [time] UTC)
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: empty
    ? Revert ›
    ❯ no    stop here, change nothing
      yes   revert 2 migrations
      show  show the SQL first
    ");
    terminal.press(DOWN).press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert_eq!(tables(&project), ["authors"]);
}

#[test]
fn the_last_place_of_the_list_reverts_everything() {
    let project = applied();
    let mut terminal = open(&project, "downgrade --choose -y");
    terminal.until("base");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert_eq!(tables(&project), [""; 0]);
}

#[test]
fn escape_from_the_list_changes_nothing() {
    let project = applied();
    let mut terminal = open(&project, "downgrade --choose");
    terminal.until("base");
    terminal.press(ESCAPE);
    assert_snapshot!(terminal.end(), @"
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_protected_connection_wants_its_name_typed() {
    let project = protected();
    let mut terminal = open(&project, "downgrade");
    assert_snapshot!(terminal.until("Show the SQL first"), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    ? Show the SQL first (y/n) › no
    ");
    terminal.press("n").press(ENTER);
    assert_snapshot!(terminal.until("type its name"), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    ✔ Show the SQL first · no
    ? `main` is protected; type its name to go on ›
    ");
    terminal.press("main").press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    ✔ Show the SQL first · no
    ✔ `main` is protected; type its name to go on · main
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(ledger(&project).len(), 2);
}

#[test]
fn a_protected_connection_takes_no_other_name() {
    let project = protected();
    let mut terminal = open(&project, "downgrade");
    terminal.until("Show the SQL first");
    terminal.press(ENTER);
    terminal.until("type its name");
    terminal.press("mian").press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    ✔ Show the SQL first · no
    ✔ `main` is protected; type its name to go on · mian
    error: `mian` is not the name of the connection
      nothing was run
    hint: type it: --confirm main
    [exit 2]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_protected_connection_shows_its_sql_before_the_name_is_typed() {
    let project = protected();
    let mut terminal = open(&project, "downgrade");
    terminal.until("Show the SQL first");
    terminal.press("y").press(ENTER);
    assert_snapshot!(terminal.until("type its name"), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    ✔ Show the SQL first · yes
    -- 2026-02-02-101500_create_loans
    DROP TABLE loans;
    ? `main` is protected; type its name to go on ›
    ");
    assert_eq!(terminal.interrupt().status, Some(130));
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn yes_is_not_enough_for_a_protected_connection() {
    let project = protected();
    let mut terminal = open(&project, "downgrade -y");
    terminal.until("Show the SQL first");
    assert_eq!(terminal.interrupt().status, Some(130));
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn a_narrow_terminal_wraps_and_loses_nothing() {
    let project = stocked();
    let mut terminal = Terminal::open(&project, "downgrade -2", 40, &[]);
    assert_snapshot!(terminal.until("show the SQL first"), @"
    main: 2 migrations will be reverted, new
    est first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    ? Revert ›
    ❯ no    stop here, change nothing
      yes   revert 2 migrations
      show  show the SQL first
    ");
    terminal.press(DOWN);
    terminal.until("❯ yes");
    assert_snapshot!(terminal.until("  show  show the SQL first"), @"
    main: 2 migrations will be reverted, new
    est first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    ? Revert ›
      no    stop here, change nothing
    ❯ yes   revert 2 migrations
      show  show the SQL first
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 2 migrations will be reverted, new
    est first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    Revert: yes
      reverted 2026-02-02-101500_create_loan
    s  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_book
    s  (2 statements, [elapsed])
    main: 2 migrations reverted in [elapsed].
    main is at 2026-01-05-090000_create_auth
    ors.
    ");
}

#[test]
fn no_color_is_kept_and_asks_in_plain_letters() {
    let project = stocked();
    let mut terminal = Terminal::open(&project, "downgrade", 80, &[("NO_COLOR", "1")]);
    assert_snapshot!(terminal.until("show the SQL first"), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    Revert:
    > no    stop here, change nothing
      yes   revert 1 migration
      show  show the SQL first
    ");
    assert!(!terminal.is_coloured());
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    Revert: no
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
}

#[test]
fn colour_is_there_without_being_asked_for() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade");
    terminal.until("show the SQL first");
    assert!(terminal.is_coloured());
    terminal.press(ESCAPE);
    assert_eq!(terminal.end().status, Some(130));
}

#[test]
fn migrate_asks_the_same_on_its_way_back() {
    let project = stocked();
    let mut terminal = open(&project, "migrate create_authors");
    assert_snapshot!(terminal.until("show the SQL first"), @"
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
    ? Revert ›
    ❯ no    stop here, change nothing
      yes   revert 2 migrations
      show  show the SQL first
    ");
    terminal.press(ENTER);
    assert_eq!(terminal.end().status, Some(130));
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn fake_asks_about_forgetting() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade --fake");
    assert_snapshot!(terminal.until("show the SQL first"), @"
    main: 1 migration will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
    ? Revert ›
    ❯ no    stop here, change nothing
      yes   revert 1 migration
      show  show the SQL first
    ");
    terminal.press(ENTER);
    assert_eq!(terminal.end().status, Some(130));
}

#[test]
fn quiet_shows_what_it_asks_about() {
    let project = stocked();
    let mut terminal = open(&project, "downgrade -q -2");
    let screen = terminal.until("show the SQL first");
    assert_eq!(terminal.interrupt().status, Some(130));
    assert!(screen.contains("drops table `books`: 2 rows"), "{screen}");
}

#[test]
fn every_connection_asks_for_itself() {
    let project = Project::new();
    project.settings("connections:\n  shop: { url: a.db }\n  audit: { url: b.db }\n");
    for name in ["shop", "audit"] {
        let folder = format!("migrations/{name}/2026-01-01-000000_{name}_table");
        project
            .file(
                format!("{folder}/up.sql"),
                format!("CREATE TABLE {name} (id INTEGER);\n"),
            )
            .file(
                format!("{folder}/down.sql"),
                format!("DROP TABLE {name};\n"),
            );
    }
    let _ = project.run("migrate --all -q").ok();
    let mut terminal = open(&project, "downgrade --all");
    terminal.until("show the SQL first");
    terminal
        .press(DOWN)
        .press(ENTER)
        .until("audit: 1 migration will be reverted");
    terminal.until("  show  show the SQL first");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    shop: 1 migration will be reverted
      - 2026-01-01-000000_shop_table
          drops table `shop`: empty
    Revert: yes
      reverted 2026-01-01-000000_shop_table  (1 statement, [elapsed])
    shop: 1 migration reverted in [elapsed].
    shop is at base: nothing is applied.
    audit: 1 migration will be reverted
      - 2026-01-01-000000_audit_table
          drops table `audit`: empty
    Revert: no
    cancelled: stopped at the question; nothing was run
      on connection `audit`; done before it: `shop`
    [exit 130]
    ");
}
