//! A migration and another session that wait for each other, and the server breaks the migration off.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::support::{Output, Probe, Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(&SERVERS, "deadlocks::the_victim_is_tried_again", again);
    trials.on(
        &SERVERS,
        "deadlocks::without_tries_it_is_said_what_happened",
        once,
    );
    trials.on(
        &[Backend::Mysql],
        "deadlocks::after_a_definition_the_rows_alone_are_run_again",
        segment,
    );
}

/// The statements that lead into it: the first one takes `one`, the last one wants `two`.
fn statements(backend: Backend) -> &'static str {
    match backend {
        // The one who begins to wait last looks for a circle last, so the migration is held up between.
        Backend::Sqlite | Backend::Postgres => {
            "UPDATE one SET n = n + 1;\nSELECT pg_advisory_xact_lock(7);\nUPDATE two SET n = n + 1;\n"
        }
        Backend::Mysql => "UPDATE one SET n = n + 1;\nDO 0;\nUPDATE two SET n = n + 1;\n",
    }
}

fn project(server: &Server, settings: &str, before: &str) -> Project {
    let project = Project::on(server);
    project.settings(&format!(
        "connections: {{ default: {{ url: \"${{DATABASE_URL}}\", {settings} }} }}\n"
    ));
    for table in ["one", "two"] {
        server.execute(&format!(
            "CREATE TABLE {table} (n INTEGER); INSERT INTO {table} VALUES (0)"
        ));
    }
    // The server breaks off whoever has changed less.
    server.execute("CREATE TABLE much (n INTEGER)");
    project.migration(
        "2026-01-01-000000_one",
        &format!("{before}{}", statements(server.backend())),
        None,
    );
    project
}

/// Waits until so many sessions wait for a lock.
pub(crate) fn wait_for_waiting(probe: &mut Probe, backend: Backend, number: &str) {
    let query = match backend {
        Backend::Sqlite => panic!("a file has no sessions"),
        Backend::Postgres => {
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND wait_event_type = 'Lock'"
        }
        Backend::Mysql => {
            "SELECT count(*) FROM information_schema.innodb_trx t \
             JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id \
             WHERE p.db = database() AND t.trx_state = 'LOCK WAIT'"
        }
    };
    let begun = Instant::now();
    while probe.value(query) != number {
        assert!(begun.elapsed() < Duration::from_secs(60), "nobody waits");
        // The server looks only now and then for what it tells here.
        thread::sleep(Duration::from_millis(200));
    }
}

/// Runs the migration into a deadlock whose victim it is.
fn deadlock(server: &Server, project: &Project) -> Output {
    let backend = server.backend();
    let mut probe = server.probe();
    let mut other = server.probe();
    if backend == Backend::Postgres {
        other.execute("SET deadlock_timeout = '10min'");
        probe.execute("SELECT pg_advisory_lock(7)");
    }
    other.execute("BEGIN; INSERT INTO much VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9)");
    other.execute("UPDATE two SET n = n + 10");
    let running = project.manage("migrate").start();
    wait_for_waiting(&mut probe, backend, "1");
    let other = thread::spawn(move || {
        other.execute("UPDATE one SET n = n + 10");
        other.execute("COMMIT");
    });
    if backend == Backend::Postgres {
        wait_for_waiting(&mut probe, backend, "2");
        probe.execute("SELECT pg_advisory_unlock(7)");
    }
    let out = running.wait();
    other.join().expect("the other session is no victim");
    out
}

fn numbers(server: &Server) -> [String; 2] {
    ["one", "two"].map(|table| server.value(&format!("SELECT n FROM {table}")))
}

fn again(server: &Server) {
    let project = project(server, "lock_retries: 5", "");
    let out = deadlock(server, &project).ok();
    out.shows(
        "
          applied 2026-01-01-000000_one  (3 statements, [elapsed])
        --- stderr ---
        default: applying 1 migration to $URL
        another session and this one waited for each other (deadlock); trying again in [elapsed] (1 of 5)
        default: 1 migration applied in [elapsed].
        default is at 2026-01-01-000000_one (head).
        ",
    );
    assert_eq!(numbers(server), ["11", "11"]);
    assert_eq!(server.versions(), ["20260101000000"]);
}

/// The text with the numbers of sessions and transactions taken out.
fn unnumbered(text: &str) -> String {
    let mut text = text.to_owned();
    for before in ["Process ", "process ", "transaction "] {
        text = text
            .split(before)
            .map(|part| {
                let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
                if rest == part {
                    part.to_owned()
                } else {
                    format!("N{rest}")
                }
            })
            .collect::<Vec<_>>()
            .join(before);
    }
    text
}

fn once(server: &Server) {
    let project = project(server, "lock_retries: 0", "");
    let out = deadlock(server, &project).exits(1);
    let (cause, adds) = match server.backend() {
        Backend::Sqlite | Backend::Postgres => (
            "deadlock detected",
            "\n  the server adds: Process N waits for ShareLock on transaction N; blocked by process N.\n  \
             Process N waits for ShareLock on transaction N; blocked by process N.\n  \
             the server hints: See server log for query details.",
        ),
        Backend::Mysql => (
            "Deadlock found when trying to get lock; try restarting transaction",
            "",
        ),
    };
    assert_eq!(
        unnumbered(&out.stderr),
        format!(
            "\
default: applying 1 migration to $URL
error: migration `2026-01-01-000000_one` failed at migrations/2026-01-01-000000_one/up.sql:3:1 (statement 3 of 3)
  caused by: {cause}
  3 | UPDATE two SET n = n + 1;
    | ^{adds}
  nothing of it was committed
hint: another session and this one waited for each other; run the same command again, or have it tried again by itself (`lock_retries` of the connection)
"
        )
    );
    assert_eq!(numbers(server), ["10", "10"]);
    assert_eq!(server.versions(), [""; 0]);
}

fn segment(server: &Server) {
    let project = project(server, "lock_retries: 5", "CREATE TABLE new (n INTEGER);\n");
    let out = deadlock(server, &project).ok();
    out.shows(
        "
          applied 2026-01-01-000000_one  (4 statements, [elapsed])
        --- stderr ---
        default: applying 1 migration to $URL
        another session and this one waited for each other (deadlock); trying again in [elapsed] (1 of 5)
        default: 1 migration applied in [elapsed].
        default is at 2026-01-01-000000_one (head).
        ",
    );
    assert_eq!(numbers(server), ["11", "11"]);
    assert_eq!(server.versions(), ["20260101000000"]);
}
