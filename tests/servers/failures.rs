//! What goes wrong, what is said about it, and what is left.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;

use crate::support::{Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        &SERVERS,
        "a_connection_that_is_lost_says_what_stays",
        lost_connection,
    );
    trials.on(
        &SERVERS,
        "a_password_in_a_statement_that_fails_is_not_shown",
        password_in_statement,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_file_that_is_being_written_is_waited_for",
        locked_file,
    );
    trials.everywhere("a_version_too_long_for_the_table_is_refused", long_version);
    trials.on(
        &[Backend::Mysql],
        "a_wrong_password_is_said_and_never_shown",
        wrong_password,
    );
    trials.on(
        &SERVERS,
        "a_server_that_is_not_there_is_named",
        absent_server,
    );
    trials.on(
        &SERVERS,
        "a_database_that_is_not_there_is_named_and_not_made",
        absent_database,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_folder_that_is_not_there_is_named_and_not_made",
        absent_folder,
    );
    trials.on(
        &[Backend::Sqlite],
        "a_file_that_is_no_database_is_left_as_it_is",
        no_database,
    );
    trials.everywhere("a_syntax_error_is_placed_in_the_file", syntax_error);
    trials.everywhere("an_unknown_column_is_placed_in_the_file", unknown_column);
    trials.everywhere(
        "a_later_migration_that_fails_leaves_the_earlier_ones",
        second_of_three,
    );
    trials.everywhere(
        "a_failed_revert_leaves_the_migration_applied",
        failed_revert,
    );
    trials.everywhere(
        "a_missing_down_sql_is_found_before_anything_runs",
        missing_down,
    );
    trials.everywhere(
        "files_that_cannot_run_are_found_before_anything_runs",
        unusable_files,
    );
}

fn one_migration(project: &Project) {
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DROP TABLE one;"),
    );
}

/// Everything that connects.
const ALL: [&str; 7] = [
    "migrate",
    "migrate -v",
    "migrate --json",
    "migrate --plan",
    "showmigrations",
    "showmigrations -v --json",
    "downgrade -y",
];

fn wrong_password(server: &Server) {
    let user = server.user("guest", "right-secret-2");
    let mut project = Project::new().url(&server.url_as(&user, Some("wrong-secret-3")));
    project.filter(&user, "$USER");
    project.hide(server);
    one_migration(&project);
    for line in ALL {
        let out = project.run(line).exits(1);
        out.never_says("wrong-secret-3");
        out.says(&format!(
            "error: the MySQL server at `{}` does not accept the password of user `$USER`",
            place(server)
        ));
    }
    assert_eq!(server.tables(), [""; 0]);
}

fn place(server: &Server) -> String {
    let parts = server.parts();
    format!(
        "{}:{}",
        parts.host_str().unwrap_or_default(),
        parts.port().unwrap_or_default()
    )
}

fn product(server: &Server) -> &'static str {
    match server.backend() {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
        Backend::Mysql => "MySQL",
    }
}

fn absent_server(server: &Server) {
    let mut url = server.parts();
    url.set_host(Some("127.0.0.1"))
        .expect("a server's URL has a host");
    url.set_port(Some(1)).expect("a server's URL has a port");
    url.set_password(Some("kept-secret-4"))
        .expect("a server's URL has a user");
    let project = Project::new().url(url.as_str());
    one_migration(&project);
    for line in ALL {
        let out = project.run(line).exits(1);
        out.never_says("kept-secret-4");
        out.says(&format!(
            "error: the {} server at `127.0.0.1:1` refused the connection",
            product(server)
        ));
    }
}

fn absent_database(server: &Server) {
    let mut url = server.parts();
    url.set_path(&format!("/{}_gone", server.name()));
    let mut project = Project::new().url(url.as_str());
    project.hide(server);
    one_migration(&project);
    for line in ALL {
        project.run(line).exits(1).says(&format!(
            "error: there is no database `$DB_gone` on the {} server at `{}`",
            product(server),
            place(server)
        ));
    }
    let query = match server.backend() {
        Backend::Postgres => "SELECT count(*) FROM pg_database WHERE datname = '$'",
        Backend::Sqlite | Backend::Mysql => {
            "SELECT count(*) FROM information_schema.schemata WHERE schema_name = '$'"
        }
    };
    assert_eq!(
        server.value(&query.replace('$', &format!("{}_gone", server.name()))),
        "0"
    );
}

fn absent_folder(_: &Server) {
    let project = Project::new();
    let project = {
        let url = project.path("data/shop.db").display().to_string();
        project.url(&url)
    };
    one_migration(&project);
    let out = project.run("migrate").exits(1);
    out.says("error: the folder `$PROJECT/data` of the database file does not exist")
        .says("hint: create it: mkdir -p $PROJECT/data");
    assert!(!project.path("data").exists());
}

fn no_database(server: &Server) {
    let text =
        "This is a letter, and a long one, for a header of SQLite has a hundred bytes. ".repeat(3);
    std::fs::write(server.url(), &text).expect("a file can be written");
    let project = Project::on(server);
    one_migration(&project);
    for line in ALL {
        project
            .run(line)
            .exits(1)
            .says("  caused by: file is not a database");
    }
    assert!(std::fs::read_to_string(server.url()).expect("the file is there") == text);
}

/// A text without its `¶`, and the line and column where that stood.
fn marked(text: &str) -> (String, usize, usize) {
    let (before, _) = text.split_once('¶').expect("a place is marked");
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (text.replace('¶', ""), line, column)
}

/// Six statements and the beginning of a seventh, with all that makes counting hard before it.
const SIX_BEFORE: &str = "-- Grüße; drei „Tische“ 🪑\r\n\
    CREATE TABLE f1 (\r\n  id INTEGER NOT NULL, -- ; no end\r\n  name VARCHAR(40)\r\n);\r\n\
    CREATE TABLE f2 (id INTEGER); CREATE TABLE f3 (id INTEGER); /* ż; ć */\r\n\
    \r\n\
    ALTER TABLE f2\r\n    ADD COLUMN name VARCHAR(40) DEFAULT 'zażółć; gęślą';\r\n\
    CREATE TABLE f4 (id INTEGER);\r\n\
    CREATE INDEX f4_id ON f4 (id);\r\n\
    /* 日本語 */ ";

fn failing_project(server: &Server, seventh: &str) -> (Project, usize, usize) {
    let (text, line, column) = marked(&format!(
        "{SIX_BEFORE}{seventh};\r\nCREATE TABLE f5 (id INTEGER);\r\n"
    ));
    let project = Project::on(server);
    one_migration(&project);
    project.migration("2026-02-01-000000_seven", &text, Some("SELECT 1;"));
    (project, line, column)
}

#[track_caller]
fn fails_at(server: &Server, project: &Project, line: usize, column: usize) {
    let out = project.run("migrate").exits(1);
    out.says(&format!(
        "error: migration `2026-02-01-000000_seven` failed at \
         migrations/2026-02-01-000000_seven/up.sql:{line}:{column} (statement 7 of 8)"
    ));
    assert_eq!(server.versions(), ["20260101000000"]);
    let mut kept = vec!["__diesel_schema_migrations", "__manage_history", "one"];
    match server.backend() {
        Backend::Sqlite | Backend::Postgres => {
            out.says("  nothing of it was committed");
        }
        Backend::Mysql => {
            out.says(
                "  statements 1 to 6 of 8 are in effect and cannot be rolled back; it is not recorded as applied",
            );
            kept.splice(2..2, ["f1", "f2", "f3", "f4"]);
        }
    }
    out.says("  the migration before it is committed");
    assert_eq!(server.tables(), kept);
    assert_eq!(server.value("SELECT count(*) FROM __manage_history"), "1");
}

fn syntax_error(server: &Server) {
    let (project, line, column) =
        failing_project(server, "INSERT INTO f1 (id,\r\n   name) ¶VALEUS (7, 'ł')");
    assert_eq!((line, column), (13, 10));
    fails_at(server, &project, line, column);
}

fn unknown_column(server: &Server) {
    let (project, line, column) = failing_project(
        server,
        "SELECT 'nmae; ''' AS \"ü\", id\r\n  FROM f1\r\n WHERE ¶nmae = 'ł'",
    );
    fails_at(server, &project, line, column);
}

fn second_of_three(server: &Server) {
    let project = Project::on(server);
    one_migration(&project);
    project
        .migration(
            "2026-02-01-000000_two",
            "INSERT INTO nowhere VALUES (1);",
            Some("SELECT 1;"),
        )
        .migration(
            "2026-03-01-000000_three",
            "CREATE TABLE three (id INTEGER);",
            Some("DROP TABLE three;"),
        );
    let out = project.run("migrate").exits(1);
    assert_eq!(
        out.stdout,
        "  applied 2026-01-01-000000_one  (1 statement, [elapsed])\n"
    );
    out.says(
        "error: migration `2026-02-01-000000_two` failed at migrations/2026-02-01-000000_two/up.sql:1:13",
    )
    .says("  nothing of it was committed")
    .says("  the migration before it is committed")
    .says("hint: fix the file, then run: manage migrate");
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(
        server.tables(),
        ["__diesel_schema_migrations", "__manage_history", "one"]
    );

    project.file(
        "migrations/2026-02-01-000000_two/up.sql",
        "INSERT INTO one VALUES (1);",
    );
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.versions(),
        ["20260101000000", "20260201000000", "20260301000000"]
    );
}

fn failed_revert(server: &Server) {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DELETE FROM one;\nDROP TABLE nowhere;\nDROP TABLE one;"),
    );
    let _ = project.run("migrate").ok();
    server.execute("INSERT INTO one VALUES (1)");
    let out = project.run("downgrade -y").exits(1);
    // PostgreSQL tells no place, and then it is the statement's.
    let column = if server.backend() == Backend::Postgres {
        1
    } else {
        12
    };
    out.says(&format!(
        "error: migration `2026-01-01-000000_one` could not be reverted at \
         migrations/2026-01-01-000000_one/down.sql:2:{column} (statement 2 of 3)"
    ));
    assert_eq!(server.versions(), ["20260101000000"]);
    match server.backend() {
        Backend::Sqlite | Backend::Postgres => {
            out.says("  nothing of it was committed");
            assert_eq!(server.lines("SELECT id FROM one"), ["1"]);
        }
        // A `DROP` commits what stands before it, even one that fails.
        Backend::Mysql => {
            out.says(
                "  statement 1 of 3 is in effect and cannot be rolled back; it is still recorded as applied",
            );
            assert_eq!(server.lines("SELECT id FROM one"), [""; 0]);
        }
    }
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

/// Statements of which the second takes long enough for somebody to end the session.
fn lost_connection(server: &Server) {
    let project = Project::on(server);
    let (long, find, kill) = match server.backend() {
        Backend::Sqlite => panic!("a file has no connection"),
        Backend::Postgres => (
            "SELECT pg_sleep(60)",
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
             AND query LIKE '%sleep(60)%' AND pid <> pg_backend_pid()",
            "SELECT pg_terminate_backend($)",
        ),
        Backend::Mysql => (
            "DO SLEEP(60)",
            "SELECT id FROM information_schema.processlist WHERE db = database() \
             AND info LIKE '%SLEEP(60)%' AND id <> connection_id()",
            "KILL $",
        ),
    };
    project.migration(
        "2026-01-01-000000_one",
        &format!("CREATE TABLE one (id INTEGER);\n{long};\nCREATE TABLE two (id INTEGER);\n"),
        Some("SELECT 1;"),
    );
    let running = project.manage("migrate").start();
    let mut probe = server.probe();
    let begun = Instant::now();
    let session = loop {
        if let [session] = probe.lines(find).as_slice() {
            break session.clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
        thread::sleep(Duration::from_millis(20));
    };
    let _ = probe.lines(&kill.replace('$', &session));
    let out = running.wait().exits(1);
    out.says(
        "error: migration `2026-01-01-000000_one` failed at \
         migrations/2026-01-01-000000_one/up.sql:2:1 (statement 2 of 3)",
    );
    let mut tables = vec!["__diesel_schema_migrations", "__manage_history"];
    if server.backend() == Backend::Postgres {
        out.says("  nothing of it was committed")
            .says("hint: check that the server is up, then run the same command again");
    } else {
        out.says(
            "  statement 1 of 3 is in effect and cannot be rolled back; it is not recorded as applied",
        );
        tables.push("one");
    }
    assert_eq!(server.tables(), tables);
    assert_eq!(server.versions(), [""; 0]);
}

fn password_in_statement(server: &Server) {
    let project = Project::on(server);
    let role = format!("{}_role", server.name());
    let create = match server.backend() {
        Backend::Sqlite => panic!("a file has no roles"),
        Backend::Postgres => {
            format!("CREATE ROLE {role} LOGIN PASSWORD 'kept-secret-5' FROBNICATE;")
        }
        Backend::Mysql => {
            format!("CREATE USER '{role}' IDENTIFIED BY 'kept-secret-5' FROBNICATE;")
        }
    };
    project.migration("2026-01-01-000000_role", &create, Some("SELECT 1;"));
    for line in ["migrate", "migrate -v", "migrate --json", "migrate --plan"] {
        project.run(line).never_says("kept-secret-5");
    }
}

fn locked_file(server: &Server) {
    let project = Project::on(server);
    one_migration(&project);
    let mut writer = server.probe();
    writer.execute("CREATE TABLE own (id INTEGER); BEGIN IMMEDIATE; INSERT INTO own VALUES (1)");
    let _ = project.run("showmigrations").ok();
    let running = project.manage("migrate").start();
    thread::sleep(Duration::from_millis(300));
    writer.execute("COMMIT");
    let _ = running.wait().ok();
    assert_eq!(server.versions(), ["20260101000000"]);

    writer.execute("BEGIN IMMEDIATE; INSERT INTO own VALUES (2)");
    let out = project.run("downgrade -y").exits(1);
    out.says("  caused by: database is locked")
        .says("hint: another program is writing; wait for it, then run the same command again");
    writer.execute("COMMIT");
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(server.lines("SELECT id FROM own"), ["1", "2"]);
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
