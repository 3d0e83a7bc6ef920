//! A connection that is lost in the middle of a migration, and a server that is.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::cut_line::{self, Cut};
use crate::own_server::{self, OwnServer};
use crate::support::{Probe, Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        &SERVERS,
        "a_connection_lost_inside_a_transaction_leaves_nothing",
        inside,
    );
    trials.on(
        &SERVERS,
        "a_connection_lost_after_a_step_back_leaves_one_step_less",
        after_a_step,
    );
    trials.on(
        &SERVERS,
        "a_connection_lost_outside_a_transaction_leaves_one_statement_in_doubt",
        outside,
    );
    trials.on(
        &[Backend::Postgres],
        "a_connection_lost_at_the_commit_is_looked_into",
        at_commit,
    );
    trials.on(
        &SERVERS,
        "a_commit_whose_answer_never_came_is_found",
        |server| cut(server, Cut::Answer),
    );
    trials.on(
        &SERVERS,
        "a_commit_that_never_came_to_the_server_is_none",
        |server| cut(server, Cut::Question),
    );
    own_server::add(
        trials,
        Backend::Postgres,
        "a_commit_whose_answer_was_lost_is_found",
        answer_lost,
    );
    own_server::add(
        trials,
        Backend::Postgres,
        "a_server_that_dies_at_the_commit_leaves_it_open",
        dies_at_commit,
    );
    for backend in SERVERS {
        own_server::add(
            trials,
            backend,
            "a_server_that_dies_in_mid_migration_is_gone_on_with",
            dies,
        );
    }
}

const LONGEST: Duration = Duration::from_secs(60);

/// Waits until a session of the database executes something like this, and returns its number.
fn session(probe: &mut Probe, backend: Backend, like: &str) -> String {
    let query = match backend {
        Backend::Sqlite => panic!("a file has no sessions"),
        Backend::Postgres => format!(
            "SELECT CAST(pid AS text) FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid() AND query LIKE '{like}' AND state = 'active'"
        ),
        Backend::Mysql => format!(
            "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = database() \
             AND id <> connection_id() AND info LIKE '{like}'"
        ),
    };
    let begun = Instant::now();
    loop {
        if let [number] = &*probe.lines(&query) {
            return number.clone();
        }
        assert!(begun.elapsed() < LONGEST, "it never began");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Ends a session as an administrator does.
fn kill(server: &Server, like: &str) {
    let mut probe = server.probe();
    let number = session(&mut probe, server.backend(), like);
    probe.execute(&match server.backend() {
        Backend::Sqlite => panic!("a file has no sessions"),
        Backend::Postgres => format!("SELECT pg_terminate_backend({number})"),
        Backend::Mysql => format!("KILL {number}"),
    });
}

fn inside(server: &Server) {
    let project = Project::on(server);
    server.execute("CREATE TABLE users (id INTEGER)");
    let sleep = match server.backend() {
        Backend::Postgres => "SELECT pg_sleep(100);",
        Backend::Sqlite | Backend::Mysql => "DO SLEEP(100);",
    };
    project.migration(
        "2026-01-01-000000_one",
        &format!("INSERT INTO users VALUES (1);\n{sleep}\n"),
        None,
    );
    let running = project.manage("migrate").start();
    kill(server, "%100%");
    let out = running.wait().exits(1);
    let cause = match server.backend() {
        Backend::Postgres => "terminating connection due to administrator command",
        Backend::Sqlite | Backend::Mysql => {
            "Input/output error: Input/output error: connection closed"
        }
    };
    out.says("error: migration `2026-01-01-000000_one` failed at migrations/2026-01-01-000000_one/up.sql:2:1 (statement 2 of 2)")
        .says(&format!("  caused by: {cause}"))
        .says("  nothing of it was committed")
        .says("hint: check that the server is up, then run the same command again");
    assert_eq!(server.value("SELECT count(*) FROM users"), "0");
    assert_eq!(server.versions(), [""; 0]);
}

/// The same steps back once more would be too many.
fn after_a_step(server: &Server) {
    let project = Project::on(server);
    let sleep = match server.backend() {
        Backend::Postgres => "SELECT pg_sleep(100);\n",
        Backend::Sqlite | Backend::Mysql => "DO SLEEP(100);\n",
    };
    for (name, down) in [
        ("2026-01-01-000000_one", "SELECT 1;\n"),
        ("2026-02-01-000000_two", sleep),
        ("2026-03-01-000000_three", "SELECT 1;\n"),
    ] {
        project.migration(name, "SELECT 1;\n", Some(down));
    }
    let _ = project.run("migrate").ok();
    let running = project.manage("downgrade -2 -y").start();
    kill(server, "%100%");
    running
        .wait()
        .exits(1)
        .says("hint: check that the server is up, then run: manage downgrade -1");
    assert_eq!(server.versions(), ["20260101000000", "20260201000000"]);
}

fn outside(server: &Server) {
    let project = Project::on(server);
    let (up, metadata) = match server.backend() {
        // The index keeps the file out of a transaction.
        Backend::Postgres => (
            "CREATE TABLE one (id INTEGER);\nCREATE TABLE two AS SELECT CAST(pg_sleep(100) AS text);\n\
             CREATE INDEX CONCURRENTLY one_id ON one (id);\n",
            "run_in_transaction = false\n",
        ),
        Backend::Sqlite | Backend::Mysql => (
            "CREATE TABLE one (id INTEGER);\nCREATE TABLE two AS SELECT SLEEP(100) AS a;\n",
            "",
        ),
    };
    project
        .migration("2026-01-01-000000_one", up, None)
        .metadata("2026-01-01-000000_one", metadata);
    let running = project.manage("migrate").start();
    kill(server, "%100%");
    let out = running.wait().exits(1);
    let total = if server.backend() == Backend::Postgres {
        3
    } else {
        2
    };
    out.says(&format!(
        "  statement 1 of {total} is in effect; whether statement 2 is in effect too is not known; it is not recorded as applied"
    ));
    assert_eq!(server.versions(), [""; 0]);
}

/// A trigger that makes every commit of a row take its time.
const SLOW_COMMIT: &str = "CREATE TABLE users (id INTEGER);
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(100); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION slow()";

fn at_commit(server: &Server) {
    let project = Project::on(server);
    server.execute(SLOW_COMMIT);
    project.migration(
        "2026-01-01-000000_one",
        "INSERT INTO users VALUES (1);\n",
        None,
    );
    let running = project.manage("migrate").start();
    kill(server, "COMMIT%");
    let out = running.wait().exits(1);
    // The server was asked again over another connection, so this is known.
    out.says("  nothing of it was committed");
    assert_eq!(server.value("SELECT count(*) FROM users"), "0");
    assert_eq!(server.versions(), [""; 0]);
}

/// The line is cut at the commit of a migration, before or after the server has done it.
fn cut(server: &Server, cut: Cut) {
    server.execute("CREATE TABLE users (id INTEGER)");
    let insert = "INSERT INTO users VALUES (4711)";
    let project = Project::on(server).url(&cut_line::before(server, insert, cut));
    project.migration("2026-01-01-000000_one", &format!("{insert};\n"), None);
    let out = project.run("migrate").exits(1);
    let is_done = match cut {
        Cut::Answer => {
            out.says("  the connection was lost at the end, but all of it is in effect, and it is recorded as applied")
                .says("hint: to go on: manage migrate");
            true
        }
        Cut::Question => {
            out.says("  nothing of it was committed")
                .says("hint: check that the server is up, then run the same command again");
            false
        }
    };
    let number = if is_done { "1" } else { "0" };
    assert_eq!(server.value("SELECT count(*) FROM users"), number);
    assert_eq!(server.versions().len(), usize::from(is_done));
    // The same command brings the rest, on a line that holds.
    let _ = project.run("migrate").exits(i32::from(!is_done));
    let _ = project.url(server.url()).run("migrate").ok();
    assert_eq!(server.value("SELECT count(*) FROM users"), "1");
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn own_project(server: &OwnServer) -> Project {
    server.create("shop");
    let mut project = Project::new().url(&server.url("shop"));
    project.filter(&server.url("shop"), "$URL");
    project
}

/// A commit that waits for a standby which is not there has been done when it is broken off.
fn answer_lost(server: &mut OwnServer) {
    let project = own_project(server);
    let mut probe = server.probe("shop");
    probe.execute("CREATE TABLE users (id INTEGER)");
    project.migration(
        "2026-01-01-000000_one",
        "SET LOCAL synchronous_commit = on;\nINSERT INTO users VALUES (1);\n",
        None,
    );
    // The tables of what is applied are there already.
    let _ = project.run("migrate --fake").ok();
    let _ = project.run("stamp base -y").ok();
    probe.execute("ALTER SYSTEM SET synchronous_commit = 'local'");
    probe.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    probe.execute("SELECT pg_reload_conf()");
    let running = project.manage("migrate").start();
    let number = session(&mut probe, Backend::Postgres, "COMMIT%");
    probe.execute(&format!("SELECT pg_terminate_backend({number})"));
    let out = running.wait().exits(1);
    out.says("  the connection was lost at the end, but all of it is in effect, and it is recorded as applied")
        .says("hint: to go on: manage migrate");
    assert_eq!(probe.value("SELECT count(*) FROM users"), "1");
    let _ = project.run("migrate").ok();
    assert_eq!(probe.value("SELECT count(*) FROM users"), "1");
}

fn dies_at_commit(server: &mut OwnServer) {
    let project = own_project(server);
    server.probe("shop").execute(SLOW_COMMIT);
    project.migration(
        "2026-01-01-000000_one",
        "INSERT INTO users VALUES (1);\n",
        None,
    );
    let running = project.manage("migrate").start();
    session(&mut server.probe("shop"), Backend::Postgres, "COMMIT%");
    server.end("KILL");
    let out = running.wait().exits(1);
    out.says("  the connection was lost before the server answered: either all of it was committed, or nothing")
        .says("hint: look when the server is up: manage showmigrations");
    server.restart();
    project
        .run("showmigrations")
        .ok()
        .says(" [ ] 2026-01-01-000000_one  (head)");
    server.probe("shop").execute("DROP TRIGGER slow ON users");
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.probe("shop").value("SELECT count(*) FROM users"),
        "1"
    );
}

fn dies(server: &mut OwnServer) {
    let project = own_project(server);
    let sleep = match server.backend {
        Backend::Postgres => "SELECT pg_sleep(100);",
        Backend::Sqlite | Backend::Mysql => "DO SLEEP(100);",
    };
    server
        .probe("shop")
        .execute("CREATE TABLE users (id INTEGER)");
    project
        .migration(
            "2026-01-01-000000_one",
            "INSERT INTO users VALUES (1);\n",
            None,
        )
        .migration(
            "2026-02-01-000000_two",
            &format!("INSERT INTO users VALUES (2);\n{sleep}\n"),
            None,
        );
    let running = project.manage("migrate").start();
    session(&mut server.probe("shop"), server.backend, "%100%");
    server.end("KILL");
    let out = running.wait().exits(1);
    out.says("  nothing of it was committed")
        .says("  the migration before it is committed");
    let _ = project.run("migrate").exits(1);
    server.restart();
    assert_eq!(server.probe("shop").lines("SELECT id FROM users"), ["1"]);
    project.migration(
        "2026-02-01-000000_two",
        "INSERT INTO users VALUES (2);\n",
        None,
    );
    let _ = project.run("migrate").ok();
    assert_eq!(
        server
            .probe("shop")
            .lines("SELECT id FROM users ORDER BY id"),
        ["1", "2"]
    );
}
