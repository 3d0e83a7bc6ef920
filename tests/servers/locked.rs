//! Locks that somebody else holds on what a migration changes, and statements that take too long.

use diesel_manage::settings::Backend;

use crate::support::{Probe, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("a_lock_that_is_given_back_is_had_in_the_end", given_back);
    trials.everywhere(
        "whoever_keeps_a_lock_is_named_when_all_tries_are_used_up",
        kept,
    );
    trials.everywhere("without_a_limit_nothing_is_tried_again", without_limit);
    trials.everywhere(
        "outside_a_transaction_the_statement_alone_is_tried_again",
        statement_alone,
    );
    trials.everywhere("a_signal_ends_the_wait_before_another_try", interrupted);
    trials.on(
        &[Backend::Mysql],
        "whoever_keeps_a_lock_half_way_is_to_blame_and_not_the_file",
        kept_half_way,
    );
    trials.on(
        &[Backend::Mysql],
        "a_statement_that_takes_too_long_half_way_is_told_with_its_limit",
        too_long_half_way,
    );
    trials.on(
        &[Backend::Postgres],
        "a_statement_that_takes_too_long_is_told_with_its_limit",
        too_long,
    );
}

/// A table with a row, and a migration that changes it, with settings of the connection's own.
fn project(server: &Server, settings: &str) -> Project {
    let project = Project::on(server);
    project.settings(&format!(
        "connections: {{ default: {{ url: \"${{DATABASE_URL}}\", {settings} }} }}\n"
    ));
    project.migration(
        "2025-01-01-000000_users",
        "CREATE TABLE users (id INTEGER);\nINSERT INTO users VALUES (1);\n",
        None,
    );
    let _ = project.run("migrate").ok();
    project.migration(
        "2026-01-01-000000_one",
        "ALTER TABLE users ADD COLUMN name TEXT;\n",
        None,
    );
    project
}

/// Keeps the table from being changed, as a forgotten session does.
fn keep(server: &Server) -> Probe {
    let mut holder = server.probe();
    holder.execute(match server.backend() {
        Backend::Sqlite => "BEGIN IMMEDIATE; UPDATE users SET id = 2",
        Backend::Postgres | Backend::Mysql => "BEGIN; UPDATE users SET id = 2",
    });
    holder
}

/// The shortest wait that a server knows.
fn limit(server: &Server) -> &'static str {
    match server.backend() {
        Backend::Sqlite | Backend::Postgres => "200ms",
        Backend::Mysql => "1s",
    }
}

fn given_back(server: &Server) {
    let project = project(
        server,
        &format!("ddl_lock_timeout: {}, lock_retries: 50", limit(server)),
    );
    let mut holder = keep(server);
    let mut running = project.manage("migrate").start();
    running.until("(1 of 50)");
    holder.execute("COMMIT");
    let _ = running.wait().ok();
    assert_eq!(server.versions(), ["20250101000000", "20260101000000"]);
    assert_eq!(server.value("SELECT count(*) FROM users"), "1");
}

/// The lines that tell who is in the way, with what differs from run to run taken out.
fn told(server: &Server, stderr: &str) -> String {
    let mut text = stderr.replace(server.name(), "$NAME");
    for before in [
        "session ",
        "pg_terminate_backend(",
        "KILL ",
        "127.0.0.1:",
        "localhost:",
    ] {
        text = text
            .split(before)
            .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()))
            .collect::<Vec<_>>()
            .join(before);
    }
    text.replace("localhost:", "127.0.0.1:")
}

fn kept(server: &Server) {
    let project = project(
        server,
        &format!("ddl_lock_timeout: {}, lock_retries: 1", limit(server)),
    );
    let holder = keep(server);
    let out = project.run("migrate").exits(1);
    drop(holder);
    let expected = match server.backend() {
        Backend::Sqlite => {
            "\
default: applying 1 migration to $URL
the database is locked by another program; trying again in [elapsed] (1 of 1)
error: cannot read or write what is recorded about migrations
  caused by: database is locked
hint: another program is writing; wait for it, then run the same command again
"
        }
        Backend::Postgres => {
            "\
default: applying 1 migration to $URL
`users` is locked by session  (by postgres on 127.0.0.1), idle in transaction for [elapsed]: BEGIN; UPDATE users SET id = 2; trying again in [elapsed] (1 of 1)
error: migration `2026-01-01-000000_one` failed
  caused by: canceling statement due to lock timeout
  `users` is locked by session  (by postgres on 127.0.0.1), idle in transaction for [elapsed]: BEGIN; UPDATE users SET id = 2
  nothing of it was committed
hint: let it end, or end it (SELECT pg_terminate_backend()), then run: manage migrate
"
        }
        Backend::Mysql => {
            "\
default: applying 1 migration to $URL
a table is locked by session  (by root on 127.0.0.1:), idle in transaction for [elapsed]; trying again in [elapsed] (1 of 1)
error: migration `2026-01-01-000000_one` failed
  caused by: Lock wait timeout exceeded; try restarting transaction
  the lock was held by session  (by root on 127.0.0.1:), idle in transaction for [elapsed]
  nothing of it was committed
hint: let it end, or end it (KILL ), then run: manage migrate
"
        }
    };
    assert_eq!(told(server, &out.stderr), expected);
    assert_eq!(server.versions(), ["20250101000000"]);
}

/// What is in effect stays so, and the file is not to blame.
fn kept_half_way(server: &Server) {
    let project = project(server, "ddl_lock_timeout: 1s, lock_retries: 0");
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE log (id INTEGER);\nALTER TABLE users ADD COLUMN name TEXT;\n",
        None,
    );
    let holder = keep(server);
    let out = project.run("migrate").exits(1);
    drop(holder);
    assert_eq!(
        told(server, &out.stderr),
        "\
default: applying 1 migration to $URL
error: migration `2026-01-01-000000_one` failed
  caused by: Lock wait timeout exceeded; try restarting transaction
  the lock was held by session  (by root on 127.0.0.1:), idle in transaction for [elapsed]
  statement 1 of 2 is in effect and cannot be rolled back; it is not recorded as applied
hint: let it end, or end it (KILL )
hint: then run: manage migrate  (it goes on at statement 2)
"
    );
    let _ = project.run("migrate").ok();
}

/// Nor is it when the server's patience ends.
fn too_long_half_way(server: &Server) {
    let project = project(server, "statement_timeout: 1s");
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE log (id INTEGER);\nINSERT INTO log VALUES (SLEEP(100));\n",
        None,
    );
    let out = project.run("migrate").exits(1);
    out.says("  statement 1 of 2 is in effect and cannot be rolled back; it is not recorded as applied")
        .says("hint: give it more time (`statement_timeout` of the connection), or do less in one statement")
        .says("hint: then run: manage migrate  (it goes on at statement 2)");
}

fn without_limit(server: &Server) {
    let project = project(server, "lock_timeout: 1s");
    // The server's own limit; on SQLite ours.
    let project = match server.backend() {
        Backend::Sqlite => project,
        Backend::Postgres => {
            server.execute(&format!(
                "ALTER DATABASE {} SET lock_timeout = 200",
                server.name()
            ));
            project
        }
        Backend::Mysql => {
            project.migration(
                "2026-01-01-000000_one",
                "SET lock_wait_timeout = 1;\nALTER TABLE users ADD COLUMN name TEXT;\n",
                None,
            );
            project
        }
    };
    let holder = keep(server);
    let out = project.run("migrate").exits(1);
    drop(holder);
    out.never_says("trying again");
}

fn statement_alone(server: &Server) {
    let project = project(
        server,
        &format!("ddl_lock_timeout: {}, lock_retries: 50", limit(server)),
    );
    server.execute("CREATE TABLE log (id INTEGER)");
    let change = match server.backend() {
        Backend::Sqlite => "UPDATE users SET id = 3;",
        // The index keeps the file out of a transaction.
        Backend::Postgres => {
            "CREATE INDEX CONCURRENTLY log_id ON log (id);\nALTER TABLE users ADD COLUMN name TEXT;"
        }
        Backend::Mysql => "ALTER TABLE users ADD COLUMN name TEXT;",
    };
    project
        .migration(
            "2026-01-01-000000_one",
            &format!("INSERT INTO log VALUES (1);\n{change}\nINSERT INTO log VALUES (2);\n"),
            None,
        )
        .metadata("2026-01-01-000000_one", "run_in_transaction = false\n");
    let holder = (server.backend() != Backend::Sqlite).then(|| keep(server));
    let mut running = project.manage("migrate").start();
    if let Some(mut holder) = holder {
        running.until("(1 of 50)");
        holder.execute("COMMIT");
    }
    let _ = running.wait().ok();
    assert_eq!(server.versions(), ["20250101000000", "20260101000000"]);
    assert_eq!(server.lines("SELECT id FROM log ORDER BY id"), ["1", "2"]);
}

fn interrupted(server: &Server) {
    let project = project(server, "ddl_lock_timeout: 1s, lock_retries: 50");
    let mut holder = keep(server);
    for (signal, name, code) in [("TERM", "SIGTERM", 143), ("INT", "Ctrl-C", 130)] {
        let mut running = project.manage("migrate").start();
        running.until("trying again");
        running.signal(signal);
        let out = running.wait().exits(code);
        match server.backend() {
            // It has no lock yet, so nothing has begun.
            Backend::Sqlite => out
                .says(&format!("cancelled: stopped by {name}"))
                .says("  no migration was begun")
                .says("hint: to go on: manage migrate"),
            Backend::Postgres | Backend::Mysql => out
                .says(&format!("  caused by: stopped by {name}"))
                .says("  nothing of it was committed"),
        };
    }
    // Whoever was waited for was not disturbed.
    holder.execute("COMMIT");
    assert_eq!(server.value("SELECT id FROM users"), "2");
    assert_eq!(server.versions(), ["20250101000000"]);
}

fn too_long(server: &Server) {
    let project = project(server, "statement_timeout: 100ms");
    project.migration("2026-01-01-000000_one", "SELECT pg_sleep(100);\n", None);
    let out = project.run("migrate").exits(1);
    out.shows(
        "
        --- stderr ---
        default: applying 1 migration to $URL
        error: migration `2026-01-01-000000_one` failed at migrations/2026-01-01-000000_one/up.sql:1:1
          caused by: canceling statement due to statement timeout
          1 | SELECT pg_sleep(100);
            | ^
          nothing of it was committed
        hint: give it more time (`statement_timeout` of the connection), or do less in one statement
        [exit 1]",
    );
}
