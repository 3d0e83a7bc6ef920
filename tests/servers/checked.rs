//! `check` with the database, on every server, and with a role that may only look.

use diesel_manage::settings::Backend;

use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];
const ONE: &str = "2026-01-01-000000_one";
const TWO: &str = "2026-02-01-000000_two";

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("check_asks_the_database_and_leaves_it_alone", asks);
    trials.everywhere("check_takes_what_diesel_applied_as_applied", beside_diesel);
    trials.everywhere("check_finds_where_files_and_database_disagree", disagree);
    trials.everywhere("check_knows_a_history_it_cannot_read", history);
    trials.on(&SERVERS, "check_needs_the_right_to_look_alone", select_only);
    trials.on(
        &SERVERS,
        "check_needs_no_more_than_diesels_table",
        ledger_only,
    );
    trials.on(
        &SERVERS,
        "check_says_that_a_server_cannot_be_reached",
        unreachable,
    );
}

fn project(server: &Server) -> Project {
    let project = Project::on(server);
    project
        .migration(
            ONE,
            "CREATE TABLE one (id INTEGER);\n",
            Some("DROP TABLE one;\n"),
        )
        .migration(
            TWO,
            "CREATE TABLE two (id INTEGER);\n",
            Some("DROP TABLE two;\n"),
        );
    project
}

const FINE: &str = "
        --- stderr ---
        default: nothing found in 2 migrations and the database.";

fn asks(server: &Server) {
    let project = project(server);
    let check = || project.run("check --with-database");
    check().ok().shows(FINE);
    project
        .run("check --with-database -v")
        .ok()
        .says("note: the database has no table of applied migrations: nothing was ever applied")
        .says("note: 2 migrations are not applied yet")
        .says("default: 2 findings in 2 migrations and the database.");
    assert_eq!(server.tables(), [""; 0]);
    let _ = project.run("migrate").ok();
    let tables = server.tables();
    check().ok().shows(FINE);
    assert_eq!(server.tables(), tables);
}

fn beside_diesel(server: &Server) {
    let project = project(server);
    DieselRunner::new(server, &project).run(&["20260101000000", "20260201000000"]);
    project
        .run("check --with-database -v")
        .ok()
        .says("default: nothing found in 2 migrations and the database.");
}

fn disagree(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate").ok();
    project.remove(ONE);
    project.file(
        format!("migrations/{TWO}/up.sql"),
        "CREATE TABLE two (id INTEGER, name TEXT);\n",
    );
    project.migration("2026-01-15-000000_late", "SELECT 1;\n", Some("SELECT 1;\n"));
    let found = project.run("check --with-database --json").exits(3).json();
    let codes: Vec<_> = found[0]["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| finding["code"].as_str().expect("a text").to_owned())
        .collect();
    assert_eq!(
        codes,
        ["pending", "missing-folder", "edited", "out-of-order"]
    );
}

fn history(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate").ok();
    server.execute("UPDATE __manage_history SET action = 'later' WHERE version = '20260101000000'");
    project.run("check --with-database").exits(3).shows(
        "
        warning: `__manage_history` was written by a newer version, whose words are not known here
          later
          hint: update this program
        --- stderr ---
        default: 1 finding in 2 migrations and the database.
        [exit 3]",
    );
    server.execute("ALTER TABLE __manage_history DROP COLUMN reason");
    project.run("check --with-database").exits(3).shows(
        "
        warning: `__manage_history` lacks 1 column, so what it holds is not read
          reason
          hint: an older version made it, or somebody changed it; rename it, and the next run makes another
        --- stderr ---
        default: 1 finding in 2 migrations and the database.
        [exit 3]",
    );
}

/// The project's URL with a role that may SELECT from some tables.
fn reader(server: &Server, project: Project, tables: &[&str]) -> Project {
    let user = server.user("checker", "ck-secret-1");
    let name = server.name();
    for table in tables {
        server.execute(&match server.backend() {
            Backend::Sqlite => panic!("a file has no users"),
            Backend::Postgres => format!("GRANT SELECT ON {table} TO {user}"),
            Backend::Mysql => format!(
                "GRANT SELECT ON {name}.{table} TO '{user}'@'%'; \
                 GRANT SELECT ON {name}.{table} TO '{user}'@'localhost'"
            ),
        });
    }
    project.url(&server.url_as(&user, Some("ck-secret-1")))
}

fn select_only(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate").ok();
    let tables = [
        "__diesel_schema_migrations",
        "__manage_history",
        "__manage_schema",
    ];
    let project = reader(server, project, &tables);
    project
        .run("check --with-database -v")
        .ok()
        .says("default: nothing found in 2 migrations and the database.");
}

fn ledger_only(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate").ok();
    let project = reader(server, project, &["__diesel_schema_migrations"]);
    let out = project.run("check --with-database -v").ok();
    out.never_says("ck-secret-1");
    if server.backend() == Backend::Postgres {
        out.says("note: this role may not read `__manage_history`, so edits cannot be found");
    }
    project.remove(ONE);
    let _ = project.run("check --with-database").exits(3);
}

fn unreachable(server: &Server) {
    let scheme = match server.backend() {
        Backend::Sqlite => panic!("a file is always there"),
        Backend::Postgres => "postgres",
        Backend::Mysql => "mysql",
    };
    let project = project(server).url(&format!("{scheme}://nobody@127.0.0.1:1/nothing"));
    let out = project.run("check --with-database").exits(1);
    out.says("default: nothing found in 2 migrations.");
    let _ = project.run("check").ok();
}
