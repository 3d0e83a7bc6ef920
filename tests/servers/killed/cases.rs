//! The cases kept as data in which a process is killed, or a statement fails, half-way.

use crate::fault_cases::{self, Case};
use crate::support::Server;
use crate::trials::Trials;
use diesel_manage::settings::Backend;

use super::wait_for;

pub(crate) fn add(trials: &mut Trials) {
    for case in fault_cases::all() {
        let (backend, test): (_, fn(&Case, &Server)) = match case.id.as_str() {
            "partial-failure-mariadb-statement-2-of-3" => (Backend::Mysql, partial_failure),
            "killed-in-the-middle-mariadb" => (Backend::Mysql, killed_mysql),
            "killed-in-the-middle-pg" => (Backend::Postgres, killed_postgres),
            _ => continue,
        };
        let name = format!("killed::{}", case.id.replace('-', "_"));
        trials.on(&[backend], &name, move |server| test(&case, server));
    }
}

const COLUMNS: &str = "SELECT column_name FROM information_schema.columns \
     WHERE table_schema = database() AND table_name = 'users' ORDER BY ordinal_position";

fn partial_failure(case: &Case, server: &Server) {
    let project = case.project(server);
    let out = project.run("migrate --no-input").exits(1);
    out.says(
        "  statement 1 of 3 is in effect and cannot be rolled back; it is not recorded as applied",
    )
    .says("hint: fix the file, then run: manage migrate  (it goes on at statement 2)");
    case.holds(server, &out);
    let file = "migrations/2024-02-01-000000_three/up.sql";
    project.file(file, project.read(file).replace("NOSUCHTYPE", "INTEGER"));
    let out = project.run("migrate --no-input").ok();
    out.says("default: going on with `2024-02-01-000000_three` at statement 2 of 3");
    assert_eq!(server.lines(COLUMNS), ["id", "name", "a", "nosuch", "b"]);
    assert_eq!(server.versions(), ["20240101000000", "20240201000000"]);
}

fn killed_mysql(case: &Case, server: &Server) {
    let project = case.project(server);
    let running = project.manage("migrate --no-input").start();
    wait_for(server, "SLEEP(5)");
    running.signal("KILL");
    let out = running.wait();
    case.holds(server, &out);
    let out = project.run("showmigrations").ok();
    out.says(" [~] 2024-02-01-000000_slow  (unfinished: applied in part; head)");
    // Nothing says whether a statement without an effect had it.
    let out = project.run("migrate --no-input").ok();
    out.says("default: going on with `2024-02-01-000000_slow` at statement 2 of 3");
    assert_eq!(server.lines(COLUMNS), ["id", "name", "a", "b"]);
    assert_eq!(server.versions(), ["20240101000000", "20240201000000"]);
}

fn killed_postgres(case: &Case, server: &Server) {
    let project = case.project(server);
    let running = project.manage("migrate --no-input").start();
    wait_for(server, "pg_sleep(5)");
    running.signal("KILL");
    let out = running.wait();
    case.holds(server, &out);
    let file = "migrations/2024-02-01-000000_slow/up.sql";
    project.file(
        file,
        project.read(file).replace("pg_sleep(5)", "pg_sleep(0)"),
    );
    let _ = project.run("migrate --no-input").ok();
    assert_eq!(server.versions(), ["20240101000000", "20240201000000"]);
}
