//! Ctrl-C, SIGTERM and SIGHUP in the middle of a migration.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::support::{Output, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("an_interrupt_stops_the_migration_under_way", interrupted);
    trials.everywhere("a_signal_that_comes_twice_at_once_is_one", doubled);
    trials.everywhere("a_second_interrupt_ends_at_once", twice);
    trials.everywhere("a_service_that_is_stopped_ends_with_143", terminated);
    trials.everywhere("a_terminal_that_is_closed_ends_with_129", hung_up);
    trials.on(
        &[Backend::Postgres, Backend::Mysql],
        "what_cannot_be_taken_back_is_finished_first",
        finished,
    );
}

/// A statement that takes some seconds.
fn long(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            "INSERT INTO two WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 12000000) \
             SELECT max(x) FROM n;"
        }
        Backend::Postgres => "SELECT pg_sleep(3);",
        Backend::Mysql => "DO SLEEP(3);",
    }
}

/// Waits until the long statement is under way.
fn wait_for_it(server: &Server) {
    /// What is done before it holds the file for a moment too.
    const TURNS: u32 = 15;
    let mut probe = server.probe();
    let begun = Instant::now();
    let mut turns = 0;
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
        turns = if is_there { turns + 1 } else { 0 };
        if turns >= TURNS || (is_there && server.backend() != Backend::Sqlite) {
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

/// Sends a signal in the middle of the long statement and compares how that ends.
fn stopped_by(server: &Server, signal: &str, name: &str, code: i32) {
    let project = begun(server);
    let running = project.manage("migrate").hearing_hangups().start();
    wait_for_it(server);
    running.signal(signal);
    let out = running.wait().exits(code);
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
    out.says(&format!("  caused by: stopped by {name}"));
    said_and_left(server, &out);
}

fn interrupted(server: &Server) {
    stopped_by(server, "INT", "Ctrl-C", 130);
}

fn terminated(server: &Server) {
    stopped_by(server, "TERM", "SIGTERM", 143);
}

fn hung_up(server: &Server) {
    stopped_by(server, "HUP", "SIGHUP", 129);
}

/// `timeout` and others send a signal to the process and to its group.
fn doubled(server: &Server) {
    let project = begun(server);
    let running = project.manage("migrate").start();
    wait_for_it(server);
    let process = running.id();
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("kill -TERM {process}; kill -TERM {process}"))
        .status()
        .expect("there is a shell");
    assert!(status.success());
    let out = running.wait().exits(143);
    out.says("  caused by: stopped by SIGTERM");
    said_and_left(server, &out);
}

/// A statement that no signal cancels, of some seconds, and one after it.
fn unstoppable(server: &Server, seconds: u32) -> Project {
    let project = Project::on(server);
    let text = match server.backend() {
        Backend::Sqlite => format!(
            "CREATE TABLE two (id INTEGER);\n{}\n",
            long(Backend::Sqlite)
        ),
        // The index keeps the file out of a transaction.
        Backend::Postgres => format!(
            "CREATE TABLE two (id INTEGER);\nDO $$ BEGIN PERFORM pg_sleep({seconds}); END $$;\n\
             CREATE INDEX CONCURRENTLY two_id ON two (id);\n"
        ),
        Backend::Mysql => format!(
            "CREATE TABLE two (id INTEGER);\nCREATE TABLE made AS SELECT SLEEP({seconds}) AS id;\n\
             CREATE TABLE three (id INTEGER);\n"
        ),
    };
    project.migration("2026-02-01-000000_two", &text, None);
    if server.backend() == Backend::Postgres {
        project.file(
            "migrations/2026-02-01-000000_two/metadata.toml",
            "run_in_transaction = false\n",
        );
    }
    project
}

/// The statements that still run on the server for this database.
fn under_way(server: &Server) -> Vec<String> {
    match server.backend() {
        Backend::Sqlite => Vec::new(),
        Backend::Postgres => server.lines(
            "SELECT CAST(pid AS text) FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%' AND state = 'active'",
        ),
        Backend::Mysql => server.lines(
            "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = database() \
             AND id <> connection_id() AND info LIKE '%SLEEP%'",
        ),
    }
}

fn twice(server: &Server) {
    let project = unstoppable(server, 100);
    let running = project.manage("migrate").start();
    wait_for_it(server);
    running.signal("INT");
    thread::sleep(Duration::from_millis(400));
    running.signal("INT");
    let out = running.wait().exits(130);
    out.says("Stopping after this statement. Press Ctrl-C again to stop at once.")
        .says("Ended at once. To see what stands: manage showmigrations")
        .never_says("cancelled: ");
    let left = under_way(server);
    for session in &left {
        server.execute(&match server.backend() {
            Backend::Sqlite => unreachable!("a file has no sessions"),
            Backend::Postgres => format!("SELECT pg_terminate_backend({session})"),
            Backend::Mysql => format!("KILL {session}"),
        });
    }
    let runs_on = usize::from(server.backend() != Backend::Sqlite);
    assert_eq!(left.len(), runs_on, "the command waited for it");
    assert_eq!(server.versions(), [""; 0]);
}

fn finished(server: &Server) {
    let project = unstoppable(server, 2);
    let running = project.manage("migrate").start();
    wait_for_it(server);
    running.signal("TERM");
    let out = running.wait().exits(143);
    out.says("Stopping after this statement, as SIGTERM asks.")
        .says("cancelled: migration `2026-02-01-000000_two` was stopped at migrations/2026-02-01-000000_two/up.sql:3:1 (statement 3 of 3)")
        .says("  caused by: stopped by SIGTERM")
        .says("  statements 1 to 2 of 3 are in effect and cannot be rolled back; it is not recorded as applied");
    assert_eq!(server.versions(), [""; 0]);
}

fn said_and_left(server: &Server, out: &Output) {
    let mut tables = vec!["one"];
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
    let mut left = server.tables();
    left.retain(|table| !table.starts_with("__"));
    assert_eq!(left, tables);
    assert_eq!(server.versions(), ["20260101000000"]);
}
