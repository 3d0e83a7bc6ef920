//! Migrate and downgrade within a branch, by its label or its folder.

use insta::assert_snapshot;

use crate::library::{ledger, pending};
use crate::support::Project;

const REPORTS: &str = "2026-02-01-080000_create_reports";
const LINES: &str = "2026-02-05-080000_create_report_lines";

/// The loans are the trunk's head; the reports have a branch of their own, from the books on.
fn labelled() -> Project {
    let project = pending();
    for (name, table, metadata) in [
        (
            REPORTS,
            "reports",
            "depends_on = [\"20260112140000\"]\nlabels = [\"reports\"]\n",
        ),
        (LINES, "report_lines", "depends_on = [\"20260201080000\"]\n"),
    ] {
        project
            .migration(
                name,
                &format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY NOT NULL);\n"),
                Some(&format!("DROP TABLE {table};\n")),
            )
            .metadata(
                name,
                &format!("run_in_transaction = true\n\n[manage]\n{metadata}"),
            );
    }
    project.metadata(
        "2026-02-02-101500_create_loans",
        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260112140000\"]\n",
    );
    project
}

/// Two folders; the invoices need the users.
fn folders() -> Project {
    let project = Project::new();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [core, billing]\n",
    );
    for (folder, name, metadata) in [
        ("core", "2026-01-01-000000_users", ""),
        ("core", "2026-01-03-000000_teams", ""),
        ("billing", "2026-01-02-000000_plans", ""),
        (
            "billing",
            "2026-01-04-000000_invoices",
            "depends_on = [\"20260102000000\", \"20260101000000\"]\n",
        ),
    ] {
        let table = name.split_once('_').map_or(name, |(_, table)| table);
        project
            .file(
                format!("{folder}/{name}/up.sql"),
                format!("CREATE TABLE {table} (id INTEGER);\n"),
            )
            .file(
                format!("{folder}/{name}/down.sql"),
                format!("DROP TABLE {table};\n"),
            );
        if !metadata.is_empty() {
            project.file(
                format!("{folder}/{name}/metadata.toml"),
                format!("run_in_transaction = true\n\n[manage]\n{metadata}"),
            );
        }
    }
    project
}

#[test]
fn a_label_s_head_brings_what_it_follows_and_nothing_else() {
    let project = labelled();
    assert_snapshot!(project.run("migrate reports@head"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
      applied 2026-01-12-140000_create_books  (2 statements, [elapsed])
      applied 2026-02-01-080000_create_reports  (1 statement, [elapsed])
      applied 2026-02-05-080000_create_report_lines  (1 statement, [elapsed])
    --- stderr ---
    main: applying 4 migrations to sqlite://db.sqlite3
    main: 4 migrations applied in [elapsed].
    main is at 2026-02-05-080000_create_report_lines (head).
    ");
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  5 migrations, 1 pending
     [X] 2026-01-05-090000_create_authors
     [X] 2026-01-12-140000_create_books
     [X] 2026-02-01-080000_create_reports  (reports)
     [ ] 2026-02-02-101500_create_loans  (head)
     [X] 2026-02-05-080000_create_report_lines  (head; reports)
    ");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-02-02-101500_create_loans  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-02-02-101500_create_loans (head) and 2026-02-05-080000_create_report_lines (head).
    ");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    main: nothing to apply.
    main is at 2026-02-02-101500_create_loans (head) and 2026-02-05-080000_create_report_lines (head).
    ");
}

#[test]
fn a_label_s_base_reverts_the_branch_alone() {
    let project = labelled();
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade reports@base -y"), @"
      reverted 2026-02-05-080000_create_report_lines  (1 statement, [elapsed])
      reverted 2026-02-01-080000_create_reports  (1 statement, [elapsed])
    --- stderr ---
    main: 2 migrations will be reverted, newest first
      - 2026-02-05-080000_create_report_lines
          drops table `report_lines`: empty
      - 2026-02-01-080000_create_reports
          drops table `reports`: empty
    main: 2 migrations reverted in [elapsed].
    main is at 2026-02-02-101500_create_loans (head).
    ");
    assert_eq!(
        ledger(&project),
        ["20260105090000", "20260112140000", "20260202101500"]
    );
}

#[test]
fn steps_and_names_count_within_the_branch() {
    let project = labelled();
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("downgrade reports@-1 --plan"), @"
    main  1 migration would be reverted
      - 2026-02-05-080000_create_report_lines
          drops table `report_lines`: empty
    ");
    assert_snapshot!(project.run("downgrade reports@create_reports --plan"), @"
    main  1 migration would be reverted
      - 2026-02-05-080000_create_report_lines
          drops table `report_lines`: empty
    ");
    let _ = project.run("downgrade reports@create_reports -y -q").ok();
    assert_snapshot!(project.run("migrate reports@+1 --plan"), @"
    main  1 migration would be applied
      + 2026-02-05-080000_create_report_lines
    ");
    assert_snapshot!(project.run("migrate reports@ --plan"), @"
    main  1 migration would be applied
      + 2026-02-05-080000_create_report_lines
    ");
}

#[test]
fn what_is_not_in_the_branch_is_not_found_there() {
    let project = labelled();
    assert_snapshot!(project.run("migrate nobody@head"), @"
    --- stderr ---
    error: no branch is called `nobody`
    hint: there is `reports`
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate reports@create_loans"), @"
    --- stderr ---
    error: no migration matches `reports@create_loans`
    hint: did you mean `2026-02-05-080000_create_report_lines` or `2026-02-01-080000_create_reports`?
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate reports@2026-02"), @"
    --- stderr ---
    error: `reports@2026-02` matches 2 migrations
      2026-02-01-080000_create_reports
      2026-02-05-080000_create_report_lines
    hint: type more of it, or the whole name of the directory
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate reports@+3"), @"
    --- stderr ---
    error: `reports@+3` goes too far: 2 migrations are pending
    hint: to apply them all: manage migrate reports@head
    [exit 1]
    ");
    assert_snapshot!(project.run("migrate @head"), @"
    --- stderr ---
    error: no branch is called ``
    hint: there is `reports`
    [exit 1]
    ");
}

#[test]
fn verbose_and_json_tell_what_is_followed() {
    let project = labelled();
    assert_snapshot!(project.run("showmigrations --plan -v"), @"
    main  sqlite://db.sqlite3  5 migrations, 5 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
         follows 2026-01-05-090000_create_authors
     [ ] 2026-02-01-080000_create_reports  (reports)
         follows 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
         follows 2026-01-12-140000_create_books
     [ ] 2026-02-05-080000_create_report_lines  (head; reports)
         follows 2026-02-01-080000_create_reports
    --- stderr ---
    settings: settings.yaml
    main: sqlite://$PROJECT/db.sqlite3
    ");
    let json = project.run("showmigrations --plan --json").ok();
    let value: serde_json::Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let told: Vec<String> = value["migrations"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| format!("{} {} {}", one["depends_on"], one["labels"], one["head"]))
        .collect();
    assert_eq!(
        told,
        [
            "[] [] false",
            "[\"20260105090000\"] [] false",
            "[\"20260112140000\"] [\"reports\"] false",
            "[\"20260112140000\"] [] true",
            "[\"20260201080000\"] [\"reports\"] true",
        ]
    );
}

#[test]
fn a_folder_is_a_branch_too() {
    let project = folders();
    assert_snapshot!(project.run("migrate billing@head"), @"
      applied 2026-01-01-000000_users  (1 statement, [elapsed])
      applied 2026-01-02-000000_plans  (1 statement, [elapsed])
      applied 2026-01-04-000000_invoices  (1 statement, [elapsed])
    --- stderr ---
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-01-01-000000_users and 2026-01-04-000000_invoices (head).
    ");
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  4 migrations, 1 pending
     [X] 2026-01-01-000000_users  (core)
     [X] 2026-01-02-000000_plans  (billing)
     [ ] 2026-01-03-000000_teams  (head; core)
     [X] 2026-01-04-000000_invoices  (head; billing)
    ");
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-03-000000_teams  (1 statement, [elapsed])
    --- stderr ---
    main: applying 1 migration to sqlite://db.sqlite3
    main: 1 migration applied in [elapsed].
    main is at 2026-01-03-000000_teams (head) and 2026-01-04-000000_invoices (head).
    ");
    // The invoices follow the users, so they go first.
    assert_snapshot!(project.run("downgrade core@base -y"), @"
      reverted 2026-01-04-000000_invoices  (1 statement, [elapsed])
      reverted 2026-01-03-000000_teams  (1 statement, [elapsed])
      reverted 2026-01-01-000000_users  (1 statement, [elapsed])
    --- stderr ---
    main: 3 migrations will be reverted, newest first
      - 2026-01-04-000000_invoices
          drops table `invoices`: empty
      - 2026-01-03-000000_teams
          drops table `teams`: empty
      - 2026-01-01-000000_users
          drops table `users`: empty
    main: 3 migrations reverted in [elapsed].
    main is at 2026-01-02-000000_plans.
    ");
}

#[test]
fn one_version_in_two_folders_is_found() {
    let project = folders();
    project
        .file(
            "billing/2026-01-01-000000_users/up.sql",
            "CREATE TABLE customers (id INTEGER);\n",
        )
        .file(
            "billing/2026-01-01-000000_users/down.sql",
            "DROP TABLE customers;\n",
        );
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: 1 version is used by more than one folder; `diesel` runs one of them and never the others, and nobody can be asked what to do
      20260101000000: core/2026-01-01-000000_users and billing/2026-01-01-000000_users
      nothing was changed
    hint: --on-duplicate renumber  (give one of them a new version, after all others)
    [exit 4]
    ");
    let output = project
        .manage("migrate --on-duplicate renumber")
        .at(crate::library::NOW)
        .run();
    assert_snapshot!(output, @"
      applied 2026-01-01-000000_users  (1 statement, [elapsed])
      applied 2026-01-02-000000_plans  (1 statement, [elapsed])
      applied 2026-01-03-000000_teams  (1 statement, [elapsed])
      applied 2026-01-04-000000_invoices  (1 statement, [elapsed])
      applied 2026-11-20-101500_users  (1 statement, [elapsed])
    --- stderr ---
    warning: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260101000000: core/2026-01-01-000000_users and billing/2026-01-01-000000_users
    Renamed `2026-01-01-000000_users` to `2026-11-20-101500_users`.
    main: applying 5 migrations to sqlite://db.sqlite3
    main: 5 migrations applied in [elapsed].
    main is at 2026-01-03-000000_teams (head) and 2026-11-20-101500_users (head).
    ");
    assert!(project.path("core/2026-01-01-000000_users").is_dir());
}
