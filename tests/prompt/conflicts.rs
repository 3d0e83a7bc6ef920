use insta::assert_snapshot;

use crate::library::{
    AUTHORS, BOOKS, LOANS, NOW, applied, history, ledger, pending, probe, tables,
};
use crate::support::Project;
use crate::terminal::{DOWN, ENTER, ESCAPE, Terminal, open};

fn out_of_order() -> Project {
    let project = applied();
    project.migration(
        "2026-01-20-000000_create_shelves",
        "CREATE TABLE shelves (id INTEGER PRIMARY KEY NOT NULL);\n",
        Some("DROP TABLE shelves;\n"),
    );
    project
}

fn edited() -> Project {
    let project = applied();
    project.migration(
        LOANS,
        "CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL, due TEXT);\n",
        Some("DROP TABLE loans;\n"),
    );
    project
}

fn missing() -> Project {
    let project = applied();
    project.remove(LOANS);
    project
}

fn duplicate() -> Project {
    let project = pending();
    project.migration(
        "20260112140000_create_shelves",
        "CREATE TABLE shelves (id INTEGER);\n",
        None,
    );
    project
}

fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

/// The command on a terminal, with its clock stopped.
fn open_at_now(project: &Project, arguments: &str) -> Terminal {
    Terminal::open(
        project,
        arguments,
        80,
        &[("SOURCE_DATE_EPOCH", &NOW.to_string())],
    )
}

#[test]
fn out_of_order_apply() {
    let project = out_of_order();
    let mut terminal = open(&project, "migrate");
    assert_snapshot!(terminal.until("change nothing"), @"
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`
    , which is applied
      2026-01-20-000000_create_shelves
    ? What now ›
    ❯ apply   apply now, in version order, as `diesel` would
      rebase  give new versions, after the newest, then apply
      stop    change nothing
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`
    , which is applied
      2026-01-20-000000_create_shelves
    What now: apply
    main: applying 1 migration to sqlite://db.sqlite3
      applied 2026-01-20-000000_create_shelves  (1 statement, [elapsed])
    main: 1 migration applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans", "shelves"]);
}

#[test]
fn out_of_order_rebase() {
    let project = out_of_order();
    let mut terminal = open_at_now(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`
    , which is applied
      2026-01-20-000000_create_shelves
    What now: rebase
    Renamed `2026-01-20-000000_create_shelves` to `2026-11-20-101500_create_shelves`
    .
    main: applying 1 migration to sqlite://db.sqlite3
      applied 2026-11-20-101500_create_shelves  (1 statement, [elapsed])
    main: 1 migration applied in [elapsed].
    main is at 2026-11-20-101500_create_shelves (head).
    ");
    assert_eq!(
        folders(&project),
        [AUTHORS, BOOKS, LOANS, "2026-11-20-101500_create_shelves"]
    );
}

#[test]
fn out_of_order_stop() {
    let project = out_of_order();
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`
    , which is applied
      2026-01-20-000000_create_shelves
    What now: stop
    error: stopped, because 1 migration is pending, but older than `2026-02-02-10150
    0_create_loans`, which is applied
      nothing was changed
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn out_of_order_escape() {
    let project = out_of_order();
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(ESCAPE);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is pending, but older than `2026-02-02-101500_create_loans`
    , which is applied
      2026-01-20-000000_create_shelves
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn edited_shows_the_difference_and_stop_comes_first() {
    let project = edited();
    let mut terminal = Terminal::open(&project, "migrate", 120, &[]);
    assert_snapshot!(terminal.until("record the new text"), @"
    --- 2026-02-02-101500_create_loans as applied
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL, due TEXT);
    warning: 1 migration was edited after being applied
      migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)
    ? What now ›
    ❯ stop    change nothing; bring the file back, or write a new migration
      accept  the database is right as it is: record the new text
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    --- 2026-02-02-101500_create_loans as applied
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL, due TEXT);
    warning: 1 migration was edited after being applied
      migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)
    What now: stop
    error: stopped, because 1 migration was edited after being applied
      nothing was changed
    [exit 1]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn edited_accept_asks_why() {
    let project = edited();
    let mut terminal = Terminal::open(&project, "migrate", 120, &[]);
    terminal.until("record the new text");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.until("Why"), @"
    --- 2026-02-02-101500_create_loans as applied
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL, due TEXT);
    warning: 1 migration was edited after being applied
      migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)
    What now: accept
    ? Why is the edit right ›
    ");
    terminal.press("due was added by hand").press(ENTER);
    assert_snapshot!(terminal.end(), @"
    --- 2026-02-02-101500_create_loans as applied
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL, due TEXT);
    warning: 1 migration was edited after being applied
      migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)
    What now: accept
    ✔ Why is the edit right · due was added by hand
    Recorded the new text of `2026-02-02-101500_create_loans`.
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    let reason = "SELECT reason FROM __manage_history ORDER BY id DESC LIMIT 1";
    assert_eq!(probe(&project).value(reason), "due was added by hand");
}

#[test]
fn edited_accept_without_a_reason_accepts_nothing() {
    let project = edited();
    let mut terminal = Terminal::open(&project, "migrate", 120, &[]);
    terminal.until("record the new text");
    terminal.press(DOWN).press(ENTER);
    terminal.until("Why");
    assert_snapshot!(terminal.interrupt(), @"
    --- 2026-02-02-101500_create_loans as applied
    +++ migrations/2026-02-02-101500_create_loans/up.sql
    - CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL);
    + CREATE TABLE loans (id INTEGER PRIMARY KEY NOT NULL, reader TEXT NOT NULL, due TEXT);
    warning: 1 migration was edited after being applied
      migrations/2026-02-02-101500_create_loans/up.sql  (applied [time] UTC by tester)
    What now: accept
    ? Why is the edit right ›
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(history(&project).len(), 3);
}

#[test]
fn missing_restore() {
    let project = missing();
    let mut terminal = open(&project, "migrate");
    assert_snapshot!(terminal.until("change nothing"), @"
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    ? What now ›
    ❯ restore  write the folder again, from what the database recorded
      ignore   go on without it; a rollback uses the recorded SQL
      prune    forget that it was applied; the schema stays as it is
      stop     change nothing
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    What now: restore
    Restored `migrations/2026-02-02-101500_create_loans`.
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(folders(&project), [AUTHORS, BOOKS, LOANS]);
}

#[test]
fn missing_ignore() {
    let project = missing();
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    What now: ignore
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans.
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn missing_prune() {
    let project = missing();
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    What now: prune
    Forgot that `2026-02-02-101500_create_loans` was applied.
    main: nothing to apply.
    main is at 2026-01-12-140000_create_books (head).
    ");
    assert_eq!(ledger(&project).len(), 2);
    assert_eq!(tables(&project), ["authors", "books", "loans"]);
}

#[test]
fn missing_stop() {
    let project = missing();
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(DOWN).press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    What now: stop
    error: stopped, because 1 migration is applied, but the folder is gone
      nothing was changed
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn duplicate_renumber() {
    let project = duplicate();
    let mut terminal = open_at_now(&project, "migrate");
    assert_snapshot!(terminal.until("change nothing"), @"
    warning: 1 version is used by more than one folder; `diesel` runs one of them an
    d never the others
      20260112140000: 2026-01-12-140000_create_books and 20260112140000_create_shelv
    es
    ? What now ›
    ❯ renumber  give one of them a new version, after all others
      stop      change nothing
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 version is used by more than one folder; `diesel` runs one of them an
    d never the others
      20260112140000: 2026-01-12-140000_create_books and 20260112140000_create_shelv
    es
    What now: renumber
    Renamed `20260112140000_create_shelves` to `2026-11-20-101500_create_shelves`.
    main: applying 4 migrations to sqlite://db.sqlite3
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
      applied 2026-11-20-101500_create_shelves  (1 statement, [elapsed])
    main: 4 migrations applied in [elapsed].
    main is at 2026-11-20-101500_create_shelves (head).
    ");
    assert_eq!(
        folders(&project),
        [AUTHORS, BOOKS, LOANS, "2026-11-20-101500_create_shelves"]
    );
}

#[test]
fn duplicate_stop() {
    let project = duplicate();
    let mut terminal = open(&project, "migrate");
    terminal.until("change nothing");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 1 version is used by more than one folder; `diesel` runs one of them an
    d never the others
      20260112140000: 2026-01-12-140000_create_books and 20260112140000_create_shelv
    es
    What now: stop
    error: stopped, because 1 version is used by more than one folder; `diesel` runs
     one of them and never the others
      nothing was changed
    [exit 1]
    ");
    assert_eq!(tables(&project), [""; 0]);
}

#[test]
fn a_downgrade_asks_about_a_conflict_and_then_for_consent() {
    let project = missing();
    let mut terminal = open(&project, "downgrade");
    terminal.until("change nothing");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.until("show the SQL first"), @"
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    What now: ignore
    main: 1 migration will be reverted
      - 2026-02-02-101500_create_loans  (folder missing; from the recorded SQL)
          | DROP TABLE loans;
          drops table `loans`: empty
    ? Revert ›
    ❯ no    stop here, change nothing
      yes   revert 1 migration
      show  show the SQL first
    ");
    terminal.press(DOWN).press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert_eq!(tables(&project), ["authors", "books"]);
}

#[test]
fn a_conflict_on_a_narrow_terminal() {
    let project = out_of_order();
    let mut terminal = Terminal::open(&project, "migrate", 40, &[]);
    assert_snapshot!(terminal.until("change nothing"), @"
    warning: 1 migration is pending, but old
    er than `2026-02-02-101500_create_loans`
    , which is applied
      2026-01-20-000000_create_shelves
    ? What now ›
    ❯ apply   apply now, in version order…
      rebase  give new versions, after th…
      stop    change nothing
    ");
    terminal.press(ESCAPE);
    assert_snapshot!(terminal.end(), @"
    warning: 1 migration is pending, but old
    er than `2026-02-02-101500_create_loans`
    , which is applied
      2026-01-20-000000_create_shelves
    cancelled: stopped at the question; noth
    ing was run
    [exit 130]
    ");
}

#[test]
fn an_answered_question_leaves_one_line_however_narrow_the_terminal() {
    for columns in [30, 40, 60, 80] {
        let project = edited();
        let mut terminal = Terminal::open(&project, "migrate", columns, &[]);
        terminal.until("accept");
        terminal.press(ENTER);
        let ended = terminal.end();
        assert_eq!(ended.status, Some(1));
        assert!(
            !ended.screen.contains('❯'),
            "{columns} columns:\n{}",
            ended.screen
        );
    }
}

#[test]
fn quiet_shows_what_it_asks_about() {
    let project = out_of_order();
    let mut terminal = open(&project, "migrate -q");
    let screen = terminal.until("change nothing");
    assert_eq!(terminal.interrupt().status, Some(130));
    assert!(
        screen.contains("2026-01-20-000000_create_shelves"),
        "{screen}"
    );
}
