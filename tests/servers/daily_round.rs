//! From an empty folder to applied migrations and back.

use diesel_manage::settings::Backend;

use serde_json::{Value, json};

use crate::support::{Invocation, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("the_daily_round", the_daily_round);
    trials.everywhere(
        "what_makemigrations_writes_runs_unedited",
        what_makemigrations_writes_runs,
    );
    trials.everywhere("a_fake_run_changes_only_the_record", fake);
}

/// 2026-01-12 09:00:00 UTC.
pub(crate) const MORNING: i64 = 1_768_208_400;

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
pub(crate) fn bare(server: &Server) -> Project {
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
            "__manage_schema",
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
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            "users"
        ]
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
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema"
        ]
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
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema"
        ]
    );
    server.execute("CREATE TABLE one (id INTEGER)");
    let out = project.run("downgrade --fake -y").ok();
    assert_eq!(out.stdout, "  forgotten 2026-01-01-000000_one  (not run)\n");
    assert_eq!(server.versions(), [""; 0]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            "one"
        ]
    );
    assert_eq!(
        server.lines("SELECT action FROM __manage_history ORDER BY id"),
        ["fake", "unfake"]
    );
}
