use insta::assert_snapshot;

use crate::library::{BOOKS, NOW, pending};
use crate::support::Project;
use crate::terminal::{DOWN, ENTER, Terminal};

const THEIRS: &str = "2026-02-03-090000_theirs";

/// Two migrations after the second one, that know nothing of each other.
fn parted() -> Project {
    let project = pending();
    project.migration(THEIRS, "SELECT 1;\n", Some("SELECT 1;\n"));
    let version = BOOKS.split('_').next().unwrap_or_default().replace('-', "");
    project.metadata(
        THEIRS,
        &format!("run_in_transaction = true\n[manage]\ndepends_on = [\"{version}\"]\n"),
    );
    project
}

fn open(project: &Project, line: &str) -> Terminal {
    Terminal::open(
        project,
        line,
        100,
        &[("SOURCE_DATE_EPOCH", &*NOW.to_string())],
    )
}

fn follows(project: &Project, name: &str) -> String {
    let text = project.read(format!("migrations/{name}/metadata.toml"));
    text.lines().skip(3).collect::<Vec<_>>().join("; ")
}

#[test]
fn where_branches_have_parted_it_asks_which_one_to_follow() {
    let project = parted();
    let mut terminal = open(&project, "makemigrations shelves");
    assert_snapshot!(terminal.until("stop"), @"
    warning: 2 branches have parted
    ? Which one does the migration follow ›
    ❯ merge                           join them first, by a migration that follows them all
      2026-02-02-101500_create_loans  follow this one alone
      2026-02-03-090000_theirs        follow this one alone
      stop                            write nothing
    ");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    assert_snapshot!(terminal.end(), @"
    warning: 2 branches have parted
    Which one does the migration follow: 2026-02-03-090000_theirs
    note: it stays parted from `2026-02-02-101500_create_loans`; to join them: manage merge
    migrations/2026-11-20-101500_shelves
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(follows(&project, "2026-11-20-101500_shelves"), @r#"depends_on = ["20260203090000"]"#);
}

#[test]
fn they_may_be_joined_first() {
    let project = parted();
    let mut terminal = open(&project, "makemigrations shelves -q");
    terminal.until("stop");
    terminal.press(ENTER);
    let _ = terminal.end();
    let written: Vec<String> = project
        .tree("migrations")
        .into_iter()
        .filter(|path| path.starts_with("2026-11-20") && !path.contains('/'))
        .collect();
    assert_eq!(written.len(), 2, "{written:?}");
    // The second of them follows the first, which joins the two.
    assert_snapshot!(follows(&project, &written[0]), @r#"depends_on = ["20260202101500", "20260203090000"]"#);
    assert_snapshot!(follows(&project, &written[1]), @r#"depends_on = ["20261120101500"]"#);
}

#[test]
fn stopping_writes_nothing() {
    let project = parted();
    let before = project.tree(".");
    let mut terminal = open(&project, "makemigrations shelves");
    terminal.until("stop");
    terminal.press(DOWN).press(DOWN).press(DOWN).press(ENTER);
    assert_eq!(terminal.end().status, Some(130));
    assert_eq!(project.tree("."), before);
    let mut terminal = open(&project, "makemigrations shelves");
    terminal.until("stop");
    assert_eq!(terminal.interrupt().status, Some(130));
    assert_eq!(project.tree("."), before);
}

#[test]
fn a_dry_run_does_not_offer_to_write_a_merge() {
    let project = parted();
    let before = project.tree(".");
    let mut terminal = open(&project, "makemigrations shelves --dry-run");
    assert_snapshot!(terminal.until("stop"), @"
    warning: 2 branches have parted
    ? Which one does the migration follow ›
    ❯ 2026-02-02-101500_create_loans  follow this one alone
      2026-02-03-090000_theirs        follow this one alone
      stop                            write nothing
    ");
    terminal.press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert_eq!(project.tree("."), before);
}

const FOLDER: &str = "migrations/2026-11-20-101500_create_users";

/// A migration made from the models, with a row added by hand.
fn edited() -> Project {
    let project = Project::new();
    let models =
        |columns: &str| format!("diesel::table! {{ users (id) {{ id -> Integer, {columns} }} }}\n");
    project
        .settings(
            "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
        )
        .file("src/schema.rs", models("name -> Text,"));
    let _ = project.manage("makemigrations -q").at(NOW).run().ok();
    let up = project.read(format!("{FOLDER}/up.sql"));
    project
        .file(
            format!("{FOLDER}/up.sql"),
            format!("{up}INSERT INTO users (name) VALUES ('Ada');\n"),
        )
        .file(
            "src/schema.rs",
            models("name -> Text, age -> Nullable<Integer>,"),
        );
    project
}

#[test]
fn what_was_written_by_hand_is_shown_and_asked_about() {
    let project = edited();
    let mut terminal = open(&project, "makemigrations --update");
    terminal.until("show the SQL first");
    terminal.press(DOWN).press(DOWN).press(ENTER);
    let screen = terminal.until("DROP TABLE");
    assert!(screen.contains("INSERT INTO users (name) VALUES ('Ada');"));
    terminal.press(DOWN).press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert!(project.read(format!("{FOLDER}/up.sql")).contains("age"));
}

#[test]
fn enter_alone_keeps_what_was_written_by_hand() {
    let project = edited();
    let mut terminal = open(&project, "makemigrations --update");
    terminal.until("show the SQL first");
    terminal.press(ENTER);
    assert_eq!(terminal.end().status, Some(130));
    assert!(project.read(format!("{FOLDER}/up.sql")).contains("Ada"));
}
