//! Joining parted branches: `manage merge`, on SQLite.

use insta::assert_snapshot;

use crate::library::{NOW, empty};
use crate::pretty::pretty;
use crate::support::{Output, Project};

const BASE: &str = "2026-01-01-000000_create_users";
const AGE: &str = "2026-02-01-000000_add_age";
const NICK: &str = "2026-02-02-000000_add_nick";
const MERGE: &str = "2026-11-20-101500_merge_add_age_and_add_nick";

/// Writes a migration that follows others, by their versions.
fn after(project: &Project, name: &str, follows: &[&str], up: &str, down: Option<&str>) {
    project.migration(name, up, down);
    let list: Vec<_> = follows.iter().map(|one| format!("\"{one}\"")).collect();
    project.metadata(
        name,
        &format!(
            "run_in_transaction = true\n\n[manage]\ndepends_on = [{}]\n",
            list.join(", ")
        ),
    );
}

fn base() -> Project {
    let project = empty();
    project.migration(
        BASE,
        "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);\n",
        Some("DROP TABLE users;\n"),
    );
    project
}

/// Two branches with one migration each.
fn parted(age: &str, nick: &str) -> Project {
    let project = base();
    after(&project, AGE, &["20260101000000"], age, Some("SELECT 1;\n"));
    after(
        &project,
        NICK,
        &["20260101000000"],
        nick,
        Some("SELECT 1;\n"),
    );
    project
}

/// Two that go together.
fn harmless() -> Project {
    let project = base();
    after(
        &project,
        AGE,
        &["20260101000000"],
        "ALTER TABLE users ADD COLUMN age INTEGER;\n",
        Some("ALTER TABLE users DROP COLUMN age;\n"),
    );
    after(
        &project,
        NICK,
        &["20260101000000"],
        "ALTER TABLE users ADD COLUMN nick TEXT;\n",
        Some("ALTER TABLE users DROP COLUMN nick;\n"),
    );
    project
}

/// Two that do not.
fn clashing() -> Project {
    parted(
        "ALTER TABLE users ADD COLUMN age INTEGER;\n",
        "ALTER TABLE users ADD COLUMN age TEXT;\n",
    )
}

/// `count` branches that go together, beside each other.
fn wide(count: usize) -> Project {
    let project = base();
    for at in 1..=count {
        after(
            &project,
            &format!("2026-02-0{at}-000000_add_t{at}"),
            &["20260101000000"],
            &format!("CREATE TABLE t{at} (id INTEGER PRIMARY KEY NOT NULL);\n"),
            Some(&format!("DROP TABLE t{at};\n")),
        );
    }
    project
}

fn at_now(project: &Project, arguments: &str) -> Output {
    project.manage(arguments).at(NOW).run()
}

/// The folders of the migrations.
fn folders(project: &Project) -> Vec<String> {
    let mut folders = project.tree("migrations");
    folders.retain(|path| !path.contains('/'));
    folders
}

#[test]
fn nothing_has_parted() {
    let project = base();
    assert_snapshot!(at_now(&project, "merge"), @"main: nothing to merge");
    assert_snapshot!(at_now(&project, "merge --json"), @r#"{"connection":"main","merges":[]}"#);
    assert_snapshot!(at_now(&project, "makemigrations --merge"), @"main: nothing to merge");
    assert_eq!(folders(&project), [BASE]);
}

#[test]
fn two_branches_are_joined() {
    let project = harmless();
    assert_snapshot!(at_now(&project, "merge"), @"
    migrations/2026-11-20-101500_merge_add_age_and_add_nick
    --- stderr ---
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_age
      2026-02-02-000000_add_nick
    proved: the same schema in 2 orders, and the way back leads back
    note: the columns of `users` come in the order in which the branches are applied; SELECT * and print-schema can tell
    Commit it, then run: manage migrate
    ");
    let read = |file| project.read(format!("migrations/{MERGE}/{file}"));
    assert_snapshot!(read("up.sql"), @"
    -- Merge add_age and add_nick
    -- Joins migrations that were written side by side; it changes nothing itself.

    SELECT 1;
    ");
    assert_eq!(read("up.sql"), read("down.sql"));
    assert_snapshot!(read("metadata.toml"), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["20260201000000", "20260202000000"]
    "#);
    // It was tried elsewhere.
    assert!(!project.path("db.sqlite3").exists());
    assert_snapshot!(at_now(&project, "merge heads"), @"main: nothing to merge");
    let _ = project.run("migrate").ok();
}

#[test]
fn makemigrations_merges_as_django_does() {
    let project = harmless();
    let out = project
        .manage("makemigrations --merge -q")
        .arg("Bring age and nick together")
        .at(NOW)
        .run();
    assert_snapshot!(out, @"migrations/2026-11-20-101500_bring_age_and_nick_together");
    assert_snapshot!(at_now(&project, "makemigrations --merge --check"), @"
    --- stderr ---
    error: the argument '--merge' cannot be used with '--check'

    Usage: manage makemigrations --merge [MESSAGE]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn the_name_the_message_and_the_version_may_be_given() {
    let project = harmless();
    let out = project
        .manage(
            "merge-migrations heads -q -n both --rev-id 2027-01-01-000000 --branch-label people -m",
        )
        .arg("Both of them")
        .run();
    assert_snapshot!(out, @"migrations/2027-01-01-000000_both");
    let read = |file| project.read(format!("migrations/2027-01-01-000000_both/{file}"));
    assert_snapshot!(read("up.sql"), @"
    -- Both of them
    -- Joins migrations that were written side by side; it changes nothing itself.

    SELECT 1;
    ");
    assert_snapshot!(read("metadata.toml"), @r#"
    run_in_transaction = true

    [manage]
    depends_on = ["20260201000000", "20260202000000"]
    labels = ["people"]
    "#);
}

#[test]
fn what_cannot_be_given_is_refused_before_anything_is_tried() {
    let project = harmless();
    assert_snapshot!(at_now(&project, "merge --label a@b"), @"
    --- stderr ---
    error: the label `a@b` holds `@`
    hint: a label is one word of letters, digits and `_`, such as payments
    [exit 2]
    ");
    assert_snapshot!(at_now(&project, "merge --version 2026-01-15-000000"), @"
    --- stderr ---
    error: version `2026-01-15-000000` sorts before `20260202000000`, the newest
    hint: leave out --version to take the next one
    hint: choose a version that sorts after 20260202000000, as text
    [exit 2]
    ");
    assert_snapshot!(at_now(&project, "merge -n ___"), @"
    --- stderr ---
    error: message `___` holds no letter or digit to name the migration by
    hint: name it in ASCII letters: -n add_users
    [exit 2]
    ");
    assert_eq!(folders(&project), [BASE, AGE, NICK]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let project = harmless();
    assert_snapshot!(at_now(&project, "merge --dry-run -q"), @r#"
    -- migrations/2026-11-20-101500_merge_add_age_and_add_nick/up.sql
    -- Merge add_age and add_nick
    -- Joins migrations that were written side by side; it changes nothing itself.

    SELECT 1;

    -- migrations/2026-11-20-101500_merge_add_age_and_add_nick/down.sql
    -- Merge add_age and add_nick
    -- Joins migrations that were written side by side; it changes nothing itself.

    SELECT 1;

    -- migrations/2026-11-20-101500_merge_add_age_and_add_nick/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["20260201000000", "20260202000000"]
    "#);
    assert_eq!(folders(&project), [BASE, AGE, NICK]);
}

#[test]
fn as_json() {
    let project = harmless();
    assert_snapshot!(pretty(&at_now(&project, "merge --json -q")), @r#"
    {
      "connection": "main",
      "merges": [
        {"version":"20261120101500","path":"migrations/2026-11-20-101500_merge_add_age_and_add_nick","heads":["2026-02-01-000000_add_age","2026-02-02-000000_add_nick"],"proved":true,"proof":{"orders":[["20260201000000","20260202000000"],["20260202000000","20260201000000"]],"clashes":[],"remarks":["the columns of `users` come in the order in which the branches are applied; SELECT * and print-schema can tell"],"way_back":"proved"}}
      ]
    }
    "#);
}

#[test]
fn what_fails_in_every_order_is_a_question() {
    let project = clashing();
    assert_snapshot!(at_now(&project, "merge"), @"
    --- stderr ---
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_age
      2026-02-02-000000_add_nick
    error: `add_age` and `add_nick` do not go together, and nobody can be asked what to do
      `add_age` first: `2026-02-02-000000_add_nick` fails at migrations/2026-02-02-000000_add_nick/up.sql:1:30
          duplicate column name: age
      `add_nick` first: `2026-02-01-000000_add_age` fails at migrations/2026-02-01-000000_add_age/up.sql:1:30
          duplicate column name: age
      nothing was changed
    hint: put yours after theirs instead, and mend it there: manage rebase
    hint: merge all the same: manage merge --unproved
    [exit 4]
    ");
    // Consent to what is asked about is no consent to this.
    let _ = at_now(&project, "merge -y").exits(4);
    assert_eq!(folders(&project), [BASE, AGE, NICK]);
    assert_snapshot!(at_now(&project, "merge --unproved"), @"
    migrations/2026-11-20-101500_merge_add_age_and_add_nick
    --- stderr ---
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_age
      2026-02-02-000000_add_nick
    warning: `add_age` and `add_nick` do not go together
      `add_age` first: `2026-02-02-000000_add_nick` fails at migrations/2026-02-02-000000_add_nick/up.sql:1:30
          duplicate column name: age
      `add_nick` first: `2026-02-01-000000_add_age` fails at migrations/2026-02-01-000000_add_age/up.sql:1:30
          duplicate column name: age
    Commit it, then run: manage migrate
    ");
}

#[test]
fn a_schema_that_depends_on_the_order_is_shown() {
    // The table that is made anew knows nothing of the other branch's column.
    let project = parted(
        "ALTER TABLE users ADD COLUMN age INTEGER;\n",
        "CREATE TABLE more (id INTEGER PRIMARY KEY NOT NULL, name TEXT);\n\
         INSERT INTO more SELECT id, name FROM users;\n\
         DROP TABLE users;\n\
         ALTER TABLE more RENAME TO users;\n",
    );
    assert_snapshot!(at_now(&project, "merge 20260201000000 add_nick"), @"
    --- stderr ---
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_age
      2026-02-02-000000_add_nick
    error: what comes of `add_age` and `add_nick` depends on the order, and nobody can be asked what to do
      `add_nick` first leads to another schema than `add_age` first:
          + column users.age INTEGER
      nothing was changed
    hint: put yours after theirs instead, and mend it there: manage rebase
    hint: merge all the same: manage merge 20260201000000 add_nick --unproved
    [exit 4]
    ");
}

#[test]
fn rows_that_depend_on_the_order_are_shown() {
    let project = parted(
        "UPDATE users SET name = 'a';\n",
        "UPDATE users SET name = 'b' WHERE id > 0;\nINSERT INTO users (name) VALUES ('c');\n",
    );
    let out = at_now(&project, "merge --dry-run --unproved");
    assert_snapshot!(out.stderr, @"
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_age
      2026-02-02-000000_add_nick
    warning: what comes of `add_age` and `add_nick` depends on the order
      `add_nick` first leaves other rows than `add_age` first:
          users: other values in name
    ");
}

#[test]
fn what_cannot_be_tried_is_the_same_question() {
    let project = harmless();
    project.migration(BASE, "CREATE TABLE users (id INTEGER;\n", None);
    assert_snapshot!(at_now(&project, "merge"), @"
    --- stderr ---
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_age
      2026-02-02-000000_add_nick
    error: whether the branches go together could not be tried, and nobody can be asked what to do
      migration `2026-01-01-000000_create_users` failed at migrations/2026-01-01-000000_create_users/up.sql:1:1
      incomplete input
      nothing was changed
    hint: fix the file, then run: manage merge
    hint: put yours after theirs instead, and mend it there: manage rebase
    hint: merge all the same: manage merge --unproved
    [exit 4]
    ");
    let out = at_now(&project, "merge --unproved --json -q").ok();
    assert_snapshot!(pretty(&out), @r#"
    {
      "connection": "main",
      "merges": [
        {"version":"20261120101500","path":"migrations/2026-11-20-101500_merge_add_age_and_add_nick","heads":["2026-02-01-000000_add_age","2026-02-02-000000_add_nick"],"proved":false,"untried":["migration `2026-01-01-000000_create_users` failed at migrations/2026-01-01-000000_create_users/up.sql:1:1","incomplete input"]}
      ]
    }
    "#);
    assert_eq!(folders(&project).len(), 4);
}

#[test]
fn three_branches_are_tried_in_every_order() {
    let project = wide(3);
    assert_snapshot!(at_now(&project, "merge"), @"
    migrations/2026-11-20-101500_merge_add_t1_and_add_t2_and_add_t3
    --- stderr ---
    Joining 3 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_t1
      2026-02-02-000000_add_t2
      2026-02-03-000000_add_t3
    proved: the same schema in 6 orders, and the way back leads back
    Commit it, then run: manage migrate
    ");
}

#[test]
fn of_more_branches_not_every_order_is_tried_and_that_is_said() {
    let project = wide(5);
    assert_snapshot!(at_now(&project, "merge"), @"
    migrations/2026-11-20-101500_merge_add_t1_and_add_t2_and_add_t3_and_2_more
    --- stderr ---
    Joining 5 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_t1
      2026-02-02-000000_add_t2
      2026-02-03-000000_add_t3
      2026-02-04-000000_add_t4
      2026-02-05-000000_add_t5
    proved: the same schema in 10 orders, and the way back leads back
    note: of so many branches not every order was tried: each came first, and every two in both orders
    Commit it, then run: manage migrate
    ");
}

#[test]
fn the_heads_may_be_named() {
    let project = wide(3);
    let out = at_now(&project, "merge add_t3 2026-02-01 -q");
    assert_snapshot!(out, @"migrations/2026-11-20-101500_merge_add_t1_and_add_t3");
    assert_snapshot!(at_now(&project, "merge add_t2"), @"
    --- stderr ---
    error: `2026-02-02-000000_add_t2` alone cannot be merged
      nothing was written
    hint: name two heads or more, or none to join what has parted: manage merge
    hint: see the heads: manage heads
    [exit 2]
    ");
    assert_snapshot!(at_now(&project, "merge add_t2 base"), @"
    --- stderr ---
    error: `base` is no migration
      nothing was written
    hint: name two heads or more, or none to join what has parted: manage merge
    hint: see the heads: manage heads
    [exit 2]
    ");
    assert_snapshot!(at_now(&project, "merge add_t2 nobody"), @"
    --- stderr ---
    error: no migration matches `nobody`
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(at_now(&project, "merge add_t2 create_users"), @"
    --- stderr ---
    error: `2026-02-02-000000_add_t2` follows `2026-01-01-000000_create_users` already
      nothing was written
    hint: leave the earlier one out; see the heads: manage heads
    [exit 1]
    ");
}

#[test]
fn what_is_no_head_is_joined_only_by_splicing() {
    let project = wide(3);
    let _ = at_now(&project, "merge add_t1 add_t3 -q").ok();
    assert_snapshot!(at_now(&project, "merge add_t1 add_t2"), @"
    --- stderr ---
    error: `2026-02-01-000000_add_t1` is no head: `2026-11-20-101500_merge_add_t1_and_add_t3` follows it
      nothing was written
    hint: name the head instead: 2026-11-20-101500_merge_add_t1_and_add_t3
    hint: join `2026-02-01-000000_add_t1` all the same: --splice
    [exit 1]
    ");
    assert_snapshot!(at_now(&project, "merge add_t1 add_t2 --splice"), @"
    migrations/2026-11-20-101501_merge_add_t1_and_add_t2
    --- stderr ---
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_t1
      2026-02-02-000000_add_t2
    proved: the same schema in 2 orders, and the way back leads back
    Commit it, then run: manage migrate
    ");
    // The two merges have parted now.
    assert_snapshot!(at_now(&project, "merge"), @"
    migrations/2026-11-20-101502_merge_add_t1_and_add_t3_and_add_t1_and_add_t2
    --- stderr ---
    Joining 2 branches that parted after `2026-02-01-000000_add_t1`:
      2026-11-20-101500_merge_add_t1_and_add_t3  (2 migrations)
      2026-11-20-101501_merge_add_t1_and_add_t2  (2 migrations)
    proved: the same schema in 3 orders, and the way back leads back
    Commit it, then run: manage migrate
    ");
    assert_snapshot!(at_now(&project, "merge --splice"), @"
    --- stderr ---
    error: the following required arguments were not provided:
      <HEADS>...

    Usage: manage merge --splice <HEADS>...

    For more information, try '--help'.
    [exit 2]
    ");
}

/// Two labelled lines that are meant to be side by side; the first of them has parted.
fn labelled() -> Project {
    let project = base();
    let table = |name: &str| {
        (
            format!("CREATE TABLE {name} (id INTEGER PRIMARY KEY NOT NULL);\n"),
            format!("DROP TABLE {name};\n"),
        )
    };
    for (name, follows, label, at) in [
        (
            "2026-02-01-000000_bills",
            "20260101000000",
            "billing",
            "bills",
        ),
        (
            "2026-02-02-000000_parcels",
            "20260101000000",
            "shipping",
            "parcels",
        ),
        ("2026-02-03-000000_dues", "20260201000000", "", "dues"),
        ("2026-02-04-000000_debts", "20260201000000", "", "debts"),
    ] {
        let (up, down) = table(at);
        project.migration(name, &up, Some(&down));
        let labels = match label {
            "" => String::new(),
            label => format!("labels = [\"{label}\"]\n"),
        };
        project.metadata(
            name,
            &format!(
                "run_in_transaction = true\n\n[manage]\ndepends_on = [\"{follows}\"]\n{labels}"
            ),
        );
    }
    project
}

#[test]
fn labelled_lines_stay_side_by_side() {
    let project = labelled();
    assert_snapshot!(at_now(&project, "merge"), @"
    migrations/2026-11-20-101500_merge_dues_and_debts
    --- stderr ---
    Joining 2 branches that parted after `2026-02-01-000000_bills`:
      2026-02-03-000000_dues
      2026-02-04-000000_debts
    proved: the same schema in 2 orders, and the way back leads back
    Commit it, then run: manage migrate
    ");
    assert_snapshot!(at_now(&project, "merge"), @"
    main: nothing to merge
    --- stderr ---
    note: `2026-02-02-000000_parcels` and `2026-11-20-101500_merge_dues_and_debts` are meant to be side by side; to join some of one folder, name them
    ");
    assert_snapshot!(at_now(&project, "merge billing@head shipping@head --label all"), @"
    migrations/2026-11-20-101501_merge_parcels_and_dues_and_debts
    --- stderr ---
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-02-000000_parcels
      2026-11-20-101500_merge_dues_and_debts  (4 migrations)
    proved: the same schema in 3 orders, and the way back leads back
    Commit it, then run: manage migrate
    ");
    assert_snapshot!(at_now(&project, "merge --label all"), @"main: nothing to merge");
}

#[test]
fn the_heads_of_a_branch_are_named_by_it() {
    let project = labelled();
    let out = at_now(&project, "merge billing@heads -q");
    assert_snapshot!(out, @"migrations/2026-11-20-101500_merge_dues_and_debts");
    let project = labelled();
    assert_snapshot!(at_now(&project, "merge shipping@heads --label billing"), @"
    --- stderr ---
    error: `2026-02-02-000000_parcels` alone cannot be merged
      nothing was written
    hint: name two heads or more, or none to join what has parted: manage merge
    hint: see the heads: manage heads
    [exit 2]
    ");
    assert_snapshot!(at_now(&project, "merge --label shipping"), @"
    --- stderr ---
    error: the label `shipping` is taken by `2026-02-02-000000_parcels`
    hint: to add to that branch: --head shipping@head
    hint: to begin another one, choose another label
    [exit 2]
    ");
}

#[test]
fn every_line_that_has_parted_is_joined() {
    let project = labelled();
    after(
        &project,
        "2026-02-05-000000_routes",
        &["20260202000000"],
        "CREATE TABLE routes (id INTEGER PRIMARY KEY NOT NULL);\n",
        None,
    );
    after(
        &project,
        "2026-02-06-000000_carts",
        &["20260202000000"],
        "CREATE TABLE carts (id INTEGER PRIMARY KEY NOT NULL);\n",
        Some("DROP TABLE carts;\n"),
    );
    assert_snapshot!(at_now(&project, "merge --version 2027-01-01-000000"), @"
    --- stderr ---
    error: 2 merges are to be written, and one version is given
      nothing was written
    hint: name the heads that it is for: manage merge HEAD HEAD --version VERSION
    [exit 2]
    ");
    assert_snapshot!(at_now(&project, "merge"), @"
    migrations/2026-11-20-101500_merge_dues_and_debts
    migrations/2026-11-20-101501_merge_routes_and_carts
    --- stderr ---
    Joining 2 branches that parted after `2026-02-01-000000_bills`:
      2026-02-03-000000_dues
      2026-02-04-000000_debts
    proved: the same schema in 2 orders, and the way back leads back
    Joining 2 branches that parted after `2026-02-02-000000_parcels`:
      2026-02-05-000000_routes
      2026-02-06-000000_carts
    proved: the same schema in 2 orders; `2026-02-05-000000_routes` has no way back
    Commit it, then run: manage migrate
    ");
}

#[test]
fn a_merge_lies_in_the_folder_of_its_heads() {
    let project = harmless();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [more, migrations]\n",
    );
    project.file(
        "more/2026-03-01-000000_more/up.sql",
        "CREATE TABLE more (id INTEGER PRIMARY KEY NOT NULL);\n",
    );
    let out = at_now(&project, "merge -q");
    assert_snapshot!(out, @"migrations/2026-11-20-101500_merge_add_age_and_add_nick");
    assert_snapshot!(at_now(&project, "merge more@head migrations@head"), @"
    --- stderr ---
    error: `2026-03-01-000000_more` and `2026-11-20-101500_merge_add_age_and_add_nick` lie in different folders, whose migrations go on side by side
      nothing was written
    hint: to have the next migration of one folder follow the other: manage makemigrations --depends-on 2026-11-20-101500_merge_add_age_and_add_nick
    [exit 1]
    ");
}

#[test]
fn what_is_wrong_with_the_files_comes_first() {
    let project = harmless();
    after(
        &project,
        "2026-02-03-000000_lost",
        &["20260131000000"],
        "SELECT 1;\n",
        None,
    );
    assert_snapshot!(at_now(&project, "merge"), @"
    --- stderr ---
    error: migrations/2026-02-03-000000_lost/metadata.toml: `2026-02-03-000000_lost` depends on 20260131000000, and no folder has this version
      nothing was run
    hint: bring its folder back, or name another version in `depends_on`
    [exit 1]
    ");
    project.remove("2026-02-03-000000_lost");
    project.migration("20260202000000_other", "SELECT 1;\n", None);
    assert_snapshot!(at_now(&project, "merge"), @"
    --- stderr ---
    error: version 20260202000000 is used by more than one folder: `2026-02-02-000000_add_nick` and `20260202000000_other`
      nothing was written
    hint: give one of them a new version: manage migrate --on-duplicate renumber
    [exit 1]
    ");
}

#[test]
fn the_pointer_names_the_merge() {
    let project = harmless();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    linear_history: true\n",
    );
    let _ = at_now(&project, "merge --dry-run").ok();
    assert!(!project.path("migrations/latest.txt").exists());
    let _ = at_now(&project, "merge").ok();
    assert_eq!(project.read("migrations/latest.txt"), format!("{MERGE}\n"));
}

#[test]
fn each_connection_is_for_itself() {
    let project = harmless();
    project.settings(
        "default: main\nconnections:\n  \
         main:\n    url: sqlite://db.sqlite3\n    migrations: migrations\n  \
         other:\n    url: sqlite://other.sqlite3\n    migrations: other\n",
    );
    project.file("other/2026-01-01-000000_a/up.sql", "SELECT 1;\n");
    assert_snapshot!(at_now(&project, "merge --all --json -q --dry-run").stdout.lines().count(), @"2");
    assert_snapshot!(at_now(&project, "merge -d other -d main"), @"
    other: nothing to merge
    migrations/2026-11-20-101500_merge_add_age_and_add_nick
    --- stderr ---
    Joining 2 branches that parted after `2026-01-01-000000_create_users`:
      2026-02-01-000000_add_age
      2026-02-02-000000_add_nick
    proved: the same schema in 2 orders, and the way back leads back
    note: the columns of `users` come in the order in which the branches are applied; SELECT * and print-schema can tell
    Commit it, then run: manage migrate -d main
    ");
}
