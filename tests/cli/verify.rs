//! Whether the way back leads back: `manage verify`, on SQLite.

use insta::assert_snapshot;

use crate::library::{BOOKS, pending};
use crate::pretty::pretty;
use crate::support::Project;

const FIRST: &str = "2026-01-01-000000_first";
const SECOND: &str = "2026-02-01-000000_second";

/// A first migration that comes back, and a second one.
fn second(up: &str, down: Option<&str>) -> Project {
    let project = crate::library::empty();
    project
        .migration(
            FIRST,
            "CREATE TABLE goods (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);\n",
            Some("DROP TABLE goods;\n"),
        )
        .migration(SECOND, up, down);
    project
}

#[test]
fn the_newest_migration_is_verified() {
    let project = pending();
    assert_snapshot!(project.run("verify"), @"
    [X] 2026-02-02-101500_create_loans
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    ");
    // It is tried elsewhere.
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn all_are_verified_with_all() {
    let project = pending();
    assert_snapshot!(project.run("verify --all"), @"
    [X] 2026-01-05-090000_create_authors
    [X] 2026-01-12-140000_create_books
    [X] 2026-02-02-101500_create_loans
    --- stderr ---
    main: 3 migrations verified, and each down.sql restores what was there.
    ");
    assert_snapshot!(project.run("verify --all -q"), @"
    [X] 2026-01-05-090000_create_authors
    [X] 2026-01-12-140000_create_books
    [X] 2026-02-02-101500_create_loans
    ");
}

#[test]
fn one_is_verified_by_its_name() {
    let project = pending();
    assert_snapshot!(project.run("verify create_books"), @"
    [X] 2026-01-12-140000_create_books
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    ");
    assert_snapshot!(project.run("verify 20260105090000"), @"
    [X] 2026-01-05-090000_create_authors
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    ");
    assert_snapshot!(project.run("verify nobody"), @"
    --- stderr ---
    error: no migration matches `nobody`
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
}

#[test]
fn a_range_is_verified() {
    let project = pending();
    assert_snapshot!(project.run("verify authors:loans"), @"
    --- stderr ---
    error: no migration matches `authors`
    hint: did you mean `2026-01-05-090000_create_authors`?
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("verify :books"), @"
    --- stderr ---
    error: no migration matches `books`
    hint: did you mean `2026-01-12-140000_create_books`?
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(project.run("verify base"), @"
    --- stderr ---
    main: there is no migration to verify.
    ");
    assert_snapshot!(project.run("verify head~1"), @"
    [X] 2026-01-12-140000_create_books
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    ");
}

#[test]
fn sample_rows_are_put_in_first() {
    let project = pending();
    assert_snapshot!(project.run("verify --all --rows"), @"
    [X] 2026-01-05-090000_create_authors
    [X] 2026-01-12-140000_create_books
    [X] 2026-02-02-101500_create_loans
    --- stderr ---
    main: 3 migrations verified, and each down.sql restores what was there.
    ");
    assert_snapshot!(project.run("verify --rows 0"), @"
    [X] 2026-02-02-101500_create_loans
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    ");
    assert_snapshot!(project.run("verify --rows many"), @"
    --- stderr ---
    error: invalid value 'many' for '--rows [<N>]': invalid digit found in string

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn programs_read_json() {
    let project = second("CREATE TABLE bads (id INTEGER);\n", Some("SELECT 1;\n"));
    assert_snapshot!(pretty(&project.run("verify --all --rows 2 --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260101000000","name":"2026-01-01-000000_first","restores":true,"flaws":[],"unfilled":[]},
        {"version":"20260201000000","name":"2026-02-01-000000_second","restores":false,"flaws":[{"code":"schema_differs","lacks":[{"change":"drop","what":"table bads"}]},{"code":"again_fails","why":"table bads already exists"}],"unfilled":[]}
      ]
    }
    --- stderr ---
    main: 2 migrations verified, and 1 does not come back.
    [exit 3]
    "#);
}

#[test]
fn a_way_back_that_is_missing() {
    let project = second("CREATE TABLE bads (id INTEGER);\n", None);
    assert_snapshot!(project.run("verify --all"), @"
    [X] 2026-01-01-000000_first
    [!] 2026-02-01-000000_second
        there is no way back: it has no down.sql
    --- stderr ---
    main: 2 migrations verified, and 1 does not come back.
    [exit 3]
    ");
    assert_snapshot!(pretty(&project.run("verify --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260201000000","name":"2026-02-01-000000_second","restores":false,"flaws":[{"code":"irreversible","why":"it has no down.sql"}],"unfilled":[]}
      ]
    }
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    "#);
}

#[test]
fn a_way_back_that_fails() {
    let project = second(
        "CREATE TABLE bads (id INTEGER);\n",
        Some("DROP TABLE bads;\nDROP TABLE nowhere;\n"),
    );
    assert_snapshot!(project.run("verify"), @"
    [!] 2026-02-01-000000_second
        down.sql fails
          at migrations/2026-02-01-000000_second/down.sql:2:12
          no such table: nowhere
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    ");
    assert_snapshot!(pretty(&project.run("verify --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260201000000","name":"2026-02-01-000000_second","restores":false,"flaws":[{"code":"down_fails","why":"no such table: nowhere"}],"unfilled":[]}
      ]
    }
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    "#);
}

#[test]
fn a_way_back_that_leads_elsewhere() {
    let project = second(
        "CREATE TABLE bads (id INTEGER);\nCREATE INDEX goods_name ON goods (name);\nALTER TABLE goods ADD COLUMN price INTEGER;\n",
        Some("DROP TABLE bads;\n"),
    );
    assert_snapshot!(project.run("verify"), @"
    [!] 2026-02-01-000000_second
        down.sql does not restore what was there; still to do:
          - column goods.price INTEGER
          - index goods_name on goods (name)
        up.sql fails after down.sql
          at migrations/2026-02-01-000000_second/up.sql:2:14
          index goods_name already exists
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    ");
    assert_snapshot!(pretty(&project.run("verify --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260201000000","name":"2026-02-01-000000_second","restores":false,"flaws":[{"code":"schema_differs","lacks":[{"change":"drop","what":"column goods.price INTEGER"},{"change":"drop","what":"index goods_name on goods (name)"}]},{"code":"again_fails","why":"index goods_name already exists"}],"unfilled":[]}
      ]
    }
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    "#);
}

#[test]
fn columns_that_come_back_in_another_order() {
    let project = crate::library::empty();
    project
        .migration(
            FIRST,
            "CREATE TABLE goods (a TEXT, b TEXT);\n",
            Some("DROP TABLE goods;\n"),
        )
        .migration(
            SECOND,
            "ALTER TABLE goods DROP COLUMN a;\n",
            Some("ALTER TABLE goods ADD COLUMN a TEXT;\n"),
        );
    assert_snapshot!(project.run("verify"), @"
    [X] 2026-02-01-000000_second
        the columns come back in another order: goods
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    ");
    assert_snapshot!(pretty(&project.run("verify --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260201000000","name":"2026-02-01-000000_second","restores":true,"flaws":[{"code":"column_order","tables":[{"name":"goods"}]}],"unfilled":[]}
      ]
    }
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    "#);
}

#[test]
fn rows_that_do_not_come_back() {
    let project = second(
        "INSERT INTO goods VALUES (1, 'pen');\n",
        Some("DELETE FROM goods;\n"),
    );
    // Nobody was there to be deleted.
    assert_snapshot!(project.run("verify"), @"
    [X] 2026-02-01-000000_second
    --- stderr ---
    main: 1 migration verified, and its down.sql restores what was there.
    ");
    assert_snapshot!(project.run("verify --rows 2"), @"
    [!] 2026-02-01-000000_second
        the rows are not what they were
          goods: 2 rows before, 0 now
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    ");
    assert_snapshot!(pretty(&project.run("verify --rows 2 --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260201000000","name":"2026-02-01-000000_second","restores":false,"flaws":[{"code":"rows_differ","tables":[{"table":{"name":"goods"},"before":2,"now":0,"columns":[]}]}],"unfilled":[]}
      ]
    }
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    "#);
}

#[test]
fn rows_that_come_back_changed() {
    let project = second(
        "UPDATE goods SET name = upper(name);\n",
        Some("UPDATE goods SET name = '?';\n"),
    );
    assert_snapshot!(project.run("verify --rows"), @"
    [!] 2026-02-01-000000_second
        the rows are not what they were
          goods: other values in name
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    ");
}

#[test]
fn a_migration_that_minds_rows() {
    let project = second(
        "ALTER TABLE goods ADD COLUMN price INTEGER NOT NULL;\n",
        Some("ALTER TABLE goods DROP COLUMN price;\n"),
    );
    assert_snapshot!(project.run("verify --rows"), @"
    [!] 2026-02-01-000000_second
        up.sql fails when there are rows
          at migrations/2026-02-01-000000_second/up.sql:1:1
          Cannot add a NOT NULL column with default value NULL
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    ");
}

#[test]
fn a_migration_that_fails_after_its_way_back() {
    let project = second(
        "CREATE TABLE bads (id INTEGER PRIMARY KEY);\nINSERT INTO goods VALUES (1, 'pen');\n",
        Some("DROP TABLE bads;\n"),
    );
    assert_snapshot!(project.run("verify"), @"
    [!] 2026-02-01-000000_second
        the rows are not what they were
          goods: 0 rows before, 1 now
        up.sql fails after down.sql
          at migrations/2026-02-01-000000_second/up.sql:2:1
          UNIQUE constraint failed: goods.id
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    ");
    assert_snapshot!(pretty(&project.run("verify --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260201000000","name":"2026-02-01-000000_second","restores":false,"flaws":[{"code":"rows_differ","tables":[{"table":{"name":"goods"},"before":0,"now":1,"columns":[]}]},{"code":"again_fails","why":"UNIQUE constraint failed: goods.id"}],"unfilled":[]}
      ]
    }
    --- stderr ---
    main: 1 migration verified, and it does not come back.
    [exit 3]
    "#);
}

#[test]
fn there_is_nothing_to_undo_on_a_scratch_database() {
    let project = second(
        "CREATE TABLE bads (id INTEGER);\nINSERT INTO nowhere VALUES (1);\n",
        None,
    );
    project.file(
        "migrations/2026-02-01-000000_second/metadata.toml",
        "run_in_transaction = false\n",
    );
    assert_snapshot!(project.run("verify"), @"
    --- stderr ---
    error: migration `2026-02-01-000000_second` failed at migrations/2026-02-01-000000_second/up.sql:2:13 (statement 2 of 2)
      caused by: no such table: nowhere
      2 | INSERT INTO nowhere VALUES (1);
        |             ^
      this was on a scratch database; no other one was touched
    hint: fix the file, then run: manage verify
    [exit 1]
    ");
}

#[test]
fn a_migration_that_cannot_be_applied() {
    let project = second(
        "CREATE TABLE bads (id INTEGER);\nINSERT INTO nowhere VALUES (1);\n",
        Some("DROP TABLE bads;\n"),
    );
    assert_snapshot!(project.run("verify"), @"
    --- stderr ---
    error: migration `2026-02-01-000000_second` failed at migrations/2026-02-01-000000_second/up.sql:2:13 (statement 2 of 2)
      caused by: no such table: nowhere
      2 | INSERT INTO nowhere VALUES (1);
        |             ^
      nothing of it was committed
      this was on a scratch database; no other one was touched
    hint: fix the file, then run: manage verify
    [exit 1]
    ");
    assert_snapshot!(project.run("verify --all --json"), @r#"
    {"error":{"message":"migration `2026-02-01-000000_second` failed at migrations/2026-02-01-000000_second/up.sql:2:13 (statement 2 of 2)","causes":["no such table: nowhere"],"details":["2 | INSERT INTO nowhere VALUES (1);","  |             ^","nothing of it was committed","this was on a scratch database; no other one was touched"],"hints":["fix the file, then run: manage verify -d main"],"exit":1}}
    --- stderr ---
    error: migration `2026-02-01-000000_second` failed at migrations/2026-02-01-000000_second/up.sql:2:13 (statement 2 of 2)
      caused by: no such table: nowhere
      2 | INSERT INTO nowhere VALUES (1);
        |             ^
      nothing of it was committed
      this was on a scratch database; no other one was touched
    hint: fix the file, then run: manage verify -d main
    [exit 1]
    "#);
}

#[test]
fn what_follows_a_flaw_is_verified_all_the_same() {
    let project = pending();
    project.file(format!("migrations/{BOOKS}/down.sql"), "SELECT 1;\n");
    assert_snapshot!(project.run("verify --all"), @"
    [X] 2026-01-05-090000_create_authors
    [!] 2026-01-12-140000_create_books
        down.sql does not restore what was there; still to do:
          - table books
        up.sql fails after down.sql
          at migrations/2026-01-12-140000_create_books/up.sql:1:14
          table books already exists
    [X] 2026-02-02-101500_create_loans
    --- stderr ---
    main: 3 migrations verified, and 1 does not come back.
    [exit 3]
    ");
}

#[test]
fn a_file_that_cannot_be_read() {
    let project = second(
        "CREATE TABLE bads (id INTEGER);\n",
        Some("DROP TABLE 'bads;\n"),
    );
    assert_snapshot!(project.run("verify"), @"
    --- stderr ---
    error: migrations/2026-02-01-000000_second/down.sql:1:12: a string is never closed
      nothing was run
      this was on a scratch database; no other one was touched
    hint: close the string; a quote inside it is written twice
    [exit 1]
    ");
}

#[test]
fn without_a_migration_there_is_nothing_to_verify() {
    let project = crate::library::empty();
    assert_snapshot!(project.run("verify"), @"
    --- stderr ---
    note: there is no folder `migrations`
    main: there is no migration to verify.
    ");
    project.file("migrations/.keep", "");
    assert_snapshot!(project.run("verify"), @"
    --- stderr ---
    main: there is no migration to verify.
    ");
}
