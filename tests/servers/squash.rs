//! Several migrations become one, on databases that have them and on fresh ones, under `diesel` too.

use diesel_manage::settings::Backend;

use crate::dump::dump;
use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("squash_leaves_every_database_as_it_was", everywhere);
    trials.everywhere("squash_is_forgotten_as_one", back);
    trials.everywhere("squash_refuses_a_database_inside_the_range", inside);
    trials.everywhere("squash_from_the_schema", from_schema);
    trials.on(
        &[Backend::Postgres, Backend::Sqlite],
        "squash_of_what_is_no_transaction",
        alone,
    );
    trials.on(
        &[Backend::Postgres],
        "squash_asks_where_it_cannot_look",
        unreachable,
    );
}

const FOUR: [&str; 4] = [
    "20260101000000",
    "20260102000000",
    "20260103000000",
    "20260104000000",
];

fn project(server: &Server) -> Project {
    let project = Project::on(server);
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(40) NOT NULL);",
            Some("DROP TABLE one;"),
        )
        .migration(
            "2026-01-02-000000_rows",
            "INSERT INTO one VALUES (1, 'a;b'), (2, 'it''s') -- two",
            Some("DELETE FROM one"),
        )
        .migration(
            "2026-01-03-000000_note",
            "ALTER TABLE one ADD COLUMN note VARCHAR(40);\nCREATE INDEX one_note ON one (note);",
            Some(match server.backend() {
                Backend::Mysql => "DROP INDEX one_note ON one;\nALTER TABLE one DROP COLUMN note;",
                Backend::Sqlite | Backend::Postgres => {
                    "DROP INDEX one_note;\nALTER TABLE one DROP COLUMN note;"
                }
            }),
        )
        .migration(
            "2026-01-04-000000_four",
            "CREATE TABLE four (id INTEGER);",
            Some("DROP TABLE four;"),
        );
    project
}

const SQUASHED: &str = "migrations/2026-01-03-000000_squashed_one_to_note\n";

/// One that has all, one that is new by us, one that is new by Diesel: the same.
fn everywhere(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate").ok();
    let before = dump(server);
    let out = project.run("squashmigrations one note -y").ok();
    assert_eq!(out.stdout, SQUASHED);
    out.says("proved: up reaches what the originals reach, down comes back, up works again.");

    // Nothing is to be done here, and nothing is in conflict.
    project.run("migrate").ok().shows(
        "
        --- stderr ---
        default: nothing to apply.
        default is at 2026-01-04-000000_four (head).",
    );
    project.run("showmigrations").ok().shows(
        "
        default  $URL  2 migrations, nothing pending
         [X] 2026-01-03-000000_squashed_one_to_note
         [X] 2026-01-04-000000_four  (head)",
    );
    assert_eq!(dump(server), before);
    let diesel = DieselRunner::new(server, &project);
    assert_eq!(diesel.pending(), [""; 0]);

    let Ok(ours) = Server::new(server.backend()) else {
        panic!("the server is there");
    };
    let _ = project
        .manage("migrate")
        .env("DATABASE_URL", ours.url())
        .run()
        .ok();
    let Ok(theirs) = Server::new(server.backend()) else {
        panic!("the server is there");
    };
    let diesel = DieselRunner::new(&theirs, &project);
    assert_eq!(diesel.run_pending(), FOUR[2..]);
    assert_eq!(dump(&ours), dump(&theirs));
    // But for the rows of what was squashed, which an earlier release still needs.
    let out = project.run("migrate --prune -y").ok();
    out.says("Forgot that `2026-01-01-000000_one` was applied.")
        .says("default: 2 migrations forgotten; nothing was run.");
    assert_eq!(dump(server), dump(&theirs));
    // Edits are noticed as if the one had made the database.
    let _ = project.run("migrate").ok();
    project.file(
        "migrations/2026-01-03-000000_squashed_one_to_note/up.sql",
        "CREATE TABLE one (id INTEGER);",
    );
    let out = project.run("migrate").exits(4);
    out.says(
        "error: 1 migration was edited after being applied, and nobody can be asked what to do",
    );
    assert_eq!(diesel.revert_last(), FOUR[3]);
    assert_eq!(diesel.revert_last(), FOUR[2]);
    assert_eq!(theirs.versions(), [""; 0]);
    assert_eq!(theirs.tables(), ["__diesel_schema_migrations"]);
}

/// The rows of what went into it go with it, and `diesel` finds nothing that it does not know.
fn back(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate").ok();
    let _ = project.run("squash one note -y").ok();
    assert_eq!(server.versions(), FOUR);
    let out = project.run("downgrade base -y").ok();
    out.says("default: forgot 2 rows that went into 2026-01-03-000000_squashed_one_to_note.");
    assert_eq!(server.versions(), [""; 0]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema"
        ]
    );
    let diesel = DieselRunner::new(server, &project);
    assert_eq!(diesel.run_pending(), FOUR[2..]);
    assert_eq!(diesel.revert_last(), FOUR[3]);
    let _ = project.run("migrate").ok();
    assert_eq!(server.versions(), FOUR[2..]);
    let out = project.run("downgrade -2 -y").ok();
    out.never_says("forgot");
    assert_eq!(server.versions(), [""; 0]);
}

fn inside(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate rows").ok();
    let out = project.run("squash one note -y").exits(1);
    out.says("error: the database of `default` stands inside the range: 2 of 3 are applied")
        .says("hint: bring it to the end of the range: manage migrate -d default 2026-01-03-000000_note");
    assert!(project.path("migrations/2026-01-01-000000_one").exists());

    // Somebody squashed without looking: nothing runs here twice.
    let _ = project.run("squash one note -y --offline").ok();
    let before = dump(server);
    let _ = project.run("migrate --no-input").exits(4);
    let out = project.run("migrate --on-missing ignore").exits(1);
    out.says(
        "error: `2026-01-03-000000_squashed_one_to_note` was squashed from migrations of which 2 are applied here and its last is not",
    );
    assert_eq!(dump(server), before);
}

fn from_schema(server: &Server) {
    let project = project(server);
    let out = project.run("squash one note -y --from-schema").exits(4);
    out.says("error: the originals write rows, and the schema alone does not")
        .says("  `one`: 2 rows with the originals, 0 with the one")
        .says("hint: leave them out: --without-rows");
    let out = project
        .run("squash one note -y --from-schema --without-rows")
        .ok();
    out.says("proved: up reaches what the originals reach, down comes back, up works again.");
    let up = project.read("migrations/2026-01-03-000000_squashed_one_to_note/up.sql");
    assert_eq!(up.matches("CREATE TABLE").count(), 1);
    assert!(
        !up.contains("ALTER TABLE") && !up.contains("INSERT"),
        "{up}"
    );
    let diesel = DieselRunner::new(server, &project);
    assert_eq!(diesel.run_pending(), FOUR[2..]);
    assert_eq!(server.lines("SELECT count(*) FROM one"), ["0"]);
}

/// What ran outside of a transaction still works when it is one file.
fn alone(server: &Server) {
    let project = project(server);
    let name = "2026-01-03-120000_alone";
    let (up, down) = match server.backend() {
        Backend::Sqlite => (
            "PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE n (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(40), note VARCHAR(40));\nINSERT INTO n SELECT * FROM one;\nDROP TABLE one;\nALTER TABLE n RENAME TO one;\nCOMMIT;\nPRAGMA foreign_keys = ON;\n",
            "PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE n (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(40) NOT NULL, note VARCHAR(40));\nINSERT INTO n SELECT * FROM one;\nDROP TABLE one;\nALTER TABLE n RENAME TO one;\nCREATE INDEX one_note ON one (note);\nCOMMIT;\nPRAGMA foreign_keys = ON;\n",
        ),
        Backend::Postgres | Backend::Mysql => (
            "CREATE INDEX CONCURRENTLY one_name ON one (name)",
            "DROP INDEX CONCURRENTLY one_name",
        ),
    };
    project
        .migration(name, up, Some(down))
        .metadata(name, "run_in_transaction = false\n");
    let _ = project.run("migrate").ok();
    let before = dump(server);
    let _ = project.run("squash one four -y").ok();
    let metadata = project.read("migrations/2026-01-04-000000_squashed_one_to_four/metadata.toml");
    let transactional = server.backend() == Backend::Postgres;
    assert!(
        metadata.starts_with(&format!("run_in_transaction = {transactional}\n")),
        "{metadata}"
    );
    let Ok(theirs) = Server::new(server.backend()) else {
        panic!("the server is there");
    };
    assert_eq!(
        DieselRunner::new(&theirs, &project).run_pending(),
        ["20260104000000"]
    );
    server.execute("DELETE FROM __diesel_schema_migrations WHERE version < '20260104000000'");
    let after = dump(&theirs);
    assert_eq!(dump(server), after);
    assert_ne!(before, after);
}

fn unreachable(server: &Server) {
    let project = project(server);
    project.settings(
        "connections:\n  main:\n    url: ${DATABASE_URL}\n    migrations: migrations\n  away:\n    url: postgres://nobody@127.0.0.1:1/x\n    migrations: migrations\ndefault: main\n",
    );
    let out = project.run("squash one note -y").exits(4);
    out.says("error: the database of `away` cannot be asked whether it stands inside the range")
        .says("hint: if it has all of the range or none of it: --offline");
    let _ = project.run("squash one note -y --offline").ok();
}
