//! Branches that do not go together, as a person at a terminal decides.

use insta::assert_snapshot;

use crate::library::{NOW, empty};
use crate::support::Project;
use crate::terminal::{CTRL_C, DOWN, ENTER, Terminal};

const BASE: &str = "2026-01-01-000000_users";
const A: &str = "2026-02-01-000000_a";
const B: &str = "2026-02-02-000000_b";

fn clashing() -> Project {
    let project = empty();
    project.migration(
        BASE,
        "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL);\n",
        Some("DROP TABLE users;\n"),
    );
    for (name, kind) in [(A, "TEXT"), (B, "INTEGER")] {
        project
            .migration(
                name,
                &format!("ALTER TABLE users ADD COLUMN age {kind};\n"),
                Some("ALTER TABLE users DROP COLUMN age;\n"),
            )
            .metadata(
                name,
                "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260101000000\"]\n",
            );
    }
    project
}

fn open(project: &Project, arguments: &str) -> Terminal {
    Terminal::open(
        project,
        arguments,
        100,
        &[("SOURCE_DATE_EPOCH", &NOW.to_string())],
    )
}

/// The folders of the migrations.
fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

#[test]
fn a_person_may_stop() {
    let project = clashing();
    let mut terminal = open(&project, "merge");
    assert_snapshot!(terminal.until("all the same"), @"
    Joining 2 branches that parted after `2026-01-01-000000_users`:
      2026-02-01-000000_a
      2026-02-02-000000_b
    warning: `a` and `b` do not go together
      `a` first: `2026-02-02-000000_b` fails at migrations/2026-02-02-000000_b/up.sql:1:30
          duplicate column name: age
      `b` first: `2026-02-01-000000_a` fails at migrations/2026-02-01-000000_a/up.sql:1:30
          duplicate column name: age
    ? What now ›
    ❯ stop    write nothing
      rebase  write nothing; put yours after theirs instead
      write   merge all the same
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    Joining 2 branches that parted after `2026-01-01-000000_users`:
      2026-02-01-000000_a
      2026-02-02-000000_b
    warning: `a` and `b` do not go together
      `a` first: `2026-02-02-000000_b` fails at migrations/2026-02-02-000000_b/up.sql:1:30
          duplicate column name: age
      `b` first: `2026-02-01-000000_a` fails at migrations/2026-02-01-000000_a/up.sql:1:30
          duplicate column name: age
    What now: stop
    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(folders(&project), [BASE, A, B]);
}

#[test]
fn a_person_may_rebase_instead() {
    let project = clashing();
    let mut terminal = open(&project, "merge -q");
    terminal.until("all the same");
    terminal.press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: `a` and `b` do not go together
      `a` first: `2026-02-02-000000_b` fails at migrations/2026-02-02-000000_b/up.sql:1:30
          duplicate column name: age
      `b` first: `2026-02-01-000000_a` fails at migrations/2026-02-01-000000_a/up.sql:1:30
          duplicate column name: age
    What now: rebase
    cancelled: nothing was merged, because yours are to come after theirs
    hint: now run: manage rebase
    [exit 130]
    ");
    assert_eq!(folders(&project), [BASE, A, B]);
}

#[test]
fn a_person_may_merge_all_the_same() {
    let project = clashing();
    let mut terminal = open(&project, "makemigrations --merge");
    terminal.until("all the same");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    Joining 2 branches that parted after `2026-01-01-000000_users`:
      2026-02-01-000000_a
      2026-02-02-000000_b
    warning: `a` and `b` do not go together
      `a` first: `2026-02-02-000000_b` fails at migrations/2026-02-02-000000_b/up.sql:1:30
          duplicate column name: age
      `b` first: `2026-02-01-000000_a` fails at migrations/2026-02-01-000000_a/up.sql:1:30
          duplicate column name: age
    What now: write
    migrations/2026-11-20-101500_merge_a_and_b
    Commit it, then run: manage migrate
    ");
    assert_eq!(
        folders(&project),
        [BASE, A, B, "2026-11-20-101500_merge_a_and_b"]
    );
}

#[test]
fn ctrl_c_at_the_question_writes_nothing() {
    let project = clashing();
    let mut terminal = open(&project, "merge -q");
    terminal.until("all the same");
    terminal.press(CTRL_C);
    assert_snapshot!(terminal.end(), @"
    warning: `a` and `b` do not go together
      `a` first: `2026-02-02-000000_b` fails at migrations/2026-02-02-000000_b/up.sql:1:30
          duplicate column name: age
      `b` first: `2026-02-01-000000_a` fails at migrations/2026-02-01-000000_a/up.sql:1:30
          duplicate column name: age
    ? What now ›
    ❯ stop    write nothing
      rebase  write nothing; put yours after theirs instead
      write   merge all the same

    cancelled: stopped at the question; nothing was run
    [exit 130]
    ");
    assert_eq!(folders(&project), [BASE, A, B]);
}
