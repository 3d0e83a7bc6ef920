//! Consent before rows are deleted, before a migration is redone, and for hooks that ask.

use insta::assert_snapshot;

use crate::library::{LOANS, applied, history, ledger, stocked, tables};
use crate::terminal::{DOWN, ENTER, open};

#[test]
fn purge_asks_and_enter_alone_is_no() {
    let project = applied();
    let mut terminal = open(&project, "stamp create_books --purge");
    assert_snapshot!(terminal.until("erase 3 rows"), @"
    main: 3 migrations will be forgotten, 2 recorded; nothing is run and the schema
    stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
      - 2026-01-05-090000_create_authors
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
    ? Erase every row first ›
    ❯ no   stop here, change nothing
      yes  erase 3 rows, then record
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 3 migrations will be forgotten, 2 recorded; nothing is run and the schema
    stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
      - 2026-01-05-090000_create_authors
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
    Erase every row first: no
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn purge_with_consent() {
    let project = applied();
    let mut terminal = open(&project, "stamp create_books --purge");
    terminal.until("erase 3 rows");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 3 migrations will be forgotten, 2 recorded; nothing is run and the schema
    stays
      - 2026-02-02-101500_create_loans
      - 2026-01-12-140000_create_books
      - 2026-01-05-090000_create_authors
      + 2026-01-05-090000_create_authors
      + 2026-01-12-140000_create_books
    Erase every row first: yes
      forgotten 2026-02-02-101500_create_loans  (not run)
      forgotten 2026-01-12-140000_create_books  (not run)
      forgotten 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-05-090000_create_authors  (not run)
      recorded 2026-01-12-140000_create_books  (not run)
    main: 3 migrations forgotten, 2 recorded in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
}

#[test]
fn on_a_protected_connection_its_name_is_typed() {
    let project = applied();
    project.settings("connections:\n  main: { url: sqlite://db.sqlite3, protected: true }\n");
    let mut terminal = open(&project, "stamp create_books");
    terminal.until("type its name");
    terminal.press("main").press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 1 migration will be forgotten; nothing is run and the schema stays
      - 2026-02-02-101500_create_loans
    ✔ `main` is protected; type its name to go on · main
      forgotten 2026-02-02-101500_create_loans  (not run)
    main: 1 migration forgotten in [elapsed].
    main is at 2026-01-12-140000_create_books.
    ");
    assert_eq!(ledger(&project).len(), 2);
}

#[test]
fn redo_asks() {
    let project = stocked();
    let mut terminal = open(&project, "redo -2");
    assert_snapshot!(terminal.until("show the SQL first"), @"
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
      Then they are applied again.
    ? Revert and apply again ›
    ❯ no    stop here, change nothing
      yes   revert and apply 2 migrations
      show  show the SQL first
    ");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 2 migrations will be reverted, newest first
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
      - 2026-01-12-140000_create_books
          drops table `books`: 2 rows
      Then they are applied again.
    Revert and apply again: yes
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      reverted 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    main: 2 migrations reverted and applied again in [elapsed].
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn prune_asks() {
    let project = applied();
    project.remove(LOANS);
    let mut terminal = open(&project, "migrate --prune");
    assert_snapshot!(terminal.until("delete 1 row"), @"
    main: 1 migration without a folder will be forgotten; nothing is run and the sch
    ema stays
      - 2026-02-02-101500_create_loans  (applied [time] UTC)
    ? Forget them ›
    ❯ no   stop here, change nothing
      yes  delete 1 row; the schema stays as it is
    ");
    terminal.press(ENTER);
    assert_eq!(terminal.end().status, Some(130));
    assert_eq!(ledger(&project).len(), 3);
    let mut terminal = open(&project, "migrate --prune");
    terminal.until("delete 1 row");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: 1 migration without a folder will be forgotten; nothing is run and the sch
    ema stays
      - 2026-02-02-101500_create_loans  (applied [time] UTC)
    Forget them: yes
    Forgot that `2026-02-02-101500_create_loans` was applied.
    main: 1 migration forgotten; nothing was run.
    ");
    assert_eq!(ledger(&project).len(), 2);
}

#[test]
fn ctrl_c_during_a_hook_runs_nothing() {
    let project = applied().variable("PATH", "/usr/bin:/bin");
    project.settings(
        "connections:\n  main: { url: sqlite://db.sqlite3 }\n\
         hooks: { pre_migrate: [[sh, -c, 'echo waits $((40 + 2)); exec sleep 60']] }\n",
    );
    let mut terminal = open(&project, "downgrade -y");
    terminal.until("waits 42");
    assert_snapshot!(terminal.interrupt(), @"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    Running hooks.pre_migrate[0]: sh -c 'echo waits $((40 + 2)); exec sleep 60'
    waits 42
    cancelled: hook `hooks.pre_migrate[0]` was stopped: sh -c 'echo waits $((40 + 2)
    ); exec sleep 60'
      caused by: Ctrl-C was pressed
      nothing was run
    [exit 130]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn a_hook_may_ask_a_person() {
    let project = applied().variable("PATH", "/usr/bin:/bin");
    project.settings(
        "connections:\n  main: { url: sqlite://db.sqlite3 }\n\
         hooks: { pre_migrate: [[sh, -c, 'printf \"which ticket? \"; read ticket; echo \"noted $ticket\"']] }\n",
    );
    let mut terminal = open(&project, "downgrade -y");
    terminal.until("which ticket?");
    terminal.press("T-7").press(ENTER);
    assert_snapshot!(terminal.end(), @r#"
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans
          drops table `loans`: empty
    Running hooks.pre_migrate[0]: sh -c 'printf "which ticket? "; read ticket; echo
    "noted $ticket"'
    which ticket? noted T-7
      reverted 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    main: 1 migration reverted in [elapsed].
    main is at 2026-01-12-140000_create_books.
    "#);
    assert_eq!(ledger(&project).len(), 2);
}
