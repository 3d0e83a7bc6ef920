//! Moving a branch after another: what is shown, what is refused, what is written.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use crate::library::{NOW, ledger, probe, probe_of, tables};
use crate::support::Project;

const BASE: &str = "2026-01-05-090000_base";
const MINE: &str = "2026-01-12-140000_mine";
const MORE: &str = "2026-01-13-140000_more";
const THEIRS: &str = "2026-02-02-101500_theirs";

const NEW_MINE: &str = "2026-11-20-101500_mine";
const NEW_MORE: &str = "2026-11-20-101501_more";

fn add(project: &Project, name: &str, follows: Option<&str>) {
    let table = name.split_once('_').map_or(name, |(_, table)| table);
    project.migration(
        name,
        &format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY NOT NULL);\n"),
        Some(&format!("DROP TABLE {table};\n")),
    );
    if let Some(follows) = follows {
        project.metadata(
            name,
            &format!(
                "run_in_transaction = true\n\n[manage]\ndepends_on = [\"{follows}\"]  # see there\n"
            ),
        );
    }
}

/// Two migrations on one branch and one on the other, with these settings.
fn parted_with(settings: &str) -> Project {
    let project = Project::new();
    project.settings(settings);
    add(&project, BASE, None);
    add(&project, MINE, Some("20260105090000"));
    add(&project, MORE, Some("2026-01-12-140000_mine"));
    add(&project, THEIRS, Some("20260105090000"));
    project
}

fn parted() -> Project {
    parted_with("connections:\n  main:\n    url: sqlite://db.sqlite3\n")
}

/// Two connections that share the folder.
fn shared() -> Project {
    parted_with(
        "default: main
connections:
  main: { url: sqlite://db.sqlite3, migrations: migrations }
  live: { url: sqlite://live.db, migrations: migrations, protected: true }
",
    )
}

fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

fn rebase(project: &Project, arguments: &str) -> crate::support::Output {
    project.manage(&format!("rebase {arguments}")).at(NOW).run()
}

#[test]
fn the_branch_that_was_named_goes_after_the_other() {
    let project = parted();
    let plan = rebase(&project, "mine --plan");
    assert_snapshot!(plan, @"
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    --- stderr ---
    main: moving 2 migrations after all others
    ");
    assert_eq!(folders(&project), [BASE, MINE, MORE, THEIRS]);
    assert_eq!(rebase(&project, "mine --dry-run").stdout, plan.stdout);

    assert_snapshot!(rebase(&project, "more"), @"
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    --- stderr ---
    main: moving 2 migrations after all others
    main: 2 folders renamed, `depends_on` of 2 migrations written.
    hint: prove that they work in this order: manage verify 2026-02-02-101500_theirs:head
    ");
    assert_eq!(folders(&project), [BASE, THEIRS, NEW_MINE, NEW_MORE]);
    assert_snapshot!(project.read(format!("migrations/{NEW_MORE}/metadata.toml")), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["20261120101500"]  # see there
    "#);
    project
        .run("check")
        .ok()
        .says("main: nothing found in 4 migrations.");
    let _ = project.run("verify 2026-02-02-101500_theirs:head").ok();
    assert_snapshot!(rebase(&project, ""), @"
    --- stderr ---
    main: the migrations are one line; there is nothing to move.
    ");
    assert_snapshot!(rebase(&project, "mine"), @"
    --- stderr ---
    main: they come after all others already.
    ");
}

#[test]
fn one_that_sorts_last_keeps_its_name() {
    let project = parted();
    assert_snapshot!(rebase(&project, "theirs"), @"
    2026-02-02-101500_theirs
      follows 2026-01-13-140000_more  (before: 2026-01-05-090000_base)
    --- stderr ---
    main: moving 1 migration after all others
    main: 0 folders renamed, `depends_on` of 1 migration written.
    hint: prove that they work in this order: manage verify 2026-01-13-140000_more:head
    ");
    assert_eq!(folders(&project), [BASE, MINE, MORE, THEIRS]);
    let _ = project.run("check").ok();
}

#[test]
fn a_program_reads_the_same() {
    let project = parted();
    let json = rebase(&project, "mine --json --plan").ok().json();
    assert_eq!(json.len(), 1);
    assert_eq!(
        json[0],
        serde_json::json!({
            "connection": "main",
            "because": [],
            "moves": [
                {
                    "name": MINE,
                    "version": "20260112140000",
                    "new_name": NEW_MINE,
                    "new_version": "20261120101500",
                    "followed": [BASE],
                    "follows": [THEIRS],
                    "applied_on": [],
                },
                {
                    "name": MORE,
                    "version": "20260113140000",
                    "new_name": NEW_MORE,
                    "new_version": "20261120101501",
                    "followed": [MINE],
                    "follows": [NEW_MINE],
                    "applied_on": [],
                },
            ],
            "not_asked": [],
            "written": false,
        })
    );
    let json = rebase(&project, "mine --json").ok().json();
    assert_eq!(json[0]["written"], true);
    let json = rebase(&project, "mine --json").ok().json();
    assert_eq!(json[0]["moves"], serde_json::json!([]));
    assert_eq!(json[0]["written"], false);
}

#[test]
fn the_branch_that_no_database_has_is_the_one_that_moves() {
    let project = parted();
    probe(&project).execute(
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
         run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO __diesel_schema_migrations (version) VALUES ('20260105090000'), ('20260202101500');",
    );
    assert_snapshot!(rebase(&project, "--plan"), @"
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    --- stderr ---
    main: moving 2 migrations after all others; `main` has the other branch, and nothing of this one
    ");
}

#[test]
fn where_nothing_tells_it_is_a_question() {
    let project = parted();
    assert_snapshot!(rebase(&project, ""), @"
    --- stderr ---
    error: which branch moves after the other is not known, and nobody can be asked
      nothing was changed
    hint: move this one: manage rebase 2026-01-12-140000_mine
    hint: move this one: manage rebase 2026-02-02-101500_theirs
    [exit 4]
    ");
}

#[test]
fn what_is_late_moves_without_being_named() {
    let project = Project::new();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n");
    add(&project, BASE, None);
    add(&project, THEIRS, None);
    let _ = project.run("migrate").ok();
    add(&project, MINE, None);
    add(&project, MORE, Some("20260112140000"));
    assert_snapshot!(rebase(&project, "--plan"), @"
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    --- stderr ---
    main: moving 2 migrations after all others; pending, and older than `2026-02-02-101500_theirs`, which is applied on `main`
    ");
}

#[test]
fn a_name_that_means_nothing_is_an_error() {
    let project = parted();
    assert_snapshot!(rebase(&project, "shelves"), @"
    --- stderr ---
    error: no migration matches `shelves`
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(rebase(&project, "zero"), @"
    --- stderr ---
    error: `zero` is no migration that can be moved
    hint: see what there is: manage showmigrations
    [exit 2]
    ");
    assert_eq!(folders(&project), [BASE, MINE, MORE, THEIRS]);
}

#[test]
fn what_is_applied_anywhere_stays_unless_its_row_moves_too() {
    let project = shared();
    let _ = project
        .run("migrate -d live mine --on-diverged apply --confirm live")
        .ok();
    assert_snapshot!(rebase(&project, "mine"), @"
    --- stderr ---
    error: `2026-01-12-140000_mine` is applied on `live`, so it is not moved
      nothing was changed
    hint: move its row in the ledger too: manage rebase 2026-01-12-140000_mine --move-applied
    [exit 1]
    ");
    assert_snapshot!(rebase(&project, "mine --plan"), @"
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    --- stderr ---
    warning: `2026-01-12-140000_mine` is applied on `live`, so it is not moved
    main: moving 2 migrations after all others
    ");
    // Consent by `--yes` is not enough for a protected connection.
    assert_snapshot!(rebase(&project, "mine --move-applied -y"), @"
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    --- stderr ---
    main: moving 2 migrations after all others
    This would change the ledger of `live`: 1 row.
    error: `live` is protected, and nobody can be asked
      nothing was changed
    hint: consent for a protected connection: --confirm live
    [exit 4]
    ");
    assert_eq!(folders(&project), [BASE, MINE, MORE, THEIRS]);
    assert_snapshot!(rebase(&project, "mine --move-applied --confirm live"), @"
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
      follows 2026-02-02-101500_theirs  (before: 2026-01-05-090000_base)
    2026-01-13-140000_more -> 2026-11-20-101501_more
      follows 2026-11-20-101500_mine  (before: 2026-01-12-140000_mine)
    --- stderr ---
    main: moving 2 migrations after all others
    live: 1 row moved in the ledger.
    main: 2 folders renamed, `depends_on` of 2 migrations written.
    hint: prove that they work in this order: manage verify 2026-02-02-101500_theirs:head
    ");
    let mut live = probe_of(&project.path("live.db"));
    assert_eq!(
        live.lines("SELECT version FROM __diesel_schema_migrations ORDER BY version"),
        ["20260105090000", "20261120101500"]
    );
    assert_eq!(
        live.lines(
            "SELECT action, version, reason, up_sql IS NOT NULL FROM __manage_history ORDER BY id"
        ),
        [
            "apply|20260105090000|NULL|1",
            "apply|20260112140000|NULL|1",
            "apply|20261120101500|rebased from 2026-01-12-140000_mine|1",
            "unfake|20260112140000|rebased to 2026-11-20-101500_mine|0",
        ]
    );
    // An edit of what was applied is still noticed, and the way back is known.
    let _ = project.run("showmigrations -d live").ok();
    project
        .run("migrate -d live --plan")
        .ok()
        .says("  + 2026-11-20-101501_more");
    project.file(format!("migrations/{NEW_MINE}/up.sql"), "SELECT 2;\n");
    project
        .run("migrate -d live --plan")
        .ok()
        .says("warning: 1 migration was edited after being applied");
}

#[test]
fn moving_a_row_is_asked_where_the_connection_is_not_protected() {
    let project = parted();
    let _ = project.run("migrate mine --on-diverged apply").ok();
    let out = rebase(&project, "mine --move-applied").exits(4);
    out.says("error: this would change the ledger of `main`: 1 row, and nobody can be asked")
        .says("hint: do it without asking: --yes");
    assert_eq!(ledger(&project), ["20260105090000", "20260112140000"]);
    let _ = rebase(&project, "mine --move-applied -y").ok();
    assert_eq!(ledger(&project), ["20260105090000", "20261120101500"]);
    // The other branch comes before it now, and is pending: that is out of order, and a decision.
    let _ = project.run("migrate").exits(4);
    let _ = project.run("migrate --on-out-of-order apply").ok();
    assert_eq!(tables(&project), ["base", "mine", "more", "theirs"]);
}

#[test]
fn a_database_that_cannot_be_asked_is_told_of() {
    let project = parted_with(
        "default: main
connections:
  main: { url: sqlite://db.sqlite3, migrations: migrations }
  far: { url: 'postgres://nobody@127.0.0.1:1/far', migrations: migrations }
  other: { url: 'postgres://nobody@127.0.0.1:1/other', migrations: elsewhere }
",
    );
    let out = rebase(&project, "mine").ok();
    out.says("warning: `far` could not be asked what is applied there: the PostgreSQL server at `127.0.0.1:1` refused the connection")
        .never_says("`other`");
    assert_eq!(folders(&project), [BASE, THEIRS, NEW_MINE, NEW_MORE]);
}

#[test]
fn a_migration_without_metadata_gets_one_only_where_it_is_needed() {
    let project = Project::new();
    project.settings("connections:\n  main:\n    url: sqlite://db.sqlite3\n");
    for name in [BASE, MINE, THEIRS] {
        add(&project, name, None);
    }
    assert_snapshot!(rebase(&project, "mine"), @"
    2026-01-12-140000_mine -> 2026-11-20-101500_mine
    --- stderr ---
    main: moving 1 migration after all others
    main: 1 folder renamed, `depends_on` of 0 migrations written.
    hint: prove that they work in this order: manage verify 2026-02-02-101500_theirs:head
    ");
    let metadata = project.folder_of(NEW_MINE).join("metadata.toml");
    assert!(!metadata.exists());
    // A file without the key makes Diesel run it outside of a transaction; that stays so.
    project.metadata(NEW_MINE, "# nothing\n");
    add(&project, "2026-11-21-000000_other", Some("20260202101500"));
    let out = project.manage("rebase mine").at(NOW + 1_000_000).run().ok();
    assert_eq!(
        out.stdout,
        "2026-11-20-101500_mine -> 2026-12-02-000140_mine\n"
    );
}

#[test]
fn the_file_that_names_the_newest_is_written_anew() {
    let project = parted_with(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    linear_history: true\n",
    );
    let _ = rebase(&project, "mine").ok();
    assert_eq!(
        project.read("migrations/latest.txt"),
        format!("{NEW_MORE}\n")
    );
    project.file("migrations/latest.txt", "2026-01-01-000000_gone\n");
    let _ = rebase(&project, "--plan").ok();
    assert_eq!(
        project.read("migrations/latest.txt"),
        "2026-01-01-000000_gone\n"
    );
    let _ = rebase(&project, "").ok();
    assert_eq!(
        project.read("migrations/latest.txt"),
        format!("{NEW_MORE}\n")
    );
    let out = project
        .manage("makemigrations")
        .arg("Add readers")
        .at(NOW)
        .run();
    let _ = out.ok();
    assert_eq!(
        project.read("migrations/latest.txt"),
        "2026-11-20-101502_add_readers\n"
    );
}

#[test]
fn marks_of_git_stop_a_run() {
    let project = parted_with(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    linear_history: true\n",
    );
    let _ = rebase(&project, "mine").ok();
    project.file(
        "migrations/latest.txt",
        format!("<<<<<<< HEAD\n{NEW_MORE}\n=======\n{THEIRS}\n>>>>>>> other\n"),
    );
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: migrations/latest.txt:1:1: git could not merge it: two branches added migrations
      nothing was run
    hint: put one after the other: manage rebase; or join them: manage merge
    [exit 1]
    ");
    project
        .run("migrate --plan")
        .ok()
        .says("  + 2026-01-05-090000_base");
    let _ = rebase(&project, "").ok();
    let _ = project.run("migrate").ok();
}

#[test]
fn programs_at_once_never_give_one_version_twice() {
    let project = parted();
    let rebases: Vec<_> = (0..3)
        .map(|_| project.manage("rebase mine").at(NOW).start())
        .collect();
    let writers: Vec<_> = (0..4)
        .map(|number| {
            project
                // Which is a head or none any more, as the moment has it.
                .manage("makemigrations --empty --head theirs --splice")
                .arg(format!("Number {number}"))
                .at(NOW)
                .start()
        })
        .collect();
    for running in rebases {
        // It may find that the folder was changed, and then has changed nothing.
        let _ = running.wait();
    }
    for running in writers {
        let _ = running.wait().ok();
    }
    let names = folders(&project);
    let versions: BTreeSet<&str> = names
        .iter()
        .filter_map(|name| name.split_once('_'))
        .map(|(version, _)| version)
        .collect();
    assert_eq!(names.len(), 8);
    assert_eq!(versions.len(), 8);
    assert_eq!(
        names.iter().filter(|name| name.ends_with("_mine")).count(),
        1
    );
}
