//! Ctrl-C in the middle of a migration.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::support::{Output, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("an_interrupt_stops_the_migration_under_way", interrupted);
    trials.everywhere("a_second_interrupt_leaves_no_more_behind", twice);
}

/// A statement that takes some seconds.
fn long(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            "INSERT INTO two WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9000000) \
             SELECT max(x) FROM n;"
        }
        Backend::Postgres => "SELECT pg_sleep(3);",
        Backend::Mysql => "DO SLEEP(3);",
    }
}

/// Waits until the long statement is under way.
fn wait_for_it(server: &Server) {
    let mut probe = server.probe();
    let begun = Instant::now();
    loop {
        let is_there = match server.backend() {
            Backend::Sqlite => probe.try_execute("BEGIN IMMEDIATE; ROLLBACK").is_err(),
            Backend::Postgres => {
                probe.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                     AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%' AND state = 'active'",
                ) == "1"
            }
            Backend::Mysql => {
                probe.value(
                    "SELECT count(*) FROM information_schema.processlist WHERE db = database() \
                     AND id <> connection_id() AND info LIKE '%SLEEP%'",
                ) == "1"
            }
        };
        if is_there {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
        thread::sleep(Duration::from_millis(20));
    }
}

/// One migration that is applied, one that takes long, and one after it.
fn begun(server: &Server) -> Project {
    let project = Project::on(server);
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER);",
            Some("DROP TABLE one;"),
        )
        .migration(
            "2026-02-01-000000_two",
            &format!(
                "CREATE TABLE two (id INTEGER);\n{}\nCREATE TABLE three (id INTEGER);\n",
                long(server.backend())
            ),
            Some("DROP TABLE three;\nDROP TABLE two;"),
        )
        .migration(
            "2026-03-01-000000_four",
            "CREATE TABLE four (id INTEGER);",
            Some("DROP TABLE four;"),
        );
    // The first one has to be done, or the lock of SQLite that is seen may be its.
    let _ = project.run("migrate one").ok();
    project
}

fn interrupted(server: &Server) {
    let project = begun(server);
    let running = project.manage("migrate").start();
    wait_for_it(server);
    running.signal("INT");
    let out = running.wait().exits(130);
    assert_eq!(out.stdout, "");
    let first = out
        .stderr
        .lines()
        .find(|line| line.starts_with("cancelled: "))
        .unwrap_or_default();
    assert!(
        first.starts_with(
            "cancelled: migration `2026-02-01-000000_two` was stopped at migrations/2026-02-01-000000_two/up.sql:"
        ),
        "{out}"
    );
    said_and_left(server, &out);
}

fn twice(server: &Server) {
    let project = begun(server);
    let running = project.manage("migrate").start();
    wait_for_it(server);
    running.signal("INT");
    thread::sleep(Duration::from_millis(100));
    running.signal("INT");
    let out = running.wait().exits(130);
    said_and_left(server, &out);
}

fn said_and_left(server: &Server, out: &Output) {
    let mut tables = vec![
        "__diesel_schema_migrations",
        "__manage_history",
        "__manage_schema",
        "one",
    ];
    match server.backend() {
        Backend::Sqlite | Backend::Postgres => {
            out.says("  nothing of it was committed")
                .says("hint: to go on: manage migrate");
        }
        Backend::Mysql => {
            out.says(
                "  statement 1 of 3 is in effect and cannot be rolled back; it is not recorded as applied",
            );
            tables.push("two");
        }
    }
    assert_eq!(server.tables(), tables);
    assert_eq!(server.versions(), ["20260101000000"]);
}
