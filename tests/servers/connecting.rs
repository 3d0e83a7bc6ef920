//! Databases that cannot be reached or entered.

use std::thread;
use std::time::Duration;

use diesel_manage::settings::Backend;

use crate::failures::one_migration;
use crate::support::{Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
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
    trials.on(
        &[Backend::Sqlite],
        "a_file_that_is_being_written_is_waited_for",
        locked_file,
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
