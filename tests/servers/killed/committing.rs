//! A run that was killed while the server was committing: the lock is gone with it, and what it did is not in
//! effect yet.

use diesel_manage::settings::Backend;

use crate::deadlocks::wait_for_waiting;
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        &[Backend::Postgres],
        "killed::what_is_being_committed_is_waited_for",
        postgres,
    );
    trials.on(
        &[Backend::Mysql],
        "killed::what_is_being_committed_is_waited_for",
        mysql,
    );
    trials.everywhere(
        "killed::a_run_that_waits_for_one_that_fails_goes_on_there",
        left_meanwhile,
    );
}

/// Makes every commit of a row wait for the gate.
const GATE: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY);
    CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION gate()";

fn postgres(server: &Server) {
    let project = Project::on(server);
    server.execute(GATE);
    for (name, metadata) in [
        ("2026-01-01-000000_one", "run_in_transaction = true\n"),
        ("2026-02-01-000000_two", "run_in_transaction = false\n"),
    ] {
        project
            .migration(
                name,
                &format!("INSERT INTO users VALUES ({});\n", &name[6..7]),
                None,
            )
            .metadata(name, metadata);
        let mut gate = server.probe();
        gate.execute("SELECT pg_advisory_lock(4711)");
        let running = project.manage("migrate").start();
        wait_for_waiting(&mut server.probe(), Backend::Postgres, "1");
        running.signal("KILL");
        let _ = running.wait();
        let out = project.run("migrate --lock-timeout 0").exits(1);
        assert!(
            out.stderr
                .contains("another run is changing this database: manage"),
            "{out}"
        );
        let mut next = project
            .manage("migrate --lock-timeout 60s --on-unfinished resume")
            .start();
        next.until("waiting for another run");
        drop(gate);
        let _ = next.wait().ok();
    }
    assert_eq!(server.lines("SELECT id FROM users"), ["1", "2"]);
    assert_eq!(server.versions(), ["20260101000000", "20260201000000"]);
}

/// Nothing holds up a commit there; a transaction that has written all and not committed yet is as good.
fn mysql(server: &Server) {
    let project = Project::on(server);
    let name = "2026-01-01-000000_one";
    server.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)");
    project.migration(name, "INSERT INTO users VALUES (1);\n", None);
    let _ = project.run("ensure-version").ok();
    let mut killed = server.probe();
    killed.execute("BEGIN; INSERT INTO users VALUES (1)");
    killed.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20260101000000')");
    let next = project.manage("migrate").start();
    wait_for_waiting(&mut server.probe(), Backend::Mysql, "1");
    killed.execute("COMMIT");
    next.wait()
        .ok()
        .says("default: another run has done this meanwhile.");
    assert_eq!(server.lines("SELECT id FROM users"), ["1"]);
    assert_eq!(server.versions(), ["20260101000000"]);
}

/// A run that waits for one that fails goes on where that stopped, with the file as it is mended by then.
fn left_meanwhile(server: &Server) {
    let project = Project::on(server).variable("PATH", "/usr/bin:/bin");
    let name = "2026-01-01-000000_one";
    let write = |second: &str| {
        project
            .migration(
                name,
                &format!("CREATE TABLE made (id INTEGER PRIMARY KEY);\n{second}\n"),
                None,
            )
            .metadata(name, "run_in_transaction = false\n");
    };
    project.settings(
        "connections: { default: { url: \"${DATABASE_URL}\" } }\n\
         hooks: { pre_migrate: [[sh, -c, \"while [ -e settings.yaml ] && [ ! -e go ]; do sleep 0.05; done\"]] }\n",
    );
    write("INSERT INTO nowhere VALUES (1);");
    let mut first = project.manage("migrate").start();
    first.until("Running hooks.pre_migrate");
    write("INSERT INTO made VALUES (1);");
    let mut next = project.manage("migrate --no-hooks").start();
    next.until("waiting for another run");
    project.file("go", "");
    let _ = first.wait().exits(1);
    let _ = next.wait().ok();
    assert_eq!(server.lines("SELECT id FROM made"), ["1"]);
    assert_eq!(server.versions(), ["20260101000000"]);
}
