//! Migrations that fail: what is said about it, and what is left.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere(
        "a_later_migration_that_fails_leaves_the_earlier_ones",
        second_of_three,
    );
    trials.everywhere(
        "a_failed_revert_leaves_the_migration_applied",
        failed_revert,
    );
    trials.on(
        &SERVERS,
        "a_connection_that_is_lost_says_what_stays",
        lost_connection,
    );
    trials.on(
        &SERVERS,
        "a_password_in_a_statement_that_fails_is_not_shown",
        password_in_statement,
    );
}

pub(crate) fn one_migration(project: &Project) {
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DROP TABLE one;"),
    );
}

fn second_of_three(server: &Server) {
    let project = Project::on(server);
    one_migration(&project);
    project
        .migration(
            "2026-02-01-000000_two",
            "INSERT INTO nowhere VALUES (1);",
            Some("SELECT 1;"),
        )
        .migration(
            "2026-03-01-000000_three",
            "CREATE TABLE three (id INTEGER);",
            Some("DROP TABLE three;"),
        );
    let out = project.run("migrate").exits(1);
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_one  (1 statement, [elapsed])\n"
    );
    out.says(
        "error: migration `2026-02-01-000000_two` failed at migrations/2026-02-01-000000_two/up.sql:1:13",
    )
    .says("  nothing of it was committed")
    .says("  the migration before it is committed")
    .says("hint: fix the file, then run: manage migrate");
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            "one"
        ]
    );

    project.file(
        "migrations/2026-02-01-000000_two/up.sql",
        "INSERT INTO one VALUES (1);",
    );
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260301000000"]
    );
}

fn failed_revert(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DELETE FROM one;\nDROP TABLE nowhere;\nDROP TABLE one;"),
    );
    let _ = project.run("migrate").ok();
    server.execute("INSERT INTO one VALUES (1)");
    let out = project.run("downgrade -y").exits(1);
    // PostgreSQL tells no place, and then it is the statement's.
    let column = if server.backend() == Backend::Postgres {
        1
    } else {
        12
    };
    out.says(&format!(
        "error: migration `2026-01-01-000000_one` could not be reverted at \
         migrations/2026-01-01-000000_one/down.sql:2:{column} (statement 2 of 3)"
    ));
    assert_eq!(server.versions(), ["20260101000000"]);
    match server.backend() {
        Backend::Sqlite | Backend::Postgres => {
            out.says("  nothing of it was committed");
            assert_eq!(server.lines("SELECT id FROM one"), ["1"]);
        }
        // A `DROP` commits what stands before it, even one that fails.
        Backend::Mysql => {
            out.says(
                "  statement 1 of 3 is in effect and cannot be rolled back; it is still recorded as applied",
            );
            assert_eq!(server.lines("SELECT id FROM one"), [""; 0]);
        }
    }
}

/// Statements of which the second takes long enough for somebody to end the session.
fn lost_connection(server: &Server) {
    let project = Project::on(server);
    let (long, find, kill) = match server.backend() {
        Backend::Sqlite => panic!("a file has no connection"),
        Backend::Postgres => (
            "SELECT pg_sleep(60)",
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
             AND query LIKE '%sleep(60)%' AND pid <> pg_backend_pid()",
            "SELECT pg_terminate_backend($)",
        ),
        Backend::Mysql => (
            "DO SLEEP(60)",
            "SELECT id FROM information_schema.processlist WHERE db = database() \
             AND info LIKE '%SLEEP(60)%' AND id <> connection_id()",
            "KILL $",
        ),
    };
    project.migration(
        "2026-01-01-000000_one",
        &format!("CREATE TABLE one (id INTEGER);\n{long};\nCREATE TABLE two (id INTEGER);\n"),
        Some("SELECT 1;"),
    );
    let running = project.manage("migrate").start();
    let mut probe = server.probe();
    let begun = Instant::now();
    let session = loop {
        if let [session] = probe.lines(find).as_slice() {
            break session.clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
        thread::sleep(Duration::from_millis(20));
    };
    let _ = probe.lines(&kill.replace('$', &session));
    let out = running.wait().exits(1);
    out.says(
        "error: migration `2026-01-01-000000_one` failed at \
         migrations/2026-01-01-000000_one/up.sql:2:1 (statement 2 of 3)",
    );
    let mut tables = vec![
        "__diesel_schema_migrations",
        "__manage_history",
        "__manage_schema",
    ];
    if server.backend() == Backend::Postgres {
        out.says("  nothing of it was committed")
            .says("hint: check that the server is up, then run the same command again");
    } else {
        out.says(
            "  statement 1 of 3 is in effect and cannot be rolled back; it is not recorded as applied",
        );
        tables.push("one");
    }
    assert_eq!(server.tables(), tables);
    assert_eq!(server.versions(), [""; 0]);
}

fn password_in_statement(server: &Server) {
    let project = Project::on(server);
    let role = format!("{}_role", server.name());
    let create = match server.backend() {
        Backend::Sqlite => panic!("a file has no roles"),
        Backend::Postgres => {
            format!("CREATE ROLE {role} LOGIN PASSWORD 'kept-secret-5' FROBNICATE;")
        }
        Backend::Mysql => {
            format!("CREATE USER '{role}' IDENTIFIED BY 'kept-secret-5' FROBNICATE;")
        }
    };
    project.migration("2026-01-01-000000_role", &create, Some("SELECT 1;"));
    for line in ["migrate", "migrate -v", "migrate --json", "migrate --plan"] {
        project.run(line).never_says("kept-secret-5");
    }
}
