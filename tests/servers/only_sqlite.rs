//! What SQLite has and the others have not: tables that are rebuilt, and foreign keys that look away.

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};
use crate::trials::Trials;

const SQLITE: &[Backend] = &[Backend::Sqlite];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        SQLITE,
        "a_table_rebuild_keeps_the_rows_that_refer_to_it",
        rebuild_keeps_children,
    );
    trials.on(
        SQLITE,
        "a_migration_that_orphans_rows_is_refused",
        orphans_are_refused,
    );
    trials.on(
        SQLITE,
        "rows_that_were_orphans_before_are_no_obstacle",
        orphans_before,
    );
    trials.on(
        SQLITE,
        "a_rebuild_in_its_own_transaction_is_all_or_nothing",
        rebuild_in_own_transaction,
    );
    trials.on(
        SQLITE,
        "a_transaction_that_the_file_leaves_open_is_rolled_back_and_said_so",
        left_open,
    );
    trials.on(
        SQLITE,
        "a_file_that_somebody_else_is_filling_is_not_taken_away",
        filled_by_another,
    );
    trials.on(
        SQLITE,
        "a_savepoint_is_released_with_those_within_it",
        savepoints,
    );
    trials.on(
        SQLITE,
        "diesels_own_sql_function_is_there",
        updated_at_function,
    );
}

/// A run that ends without having written anything, while another program makes its first tables.
fn filled_by_another(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        None,
    );
    let path = format!("{}.manage-lock", server.url());
    let lock = std::fs::File::create(path).expect("a file can be made");
    lock.lock().expect("nobody has it");
    let mut running = project.manage("migrate --lock-timeout 60s").start();
    running.until("waiting for another run");
    let mut probe = server.probe();
    probe.execute("BEGIN IMMEDIATE; CREATE TABLE theirs (id INTEGER);");
    running.signal("INT");
    let _ = running.wait().exits(130);
    probe.execute("COMMIT;");
    drop(probe);
    assert_eq!(server.tables(), ["theirs"]);
}

fn savepoints(server: &Server) {
    let project = Project::on(server);
    project
        .migration(
            "2026-01-01-000000_nested",
            "SAVEPOINT a;\nCREATE TABLE one (id INTEGER);\nSAVEPOINT b;\n\
             INSERT INTO one VALUES (1);\nRELEASE \"A\";\n\
             SAVEPOINT a;\nSAVEPOINT b;\nSAVEPOINT c;\nINSERT INTO one VALUES (2);\n\
             ROLLBACK TO a;\nINSERT INTO one VALUES (3);\nRELEASE SAVEPOINT a;\n\
             CREATE TABLE two (id INTEGER);\n",
            None,
        )
        .metadata("2026-01-01-000000_nested", "run_in_transaction = false\n");
    let _ = project.run("migrate").ok();
    assert_eq!(server.lines("SELECT id FROM one ORDER BY id"), ["1", "3"]);
    assert_eq!(server.versions(), ["20260101000000"]);
}

/// Parents, and children that go when their parent does.
fn family(server: &Server) -> Project {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_family",
        "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE children (
             id INTEGER PRIMARY KEY,
             parent INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE
         );
         INSERT INTO parents VALUES (1, 'Ada'), (2, 'Bo');
         INSERT INTO children VALUES (1, 1), (2, 1), (3, 2);",
        Some("DROP TABLE children; DROP TABLE parents;"),
    );
    let _ = project.run("migrate").ok();
    project
}

fn rebuild_keeps_children(server: &Server) {
    let project = family(server);
    project.migration(
        "2026-02-01-000000_rebuild",
        "CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO new_parents SELECT id, name FROM parents;
         DROP TABLE parents;
         ALTER TABLE new_parents RENAME TO parents;",
        Some(
            "CREATE TABLE old_parents (id INTEGER PRIMARY KEY, name TEXT);
             INSERT INTO old_parents SELECT id, name FROM parents;
             DROP TABLE parents;
             ALTER TABLE old_parents RENAME TO parents;",
        ),
    );
    let children = || server.lines("SELECT id, parent FROM children ORDER BY id");
    let _ = project.run("migrate").ok();
    assert_eq!(children(), ["1|1", "2|1", "3|2"]);
    let _ = project.run("downgrade -y").ok();
    assert_eq!(children(), ["1|1", "2|1", "3|2"]);
    assert_eq!(
        server.lines("SELECT * FROM pragma_foreign_key_check"),
        [""; 0]
    );
    assert_eq!(
        server.lines("SELECT sql FROM sqlite_schema WHERE name = 'parents'"),
        ["CREATE TABLE \"parents\" (id INTEGER PRIMARY KEY, name TEXT)"]
    );
}

fn orphans_are_refused(server: &Server) {
    let project = family(server);
    project.migration(
        "2026-02-01-000000_tidy",
        "CREATE TABLE extra (id INTEGER);\nDELETE FROM parents WHERE id = 1;\n",
        Some("SELECT 1;"),
    );
    let out = project.run("migrate").exits(1);
    out.says("  caused by: 2 rows of `children` would refer to missing rows of `parents`")
        .says("  nothing of it was committed")
        .says("hint: delete or mend those rows in the same file, then run: manage migrate");
    assert_eq!(
        server.lines("SELECT id FROM parents ORDER BY id"),
        ["1", "2"]
    );
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            "children",
            "parents"
        ]
    );
    for up in [
        "INSERT INTO children VALUES (9, 99);",
        "UPDATE parents SET id = 7 WHERE id = 1;",
        "WITH new (id) AS (SELECT 9) REPLACE INTO children SELECT id, 98 FROM new;",
        "CREATE TABLE pets (owner INTEGER REFERENCES nobody (id)); INSERT INTO pets VALUES (1);",
    ] {
        project.file("migrations/2026-02-01-000000_tidy/up.sql", up);
        let out = project.run("migrate").exits(1);
        out.says("  nothing of it was committed");
        assert_eq!(
            server.lines("SELECT id, parent FROM children ORDER BY id"),
            ["1|1", "2|1", "3|2"]
        );
    }
    project.file(
        "migrations/2026-02-01-000000_tidy/up.sql",
        "DELETE FROM children WHERE parent = 1;\nDELETE FROM parents WHERE id = 1;\n",
    );
    let _ = project.run("migrate").ok();
    assert_eq!(server.lines("SELECT id FROM children"), ["3"]);
}

fn orphans_before(server: &Server) {
    let project = family(server);
    server.execute("PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (9, 99)");
    project.migration(
        "2026-02-01-000000_more",
        "INSERT INTO children VALUES (4, 2);\nDELETE FROM children WHERE id = 1;\n",
        Some("DELETE FROM children WHERE id = 4;\n"),
    );
    let _ = project.run("migrate").ok();
    let _ = project.run("downgrade -y").ok();
    assert_eq!(
        server.lines("SELECT id FROM children ORDER BY id"),
        ["2", "3", "9"]
    );
}

/// The form that is safe under plain Diesel too: the pragma works only outside of a transaction.
fn rebuild_in_own_transaction(server: &Server) {
    let project = family(server);
    let name = "2026-02-01-000000_rebuild";
    let rebuild = |column: &str| {
        format!(
            "PRAGMA foreign_keys = OFF;\n\
             BEGIN;\n\
             CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n\
             INSERT INTO new_parents SELECT id, {column} FROM parents;\n\
             DROP TABLE parents;\n\
             ALTER TABLE new_parents RENAME TO parents;\n\
             COMMIT;\n\
             PRAGMA foreign_keys = ON;\n"
        )
    };
    project.migration(name, &rebuild("nmae"), Some("SELECT 1;"));
    project.metadata(name, "run_in_transaction = false\n");
    let before = schema(server);
    let out = project.run("migrate").exits(1);
    out.says(&format!(
        "error: migration `{name}` failed at migrations/{name}/up.sql:4:36 (statement 4 of 8)"
    ));
    assert_eq!(schema(server), before);
    assert_eq!(server.versions(), ["20260101000000"]);
    // The pragma is the session's and not the database's.
    out.says("  nothing of it was committed");

    project.file(format!("migrations/{name}/up.sql"), rebuild("name"));
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.lines("SELECT id, parent FROM children ORDER BY id"),
        ["1|1", "2|1", "3|2"]
    );
    assert_eq!(
        server.lines("SELECT id, name FROM parents ORDER BY id"),
        ["1|Ada", "2|Bo"]
    );
}

fn left_open(server: &Server) {
    let project = family(server);
    let name = "2026-02-01-000000_open";
    project.metadata(name, "run_in_transaction = false\n");
    for up in [
        "BEGIN;\nINSERT INTO parents VALUES (3, 'Cy');\n",
        "SAVEPOINT here;\nINSERT INTO parents VALUES (3, 'Cy');\nINSERT INTO nowhere VALUES (1);\n",
    ] {
        project.migration(name, up, Some("SELECT 1;"));
        let out = project.run("migrate").exits(1);
        assert_eq!(server.value("SELECT count(*) FROM parents"), "2");
        assert_eq!(server.versions(), ["20260101000000"]);
        out.never_says(" in effect");
    }
}

fn updated_at_function(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_notes",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, updated_at TIMESTAMP);
         SELECT diesel_manage_updated_at('notes');",
        Some("DROP TABLE notes;"),
    );
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.value("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"),
        "1"
    );
}

/// What there is, but for the journal, which is there once a migration has needed one.
fn schema(server: &Server) -> Vec<String> {
    server
        .lines("SELECT name, sql FROM sqlite_schema WHERE name <> '__manage_journal' ORDER BY name")
}
