//! What a file sets in its session must not reach what is recorded about it.

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};
use crate::trials::Trials;

const POSTGRES: &[Backend] = &[Backend::Postgres];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        POSTGRES,
        "a_file_that_empties_search_path_is_recorded",
        search_path,
    );
    trials.on(
        POSTGRES,
        "the_sql_that_is_printed_puts_search_path_back",
        printed_search_path,
    );
    trials.on(
        &[Backend::Postgres, Backend::Mysql],
        "a_file_that_changes_the_sessions_characters_is_recorded_as_it_is",
        other_characters,
    );
    trials.on(
        &[Backend::Postgres, Backend::Mysql],
        "a_name_too_long_to_be_recorded_keeps_nothing_from_running",
        long_names,
    );
}

fn long_names(server: &Server) {
    let project = Project::on(server);
    let folder = format!("{}/{}", "a".repeat(140), "b".repeat(140));
    project
        .settings(&format!(
            "connections:\n  main:\n    url: '{}'\n    migrations: {folder}\n",
            server.url()
        ))
        .file(
            format!("{folder}/2026-01-01-000000_one/up.sql"),
            "CREATE TABLE one (id INTEGER);",
        );
    let _ = project
        .manage("migrate")
        .env("USER", "u".repeat(300))
        .run()
        .ok();
    assert_eq!(
        server.lines("SELECT performed_by FROM __manage_history"),
        ["u".repeat(255)]
    );
}

fn search_path(server: &Server) {
    let project = Project::on(server);
    project
        .migration(
            "2026-01-01-000000_dump",
            "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.dumped (id integer);\n",
            Some("SET search_path TO pg_temp;\nDROP TABLE public.dumped;\n"),
        )
        .migration(
            "2026-02-01-000000_elsewhere",
            "CREATE SCHEMA shop;\nSET search_path = shop;\nCREATE TABLE tills (id INTEGER);\n",
            Some("DROP SCHEMA shop CASCADE;"),
        )
        .migration("2026-03-01-000000_usual", "CREATE TABLE usual (id INTEGER);", Some("DROP TABLE usual;"));
    let _ = project.run("migrate").ok();
    let places = || {
        server.lines(
            "SELECT table_schema, table_name FROM information_schema.tables \
             WHERE table_schema IN ('public', 'shop') ORDER BY 1, 2",
        )
    };
    assert_eq!(
        places(),
        [
            "public|__diesel_schema_migrations",
            "public|__manage_history",
            "public|__manage_schema",
            "public|dumped",
            "public|usual",
            "shop|tills",
        ]
    );
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260301000000"]
    );
    let _ = project.run("downgrade base -y").ok();
    assert_eq!(
        places(),
        [
            "public|__diesel_schema_migrations",
            "public|__manage_history",
            "public|__manage_schema"
        ]
    );
    assert_eq!(server.versions(), [""; 0]);
}

/// As the command itself does, or the row would go nowhere.
fn printed_search_path(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_dump",
        "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.dumped (id integer);\n",
        Some("DROP TABLE public.dumped;\n"),
    );
    let sql = project.run("migrate --sql").ok().answer;
    server.execute(&sql);
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(server.tables(), ["__diesel_schema_migrations", "dumped"]);
}

/// What the record holds is what `--on-missing restore` writes and a rollback runs.
fn other_characters(server: &Server) {
    let project = Project::on(server);
    let files = match server.backend() {
        Backend::Sqlite => panic!("a file has no session"),
        Backend::Postgres => [
            "SET client_encoding = 'LATIN1';\nCREATE TABLE one (id INTEGER); -- café; zażółć\n",
            "CREATE TABLE two (id INTEGER); -- 🪑\n",
        ],
        Backend::Mysql => [
            "/*!40101 SET NAMES latin1 */;\nCREATE TABLE one (id INTEGER); -- café; zażółć\n",
            "/*!40101 SET NAMES utf8 */;\nCREATE TABLE two (id INTEGER); -- 🪑\n",
        ],
    };
    project
        .migration(
            "2026-01-01-000000_one",
            files[0],
            Some("DROP TABLE one; -- é"),
        )
        .migration("2026-02-01-000000_two", files[1], Some("DROP TABLE two;"));
    let _ = project.run("migrate").ok();
    assert_eq!(server.versions(), ["20260101000000", "20260201000000"]);
    assert_eq!(
        server.lines("SELECT up_sql FROM __manage_history ORDER BY id"),
        files
    );
    assert_eq!(
        server.lines("SELECT down_sql FROM __manage_history ORDER BY id"),
        ["DROP TABLE one; -- é", "DROP TABLE two;"]
    );
}
