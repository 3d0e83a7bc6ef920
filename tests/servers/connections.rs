//! Connections: how they are spelled, several at once, and protected ones.

use diesel_manage::settings::Backend;

use crate::daily_round::{MORNING, bare};
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere(
        "a_connection_is_spelled_as_a_url_or_in_parts",
        both_spellings,
    );
    trials.everywhere("several_connections_are_one_command", several_connections);
    trials.everywhere("a_protected_connection_wants_its_name", protected);
}

fn both_spellings(server: &Server) {
    let url = format!("connections:\n  default:\n    url: {}\n", server.url());
    let parts = match server.backend() {
        Backend::Sqlite => {
            format!(
                "connections:\n  default:\n    driver: sqlite\n    database: {}\n",
                server.url()
            )
        }
        Backend::Postgres | Backend::Mysql => {
            let parts = server.parts();
            format!(
                "connections:\n  default:\n    driver: {}\n    host: {}\n    port: {}\n    \
                 database: {}\n    username: {}\n    password: ${{DATABASE_PASSWORD:-}}\n",
                parts.scheme(),
                parts.host_str().unwrap_or_default(),
                parts.port().unwrap_or_default(),
                server.name(),
                parts.username(),
            )
        }
    };
    let project = bare(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DROP TABLE one;"),
    );
    let listing = "
        default  $URL  1 migration, nothing pending
         [X] 2026-01-01-000000_one  (head)";
    project.settings(&url).run("migrate").ok();
    project.run("showmigrations").ok().shows(listing);
    project
        .settings(&parts)
        .run("showmigrations")
        .ok()
        .shows(listing);
    project.run("downgrade -y").ok();
    assert_eq!(server.versions(), [""; 0]);
}

fn several_connections(server: &Server) {
    let Ok(other) = Server::new(server.backend()) else {
        panic!("the server is there");
    };
    let mut project = Project::new();
    project.hide_as(server, "_MAIN");
    project.hide_as(&other, "_STATS");
    project.settings(&format!(
        "default: main\nconnections:\n  main:\n    url: {}\n  stats:\n    url: {}\n",
        server.url(),
        other.url()
    ));
    let out = project
        .manage("makemigrations Users")
        .at(MORNING)
        .run()
        .ok();
    assert_eq!(out.stdout, "migrations/main/2026-01-12-090000_users\n");
    let out = project
        .manage("makemigrations Visits -d stats")
        .at(MORNING)
        .run()
        .ok();
    assert_eq!(out.stdout, "migrations/stats/2026-01-12-090000_visits\n");
    project
        .file(
            "migrations/main/2026-01-12-090000_users/up.sql",
            "CREATE TABLE users (id INTEGER);",
        )
        .file(
            "migrations/main/2026-01-12-090000_users/down.sql",
            "DROP TABLE users;",
        )
        .file(
            "migrations/stats/2026-01-12-090000_visits/up.sql",
            "CREATE TABLE visits (id INTEGER);",
        )
        .file(
            "migrations/stats/2026-01-12-090000_visits/down.sql",
            "DROP TABLE visits;",
        );

    let own = |table: &'static str| {
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            table,
        ]
    };
    project.run("migrate -d stats").ok();
    assert_eq!(
        (server.tables(), other.tables()),
        (vec![], own("visits").map(str::to_owned).to_vec())
    );

    project.run("showmigrations --all").ok().shows(
        "
        main  $URL_MAIN  1 migration, 1 pending
         [ ] 2026-01-12-090000_users  (head)
        stats  $URL_STATS  1 migration, nothing pending
         [X] 2026-01-12-090000_visits  (head)",
    );
    let out = project.run("migrate --all").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-12-090000_users  (1 statement, [elapsed])\n"
    );
    assert_eq!(server.tables(), own("users"));

    let out = project.run("downgrade base -y -d stats -d main").ok();
    assert_eq!(
        out.stdout,
        "  reverted 2026-01-12-090000_visits  (1 statement, [elapsed])\n  \
           reverted 2026-01-12-090000_users  (1 statement, [elapsed])\n"
    );
    assert_eq!((server.versions(), other.versions()), (vec![], vec![]));

    let out = project.run("migrate -d sats").exits(1);
    out.says("error: there is no connection `sats`");
    assert_eq!((server.versions(), other.versions()), (vec![], vec![]));
}

fn protected(server: &Server) {
    let project = bare(server);
    project.settings(&format!(
        "connections:\n  live:\n    url: {}\n    protected: true\n    migrations: migrations\n",
        server.url()
    ));
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DROP TABLE one;"),
    );
    let _ = project.run("migrate").ok();
    for line in ["downgrade -y", "migrate base --yes"] {
        let out = project.run(line).exits(4);
        out.says("hint: consent for a protected connection: --confirm live");
        assert_eq!(out.stdout, "");
    }
    let out = project.run("downgrade --confirm line").exits(2);
    out.says("error: `line` is not the name of the connection");
    assert_eq!(server.versions(), ["20260101000000"]);
    let _ = project.run("downgrade --confirm live").ok();
    assert_eq!(server.versions(), [""; 0]);
}
