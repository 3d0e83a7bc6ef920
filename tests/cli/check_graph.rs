//! What `check` says of dependencies, labels and merges, and how it says it.

use insta::assert_snapshot;

use crate::library::{AUTHORS, BOOKS, LOANS, pending};
use crate::pretty::pretty;
use crate::support::Project;

fn version(name: &str) -> String {
    name.split('_').next().unwrap_or_default().replace('-', "")
}

fn metadata(project: &Project, name: &str, parents: &[&str], more: &str) {
    let versions: Vec<String> = parents.iter().map(|name| version(name)).collect();
    project.metadata(
        name,
        &format!("run_in_transaction = true\n[manage]\ndepends_on = {versions:?}\n{more}"),
    );
}

fn migration(project: &Project, name: &str, parents: &[&str], more: &str) {
    project.migration(name, "SELECT 1;\n", Some("SELECT 1;\n"));
    metadata(project, name, parents, more);
}

/// Two branches after the books.
fn parted() -> Project {
    let project = pending();
    migration(&project, "2026-02-03-090000_theirs", &[BOOKS], "");
    project
}

#[test]
fn parted_branches_are_an_error_without_a_database() {
    let project = parted();
    assert_snapshot!(project.run("check"), @"
    error: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-03-090000_theirs
      hint: manage merge
      hint: manage rebase
    --- stderr ---
    main: 1 finding in 4 migrations.
    [exit 3]
    ");
    assert_snapshot!(pretty(&project.run("check --json")), @r#"
    {
      "connection": "main",
      "findings": [
        {"severity":"error","code":"diverged","path":null,"line":null,"column":null,"message":"the migrations have diverged: 2 heads that nothing joins","hint":"manage merge","migrations":["2026-02-02-101500_create_loans","2026-02-03-090000_theirs"],"paths":["migrations/2026-02-02-101500_create_loans/up.sql","migrations/2026-02-03-090000_theirs/up.sql"]}
      ]
    }
    [exit 3]
    "#);
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn branches_that_are_joined_or_have_names_are_fine() {
    let project = parted();
    migration(
        &project,
        "2026-02-04-090000_merge",
        &[LOANS, "2026-02-03-090000_theirs"],
        "",
    );
    assert_snapshot!(project.run("check -v"), @"
    --- stderr ---
    settings: settings.yaml
    main: nothing found in 5 migrations.
    ");
    let project = pending();
    migration(
        &project,
        "2026-02-03-090000_billing",
        &[BOOKS],
        "labels = [\"billing\"]\n",
    );
    assert_snapshot!(project.run("check -v"), @"
    --- stderr ---
    settings: settings.yaml
    main: nothing found in 4 migrations.
    ");
}

#[test]
fn dependencies_that_diesel_cannot_honour_are_errors() {
    let project = pending();
    metadata(&project, AUTHORS, &[LOANS], "");
    metadata(&project, LOANS, &["2020-01-01-000000_gone"], "");
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-02-02-101500_create_loans/metadata.toml: `2026-02-02-101500_create_loans` depends on 20200101000000, and no folder has this version
      hint: bring its folder back, or name another version in `depends_on`
    error: migrations/2026-01-05-090000_create_authors/metadata.toml: `2026-01-05-090000_create_authors` depends on `2026-02-02-101500_create_loans`, which sorts after it; `diesel` would run it first
      hint: give it a version after that one: manage rebase 2026-01-05-090000_create_authors
    --- stderr ---
    main: 2 findings in 3 migrations.
    [exit 3]
    ");
}

#[test]
fn a_circle_is_told_once() {
    let project = pending();
    metadata(&project, AUTHORS, &[LOANS], "");
    metadata(&project, LOANS, &[AUTHORS], "");
    metadata(&project, BOOKS, &[AUTHORS], "");
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-01-05-090000_create_authors/metadata.toml: `2026-01-05-090000_create_authors`, `2026-02-02-101500_create_loans` depend on each other in a circle
      hint: take one of them out of `depends_on`
    error: the migrations have diverged: 2 heads that nothing joins
      2026-01-12-140000_create_books
      2026-02-02-101500_create_loans
      hint: manage merge
      hint: manage rebase
    --- stderr ---
    main: 2 findings in 3 migrations.
    [exit 3]
    ");
}

#[test]
fn labels_that_name_no_branch_are_found() {
    let project = pending();
    metadata(&project, AUTHORS, &[], "labels = [\"a b\", \"head\"]\n");
    metadata(&project, BOOKS, &[AUTHORS], "labels = [\"shop\"]\n");
    metadata(&project, LOANS, &[BOOKS], "labels = [\"shop\"]\n");
    assert_snapshot!(project.run("check"), @"
    error: migrations/2026-01-05-090000_create_authors/metadata.toml: the label `a b` holds ` `
      hint: give it another one; a label is one word, such as payments
    error: migrations/2026-01-05-090000_create_authors/metadata.toml: the label `head` is a word of its own among targets
      hint: give it another one; a label is one word, such as payments
    warning: migrations/2026-02-02-101500_create_loans/metadata.toml: the label `shop` is that of `2026-01-12-140000_create_books` too
      hint: leave it to the migration where the branch begins; what follows inherits it
    --- stderr ---
    main: 3 findings in 3 migrations.
    [exit 3]
    ");
}

#[test]
fn a_merge_that_changes_something_is_worth_a_note() {
    let project = parted();
    let name = "2026-02-04-090000_merge";
    migration(&project, name, &[LOANS, "2026-02-03-090000_theirs"], "");
    project.file(
        format!("migrations/{name}/up.sql"),
        "-- joined\nselect 1;\nDELETE FROM loans;\n",
    );
    assert_snapshot!(project.run("check -v"), @"
    note: migrations/2026-02-04-090000_merge/up.sql:3:1: `2026-02-04-090000_merge` joins 2 branches, and changes something as well
      hint: nothing needs to be done if that is meant; a migration after it is easier to find
    --- stderr ---
    settings: settings.yaml
    main: 1 finding in 5 migrations.
    ");
}

#[test]
fn a_dependency_that_another_has_already_is_worth_a_note() {
    let project = pending();
    metadata(&project, LOANS, &[BOOKS, AUTHORS], "");
    assert_snapshot!(project.run("check -v"), @"
    note: migrations/2026-02-02-101500_create_loans/metadata.toml: `2026-02-02-101500_create_loans` depends on `2026-01-05-090000_create_authors`, which another dependency comes after
      hint: take it out of `depends_on`; nothing changes by that
    --- stderr ---
    settings: settings.yaml
    main: 1 finding in 3 migrations.
    ");
}

#[test]
fn github_puts_it_beside_the_lines_of_a_pull_request() {
    let project = parted();
    project.migration(
        "2026-02-05-090000_odd,name: 100%",
        "SELECT 1;\nVACUUM;\n",
        None,
    );
    assert_snapshot!(project.run("check --format github"), @"
    ::error file=migrations/2026-02-05-090000_odd%2Cname%3A 100%25/up.sql,line=2,col=1,title=needs-no-transaction::`VACUUM` cannot run inside a transaction%0Ahint: write `run_in_transaction = false` into the migration's metadata.toml
    ::error file=migrations/2026-02-02-101500_create_loans/up.sql,title=diverged::the migrations have diverged: 2 heads that nothing joins%0A  2026-02-02-101500_create_loans%0A  2026-02-05-090000_odd,name: 100%25%0Ahint: manage merge%0Ahint: manage rebase
    ::error file=migrations/2026-02-05-090000_odd%2Cname%3A 100%25/up.sql,title=diverged::the migrations have diverged: 2 heads that nothing joins%0A  2026-02-02-101500_create_loans%0A  2026-02-05-090000_odd,name: 100%25%0Ahint: manage merge%0Ahint: manage rebase
    --- stderr ---
    main: 2 findings in 5 migrations.
    [exit 3]
    ");
    assert_snapshot!(project.run("check --format github --fail-level note -q"), @"
    ::error file=migrations/2026-02-05-090000_odd%2Cname%3A 100%25/up.sql,line=2,col=1,title=needs-no-transaction::`VACUUM` cannot run inside a transaction%0Ahint: write `run_in_transaction = false` into the migration's metadata.toml
    ::notice file=migrations/2026-02-05-090000_odd%2Cname%3A 100%25/up.sql,title=no-down-sql::there is no `down.sql`, so the migration cannot be reverted%0Ahint: nothing needs to be done if that is meant
    ::error file=migrations/2026-02-02-101500_create_loans/up.sql,title=diverged::the migrations have diverged: 2 heads that nothing joins%0A  2026-02-02-101500_create_loans%0A  2026-02-05-090000_odd,name: 100%25%0Ahint: manage merge%0Ahint: manage rebase
    ::error file=migrations/2026-02-05-090000_odd%2Cname%3A 100%25/up.sql,title=diverged::the migrations have diverged: 2 heads that nothing joins%0A  2026-02-02-101500_create_loans%0A  2026-02-05-090000_odd,name: 100%25%0Ahint: manage merge%0Ahint: manage rebase
    [exit 3]
    ");
}

#[test]
fn the_paths_are_those_of_the_repository() {
    let project = Project::new();
    project
        .file(".git/HEAD", "ref: refs/heads/main\n")
        .file(
            "app/settings.yaml",
            "connections: { main: { url: sqlite://db.sqlite3 } }\n",
        )
        .file("app/migrations/2026-01-01-000000_a/up.sql", "");
    let within = project.path("app/migrations");
    let output = project.manage("check --format github").within(&within);
    assert_snapshot!(output.run(), @"
    ::error file=app/migrations/2026-01-01-000000_a/up.sql,title=empty-file::`up.sql` is empty%0Ahint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
    assert_snapshot!(project.manage("check").within(&within).run(), @"
    error: ./2026-01-01-000000_a/up.sql: `up.sql` is empty
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 1 migration.
    [exit 3]
    ");
}

#[test]
fn what_fails_the_check_can_be_chosen() {
    let project = pending();
    project.migration("2026-02-05-090000_last", "-- later\n", None);
    let line = |level: &str| project.run(&format!("check --fail-level {level}"));
    assert_snapshot!(line("error"), @"
    warning: migrations/2026-02-05-090000_last/up.sql: `up.sql` holds no statement
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 4 migrations.
    ");
    assert_snapshot!(line("warning"), @"
    warning: migrations/2026-02-05-090000_last/up.sql: `up.sql` holds no statement
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 4 migrations.
    [exit 3]
    ");
    assert_snapshot!(line("note"), @"
    warning: migrations/2026-02-05-090000_last/up.sql: `up.sql` holds no statement
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    note: migrations/2026-02-05-090000_last: there is no `down.sql`, so the migration cannot be reverted
      hint: nothing needs to be done if that is meant
    --- stderr ---
    main: 2 findings in 4 migrations.
    [exit 3]
    ");
    assert_snapshot!(line("fatal"), @"
    --- stderr ---
    error: invalid value 'fatal' for '--fail-level <LEVEL>'
      [possible values: error, warning, note]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn the_format_may_be_json_as_well() {
    let project = parted();
    let by_flag = project.run("check --json");
    assert_eq!(project.run("check --format json").stdout, by_flag.stdout);
    assert_eq!(
        project.run("check --format text --json").stdout,
        by_flag.stdout
    );
    assert_snapshot!(project.run("check --format html"), @"
    --- stderr ---
    error: invalid value 'html' for '--format <FORMAT>'
      [possible values: text, json, github]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn one_connection_does_not_hide_the_others() {
    let project = pending();
    project.settings(
        "default: main\n\
         connections:\n  \
           main: { url: sqlite://db.sqlite3, migrations: migrations }\n  \
           broken: { url: oracle://x/y }\n  \
           odd: { url: b.db, order: linaer }\n  \
           last: { url: c.db }\n",
    );
    project.file("migrations/last/2026-01-01-000000_a/up.sql", "");
    assert_snapshot!(project.run("check --all"), @"
    error: migrations/last: the folder has no `up.sql`; `diesel` stops at it
      hint: remove the folder, write its up.sql, or begin its name with a dot
    error: migrations/last/2026-01-01-000000_a/up.sql: `up.sql` is empty
      hint: write the migration's SQL, or `SELECT 1;` if there is nothing to do
    --- stderr ---
    main: 1 finding in 3 migrations.
    error: cannot use the database URL in `connections.broken.url` at settings.yaml:4:18
      caused by: unknown scheme `oracle`
      on connection `broken`
    hint: known schemes are sqlite://, postgres:// and mysql://
    error: `connections.odd.order` must be `linear` or `any`, at settings.yaml:5:28
      on connection `odd`
    hint: did you mean `linear`?
    last: 1 finding in 1 migration.
    error: 2 of 4 connections could not be checked: `broken` and `odd`
    hint: mend what is said above, then: manage check -d broken
    [exit 1]
    ");
    assert_snapshot!(project.run("check --all --json"), @r#"
    {"connection":"main","findings":[{"severity":"error","code":"missing-up-sql","path":"migrations/last","line":null,"column":null,"message":"the folder has no `up.sql`; `diesel` stops at it","hint":"remove the folder, write its up.sql, or begin its name with a dot"}]}
    {"error":{"message":"cannot use the database URL in `connections.broken.url` at settings.yaml:4:18","causes":["unknown scheme `oracle`"],"details":["on connection `broken`"],"hints":["known schemes are sqlite://, postgres:// and mysql://"],"exit":1},"connection":"broken"}
    {"error":{"message":"`connections.odd.order` must be `linear` or `any`, at settings.yaml:5:28","causes":[],"details":["on connection `odd`"],"hints":["did you mean `linear`?"],"exit":1},"connection":"odd"}
    {"connection":"last","findings":[{"severity":"error","code":"empty-file","path":"migrations/last/2026-01-01-000000_a/up.sql","line":null,"column":null,"message":"`up.sql` is empty","hint":"write the migration's SQL, or `SELECT 1;` if there is nothing to do"},{"severity":"note","code":"no-down-sql","path":"migrations/last/2026-01-01-000000_a","line":null,"column":null,"message":"there is no `down.sql`, so the migration cannot be reverted","hint":"nothing needs to be done if that is meant"}]}
    {"error":{"message":"2 of 4 connections could not be checked: `broken` and `odd`","causes":[],"details":[],"hints":["mend what is said above, then: manage check -d broken"],"exit":1}}
    --- stderr ---
    error: cannot use the database URL in `connections.broken.url` at settings.yaml:4:18
      caused by: unknown scheme `oracle`
      on connection `broken`
    hint: known schemes are sqlite://, postgres:// and mysql://
    error: `connections.odd.order` must be `linear` or `any`, at settings.yaml:5:28
      on connection `odd`
    hint: did you mean `linear`?
    error: 2 of 4 connections could not be checked: `broken` and `odd`
    hint: mend what is said above, then: manage check -d broken
    [exit 1]
    "#);
    // The settings of the others are read too, for what can be told without their variables.
    assert_snapshot!(project.run("check"), @"
    error: migrations/last: the folder has no `up.sql`; `diesel` stops at it
      hint: remove the folder, write its up.sql, or begin its name with a dot
    error: `connections.odd.order` must be `linear` or `any`, at settings.yaml:5:28
      hint: did you mean `linear`?
    --- stderr ---
    main: 1 finding in 3 migrations.
    odd: 1 finding in its settings.
    [exit 3]
    ");
}

#[test]
fn a_folder_that_was_typed_has_to_be_there() {
    assert_snapshot!(pending().run("check --migration-dir nowhere"), @"
    --- stderr ---
    error: there is no folder `nowhere`
    hint: correct --migration-dir; makemigrations makes the folder
    [exit 1]
    ");
}
