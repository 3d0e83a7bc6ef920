//! Whole databases on real servers: made, set up, reset, dropped, and their own clients.

use std::process::{Command, Stdio};

use diesel_manage::settings::Backend;
use libtest_mimic::{Completion, Failed};

use crate::support::{BACKENDS, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("a_database_is_made_reset_and_dropped", the_round);
    trials.everywhere("setup_is_all_that_a_new_machine_needs", new_machine);
    trials.everywhere("resetdb_loses_the_rows_and_keeps_the_schema", reset);
    trials.on(
        &[Backend::Postgres],
        "a_database_in_use_is_dropped_by_force_only",
        in_use,
    );
    trials.on(
        &[Backend::Postgres, Backend::Mysql],
        "a_role_without_the_right_makes_no_database",
        no_right,
    );
    trials.on(
        &[Backend::Postgres, Backend::Mysql],
        "what_the_server_keeps_for_itself_is_not_dropped",
        system,
    );
    for backend in BACKENDS {
        trials.deciding(backend, "the_shell_is_where_the_connection_is", shell);
    }
}

fn project(server: &Server) -> Project {
    let project = Project::on(server);
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER PRIMARY KEY NOT NULL);",
        Some("DROP TABLE one;"),
    );
    project
}

/// The name that consents: of a file its own.
fn name(server: &Server) -> String {
    match server.backend() {
        Backend::Sqlite => "$DB.db".to_owned(),
        Backend::Postgres | Backend::Mysql => "$DB".to_owned(),
    }
}

fn confirm(server: &Server) -> String {
    name(server).replace("$DB", server.name())
}

fn the_round(server: &Server) {
    let project = project(server);
    let name = name(server);
    let consent = confirm(server);
    if server.backend() == Backend::Sqlite {
        let _ = project.run("createdb -q").ok();
    }
    project
        .run(&format!("dropdb --confirm {consent}"))
        .ok()
        .shows(&format!(
            "
            --- stderr ---
            default: database `{name}` will be dropped: $URL
              it holds no table
            default: database `{name}` dropped."
        ));
    project.run("dropdb -y").ok().shows(&format!(
        "
        --- stderr ---
        default: there is no database `{name}`."
    ));
    if server.backend() != Backend::Sqlite {
        let out = project.run("migrate").exits(1);
        out.says("hint: create it: manage createdb");
        let out = project.run("migrate -d default").exits(1);
        out.says("hint: create it: manage createdb -d default");
    }
    project.run("createdb").ok().shows(&format!(
        "
        --- stderr ---
        default: database `{name}` created."
    ));
    project.run("createdb").ok().shows(&format!(
        "
        --- stderr ---
        default: database `{name}` is there already."
    ));
    let _ = project.run("migrate").ok();
    assert_eq!(server.versions(), ["20260101000000"]);
    let out = project.run("dropdb").exits(4);
    out.says("  it holds 1 table, and no row");
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn new_machine(server: &Server) {
    let project = project(server);
    let _ = project.run("dropdb -y").ok();
    let out = project.run("setup").ok();
    out.says(&format!("default: database `{}` created.", name(server)));
    out.says("default is at 2026-01-01-000000_one (head).");
    assert_eq!(server.versions(), ["20260101000000"]);
    let out = project.run("setup").ok();
    out.says("default: nothing to apply.");
}

fn reset(server: &Server) {
    let project = project(server);
    let _ = project.run("setup").ok();
    server.execute("INSERT INTO one (id) VALUES (1)");
    server.execute("CREATE TABLE stray (id INTEGER)");
    let out = project.run("resetdb -y").ok();
    out.says("  it holds 2 tables, 1 of them with rows");
    assert_eq!(server.value("SELECT count(*) FROM one"), "0");
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema",
            "one"
        ]
    );
}

fn in_use(server: &Server) {
    let project = project(server);
    let mut other = server.probe();
    assert_eq!(other.value("SELECT 1"), "1");
    let out = project.run("dropdb -y").exits(1);
    out.says("error: cannot drop the database `$DB`");
    out.says("hint: stop the programs that use it, or disconnect them: --force");
    let out = project.run("dropdb -y --force").ok();
    out.says("default: database `$DB` dropped.");
    assert!(other.try_execute("SELECT 1").is_err());
}

fn no_right(server: &Server) {
    let user = server.user("clerk", "secret");
    if server.backend() == Backend::Mysql {
        server.execute(&format!("GRANT ALL ON {}.* TO '{user}'@'%'", server.name()));
        server.execute(&format!(
            "GRANT ALL ON {}.* TO '{user}'@'localhost'",
            server.name()
        ));
    }
    let own = server.url_as(&user, Some("secret"));
    // The user's name begins with the database's, so it is the last one that counts.
    let (address, rest) = own
        .rsplit_once(&format!("/{}", server.name()))
        .expect("the URL names the database");
    let elsewhere = format!("{address}/{}_other{rest}", server.name());
    let project = Project::new().url(&elsewhere);
    let out = project.run("createdb").exits(1);
    out.never_says("secret");
    assert!(
        out.stderr.contains(
            "hint: have it created by a role that may, or give this one the right to create databases"
        ),
        "{out}"
    );
    // What is there needs no right to be made.
    let project = Project::new().url(&own);
    let out = project.run("createdb").ok();
    assert!(out.stderr.contains("is there already"), "{out}");
}

fn system(server: &Server) {
    let names: &[&str] = match server.backend() {
        Backend::Sqlite => &[],
        Backend::Postgres => &["postgres", "template1"],
        Backend::Mysql => &["mysql", "information_schema", "sys"],
    };
    for name in names {
        let mut url = server.parts();
        url.set_path(&format!("/{name}"));
        let project = Project::new().url(url.as_str());
        for command in ["dropdb -y", "dropdb --confirm", "resetdb -y"] {
            let invocation = project.manage(command);
            let invocation = if command.ends_with("--confirm") {
                invocation.arg(name)
            } else {
                invocation
            };
            let out = invocation.run().exits(1);
            out.says(&format!(
                "error: the database `{name}` belongs to the server itself"
            ));
        }
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a trial that may be ignored has this form"
)]
fn shell(server: &Server) -> Result<Completion, Failed> {
    let clients: &[&str] = match server.backend() {
        Backend::Sqlite => &["sqlite3"],
        Backend::Postgres => &["psql"],
        Backend::Mysql => &["mysql", "mariadb"],
    };
    let is_there = |client: &&str| -> bool {
        Command::new(client)
            .arg(if *client == "sqlite3" {
                "-version"
            } else {
                "--version"
            })
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok()
    };
    if !clients.iter().any(is_there) {
        return Ok(Completion::ignored_with(format!(
            "there is no {}",
            clients.join(" and no ")
        )));
    }
    let mut project = project(server);
    let _ = project.run("setup").ok();
    let (select, fails) = match server.backend() {
        Backend::Sqlite => ("SELECT count(*) FROM one", "SELECT nix"),
        Backend::Postgres => (
            "SELECT current_user || ' ' || current_database() || ' ' || count(*) FROM one",
            "SELECT nix",
        ),
        Backend::Mysql => (
            "SELECT concat(substring_index(user(), '@', 1), ' ', database(), ' ', count(*)) FROM one",
            "SELECT nix",
        ),
    };
    let mut expected = "0".to_owned();
    if server.backend() != Backend::Sqlite {
        // With letters that mean something in a file of options, in a URL and in a shell.
        let password = "p\"a#s $w%";
        let user = server.user("shell", password);
        let grant = match server.backend() {
            Backend::Sqlite | Backend::Postgres => format!("GRANT SELECT ON one TO {user}"),
            Backend::Mysql => format!(
                "GRANT SELECT ON {0}.* TO '{user}'@'%', '{user}'@'localhost'",
                server.name()
            ),
        };
        server.execute(&grant);
        project = project.url(&server.url_as(&user, Some(password)));
        expected = format!("{user} {} 0", server.name());
    }
    let arguments: &[&str] = match server.backend() {
        Backend::Sqlite => &[],
        Backend::Postgres => &["-Atc"],
        Backend::Mysql => &["-Ne"],
    };
    let ask = |sql: &str| {
        let invocation = arguments
            .iter()
            .fold(project.manage("dbshell --"), |invocation, argument| {
                invocation.arg(argument)
            });
        invocation.arg(sql).run()
    };
    let out = ask(select).ok();
    assert_eq!(out.answer.trim(), expected);
    // What sqlite3 ends with differs from release to release.
    let out = ask(fails);
    let is_the_client_s = match server.backend() {
        Backend::Sqlite => out.status != Some(0),
        Backend::Postgres | Backend::Mysql => out.status == Some(1),
    };
    assert!(is_the_client_s, "{out}");
    Ok(Completion::Completed)
}
