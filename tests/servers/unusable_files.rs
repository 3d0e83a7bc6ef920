//! Files that cannot run are found before anything runs.

use diesel_manage::settings::Backend;

use crate::failures::one_migration;
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere(
        "a_missing_down_sql_is_found_before_anything_runs",
        missing_down,
    );
    trials.everywhere(
        "files_that_cannot_run_are_found_before_anything_runs",
        unusable_files,
    );
    trials.everywhere("a_version_too_long_for_the_table_is_refused", long_version);
}

fn missing_down(server: &Server) {
    let project = Project::on(server);
    one_migration(&project);
    project
        .migration(
            "2026-02-01-000000_two",
            "CREATE TABLE two (id INTEGER);",
            None,
        )
        .migration(
            "2026-03-01-000000_three",
            "CREATE TABLE three (id INTEGER);",
            Some("-- nothing\n"),
        )
        .migration(
            "2026-04-01-000000_four",
            "CREATE TABLE four (id INTEGER);",
            Some("DROP TABLE four;"),
        );
    let _ = project.run("migrate").ok();
    let tables = server.tables();
    let versions = server.versions();
    let out = project.run("downgrade base -y").exits(1);
    out.says("error: 2 migrations on the way cannot be reverted")
        .says("  `2026-02-01-000000_two`: it has no down.sql")
        .says("  nothing was run");
    assert_eq!(out.stdout, "");
    let out = project.run("downgrade one -y --plan").exits(1);
    out.says("error: 2 migrations on the way cannot be reverted");
    assert_eq!((server.tables(), server.versions()), (tables, versions));
    let _ = project.run("downgrade three -y").ok();
    assert_eq!(server.versions().len(), 3);
    let out = project.run("downgrade -y").exits(1);
    out.says("  nothing was run");
    assert_eq!(server.versions().len(), 3);
}

fn unusable_files(server: &Server) {
    let project = Project::on(server);
    one_migration(&project);
    project
        .migration("2026-02-01-000000_empty", "", Some("SELECT 1;"))
        .migration(
            "2026-03-01-000000_open",
            "CREATE TABLE t (id INTEGER);\nINSERT INTO t VALUES ('it);\n",
            None,
        )
        .migration(
            "2026-04-01-000000_begins",
            "\nBEGIN;\nSELECT 1;\nCOMMIT;\n",
            None,
        );
    project.file(
        "migrations/2026-05-01-000000_latin/up.sql",
        b"SELECT 1;\n-- caf\xe9\nSELECT 1;",
    );
    project.migration("2026-06-01-000000_odd", "SELECT 1;", None);
    project.metadata("2026-06-01-000000_odd", "run_in_transaction = \"false\"\n");
    for line in ["migrate", "migrate --plan"] {
        let out = project.run(line).exits(1);
        out.says("  migrations/2026-02-01-000000_empty/up.sql: `up.sql` is empty")
            .says("  migrations/2026-03-01-000000_open/up.sql:2:23: a string is never closed")
            .says("  migrations/2026-05-01-000000_latin/up.sql:2:7: not valid UTF-8 at byte 16")
            .says("  nothing was run");
        if server.backend() != Backend::Mysql {
            out.says(
                "  migrations/2026-04-01-000000_begins/up.sql:2:1: \
                 `BEGIN` inside a migration that is a transaction already",
            );
        }
    }
    assert_eq!(server.tables(), [""; 0]);
}

fn long_version(server: &Server) {
    let project = Project::on(server);
    one_migration(&project);
    let version = format!("2026{}", "1".repeat(47));
    let name = format!("{version}_long");
    project.migration(
        &name,
        "CREATE TABLE long (id INTEGER);",
        Some("DROP TABLE long;"),
    );
    if server.backend() == Backend::Sqlite {
        let _ = project.run("migrate").ok();
        assert_eq!(server.versions(), ["20260101000000", version.as_str()]);
        return;
    }
    let out = project.run("migrate").exits(1);
    out.says(&format!(
        "error: migrations/{name}: the version `{version}` is longer than the 50 characters that \
         Diesel's table can hold"
    ))
    .says("  nothing was run");
    assert_eq!(server.tables(), [""; 0]);
}
