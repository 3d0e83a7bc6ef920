//! From an empty folder to applied migrations and back.

use diesel_manage::settings::Backend;
use serde_json::{Value, json};

use crate::support::{Invocation, Project, Server};
use crate::trials::Trials;

/// 2026-01-12 09:00:00 UTC.
const MORNING: i64 = 1_768_208_400;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("the_daily_round", the_daily_round);
    trials.everywhere(
        "what_makemigrations_writes_runs_unedited",
        what_makemigrations_writes_runs,
    );
    trials.everywhere(
        "a_connection_is_spelled_as_a_url_or_in_parts",
        both_spellings,
    );
    trials.everywhere("several_connections_are_one_command", several_connections);
    trials.everywhere("a_fake_run_changes_only_the_record", fake);
    trials.everywhere("a_protected_connection_wants_its_name", protected);
    trials.everywhere("the_sql_that_is_printed_does_the_same", printed_sql);
}

/// `manage init` with the flags that name a server's database.
fn init(project: &Project, server: &Server) -> Invocation {
    match server.backend() {
        Backend::Sqlite => project
            .manage("init --no-input --driver sqlite --dbname")
            .arg(server.url()),
        Backend::Postgres | Backend::Mysql => {
            let parts = server.parts();
            project
                .manage("init --no-input --driver")
                .arg(parts.scheme())
                .arg("--host")
                .arg(parts.host_str().unwrap_or_default())
                .arg("--port")
                .arg(parts.port().unwrap_or_default().to_string())
                .arg("--dbname")
                .arg(server.name())
                .arg("--username")
                .arg(parts.username())
        }
    }
}

/// A project without settings yet; the password that its settings will name is in the environment.
fn bare(server: &Server) -> Project {
    let mut project = Project::new();
    project.hide(server);
    match server.backend() {
        Backend::Sqlite => project,
        Backend::Postgres | Backend::Mysql => {
            let password = server.parts().password().unwrap_or_default().to_owned();
            project.variable("DATABASE_PASSWORD", &password)
        }
    }
}

fn the_daily_round(server: &Server) {
    let project = bare(server);
    let out = init(&project, server).run().ok();
    assert_eq!(out.stdout, "settings.yaml\nmigrations\n");
    assert_eq!(
        project.tree("."),
        ["migrations", "migrations/.gitkeep", "settings.yaml"]
    );

    let out = project
        .manage("makemigrations")
        .arg("Add users")
        .at(MORNING)
        .run()
        .ok();
    assert_eq!(out.stdout, "migrations/2026-01-12-090000_add_users\n");
    let users = "2026-01-12-090000_add_users";
    project.migration(
        users,
        "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);\n\
         INSERT INTO users VALUES (1, 'Ada'), (2, 'Łucja');\n",
        Some("DROP TABLE users;\n"),
    );
    let out = project
        .manage("makemigrations --message")
        .arg("Add notes")
        .at(MORNING)
        .run()
        .ok();
    assert_eq!(out.stdout, "migrations/2026-01-12-090001_add_notes\n");
    let notes = "2026-01-12-090001_add_notes";
    project.migration(
        notes,
        "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);\n",
        Some("DROP TABLE notes;\n"),
    );

    project.run("showmigrations").ok().shows(
        "
        default  $URL  2 migrations, 2 pending
         [ ] 2026-01-12-090000_add_users
         [ ] 2026-01-12-090001_add_notes  (head)",
    );
    assert_eq!(server.tables(), [""; 0]);

    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        format!(
            "  applied {users}  (2 statements, [elapsed])\n  applied {notes}  (1 statement, [elapsed])\n"
        )
    );
    assert_eq!(
        server.lines("SELECT id, name FROM users ORDER BY id"),
        ["1|Ada", "2|Łucja"]
    );
    assert_eq!(server.versions(), ["20260112090000", "20260112090001"]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "notes",
            "users"
        ]
    );

    show_and_go_back(server, &project, [users, notes]);

    // The settings that are there stay as they are.
    let before = project.read("settings.yaml");
    init(&project, server)
        .run()
        .exits(1)
        .says("error: `settings.yaml` exists already");
    assert_eq!(project.read("settings.yaml"), before);
}

/// What is applied is shown, taken back, applied again, and all of it taken back.
fn show_and_go_back(server: &Server, project: &Project, [users, notes]: [&str; 2]) {
    project.run("showmigrations").ok().shows(
        "
        default  $URL  2 migrations, nothing pending
         [X] 2026-01-12-090000_add_users
         [X] 2026-01-12-090001_add_notes  (head)",
    );
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(states(&listing), [(users, "applied"), (notes, "applied")]);
    assert_eq!(listing[0]["pending"], json!(0));
    assert_eq!(listing[0]["migrations"][0]["recorded"], json!(true));
    assert_eq!(listing[0]["migrations"][0]["performed_by"], json!("tester"));

    // Nobody is there to consent.
    let out = project.run("downgrade").exits(4);
    assert_eq!(out.stdout, "");
    out.says("hint: revert without asking: --yes");
    assert_eq!(server.versions(), ["20260112090000", "20260112090001"]);

    let out = project.run("downgrade -y").ok();
    assert_eq!(
        out.stdout,
        format!("  reverted {notes}  (1 statement, [elapsed])\n")
    );
    assert_eq!(server.versions(), ["20260112090000"]);
    assert_eq!(
        server.tables(),
        ["__diesel_schema_migrations", "__manage_history", "users"]
    );
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(states(&listing), [(users, "applied"), (notes, "pending")]);

    let out = project.run("migrate").ok();
    assert_eq!(
        out.stdout,
        format!("  applied {notes}  (1 statement, [elapsed])\n")
    );

    let out = project.run("downgrade base -y").ok();
    out.says("      drops table `users`: 2 rows")
        .says("      drops table `notes`: empty");
    assert_eq!(
        out.stdout,
        format!(
            "  reverted {notes}  (1 statement, [elapsed])\n  reverted {users}  (1 statement, [elapsed])\n"
        )
    );
    assert_eq!(server.versions(), [""; 0]);
    assert_eq!(
        server.tables(),
        ["__diesel_schema_migrations", "__manage_history"]
    );
}

/// Name and state of every migration of the first connection of a listing.
pub(crate) fn states(listing: &[Value]) -> Vec<(&str, &str)> {
    let rows = listing
        .first()
        .and_then(|connection| connection["migrations"].as_array());
    rows.into_iter()
        .flatten()
        .map(|row| {
            (
                row["name"].as_str().unwrap_or("?"),
                row["state"].as_str().unwrap_or("?"),
            )
        })
        .collect()
}

fn what_makemigrations_writes_runs(server: &Server) {
    let project = Project::on(server);
    project
        .manage("makemigrations")
        .arg("Nothing yet")
        .at(MORNING)
        .run()
        .ok();
    let name = "2026-01-12-090000_nothing_yet";
    assert_eq!(
        project.tree("migrations"),
        [
            name.to_owned(),
            format!("{name}/down.sql"),
            format!("{name}/metadata.toml"),
            format!("{name}/up.sql"),
        ]
    );
    let metadata = project.read(format!("migrations/{name}/metadata.toml"));
    assert_eq!(metadata.lines().next(), Some("run_in_transaction = true"));
    project.run("migrate").ok();
    assert_eq!(server.versions(), ["20260112090000"]);
    project.run("downgrade -y").ok();
    assert_eq!(server.versions(), [""; 0]);
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

    let own = |table: &'static str| ["__diesel_schema_migrations", "__manage_history", table];
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

fn fake(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DROP TABLE one;"),
    );
    let out = project.run("migrate --fake").ok();
    assert_eq!(out.stdout, "  recorded 2026-01-01-000000_one  (not run)\n");
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(
        server.tables(),
        ["__diesel_schema_migrations", "__manage_history"]
    );
    server.execute("CREATE TABLE one (id INTEGER)");
    let out = project.run("downgrade --fake -y").ok();
    assert_eq!(out.stdout, "  forgotten 2026-01-01-000000_one  (not run)\n");
    assert_eq!(server.versions(), [""; 0]);
    assert_eq!(
        server.tables(),
        ["__diesel_schema_migrations", "__manage_history", "one"]
    );
    assert_eq!(
        server.lines("SELECT action FROM __manage_history ORDER BY id"),
        ["fake", "unfake"]
    );
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
    let out = project.run("downgrade --confirm line").exits(1);
    out.says("error: `line` is not the name of the connection");
    assert_eq!(server.versions(), ["20260101000000"]);
    let _ = project.run("downgrade --confirm live").ok();
    assert_eq!(server.versions(), [""; 0]);
}

/// The text of a plan, executed by somebody else, leaves what the command itself leaves.
fn printed_sql(server: &Server) {
    let project = Project::on(server);
    let body = match server.backend() {
        Backend::Sqlite => {
            "CREATE TRIGGER one_more AFTER INSERT ON one BEGIN\n  SELECT 1; SELECT ';';\nEND"
        }
        Backend::Postgres => {
            "CREATE FUNCTION one_more() RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND $$"
        }
        Backend::Mysql => "CREATE PROCEDURE one_more()\nBEGIN\n  SELECT 1; SELECT ';';\nEND",
    };
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER); -- the first",
            Some("DROP TABLE one -- gone"),
        )
        .migration("2026-02-01-000000_body", body, Some("SELECT 1"))
        .migration(
            "2026-03-01-000000_tail",
            "INSERT INTO one VALUES (1);\nINSERT INTO one VALUES (2) -- the last;",
            Some("DELETE FROM one /* all; of them; */"),
        );
    let sql = project.run("migrate --sql").ok().answer;
    server.execute(&sql);
    assert_eq!(server.lines("SELECT id FROM one ORDER BY id"), ["1", "2"]);
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(listing[0]["pending"], json!(0));
    assert_eq!(project.run("migrate --sql").ok().stdout.trim(), "");

    let sql = project.run("downgrade base --sql").ok().answer;
    server.execute(&sql);
    assert_eq!(server.tables(), ["__diesel_schema_migrations"]);
    assert_eq!(server.versions(), [""; 0]);
}
