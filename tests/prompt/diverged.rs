use insta::assert_snapshot;

use crate::library::{NOW, applied, ledger, pending, tables};
use crate::support::Project;
use crate::terminal::{CTRL_C, DOWN, ENTER, Terminal};

const SHELVES: &str = "2026-02-03-090000_create_shelves";
const PAGES: &str = "2026-02-04-110000_count_pages";

/// Somebody else wrote shelves and pages after the books, while the loans were written here.
fn part(project: &Project) {
    project
        .migration(
            SHELVES,
            "CREATE TABLE shelves (id INTEGER PRIMARY KEY NOT NULL);\n",
            Some("DROP TABLE shelves;\n"),
        )
        .migration(
            PAGES,
            "ALTER TABLE books ADD COLUMN pages INTEGER;\nUPDATE shelves SET id = 1;\n",
            Some("ALTER TABLE books DROP COLUMN pages;\n"),
        );
    for (name, follows) in [(SHELVES, "20260112140000"), (PAGES, "20260203090000")] {
        project.metadata(
            name,
            &format!("run_in_transaction = true\n\n[manage]\ndepends_on = [\"{follows}\"]\n"),
        );
    }
}

fn diverged() -> Project {
    let project = applied();
    part(&project);
    project
}

fn open(project: &Project) -> Terminal {
    Terminal::open(
        project,
        "migrate",
        100,
        &[("SOURCE_DATE_EPOCH", &NOW.to_string())],
    )
}

fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

#[test]
fn both_sides_are_shown_and_merge_comes_first() {
    let project = diverged();
    let mut terminal = open(&project);
    assert_snapshot!(terminal.until("change nothing"), @"
    warning: the migrations have diverged: 2 heads that nothing joins
      [X] 2026-01-12-140000_create_books
      ├─ [X] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books and shelves
    ? What now ›
    ❯ merge   write a migration that joins them, once it is proved that they go together
      rebase  put my side after the other, then apply
      apply   apply in version order, as `diesel` would; the heads stay
      stop    change nothing
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: the migrations have diverged: 2 heads that nothing joins
      [X] 2026-01-12-140000_create_books
      ├─ [X] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books and shelves
    What now: merge
    Joining 2 branches that parted after `2026-01-12-140000_create_books`:
      2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages  (2 migrations)
    proved: the same schema and the same rows in 2 orders, and the way back leads back to the schema
    Wrote `migrations/2026-11-20-101500_merge_create_loans_and_count_pages`.
    main: applying 3 migrations to sqlite://db.sqlite3
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (2 statements, [elapsed])
      applied 2026-11-20-101500_merge_create_loans_and_count_pages  (1 statement, [elapsed])
    main: 3 migrations applied in [elapsed].
    main is at 2026-11-20-101500_merge_create_loans_and_count_pages (head).
    ");
    assert_eq!(folders(&project).len(), 6);
    assert_eq!(ledger(&project).len(), 6);
}

#[test]
fn rebase_moves_the_side_of_which_nothing_is_applied() {
    let project = diverged();
    let mut terminal = open(&project);
    terminal.until("change nothing");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: the migrations have diverged: 2 heads that nothing joins
      [X] 2026-01-12-140000_create_books
      ├─ [X] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books and shelves
    What now: rebase
    Mended `migrations/2026-02-03-090000_create_shelves/metadata.toml`.
    main: applying 2 migrations to sqlite://db.sqlite3
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (2 statements, [elapsed])
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-04-110000_count_pages (head).
    ");
    assert_eq!(ledger(&project).len(), 5);
    let heads = project.run("showmigrations").ok();
    assert_eq!(heads.stdout.matches("head").count(), 1);
}

#[test]
fn rebase_asks_which_side_is_mine_where_nothing_is_applied() {
    let project = pending();
    part(&project);
    let mut terminal = open(&project);
    terminal.until("change nothing");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.until("(2 migrations)"), @"
    warning: the migrations have diverged: 2 heads that nothing joins
      [ ] 2026-01-12-140000_create_books
      ├─ [ ] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books and shelves
    What now: rebase
    ? Which side is yours? It goes after the other ›
    ❯ 2026-02-02-101500_create_loans
      2026-02-04-110000_count_pages  (2 migrations)
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: the migrations have diverged: 2 heads that nothing joins
      [ ] 2026-01-12-140000_create_books
      ├─ [ ] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books and shelves
    What now: rebase
    Which side is yours? It goes after the other: 2026-02-02-101500_create_loans
    Renamed `2026-02-02-101500_create_loans` to `2026-11-20-101500_create_loans`.
    main: applying 5 migrations to sqlite://db.sqlite3
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (2 statements, [elapsed])
      applied 2026-11-20-101500_create_loans  (1 statement, [elapsed])
    main: 5 migrations applied in [elapsed].
    main is at 2026-11-20-101500_create_loans (head).
    ");
    assert_eq!(
        folders(&project).last().map(String::as_str),
        Some("2026-11-20-101500_create_loans")
    );
}

#[test]
fn apply_leaves_the_heads() {
    let project = diverged();
    let mut terminal = open(&project);
    terminal.until("change nothing");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: the migrations have diverged: 2 heads that nothing joins
      [X] 2026-01-12-140000_create_books
      ├─ [X] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books and shelves
    What now: apply
    main: applying 2 migrations to sqlite://db.sqlite3
      applied 2026-02-03-090000_create_shelves  (1 statement, [elapsed])
      applied 2026-02-04-110000_count_pages  (2 statements, [elapsed])
    main: 2 migrations applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head) and 2026-02-04-110000_count_pages (head).
    ");
    assert_eq!(tables(&project), ["authors", "books", "loans", "shelves"]);
}

#[test]
fn stop_changes_nothing() {
    let project = diverged();
    let mut terminal = open(&project);
    terminal.until("change nothing");
    terminal.press(DOWN).press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: the migrations have diverged: 2 heads that nothing joins
      [X] 2026-01-12-140000_create_books
      ├─ [X] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books and shelves
    What now: stop
    error: stopped, because the migrations have diverged: 2 heads that nothing joins
      nothing was changed
    [exit 1]
    ");
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn ctrl_c_changes_nothing() {
    let project = diverged();
    let mut terminal = open(&project);
    terminal.until("change nothing");
    terminal.press(CTRL_C);
    assert_snapshot!(terminal.end(), @"
    warning: the migrations have diverged: 2 heads that nothing joins
      [X] 2026-01-12-140000_create_books
      ├─ [X] 2026-02-02-101500_create_loans    loans
      └─ [ ] 2026-02-03-090000_create_shelves  shelves
         [ ] 2026-02-04-110000_count_pages     books and shelves
    ? What now ›
    ❯ merge   write a migration that joins them, once it is proved that they go together
      rebase  put my side after the other, then apply
      apply   apply in version order, as `diesel` would; the heads stay
      stop    change nothing

    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(ledger(&project).len(), 3);
    assert_eq!(folders(&project).len(), 5);
}
