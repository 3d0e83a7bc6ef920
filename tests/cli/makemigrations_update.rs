use insta::assert_snapshot;

use crate::library::NOW;
use crate::pretty::pretty;
use crate::support::Project;

const FOLDER: &str = "migrations/2026-11-20-101500_create_users";

fn models(columns: &str) -> String {
    format!("diesel::table! {{ users (id) {{ id -> Integer, {columns} }} }}\n")
}

/// A migration that was made from the models and is not applied.
fn project() -> Project {
    let project = Project::new();
    project
        .settings(
            "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
        )
        .file("src/schema.rs", models("name -> Text,"));
    let _ = project.manage("makemigrations -q").at(NOW).run().ok();
    project
}

fn update(project: &Project, more: &str) -> crate::support::Output {
    project
        .manage(&format!("makemigrations --update {more}"))
        .at(NOW + 3600)
        .run()
}

#[test]
fn the_newest_migration_is_written_again_with_what_changed_since() {
    let project = project();
    assert_snapshot!(project.read(format!("{FOLDER}/up.sql")), @r#"
    -- Create users

    CREATE TABLE "users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL
    );
    "#);
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,"),
    );
    assert_snapshot!(update(&project, ""), @"
    migrations/2026-11-20-101500_create_users
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    assert_snapshot!(project.read(format!("{FOLDER}/up.sql")), @r#"
    -- Create users

    CREATE TABLE "users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "age" INTEGER
    );
    "#);
    assert_snapshot!(project.read(format!("{FOLDER}/down.sql")), @r#"
    -- Revert: Create users

    DROP TABLE "users";
    "#);
    assert_snapshot!(project.read(format!("{FOLDER}/metadata.toml")), @"
    run_in_transaction = true

    [manage]
    depends_on = []
    ");
    assert_snapshot!(project.run("makemigrations --check"), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    ");
}

#[test]
fn nothing_changed_says_so_and_writes_nothing() {
    let project = project();
    assert_snapshot!(update(&project, ""), @"
    No changes detected
    --- stderr ---
    `2026-11-20-101500_create_users` says all of it already.
    ");
    assert_snapshot!(update(&project, "--json -q"), @r#"{"connection":"main","models":"src/schema.rs","compared_with":"migrations","tables":0,"changes":[],"unmanaged":[]}"#);
}

#[test]
fn what_is_not_needed_any_more_is_said_and_left() {
    let project = project();
    let _ = project.run("migrate -q").ok();
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,"),
    );
    let _ = project.manage("makemigrations -q").at(NOW).run().ok();
    project.file("src/schema.rs", models("name -> Text,"));
    let before = project.tree("migrations");
    assert_snapshot!(update(&project, ""), @"
    No changes detected
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
    hint: `2026-11-20-101501_add_users_age` is not needed then; to take it back, remove its folder: rm -r migrations/2026-11-20-101501_add_users_age
    ");
    assert_eq!(project.tree("migrations"), before);
}

#[test]
fn name_and_version_may_be_given_anew() {
    let project = project();
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,"),
    );
    project.file(format!("{FOLDER}/notes.txt"), "mine\n");
    let output = update(&project, "--name people --version 2027-01-01-000000 --json");
    assert_snapshot!(pretty(&output), @r#"
    {
      "connection": "main",
      "version": "20270101000000",
      "path": "migrations/2027-01-01-000000_people",
      "depends_on": [],
      "labels": [],
      "updated": "2026-11-20-101500_create_users",
      "changes": [
        {"change":"add","what":"table users"}
      ],
      "proved": true,
      "reversible": true
    }
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    "#);
    // Whatever else lies there goes along.
    assert_eq!(
        project.tree("migrations"),
        [
            "2027-01-01-000000_people",
            "2027-01-01-000000_people/down.sql",
            "2027-01-01-000000_people/metadata.toml",
            "2027-01-01-000000_people/notes.txt",
            "2027-01-01-000000_people/up.sql",
        ]
    );
}

#[test]
fn labels_and_dependencies_stay_and_come_on_top() {
    let project = Project::new();
    project
        .settings(
            "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n    migrations: [migrations, other]\n",
        )
        .file("other/2026-01-01-000000_other/up.sql", "CREATE TABLE other (id INTEGER PRIMARY KEY NOT NULL);\n")
        .file(
            "src/schema.rs",
            models("name -> Text,") + "diesel::table! { other (id) { id -> Integer, } }\n",
        );
    let _ = project
        .manage("makemigrations -q --label people")
        .at(NOW)
        .run()
        .ok();
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,")
            + "diesel::table! { other (id) { id -> Integer, } }\n",
    );
    let _ = update(&project, "--depends-on other@head --label users -q").ok();
    assert_snapshot!(project.read(format!("{FOLDER}/metadata.toml")), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["20260101000000"]
    labels = ["people", "users"]
    "#);
}

#[test]
fn a_dry_run_shows_it_and_writes_nothing() {
    let project = project();
    let before = project.read(format!("{FOLDER}/up.sql"));
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,"),
    );
    assert_snapshot!(update(&project, "--dry-run"), @r#"
    -- migrations/2026-11-20-101500_create_users/up.sql
    -- Create users

    CREATE TABLE "users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "age" INTEGER
    );

    -- migrations/2026-11-20-101500_create_users/down.sql
    -- Revert: Create users

    DROP TABLE "users";

    -- migrations/2026-11-20-101500_create_users/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = []
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
      + table users
    proved: up reaches the models, down comes back, up works again
    "#);
    assert_eq!(project.read(format!("{FOLDER}/up.sql")), before);
}

#[test]
fn what_is_applied_stays_as_it_is() {
    let project = project();
    let _ = project.run("migrate -q").ok();
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,"),
    );
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: `2026-11-20-101500_create_users` is applied, so it stays as it is
      nothing was changed
    hint: to write another one after it, leave out --update
    hint: or take it back first: manage downgrade
    [exit 1]
    ");
}

#[test]
fn a_database_that_cannot_be_asked_needs_somebody_who_knows() {
    let project = project();
    project.file(
        "db.sqlite3",
        "this is no database, but a text of some length",
    );
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,"),
    );
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: cannot use the database
      caused by: file is not a database
      whether `2026-11-20-101500_create_users` is applied cannot be told; nothing was changed
    hint: the file is left as it was; check the connection's `url`
    hint: if it is applied nowhere, add: --assume-unapplied
    [exit 1]
    ");
    assert_snapshot!(update(&project, "--assume-unapplied -q"), @"migrations/2026-11-20-101500_create_users");
}

#[test]
fn what_was_written_by_hand_is_not_lost() {
    let project = project();
    let up = project.read(format!("{FOLDER}/up.sql"));
    project.file(
        format!("{FOLDER}/up.sql"),
        format!("{up}INSERT INTO users (name) VALUES ('Ada');\n"),
    );
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,"),
    );
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: the SQL of `2026-11-20-101500_create_users` is not what makemigrations would write, and what was written by hand would go
      nothing was changed
    hint: let it go: --discard-edits
    hint: to write another migration after it, leave out --update
    [exit 4]
    ");
    assert!(project.read(format!("{FOLDER}/up.sql")).contains("Ada"));
    assert_snapshot!(update(&project, "--discard-edits -q"), @"migrations/2026-11-20-101500_create_users");
    assert!(!project.read(format!("{FOLDER}/up.sql")).contains("Ada"));
}

#[test]
fn a_comment_of_somebody_is_an_edit_and_line_endings_are_none() {
    let project = project();
    let up = project.read(format!("{FOLDER}/up.sql"));
    project.file(format!("{FOLDER}/up.sql"), up.replace('\n', "\r\n"));
    project.file(
        "src/schema.rs",
        models("name -> Text, age -> Nullable<Integer>,"),
    );
    let _ = update(&project, "--dry-run").ok();
    project.file(
        format!("{FOLDER}/up.sql"),
        format!("{up}-- for the report\n"),
    );
    let _ = update(&project, "--dry-run").exits(4);
}

#[test]
fn a_rename_that_was_answered_is_no_edit() {
    let project = project();
    let _ = project.run("migrate -q").ok();
    project.file("src/schema.rs", models("title -> Text,"));
    let _ = project
        .manage("makemigrations -q --rename users.name:title")
        .at(NOW)
        .run()
        .ok();
    project.file(
        "src/schema.rs",
        models("title -> Text, age -> Nullable<Integer>,"),
    );
    assert_snapshot!(update(&project, "--rename users.name:title"), @"
    migrations/2026-11-20-101501_rename_users_name_to_title
    --- stderr ---
    Compared src/schema.rs with 1 migration replayed on a scratch database (1 table).
      ~ column users.name is now title
      + column users.age INTEGER
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn a_template_that_nobody_filled_in_may_become_the_real_one() {
    let project = Project::new();
    project
        .settings(
            "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
        )
        .file("src/schema.rs", models("name -> Text,"));
    let _ = project
        .manage("makemigrations create_users --empty -q")
        .at(NOW)
        .run()
        .ok();
    assert_snapshot!(update(&project, ""), @"
    migrations/2026-11-20-101500_create_users
    --- stderr ---
    Compared src/schema.rs with 0 migrations replayed on a scratch database (0 tables).
      + table users
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
}

#[test]
fn a_template_that_somebody_filled_in_is_kept() {
    let project = project();
    let _ = project
        .manage("makemigrations fill --empty -q")
        .at(NOW)
        .run()
        .ok();
    project.file(
        "migrations/2026-11-20-101501_fill/up.sql",
        "INSERT INTO users (name) VALUES ('Ada');\n",
    );
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: the SQL of `2026-11-20-101501_fill` is not what makemigrations would write, and what was written by hand would go
      nothing was changed
    hint: let it go: --discard-edits
    hint: to write another migration after it, leave out --update
    [exit 4]
    ");
}

#[test]
fn a_merge_and_what_replaces_others_stay() {
    let project = project();
    for name in ["2026-11-21-000000_a", "2026-11-22-000000_b"] {
        project.migration(name, "SELECT 1;\n", Some("SELECT 1;\n"));
        project.metadata(
            name,
            "run_in_transaction = true\n[manage]\ndepends_on = [\"20261120101500\"]\n",
        );
    }
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: 2 branches have parted, and it is not said which one the migration follows
      2026-11-21-000000_a
      2026-11-22-000000_b
      nothing was changed
    hint: join them first: manage merge
    hint: put yours after theirs: manage rebase
    hint: follow this one alone: --head 2026-11-21-000000_a
    hint: follow this one alone: --head 2026-11-22-000000_b
    [exit 4]
    ");
    let name = "2026-11-23-000000_merge";
    project.migration(name, "SELECT 1;\n", Some("SELECT 1;\n"));
    project.metadata(
        name,
        "run_in_transaction = true\n[manage]\ndepends_on = [\"20261121000000\", \"20261122000000\"]\n",
    );
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: `2026-11-23-000000_merge` joins branches, and has no change of its own to rewrite
      nothing was changed
    hint: to write another one after it, leave out --update
    [exit 1]
    ");
    project.metadata(
        name,
        "run_in_transaction = true\n[manage]\ndepends_on = [\"20261122000000\"]\nreplaces = [\"1\"]\n",
    );
    project.remove("2026-11-21-000000_a");
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: `2026-11-23-000000_merge` replaces others, and has to do what they did
      nothing was changed
    hint: to write another one after it, leave out --update
    [exit 1]
    ");
}

#[test]
fn what_another_folder_depends_on_stays() {
    let project = project();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n    migrations: [migrations, other]\n",
    );
    project
        .file("other/2027-01-01-000000_other/up.sql", "SELECT 1;\n")
        .file(
            "other/2027-01-01-000000_other/metadata.toml",
            "run_in_transaction = true\n[manage]\ndepends_on = [\"20261120101500\"]\n",
        );
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: `2027-01-01-000000_other` depends on `2026-11-20-101500_create_users`, so it stays as it is
      nothing was changed
    hint: to write another one after it, leave out --update
    [exit 1]
    ");
    // It comes later, so it cannot be depended on either.
    project.file(
        "other/2027-01-01-000000_other/metadata.toml",
        "run_in_transaction = true\n[manage]\ndepends_on = []\n",
    );
    assert_snapshot!(update(&project, "--depends-on other@head"), @"
    --- stderr ---
    error: `2027-01-01-000000_other` comes after `2026-11-20-101500_create_users`, so that it cannot be depended on
    hint: to write another migration, which can depend on it, leave out --update
    [exit 2]
    ");
}

#[test]
fn without_models_there_is_nothing_to_write_it_from() {
    let project = project();
    project.settings("connections: { main: { url: sqlite://db.sqlite3 } }\n");
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: connection `main` has no models to compare with
    hint: name them in the settings: connections: main: models: src/schema.rs
    [exit 1]
    ");
    let project = Project::new();
    project
        .settings(
            "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
        )
        .file("src/schema.rs", models("name -> Text,"));
    assert_snapshot!(update(&project, ""), @"
    --- stderr ---
    error: there is no migration to rewrite
      nothing was changed
    hint: to write the first one, leave out --update
    [exit 1]
    ");
}

#[test]
fn it_goes_with_no_flag_that_says_otherwise() {
    let project = project();
    assert_snapshot!(update(&project, "--empty").exits(2).stderr.lines().next().unwrap(), @"error: the argument '--update' cannot be used with '--empty'");
    assert_snapshot!(project.run("makemigrations --assume-unapplied").exits(2).stderr.lines().next().unwrap(), @"error: the following required arguments were not provided:");
}
