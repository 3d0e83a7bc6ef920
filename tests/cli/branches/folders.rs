use insta::assert_snapshot;

use crate::library::NOW;
use crate::pretty::pretty;
use crate::support::Project;

const SHOP: &str = "2026-01-01-000000_shop";
const INVOICES: &str = "2026-01-02-000000_invoices";

/// Two folders of one connection, with a migration in each.
fn project() -> Project {
    let project = Project::new();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [migrations, billing]\n",
    );
    sql(
        &project,
        "migrations",
        SHOP,
        "CREATE TABLE shop (id INTEGER);\n",
    );
    sql(
        &project,
        "billing",
        INVOICES,
        "CREATE TABLE invoices (id INTEGER);\n",
    );
    project
}

fn sql(project: &Project, folder: &str, name: &str, up: &str) {
    project.file(format!("{folder}/{name}/up.sql"), up);
    project.file(format!("{folder}/{name}/down.sql"), "SELECT 1;\n");
}

fn follows(project: &Project, folder: &str) -> String {
    let text = project.read(format!("{folder}/metadata.toml"));
    let lines: Vec<&str> = text.lines().skip(3).collect();
    lines.join("; ")
}

#[test]
fn a_new_migration_goes_to_the_first_folder_and_after_all_of_both() {
    let project = project();
    sql(&project, "billing", "2027-01-01-000000_far", "SELECT 1;\n");
    assert_snapshot!(project.manage("makemigrations shelves").at(NOW).run(), @"
    migrations/2027-01-01-000001_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(follows(&project, "migrations/2027-01-01-000001_shelves"), @r#"depends_on = ["20260101000000"]"#);
}

#[test]
fn the_folder_is_chosen_by_its_path_or_what_it_is_called() {
    let project = project();
    assert_snapshot!(project.manage("makemigrations one -q --dir billing").at(NOW).run(), @"billing/2026-11-20-101500_one");
    assert_snapshot!(project.manage("makemigrations two -q --dir ./billing/").at(NOW).run(), @"billing/2026-11-20-101501_two");
    assert_snapshot!(project.manage("makemigrations three -q --version-path billing --json").at(NOW).run(), @r#"{"connection":"main","version":"20261120101502","path":"billing/2026-11-20-101502_three","depends_on":["20261120101501"],"labels":[]}"#);
    let within = project.path("billing");
    assert_snapshot!(project.manage("makemigrations four -q --dir .").within(&within).at(NOW).run(), @"./2026-11-20-101503_four");
    assert_snapshot!(project.manage("makemigrations five -q --dir migrations").at(NOW).run(), @"migrations/2026-11-20-101504_five");
    assert_snapshot!(follows(&project, "billing/2026-11-20-101502_three"), @r#"depends_on = ["20261120101501"]"#);
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101504_five"), @r#"depends_on = ["20260101000000"]"#);
}

#[test]
fn a_folder_that_is_not_the_connections_is_refused() {
    let project = project();
    assert_snapshot!(project.run("makemigrations one --dir elsewhere"), @"
    --- stderr ---
    error: `elsewhere` is no folder of the connection's migrations
    hint: there is --dir migrations
    hint: there is --dir billing
    hint: another one is added in the settings, under `migrations:`
    [exit 2]
    ");
    assert_eq!(project.tree("elsewhere"), [""; 0]);
}

#[test]
fn a_head_leads_to_its_folder() {
    let project = project();
    assert_snapshot!(project.manage("makemigrations one -q --head invoices").at(NOW).run(), @"billing/2026-11-20-101500_one");
    assert_snapshot!(project.manage("makemigrations two -q --head billing@head").at(NOW).run(), @"billing/2026-11-20-101501_two");
    assert_snapshot!(follows(&project, "billing/2026-11-20-101501_two"), @r#"depends_on = ["20261120101500"]"#);
}

#[test]
fn a_head_of_another_folder_is_a_dependency() {
    let project = project();
    assert_snapshot!(project.run("makemigrations one --head invoices --dir migrations"), @"
    --- stderr ---
    error: `2026-01-02-000000_invoices` is the head of another folder, `billing`
    hint: to come after it and stay in this folder: --depends-on invoices
    hint: to follow it in its own folder, leave out --dir
    [exit 2]
    ");
    let line = "makemigrations one -q --depends-on invoices --dir migrations";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"migrations/2026-11-20-101500_one");
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101500_one"), @r#"depends_on = ["20260101000000", "20260102000000"]"#);
    // The folder that is depended on keeps its own head.
    assert_snapshot!(project.manage("makemigrations two -q --dir billing").at(NOW).run(), @"billing/2026-11-20-101501_two");
    assert_snapshot!(follows(&project, "billing/2026-11-20-101501_two"), @r#"depends_on = ["20260102000000"]"#);
}

#[test]
fn the_first_migration_of_a_folder_may_follow_one_of_another() {
    let project = project();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [migrations, billing, audit]\n",
    );
    let line = "makemigrations trail -q --dir audit --head shop";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"audit/2026-11-20-101500_trail");
    assert_snapshot!(follows(&project, "audit/2026-11-20-101500_trail"), @r#"depends_on = ["20260101000000"]"#);
}

#[test]
fn a_label_is_not_the_name_of_a_folder() {
    assert_snapshot!(project().run("makemigrations one --label billing"), @"
    --- stderr ---
    error: the label `billing` is the name of a folder of migrations
    hint: a label is one word of letters, digits and `_`, such as payments
    [exit 2]
    ");
}

#[test]
fn both_folders_are_applied_in_the_order_of_versions_and_shown_with_their_names() {
    let project = project();
    sql(
        &project,
        "migrations",
        "2026-01-03-000000_shelves",
        "CREATE TABLE shelves (id INTEGER);\n",
    );
    assert_snapshot!(project.run("migrate --plan"), @"
    main  3 migrations would be applied
      + 2026-01-01-000000_shop
      + 2026-01-02-000000_invoices
      + 2026-01-03-000000_shelves
    ");
    let _ = project.run("migrate").ok();
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://db.sqlite3  3 migrations, nothing pending
     [X] 2026-01-01-000000_shop  (migrations)
     [X] 2026-01-02-000000_invoices  (head; billing)
     [X] 2026-01-03-000000_shelves  (head; migrations)
    ");
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 3 migrations of 2 folders.
    ");
    let listing = &project.run("showmigrations --json").ok().json()[0];
    assert_eq!(listing["migrations"][1]["folder"], "billing");
}

#[test]
fn one_folder_may_be_looked_at_alone() {
    let project = project();
    let _ = project.run("migrate").ok();
    // The other folder's migrations are then applied, and not there.
    assert_snapshot!(project.run("showmigrations --migration-dir migrations"), @"
    main  sqlite://db.sqlite3  2 migrations, nothing pending
     [X] 2026-01-01-000000_shop  (head)
     [?] 2026-01-02-000000_invoices  (applied, folder missing)
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-01-02-000000_invoices  (applied [time] UTC)
    ");
    assert_snapshot!(project.run("showmigrations --migration-dir migrations --migration-dir billing"), @"
    main  sqlite://db.sqlite3  2 migrations, nothing pending
     [X] 2026-01-01-000000_shop  (head; migrations)
     [X] 2026-01-02-000000_invoices  (head; billing)
    ");
}

#[test]
fn one_version_in_two_folders_is_a_conflict() {
    let project = project();
    sql(
        &project,
        "billing",
        SHOP,
        "CREATE TABLE twin (id INTEGER);\n",
    );
    assert_snapshot!(project.run("check"), @"
    error: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260101000000: migrations/2026-01-01-000000_shop and billing/2026-01-01-000000_shop
      hint: manage migrate --on-duplicate renumber
    --- stderr ---
    main: 1 finding in 3 migrations of 2 folders.
    [exit 3]
    ");
    assert_snapshot!(project.manage("migrate --on-duplicate renumber").at(NOW).run().stderr, @"
    warning: 1 version is used by more than one folder; `diesel` runs one of them and never the others
      20260101000000: migrations/2026-01-01-000000_shop and billing/2026-01-01-000000_shop
    Renamed `2026-01-01-000000_shop` to `2026-11-20-101500_shop`.
    main: applying 3 migrations to sqlite://db.sqlite3
    main: 3 migrations applied in [elapsed].
    main is at 2026-01-01-000000_shop (head) and 2026-11-20-101500_shop (head).
    ");
    assert_eq!(
        project.tree("billing"),
        [
            INVOICES,
            "2026-01-02-000000_invoices/down.sql",
            "2026-01-02-000000_invoices/up.sql",
            "2026-11-20-101500_shop",
            "2026-11-20-101500_shop/down.sql",
            "2026-11-20-101500_shop/up.sql",
        ]
    );
}

#[test]
fn one_folder_named_twice_is_an_error() {
    let project = project();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [migrations, ./migrations]\n",
    );
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    error: `connections.main.migrations[1]` must name another folder than before, at settings.yaml:4:30
    [exit 1]
    ");
}

#[test]
fn a_folder_that_is_missing_beside_another_is_a_warning() {
    let project = project();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [migrations, biling]\n",
    );
    assert_snapshot!(project.run("check"), @"
    warning: biling: there is no such folder
      hint: correct `migrations:` in the settings; makemigrations makes the folder
    --- stderr ---
    main: 1 finding in 1 migration of 2 folders.
    [exit 3]
    ");
}

#[test]
fn init_writes_a_list() {
    let project = Project::new();
    assert_snapshot!(project.run("init --no-input --migrations migrations --migrations billing"), @r#"
    settings.yaml
    migrations
    billing
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://db.sqlite3
        migrations: [migrations, billing]

    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
    assert_snapshot!(project.manage("makemigrations first --dir billing -q").at(NOW).run(), @"billing/2026-11-20-101500_first");
}

#[test]
fn heads_of_two_folders_have_not_parted() {
    let project = project();
    assert_snapshot!(project.run("check"), @"
    --- stderr ---
    main: nothing found in 2 migrations of 2 folders.
    ");
    let line = "makemigrations more --dir billing --json -q";
    assert_snapshot!(pretty(&project.manage(line).at(NOW).run()), @r#"
    {
      "connection": "main",
      "version": "20261120101500",
      "path": "billing/2026-11-20-101500_more",
      "depends_on": [
        "20260102000000"
      ],
      "labels": []
    }
    "#);
}
