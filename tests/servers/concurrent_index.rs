//! Indexes that are built while others go on writing, and what is left of one that failed.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::support::{Probe, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    for (name, test) in [
        (
            "an_index_that_waits_too_long_is_dropped_and_built_again",
            locked as fn(&Server),
        ),
        ("an_index_that_cannot_be_is_dropped_and_told", not_unique),
        (
            "an_invalid_index_of_an_earlier_try_is_built_anew",
            earlier_try,
        ),
        (
            "what_is_left_of_a_rebuilt_index_is_dropped_by_the_next_try",
            rebuilt,
        ),
        (
            "an_index_that_is_cancelled_leaves_nothing_behind",
            cancelled,
        ),
        ("an_invalid_index_is_never_recorded_as_done", never_recorded),
    ] {
        trials.on(&[Backend::Postgres], name, test);
    }
}

/// A table with two equal rows, and a migration outside of a transaction.
fn project(server: &Server, up: &str) -> Project {
    let project = Project::on(server);
    server.execute("CREATE TABLE users (id INTEGER); INSERT INTO users VALUES (1), (1)");
    project
        .migration("2026-01-01-000000_one", up, None)
        .metadata("2026-01-01-000000_one", "run_in_transaction = false\n");
    project
}

/// Each index of the table, and whether it is valid.
fn indexes(server: &Server) -> Vec<String> {
    server.lines(
        "SELECT CAST(indexrelid AS regclass) || CASE WHEN indisvalid THEN '' ELSE ' invalid' END \
         FROM pg_index WHERE indrelid = to_regclass('users') ORDER BY 1",
    )
}

/// Keeps a snapshot from before, which the end of a concurrent build waits for.
fn old_snapshot(server: &Server) -> Probe {
    server.execute("CREATE TABLE elsewhere (id INTEGER)");
    let mut holder = server.probe();
    holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
    assert_eq!(holder.value("SELECT count(*) FROM elsewhere"), "0");
    holder
}

/// Waits until an index is being built that waits for somebody.
fn wait_for_build(server: &Server) {
    let mut probe = server.probe();
    let begun = Instant::now();
    while probe.value(
        "SELECT count(*) FROM pg_stat_progress_create_index WHERE datname = current_database() \
         AND phase LIKE 'waiting for%'",
    ) != "1"
    {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
        thread::sleep(Duration::from_millis(10));
    }
}

fn locked(server: &Server) {
    let project = project(
        server,
        "CREATE INDEX CONCURRENTLY users_id ON users (id);\n",
    );
    project.settings(
        "connections: { default: { url: \"${DATABASE_URL}\", ddl_lock_timeout: 200ms, lock_retries: 50 } }\n",
    );
    let mut holder = old_snapshot(server);
    let mut running = project.manage("migrate").start();
    running.until("(1 of 50)");
    holder.execute("COMMIT");
    let out = running.wait().ok();
    out.says("warning: index `users_id` was left invalid, and was dropped");
    assert_eq!(indexes(server), ["users_id"]);
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn not_unique(server: &Server) {
    let project = project(
        server,
        "CREATE UNIQUE INDEX CONCURRENTLY users_id ON users (id);\n",
    );
    project.run("migrate").exits(1).shows(
        "
        --- stderr ---
        default: applying 1 migration to $URL
        error: migration `2026-01-01-000000_one` failed at migrations/2026-01-01-000000_one/up.sql:1:1
          caused by: could not create unique index \"users_id\"
          1 | CREATE UNIQUE INDEX CONCURRENTLY users_id ON users (id);
            | ^
          the server adds: Key (id)=(1) is duplicated.
          index `users_id` was left invalid, and was dropped
          nothing of it was committed
        hint: fix the file, then run: manage migrate
        [exit 1]",
    );
    assert_eq!(indexes(server), [""; 0]);
}

fn earlier_try(server: &Server) {
    let project = project(
        server,
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_id ON users (id);\n",
    );
    let failed = server
        .probe()
        .try_execute("CREATE UNIQUE INDEX CONCURRENTLY users_id ON users (id)");
    assert!(failed.is_err());
    assert_eq!(indexes(server), ["users_id invalid"]);
    server.execute("DELETE FROM users");
    let out = project.run("migrate").ok();
    out.says("warning: index `users_id` was left invalid by an earlier try, and was dropped");
    assert_eq!(indexes(server), ["users_id"]);
}

fn rebuilt(server: &Server) {
    let project = project(server, "REINDEX INDEX CONCURRENTLY users_id;\n");
    server.execute("CREATE INDEX users_id ON users (id)");
    let mut holder = old_snapshot(server);
    let mut builder = server.probe();
    builder.execute("SET lock_timeout = 100");
    let failed = builder.try_execute("REINDEX INDEX CONCURRENTLY users_id");
    assert!(failed.is_err());
    assert_eq!(indexes(server), ["users_id", "users_id_ccnew invalid"]);
    holder.execute("COMMIT");
    let out = project.run("migrate").ok();
    out.says("warning: index `users_id_ccnew` was left invalid by an earlier try, and was dropped");
    assert_eq!(indexes(server), ["users_id"]);
}

fn cancelled(server: &Server) {
    let project = project(
        server,
        "CREATE INDEX CONCURRENTLY users_id ON users (id);\n",
    );
    let mut holder = old_snapshot(server);
    let running = project.manage("migrate").start();
    wait_for_build(server);
    running.signal("TERM");
    let out = running.wait().exits(143);
    out.says("  index `users_id` was left invalid, and was dropped")
        .says("  nothing of it was committed");
    assert_eq!(indexes(server), [""; 0]);
    assert_eq!(server.versions(), [""; 0]);
    holder.execute("COMMIT");
    let _ = project.run("migrate").ok();
    assert_eq!(indexes(server), ["users_id"]);
}

fn never_recorded(server: &Server) {
    let project = project(
        server,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_id ON users (id);\n\
         UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('users_id' AS regclass);\n",
    );
    project.run("migrate").exits(1).shows(
        "
        --- stderr ---
        default: applying 1 migration to $URL
        error: migration `2026-01-01-000000_one` failed after the last statement of migrations/2026-01-01-000000_one/up.sql
          caused by: index `users_id` is there, but it is invalid
          all its statements are in effect, but it is not recorded as applied
        hint: make it valid: REINDEX INDEX CONCURRENTLY users_id; then record the migration, running nothing again: manage migrate
        [exit 1]",
    );
    assert_eq!(server.versions(), [""; 0]);
}
