use insta::assert_snapshot;

use crate::library::{ledger, probe_of, tables};
use crate::pretty::pretty;
use crate::support::Project;

/// Two connections, each with a folder of its own.
fn two() -> Project {
    let project = Project::new();
    project.settings(
        "default: shop\nconnections:\n  shop: { url: sqlite://db.sqlite3 }\n  audit: { url: sqlite://audit.db }\n",
    );
    project
        .file(
            "migrations/shop/2026-01-01-000000_goods/up.sql",
            "CREATE TABLE goods (id INTEGER);\n",
        )
        .file(
            "migrations/shop/2026-01-01-000000_goods/down.sql",
            "DROP TABLE goods;\n",
        )
        .file(
            "migrations/audit/2026-01-02-000000_log/up.sql",
            "CREATE TABLE log (id INTEGER);\n",
        )
        .file(
            "migrations/audit/2026-01-02-000000_log/down.sql",
            "DROP TABLE log;\n",
        );
    project
}

#[test]
fn the_default_connection_is_used_where_none_is_named() {
    let project = two();
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-01-000000_goods  (1 statement, [elapsed])
    --- stderr ---
    shop: applying 1 migration to sqlite://db.sqlite3
    shop: 1 migration applied in [elapsed].
    shop is at 2026-01-01-000000_goods (head).
    ");
    assert_eq!(tables(&project), ["goods"]);
    assert!(!project.path("audit.db").exists());
}

#[test]
fn what_to_type_next_means_the_same_place() {
    let project = two();
    project
        .file(
            "settings.live eu.yaml",
            "connections: { audit: { url: sqlite://live.db } }\n",
        )
        .file(
            "migrations/audit/2026-01-03-000000_more/up.sql",
            "CREATE TABLE more (id INTEGER);\nSELECT nothing;\n",
        )
        .file(
            "migrations/audit/2026-01-03-000000_more/metadata.toml",
            "run_in_transaction = false\n",
        );
    let manage = |command: &str| {
        project
            .manage(command)
            .arg("--profile")
            .arg("live eu")
            .run()
    };
    manage("migrate +2 -d audit --settings settings.yaml").exits(1).says(
        "hint: fix the file, then run: manage migrate --settings settings.yaml --profile 'live eu' -d audit \
         2026-01-03-000000_more  (it goes on at statement 2)",
    );
    manage("check -d audit --with-database")
        .exits(3)
        .says("  hint: manage resume --profile 'live eu' -d audit");
    // Nothing of it is about the default connection.
    assert!(!project.path("db.sqlite3").exists());
    assert!(!project.path("audit.db").exists());
}

#[test]
fn a_connection_is_named() {
    let project = two();
    assert_snapshot!(project.run("migrate -d audit"), @"
      applied 2026-01-02-000000_log  (1 statement, [elapsed])
    --- stderr ---
    audit: applying 1 migration to sqlite://audit.db
    audit: 1 migration applied in [elapsed].
    audit is at 2026-01-02-000000_log (head).
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn all_connections_are_taken_in_the_order_of_the_file() {
    let project = two();
    assert_snapshot!(project.run("showmigrations --all"), @"
    shop  sqlite://db.sqlite3  1 migration, 1 pending
     [ ] 2026-01-01-000000_goods  (head)
    audit  sqlite://audit.db  1 migration, 1 pending
     [ ] 2026-01-02-000000_log  (head)
    ");
    assert_snapshot!(project.run("migrate --all"), @"
      applied 2026-01-01-000000_goods  (1 statement, [elapsed])
      applied 2026-01-02-000000_log  (1 statement, [elapsed])
    --- stderr ---
    shop: applying 1 migration to sqlite://db.sqlite3
    shop: 1 migration applied in [elapsed].
    shop is at 2026-01-01-000000_goods (head).
    audit: applying 1 migration to sqlite://audit.db
    audit: 1 migration applied in [elapsed].
    audit is at 2026-01-02-000000_log (head).
    ");
}

#[test]
fn several_connections_are_taken_in_the_order_they_are_named() {
    let project = two();
    assert_snapshot!(project.run("showmigrations -d audit --database shop"), @"
    audit  sqlite://audit.db  1 migration, 1 pending
     [ ] 2026-01-02-000000_log  (head)
    shop  sqlite://db.sqlite3  1 migration, 1 pending
     [ ] 2026-01-01-000000_goods  (head)
    ");
}

#[test]
fn one_connection_named_twice_is_taken_once() {
    let project = two();
    assert_snapshot!(project.run("showmigrations -d audit -d audit"), @"
    audit  sqlite://audit.db  1 migration, 1 pending
     [ ] 2026-01-02-000000_log  (head)
    ");
}

#[test]
fn the_other_tools_word_for_it_is_understood() {
    let project = two();
    let output = project.run("showmigrations --bind-key audit");
    assert_eq!(
        output.to_string(),
        project.run("showmigrations -d audit").to_string()
    );
}

#[test]
fn options_may_stand_before_the_command() {
    let project = two();
    let output = project.run("-d audit showmigrations");
    assert_eq!(
        output.to_string(),
        project.run("showmigrations -d audit").to_string()
    );
}

#[test]
fn an_unknown_connection_comes_with_the_nearest() {
    let project = two();
    assert_snapshot!(project.run("showmigrations -d audti"), @"
    --- stderr ---
    error: there is no connection `audti`
    hint: did you mean `audit`?
    [exit 1]
    ");
    assert_snapshot!(project.run("showmigrations -d warehouse"), @"
    --- stderr ---
    error: there is no connection `warehouse`
    hint: connections here: `shop`, `audit`
    [exit 1]
    ");
}

#[test]
fn an_unknown_connection_stops_before_the_known_ones_are_touched() {
    let project = two();
    let _ = project.run("migrate -d shop -d audti").exits(1);
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn all_and_one_contradict_each_other() {
    assert_snapshot!(two().run("migrate --all -d shop"), @"
    --- stderr ---
    error: the argument '--all' cannot be used with '--database <NAME>'

    Usage: manage migrate --all [TARGET]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn several_connections_without_a_default_need_a_choice() {
    let project = two();
    project.settings("connections:\n  shop: { url: a.db }\n  audit: { url: b.db }\n");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: there are several connections and none of them is the default
    hint: choose one: -d shop, or -d audit
    hint: or name one in the settings: default: NAME
    [exit 1]
    ");
}

#[test]
fn a_default_that_is_not_there_comes_with_its_place() {
    let project = two();
    project
        .settings("default: shopp\nconnections:\n  shop: { url: a.db }\n  audit: { url: b.db }\n");
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: `default` names no connection at settings.yaml:1:10
    hint: did you mean `shop`?
    [exit 1]
    ");
}

#[test]
fn a_failure_says_which_connection_it_was_and_what_was_done_before() {
    let project = two();
    project.settings(
        "connections:\n  shop: { url: sqlite://db.sqlite3 }\n  audit: { url: sqlite://audit.db }\n  stock: { url: sqlite://stock.db }\n",
    );
    project.file(
        "migrations/audit/2026-01-03-000000_bad/up.sql",
        "CREATE TABEL bad (id INTEGER);\n",
    );
    assert_snapshot!(project.run("migrate --all"), @r#"
      applied 2026-01-01-000000_goods  (1 statement, [elapsed])
      applied 2026-01-02-000000_log  (1 statement, [elapsed])
    --- stderr ---
    shop: applying 1 migration to sqlite://db.sqlite3
    shop: 1 migration applied in [elapsed].
    shop is at 2026-01-01-000000_goods (head).
    audit: applying 2 migrations to sqlite://audit.db
    error: migration `2026-01-03-000000_bad` failed at migrations/audit/2026-01-03-000000_bad/up.sql:1:8
      caused by: near "TABEL": syntax error
      1 | CREATE TABEL bad (id INTEGER);
        |        ^
      nothing of it was committed
      the migration before it is committed
      on connection `audit`; done before it: `shop`; not reached: `stock`
    hint: fix the file, then run: manage migrate -d audit
    [exit 1]
    "#);
    assert_eq!(tables(&project), ["goods"]);
    assert_eq!(ledger(&project), ["20260101000000"]);
}

#[test]
fn the_first_to_fail_leaves_the_others_alone() {
    let project = two();
    project.file(
        "migrations/shop/2026-01-03-000000_bad/up.sql",
        "CREATE TABEL bad (id INTEGER);\n",
    );
    assert_snapshot!(project.run("migrate --all"), @r#"
      applied 2026-01-01-000000_goods  (1 statement, [elapsed])
    --- stderr ---
    shop: applying 2 migrations to sqlite://db.sqlite3
    error: migration `2026-01-03-000000_bad` failed at migrations/shop/2026-01-03-000000_bad/up.sql:1:8
      caused by: near "TABEL": syntax error
      1 | CREATE TABEL bad (id INTEGER);
        |        ^
      nothing of it was committed
      the migration before it is committed
      on connection `shop`; not reached: `audit`
    hint: fix the file, then run: manage migrate -d shop
    [exit 1]
    "#);
    assert!(!project.path("audit.db").exists());
}

#[test]
fn every_connection_is_its_own_line_of_json() {
    let project = two();
    assert_snapshot!(pretty(&project.run("migrate --all --json -q")), @r#"
    {
      "connection": "shop",
      "direction": "up",
      "steps": [
        {"version":"20260101000000","name":"2026-01-01-000000_goods","fake":false,"statements":1,"milliseconds":"[elapsed]"}
      ],
      "milliseconds": "[elapsed]"
    }
    {
      "connection": "audit",
      "direction": "up",
      "steps": [
        {"version":"20260102000000","name":"2026-01-02-000000_log","fake":false,"statements":1,"milliseconds":"[elapsed]"}
      ],
      "milliseconds": "[elapsed]"
    }
    "#);
}

#[test]
fn a_finding_on_one_connection_is_the_exit_code_of_all() {
    let project = two();
    let _ = project.run("migrate -q").ok();
    assert_snapshot!(project.run("migrate --all --check"), @"
    shop  nothing to do
    audit  1 migration would be applied
      + 2026-01-02-000000_log
    [exit 3]
    ");
}

#[test]
fn consent_is_for_one_connection_at_a_time() {
    let project = two();
    project.settings(
        "connections:\n  shop: { url: sqlite://db.sqlite3, protected: true }\n  audit: { url: sqlite://audit.db }\n",
    );
    let _ = project.run("migrate --all -q").ok();
    assert_snapshot!(project.run("downgrade --all --confirm shop"), @"
      reverted 2026-01-01-000000_goods  (1 statement, [elapsed])
    --- stderr ---
    shop: 1 migration will be reverted
      - 2026-01-01-000000_goods
          drops table `goods`: empty
    shop: 1 migration reverted in [elapsed].
    shop is at base: nothing is applied.
    audit: 1 migration will be reverted
      - 2026-01-02-000000_log
          drops table `log`: empty
    error: `shop` is not the name of the connection
      nothing was run
      on connection `audit`; done before it: `shop`
    hint: type it: --confirm audit
    [exit 2]
    ");
    assert_eq!(
        probe_of(&project.path("audit.db"))
            .value("SELECT count(*) FROM __diesel_schema_migrations"),
        "1"
    );
}

#[test]
fn two_connections_on_one_folder_and_one_file_are_no_surprise() {
    let project = two();
    project.settings(
        "connections:\n  shop: { url: sqlite://db.sqlite3, migrations: migrations/shop }\n  same: { url: sqlite://db.sqlite3, migrations: migrations/shop }\n",
    );
    assert_snapshot!(project.run("migrate --all"), @"
      applied 2026-01-01-000000_goods  (1 statement, [elapsed])
    --- stderr ---
    shop: applying 1 migration to sqlite://db.sqlite3
    shop: 1 migration applied in [elapsed].
    shop is at 2026-01-01-000000_goods (head).
    same: nothing to apply.
    same is at 2026-01-01-000000_goods (head).
    ");
}

#[test]
fn one_url_is_not_for_several_connections() {
    let project = two();
    let output = project.run("migrate --all --database-url sqlite://db.sqlite3");
    assert_eq!(output.status, Some(2), "{output}");
    let output = project.run("migrate --all --migration-dir migrations/shop");
    assert_eq!(output.status, Some(2), "{output}");
}

#[test]
fn what_is_typed_again_after_a_failure_names_the_connection() {
    let project = two();
    project.file(
        "migrations/audit/2026-01-03-000000_bad/up.sql",
        "CREATE TABEL bad (id INTEGER);\n",
    );
    let output = project.run("migrate -d audit").exits(1);
    assert!(
        !output
            .lines()
            .any(|line| line.ends_with("then run: manage migrate")),
        "that would be another connection:\n{output}"
    );
}
