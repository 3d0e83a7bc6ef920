//! Which branch is mine, asked; and consent for what a database knows.

use insta::assert_snapshot;

use crate::support::Project;
use crate::terminal::{DOWN, ENTER, ESCAPE, Terminal};

const NOW: &str = "1795169700";

const MIGRATIONS: [(&str, Option<&str>); 4] = [
    ("2026-01-05-090000_base", None),
    ("2026-01-12-140000_mine", Some("20260105090000")),
    ("2026-01-13-140000_more", Some("20260112140000")),
    ("2026-02-02-101500_theirs", Some("20260105090000")),
];

fn parted(protected: &str) -> Project {
    let project = Project::new();
    project.settings(&format!(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n{protected}"
    ));
    for (name, follows) in MIGRATIONS {
        let table = name.split_once('_').map_or(name, |(_, table)| table);
        project.migration(
            name,
            &format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY NOT NULL);\n"),
            Some(&format!("DROP TABLE {table};\n")),
        );
        if let Some(follows) = follows {
            project.metadata(
                name,
                &format!("run_in_transaction = true\n\n[manage]\ndepends_on = [\"{follows}\"]\n"),
            );
        }
    }
    project
}

fn open(project: &Project, arguments: &str) -> Terminal {
    Terminal::open(project, arguments, 80, &[("SOURCE_DATE_EPOCH", NOW)])
}

fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

#[test]
fn the_branch_that_moves_is_chosen() {
    let project = parted("");
    let mut terminal = open(&project, "rebase");
    assert_snapshot!(terminal.until("_theirs"), @"
    ? Which branch moves after the other ›
    ❯ 2026-01-12-140000_mine    and 1 after it
      2026-02-02-101500_theirs
    ");
    terminal.press(ENTER);
    assert_snapshot!(terminal.end(), @"
    Which branch moves after the other: 2026-01-12-140000_mine
    main: moving 2 migrations after all others
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    main: 2 folders renamed, `depends_on` of 2 migrations written.
    hint: prove that they work in this order: manage verify 2026-02-02-101500_theirs
    :head
    ");
    assert_eq!(
        folders(&project),
        [
            "2026-01-05-090000_base",
            "2026-02-02-101500_theirs",
            "2026-11-20-101500_mine",
            "2026-11-20-101501_more"
        ]
    );
}

#[test]
fn whoever_leaves_the_question_changes_nothing() {
    let project = parted("");
    let before = folders(&project);
    let mut terminal = open(&project, "rebase");
    terminal.until("_theirs");
    terminal.press(ESCAPE);
    assert_eq!(terminal.end().status, Some(130));
    assert_eq!(folders(&project), before);
}

#[test]
fn a_row_of_the_ledger_moves_after_consent() {
    let project = parted("");
    let _ = project.run("migrate mine --on-diverged apply").ok();
    let before = folders(&project);
    let mut terminal = open(&project, "rebase mine --move-applied");
    assert_snapshot!(terminal.until("yes "), @"
    main: moving 2 migrations after all others
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    ? Go on ›
    ❯ no   stop here, change nothing
      yes  change the ledger of `main`: 1 row
    ");
    terminal.press(ENTER);
    assert_eq!(terminal.end().status, Some(130));
    assert_eq!(folders(&project), before);
    let mut terminal = open(&project, "rebase mine --move-applied");
    terminal.until("yes ");
    terminal.press(DOWN).press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert_ne!(folders(&project), before);
}

#[test]
fn a_protected_connection_wants_its_name() {
    let project = parted("    protected: true\n");
    let _ = project
        .run("migrate mine --on-diverged apply --confirm main")
        .ok();
    let before = folders(&project);
    let mut terminal = open(&project, "rebase mine --move-applied");
    assert_snapshot!(terminal.until("to go on"), @"
    main: moving 2 migrations after all others
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    This would change the ledger of `main`: 1 row.
    ? `main` is protected; type its name to go on ›
    ");
    terminal.press("live").press(ENTER);
    assert_eq!(terminal.end().status, Some(2));
    assert_eq!(folders(&project), before);
    let mut terminal = open(&project, "rebase mine --move-applied");
    terminal.until("to go on");
    terminal.press("main").press(ENTER);
    assert_eq!(terminal.end().status, Some(0));
    assert_ne!(folders(&project), before);
}
