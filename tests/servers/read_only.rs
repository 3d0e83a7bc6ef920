//! What only looks works with the right to look, and leaves nothing behind.

use std::fs;

use diesel_manage::settings::Backend;

use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere(
        "looking_at_an_empty_database_leaves_it_empty",
        empty_database,
    );
    trials.everywhere(
        "looking_changes_no_row_and_no_table",
        looking_changes_nothing,
    );
    trials.on(
        &SERVERS,
        "a_role_that_may_only_select_can_look",
        select_only,
    );
    trials.on(
        &SERVERS,
        "a_role_that_may_see_diesels_table_alone_can_look",
        ledger_only,
    );
    trials.on(
        &SERVERS,
        "a_role_that_may_not_write_cannot_migrate",
        cannot_migrate,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_missing_file_stays_missing",
        missing_file,
    );
    trials.on(&[Backend::Sqlite], "an_empty_file_stays_empty", empty_file);
    trials.on(
        &[Backend::Sqlite],
        "a_file_that_is_opened_read_only_can_be_looked_at",
        read_only_file,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_file_in_wal_mode_can_be_looked_at",
        wal_file,
    );
}

/// One migration that is applied and one that is not.
fn project(server: &Server) -> Project {
    let project = Project::on(server);
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER);\n",
            Some("DROP TABLE one;\n"),
        )
        .migration(
            "2026-02-01-000000_two",
            "CREATE TABLE two (id INTEGER);\n",
            Some("DROP TABLE two;\n"),
        );
    project
}

/// Runs everything that only looks, on a database where `one` is applied.
#[track_caller]
fn look(project: &Project) {
    project.run("showmigrations").ok().shows(
        "
        default  $URL  2 migrations, 1 pending
         [X] 2026-01-01-000000_one
         [ ] 2026-02-01-000000_two  (head)",
    );
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(listing[0]["pending"], serde_json::json!(1));
    let plan = "
        default  1 migration would be applied
          + 2026-02-01-000000_two";
    project.run("migrate --plan").ok().shows(plan);
    project
        .run("migrate --check")
        .exits(3)
        .shows(&format!("{plan}\n        [exit 3]"));
    let sql = project.run("migrate --sql").ok();
    sql.says("CREATE TABLE two (id INTEGER);")
        .says("INSERT INTO __diesel_schema_migrations (version) VALUES ('20260201000000');");
    // What it would take is counted where the role may count.
    project
        .run("downgrade --plan")
        .ok()
        .says("default  1 migration would be reverted")
        .says("  - 2026-01-01-000000_one");
    project.run("downgrade --sql").ok().says("DROP TABLE one;");
}

fn empty_database(server: &Server) {
    let project = project(server);
    project.run("showmigrations").ok().shows(
        "
        default  $URL  2 migrations, 2 pending
         [ ] 2026-01-01-000000_one
         [ ] 2026-02-01-000000_two  (head)",
    );
    let _ = project.run("showmigrations --json").ok();
    let _ = project.run("migrate --plan").ok();
    let _ = project.run("migrate --check").exits(3);
    project
        .run("migrate --sql")
        .ok()
        .says("CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (");
    let _ = project.run("downgrade --plan").ok();
    assert_eq!(server.tables(), [""; 0]);
}

fn looking_changes_nothing(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate one").ok();
    let rows = || {
        (
            server.tables(),
            server.lines("SELECT version, run_on FROM __diesel_schema_migrations"),
            server.lines("SELECT * FROM __manage_history"),
        )
    };
    let before = rows();
    look(&project);
    assert_eq!(rows(), before);
}

/// A role of the server's with SELECT on some tables, and the project's URL with it.
fn reader(server: &Server, mut project: Project, tables: &[&str]) -> Project {
    let user = server.user("reader", "rd-secret-1");
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
    if server.backend() == Backend::Postgres {
        server.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    }
    let url = server.url_as(&user, Some("rd-secret-1"));
    project.filter(&server.url_as(&user, Some("***")), "$URL");
    project.url(&url)
}

fn select_only(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate one").ok();
    let tables = server.tables();
    let tables_for_role: Vec<_> = tables.iter().map(String::as_str).collect();
    let project = reader(server, project, &tables_for_role);
    look(&project);
    assert_eq!(server.tables(), tables);
}

fn ledger_only(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate one").ok();
    let project = reader(server, project, &["__diesel_schema_migrations"]);
    look(&project);
}

fn cannot_migrate(server: &Server) {
    let project = project(server);
    DieselRunner::new(server, &project).run(&["20260101000000"]);
    let tables = server.tables();
    let project = reader(server, project, &["__diesel_schema_migrations"]);
    look(&project);
    let out = project.run("migrate").exits(1);
    out.says("hint: connect as the owner of the tables, or have the right granted to this role");
    out.never_says("rd-secret-1");
    assert_eq!(server.tables(), tables);
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn missing_file(server: &Server) {
    let project = project(server);
    let path = std::path::Path::new(server.url());
    for line in [
        "showmigrations",
        "showmigrations --json",
        "migrate --plan",
        "migrate --sql",
        "downgrade --plan",
    ] {
        let _ = project.run(line).ok();
        assert!(!path.exists(), "`{line}` made the file");
    }
    let _ = project.run("migrate --check").exits(3);
    assert!(!path.exists());
}

fn empty_file(server: &Server) {
    let project = project(server);
    fs::write(server.url(), "").expect("a file can be written");
    let _ = project.run("showmigrations").ok();
    let _ = project.run("migrate --plan").ok();
    assert_eq!(fs::read(server.url()).expect("the file is there"), b"");
}

/// The URL of the file with a parameter that forbids writing.
fn forbidding(server: &Server, mut project: Project) -> Project {
    let url = format!("file:{}?mode=ro", server.url());
    for shown in [url.clone(), format!("sqlite://{}?mode=ro", server.url())] {
        project.filter(&shown, "$URL");
    }
    project.url(&url)
}

fn read_only_file(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate one").ok();
    let project = forbidding(server, project);
    let before = fs::read(server.url()).expect("the file is there");
    look(&project);
    let out = project.run("migrate").exits(1);
    out.says("  caused by: attempt to write a readonly database");
    assert!(
        fs::read(server.url()).expect("the file is there") == before,
        "the file changed"
    );
}

fn wal_file(server: &Server) {
    server.execute("PRAGMA journal_mode = WAL");
    let project = project(server);
    let _ = project.run("migrate one").ok();
    let folder = std::path::Path::new(server.url())
        .parent()
        .expect("the file is in a folder");
    let files = || fs::read_dir(folder).expect("the folder is there").count();
    assert_eq!(files(), 1);
    look(&project);
    assert_eq!(files(), 1);
}
