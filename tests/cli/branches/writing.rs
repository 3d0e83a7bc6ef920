use insta::assert_snapshot;

use crate::library::{BOOKS, LOANS, NOW, pending};
use crate::pretty::pretty;
use crate::support::Project;

const THEIRS: &str = "2026-02-03-090000_theirs";
const BILLING: &str = "2026-02-04-090000_billing";

fn metadata(depends_on: &[&str], labels: &[&str]) -> String {
    format!(
        "run_in_transaction = true\n\n[manage]\ndepends_on = {depends_on:?}\nlabels = {labels:?}\n"
    )
}

/// A migration that follows a given one, and does nothing.
fn after(project: &Project, name: &str, parent: &str, labels: &[&str]) {
    project.migration(name, "SELECT 1;\n", Some("SELECT 1;\n"));
    let version = parent
        .split('_')
        .next()
        .unwrap_or_default()
        .replace('-', "");
    project.metadata(name, &metadata(&[&version], labels));
}

/// Two migrations after the second one, that know nothing of each other.
fn parted() -> Project {
    let project = pending();
    after(&project, THEIRS, BOOKS, &[]);
    project
}

/// The same, where one of the branches has a name.
fn labelled() -> Project {
    let project = pending();
    after(&project, BILLING, BOOKS, &["billing"]);
    project
}

/// What the new migration follows.
fn follows(project: &Project, folder: &str) -> String {
    let text = project.read(format!("{folder}/metadata.toml"));
    let lines: Vec<&str> = text.lines().skip(3).collect();
    lines.join("; ")
}

#[test]
fn a_migration_follows_the_only_head() {
    let project = pending();
    let _ = project.manage("makemigrations shelves").at(NOW).run().ok();
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101500_shelves"), @r#"depends_on = ["20260202101500"]"#);
}

#[test]
fn where_branches_have_parted_somebody_has_to_say_which_one_it_follows() {
    let project = parted();
    let before = project.tree(".");
    assert_snapshot!(project.run("makemigrations shelves"), @"
    --- stderr ---
    error: 2 branches have parted, and it is not said which one the migration follows
      2026-02-02-101500_create_loans
      2026-02-03-090000_theirs
      nothing was changed
    hint: join them first: manage merge
    hint: put yours after theirs: manage rebase
    hint: follow this one alone: --head 2026-02-02-101500_create_loans
    hint: follow this one alone: --head 2026-02-03-090000_theirs
    [exit 4]
    ");
    assert_eq!(project.tree("."), before);
}

#[test]
fn a_dry_run_needs_to_know_as_well() {
    assert_snapshot!(parted().run("makemigrations shelves --dry-run"), @"
    --- stderr ---
    error: 2 branches have parted, and it is not said which one the migration follows
      2026-02-02-101500_create_loans
      2026-02-03-090000_theirs
      nothing was changed
    hint: join them first: manage merge
    hint: put yours after theirs: manage rebase
    hint: follow this one alone: --head 2026-02-02-101500_create_loans
    hint: follow this one alone: --head 2026-02-03-090000_theirs
    [exit 4]
    ");
}

#[test]
fn one_of_the_heads_may_be_named() {
    let project = parted();
    let output = project
        .manage("makemigrations shelves --head theirs")
        .at(NOW)
        .run();
    assert_snapshot!(output, @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    note: it stays parted from `2026-02-02-101500_create_loans`; to join them: manage merge
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101500_shelves"), @r#"depends_on = ["20260203090000"]"#);
}

#[test]
fn beside_a_branch_with_a_name_the_one_without_goes_on() {
    let project = labelled();
    let output = project.manage("makemigrations shelves").at(NOW).run();
    assert_snapshot!(output, @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101500_shelves"), @r#"depends_on = ["20260202101500"]"#);
}

#[test]
fn a_branch_is_followed_by_its_name() {
    let project = labelled();
    let output = project
        .manage("makemigrations invoices --head billing@head --json -q")
        .at(NOW)
        .run();
    assert_snapshot!(pretty(&output), @r#"
    {
      "connection": "main",
      "version": "20261120101500",
      "path": "migrations/2026-11-20-101500_invoices",
      "depends_on": [
        "20260204090000"
      ],
      "labels": []
    }
    "#);
    // What follows inherits the name.
    let output = project
        .manage("makemigrations payments --head billing@ -q")
        .at(NOW)
        .run();
    assert_snapshot!(output, @"migrations/2026-11-20-101501_payments");
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101501_payments"), @r#"depends_on = ["20261120101500"]"#);
}

#[test]
fn branches_that_all_have_names_need_a_choice() {
    let project = pending();
    after(&project, BILLING, LOANS, &["billing"]);
    after(&project, "2026-02-05-090000_audit", LOANS, &["audit"]);
    assert_snapshot!(project.run("makemigrations shelves"), @"
    --- stderr ---
    error: 2 branches stand side by side, and it is not said which one the migration follows
      2026-02-04-090000_billing
      2026-02-05-090000_audit
      nothing was changed
    hint: follow this one: --head billing@head
    hint: follow this one: --head audit@head
    [exit 4]
    ");
}

#[test]
fn a_branch_that_does_not_exist_is_told_with_those_that_do() {
    assert_snapshot!(labelled().run("makemigrations shelves --head biling@head"), @"
    --- stderr ---
    error: no branch is called `biling`
    hint: there is `billing`
    [exit 1]
    ");
}

#[test]
fn what_others_follow_is_no_head() {
    assert_snapshot!(pending().run("makemigrations shelves --head create_authors"), @"
    --- stderr ---
    error: `2026-01-05-090000_create_authors` is no head: `2026-01-12-140000_create_books` follows it
    hint: follow the head: --head 2026-02-02-101500_create_loans
    hint: begin a branch there on purpose: --splice --label NAME
    [exit 2]
    ");
}

#[test]
fn a_branch_begins_on_purpose() {
    let project = pending();
    let line = "makemigrations invoices --head create_books --splice --label billing";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"
    migrations/2026-11-20-101500_invoices
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101500_invoices"), @r#"depends_on = ["20260112140000"]; labels = ["billing"]"#);
    // Named as it is, it is meant, and nobody has to join it.
    assert_snapshot!(project.run("check -q"), @"
    warning: migrations/2026-11-20-101500_invoices/up.sql: `up.sql` is still the template and does nothing
      hint: write the SQL, or delete the comment that asks for it
    warning: migrations/2026-11-20-101500_invoices/down.sql: `down.sql` is still the template and does nothing
      hint: write the SQL, or delete the comment that asks for it
    [exit 3]
    ");
}

#[test]
fn a_branch_without_a_name_is_one_that_has_to_be_joined() {
    let project = pending();
    let line = "makemigrations invoices --head create_books --splice";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"
    migrations/2026-11-20-101500_invoices
    --- stderr ---
    note: a branch begins here, beside `2026-02-02-101500_create_loans`; to name it, add: --label NAME
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    let _ = project.run("makemigrations more").exits(4);
}

#[test]
fn a_branch_may_begin_at_the_beginning() {
    let project = pending();
    let line = "makemigrations other --head base --branch-label other";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"
    migrations/2026-11-20-101500_other
    --- stderr ---
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101500_other"), @r#"depends_on = []; labels = ["other"]"#);
}

#[test]
fn splicing_needs_to_know_where() {
    assert_snapshot!(pending().run("makemigrations shelves --splice"), @"
    --- stderr ---
    error: the following required arguments were not provided:
      --head <TARGET>

    Usage: manage makemigrations --head <TARGET> --splice <MESSAGE>

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn steps_and_where_the_database_stands_are_no_heads() {
    assert_snapshot!(pending().run("makemigrations shelves --head -1"), @"
    --- stderr ---
    error: `-1` counts from where a database stands, and a new migration follows a migration
    hint: name a migration: its folder's name or its version
    [exit 2]
    ");
    assert_snapshot!(pending().run("makemigrations shelves --head current"), @"
    --- stderr ---
    error: `current` counts from where a database stands, and a new migration follows a migration
    hint: name a migration: its folder's name or its version
    [exit 2]
    ");
    assert_snapshot!(pending().run("makemigrations shelves --depends-on +1"), @"
    --- stderr ---
    error: `+1` counts from where a database stands, and a new migration follows a migration
    hint: name a migration: its folder's name or its version
    [exit 2]
    ");
}

#[test]
fn a_dependency_is_added_to_what_it_follows() {
    let project = labelled();
    let line = "makemigrations shelves --depends-on billing@head --json -q";
    assert_snapshot!(pretty(&project.manage(line).at(NOW).run()), @r#"
    {
      "connection": "main",
      "version": "20261120101500",
      "path": "migrations/2026-11-20-101500_shelves",
      "depends_on": [
        "20260202101500",
        "20260204090000"
      ],
      "labels": []
    }
    "#);
}

#[test]
fn a_dependency_that_joins_is_told() {
    let project = labelled();
    let line = "makemigrations shelves --depends-on billing";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    note: it joins `2026-02-02-101500_create_loans` and `2026-02-04-090000_billing`; that they go together is proved by: manage merge
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
}

#[test]
fn a_dependency_that_comes_before_anyway_is_left_out() {
    let project = pending();
    let line = "makemigrations shelves --depends-on create_authors";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"
    migrations/2026-11-20-101500_shelves
    --- stderr ---
    note: `2026-01-05-090000_create_authors` comes before it anyway
    Write the SQL in up.sql and down.sql, then run: manage migrate
    ");
    assert_snapshot!(follows(&project, "migrations/2026-11-20-101500_shelves"), @r#"depends_on = ["20260202101500"]"#);
}

#[test]
fn a_dependency_on_nothing_is_a_mistake() {
    assert_snapshot!(pending().run("makemigrations shelves --depends-on base"), @"
    --- stderr ---
    error: `base` is before all migrations, so there is nothing to depend on
    hint: name a migration: its folder's name or its version
    [exit 2]
    ");
    assert_snapshot!(pending().run("makemigrations shelves --depends-on create_shops"), @"
    --- stderr ---
    error: no migration matches `create_shops`
    hint: did you mean `2026-01-05-090000_create_authors`, `2026-02-02-101500_create_loans` or `2026-01-12-140000_create_books`?
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
}

#[test]
fn a_label_is_a_word_that_nothing_else_is_called() {
    let project = labelled();
    let told = |label: &str| {
        let output = project.manage("makemigrations a --label").arg(label).run();
        let output = output.exits(2);
        output.stderr.lines().next().unwrap_or_default().to_owned()
    };
    assert_snapshot!(told("billing"), @"error: the label `billing` is taken by `2026-02-04-090000_billing`");
    assert_snapshot!(told("2026"), @"error: the label `2026` is a number");
    assert_snapshot!(told("head"), @"error: the label `head` is a word of its own among targets");
    assert_snapshot!(told("a@b"), @"error: the label `a@b` holds `@`");
    assert_snapshot!(told("a b"), @"error: the label `a b` holds ` `");
    assert_snapshot!(told(""), @"error: a label is empty");
    assert_snapshot!(project.run("makemigrations a --label billing"), @"
    --- stderr ---
    error: the label `billing` is taken by `2026-02-04-090000_billing`
    hint: to add to that branch: --head billing@head
    hint: to begin another one, choose another label
    [exit 2]
    ");
}

#[test]
fn a_dry_run_shows_where_it_would_stand() {
    let project = pending();
    let line = "makemigrations shelves --dry-run --label one --label two --json";
    assert_snapshot!(pretty(&project.manage(line).at(NOW).run()), @r#"
    {
      "connection": "main",
      "version": "20261120101500",
      "path": "migrations/2026-11-20-101500_shelves",
      "depends_on": [
        "20260202101500"
      ],
      "labels": [
        "one",
        "two"
      ],
      "files": {"down.sql":"-- Revert: shelves\n-- Undo here what up.sql does; replace the SELECT below.\n-- If that cannot be done, delete this file: the migration is then irreversible.\n\nSELECT 1;\n","metadata.toml":"run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260202101500\"]\nlabels = [\"one\", \"two\"]\n","up.sql":"-- shelves\n-- Your SQL goes here; replace the SELECT below.\n-- SQLite: ALTER TABLE cannot change a column or a constraint; that takes a new table\n-- with the rows copied, under the old name in the end.\n\nSELECT 1;\n"}
    }
    "#);
}

#[test]
fn a_new_migration_of_an_old_branch_still_comes_after_everything() {
    let project = labelled();
    after(&project, "2027-01-01-000000_far", LOANS, &[]);
    let line = "makemigrations invoices --head billing@head -q";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"migrations/2027-01-01-000001_invoices");
}

#[test]
fn the_run_in_transaction_stays_first_and_is_never_left_out() {
    let project = pending();
    let line = "makemigrations invoices --label billing -q";
    let _ = project.manage(line).at(NOW).run().ok();
    assert_snapshot!(project.read("migrations/2026-11-20-101500_invoices/metadata.toml"), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["20260202101500"]
    labels = ["billing"]
    "#);
}

#[test]
fn models_are_compared_with_all_branches() {
    let project = labelled();
    project.file("src/schema.rs", MODELS);
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
    );
    let line = "makemigrations --head billing@head";
    assert_snapshot!(project.manage(line).at(NOW).run(), @"
    migrations/2026-11-20-101500_add_loans_due
    --- stderr ---
    Compared src/schema.rs with 4 migrations replayed on a scratch database (3 tables).
    All branches were replayed: they make one database.
      + column loans.due TEXT
    proved: up reaches the models, down comes back, up works again
    Read it, then run: manage migrate
    ");
    let project = parted();
    project.file("src/schema.rs", MODELS);
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
    );
    // That something differs can be told without knowing what it will follow.
    assert_snapshot!(project.run("makemigrations --check"), @"
      + column loans.due TEXT
    --- stderr ---
    Compared src/schema.rs with 4 migrations replayed on a scratch database (3 tables).
    main: 1 change without a migration. To write one, run: manage makemigrations
    [exit 3]
    ");
    assert_snapshot!(project.run("makemigrations"), @"
    --- stderr ---
    error: 2 branches have parted, and it is not said which one the migration follows
      2026-02-02-101500_create_loans
      2026-02-03-090000_theirs
      nothing was changed
    hint: join them first: manage merge
    hint: put yours after theirs: manage rebase
    hint: follow this one alone: --head 2026-02-02-101500_create_loans
    hint: follow this one alone: --head 2026-02-03-090000_theirs
    [exit 4]
    ");
}

const MODELS: &str = "
diesel::table! { authors (id) { id -> Integer, name -> Text, } }
diesel::table! { books (id) { id -> Integer, author_id -> Integer, title -> Text, } }
diesel::table! { loans (id) { id -> Integer, reader -> Text, due -> Nullable<Text>, } }
diesel::joinable!(books -> authors (author_id));
";
