//! A password is in nothing that is printed, recorded or seen by others, whatever is run.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use diesel_manage::settings::Backend;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::support::{Output, Project, Server};
use crate::trials::Trials;

/// With characters that a URL has to spell otherwise.
const PASSWORD: &str = "hunter2/p@ss:w%rd#9";

/// What commands are given beside `-v`; of those that are not named here, nothing.
const ARGUMENTS: &[(&str, &str)] = &[
    ("makemigrations", "more --empty"),
    ("merge", "--dry-run"),
    ("squashmigrations", "base:head --dry-run"),
    ("downgrade", "-y"),
    ("redo", "-y"),
    ("stamp", "head -y"),
    ("check", "--with-database"),
    ("edit", "head"),
    ("show", "head"),
    ("sqlmigrate", "head"),
    ("inspectdb", "--json"),
    ("completions", "bash"),
    ("dropdb", "--json"),
    ("rebase", "-y"),
];

/// What connects in every way there is.
const FEW: [&str; 4] = [
    "showmigrations -v --backtrace",
    "migrate -v --json",
    "check --with-database -v",
    "inspectdb --backtrace",
];

pub(crate) fn add(trials: &mut Trials) {
    let servers = [Backend::Postgres, Backend::Mysql];
    trials.on(
        &servers,
        "secrets::no_command_says_the_password",
        every_command,
    );
    trials.on(
        &servers,
        "secrets::no_spelling_of_it_is_said",
        every_spelling,
    );
    trials.on(
        &servers,
        "secrets::no_process_has_it_in_its_arguments",
        arguments,
    );
}

fn encoded() -> String {
    utf8_percent_encode(PASSWORD, NON_ALPHANUMERIC).to_string()
}

#[track_caller]
fn hides(output: &Output) {
    for secret in [PASSWORD, &encoded(), "hunter2"] {
        output.never_says(secret);
    }
}

fn project(server: &Server, user: &str) -> Project {
    let mut project = Project::new();
    project.hide(server);
    project.migration(
        "2026-01-01-000000_a",
        "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY);\n",
        Some("DROP TABLE a;\n"),
    );
    project.file(
        ".env",
        format!("SHOP_URL='{}'\n", server.url_as(user, Some(PASSWORD))),
    );
    project.settings("connections: { main: { url: '${SHOP_URL}', migrations: migrations } }\n");
    project
}

/// A user who may do anything to the database.
fn user(server: &Server) -> String {
    let user = server.user("secret", PASSWORD);
    server.execute(&match server.backend() {
        Backend::Mysql => format!("GRANT ALL ON `{}`.* TO '{user}'@'%'", server.name()),
        Backend::Postgres | Backend::Sqlite => format!("GRANT ALL ON SCHEMA public TO {user}"),
    });
    user
}

fn every_command(server: &Server) {
    let project = project(server, &user(server));
    let help = project.run("--help").ok();
    let commands: Vec<String> = help
        .stdout
        .lines()
        .filter(|line| {
            line.starts_with("  ") && !line.starts_with("   ") && !line.starts_with("  -")
        })
        .filter_map(|line| line.split_whitespace().next())
        .map(|word| word.trim_end_matches(',').to_owned())
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    let has = |name: &str| commands.iter().any(|command| command == name);
    assert!(
        has("migrate") && has("dbshell") && has("showmigrations"),
        "{help}"
    );
    hides(&project.run("migrate -v"));
    let mut connected = 0;
    for command in commands.iter().filter(|command| *command != "help") {
        let given = ARGUMENTS.iter().find(|(name, _)| name == command);
        let arguments = given.map_or("", |(_, arguments)| arguments);
        for flags in ["-v --backtrace", "--json"] {
            let output = project.run(&format!("{command} {arguments} --no-input {flags}"));
            hides(&output);
            connected += usize::from(output.status != Some(2));
        }
    }
    assert!(
        connected > commands.len(),
        "{connected} of {}",
        commands.len()
    );
    hides(&project.run("migrate -v"));
    let probe = |query: &str| server.lines(query).join("\n");
    let here = match server.backend() {
        Backend::Mysql => "table_schema = database()",
        Backend::Postgres | Backend::Sqlite => "table_schema = 'public'",
    };
    let tables = format!("SELECT table_name FROM information_schema.tables WHERE {here}");
    for table in server.lines(&tables) {
        let columns = server.lines(&format!(
            "SELECT column_name FROM information_schema.columns WHERE {here} AND table_name = '{table}'"
        ));
        for column in columns {
            let all = probe(&format!(
                "SELECT CAST({column} AS CHAR(10000)) FROM {table}"
            ));
            assert!(!all.contains("hunter2"), "{table}.{column}: {all}");
        }
    }
}

fn every_spelling(server: &Server) {
    let user = user(server);
    let project = project(server, &user);
    let right = url::Url::parse(&server.url_as(&user, Some(PASSWORD))).expect("it is one");
    let (host, port) = (
        right.host_str().unwrap_or_default(),
        right.port().unwrap_or_default(),
    );
    let driver = right.scheme();
    let mut wrong = right.clone();
    let _ = wrong.set_password(Some("hunter2wrong"));
    let mut down = right.clone();
    let _ = down.set_port(Some(1));
    let mut nowhere = right.clone();
    let _ = nowhere.set_host(Some("nowhere.invalid"));
    project.file("secret", format!("{PASSWORD}\n"));
    let parts = |password: &str, port: u16| {
        format!(
            "driver: {driver}, host: {host}, port: {port}, database: {}, username: {user}, password: '{password}'",
            server.name()
        )
    };
    let settings = [
        format!("url: '{wrong}'"),
        format!("url: '{down}'"),
        format!("url: '{nowhere}'"),
        format!("url: '{right}&no_such_option={}'", encoded()).replacen('&', "?", 1),
        parts(PASSWORD, port),
        parts("hunter2wrong", port),
        parts(PASSWORD, 1),
        parts("${file:secret}", port),
        parts("${file:secret}", 1),
    ];
    for settings in settings {
        project.settings(&format!("connections: {{ main: {{ {settings} }} }}\n"));
        for command in FEW {
            hides(&project.run(command));
        }
    }
}

/// A hook and a client that write down what everybody sees of them, and of who started them.
fn arguments(server: &Server) {
    let project = project(server, &user(server));
    let spy = "#!/bin/sh\ncat /proc/$$/cmdline /proc/$PPID/cmdline >>\"$SEEN\"\necho >>\"$SEEN\"\n";
    for program in ["psql", "mariadb", "mysql"] {
        let path = project.path("bin").join(program);
        project.file(&path, spy);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is there");
    }
    project.file("spy", spy);
    project.settings(
        "connections: { main: { url: '${SHOP_URL}' } }\n\
         hooks: { pre_migrate: [[sh, spy]], post_migrate: [[sh, spy]] }\n",
    );
    let seen = project.path("seen");
    let path = format!("{}:/usr/bin:/bin", project.path("bin").display());
    for command in ["migrate", "dbshell", "downgrade -y"] {
        let output = project
            .manage(command)
            .env("SEEN", &seen)
            .env("PATH", &path)
            .run()
            .ok();
        hides(&output);
    }
    let seen = project.read("seen");
    assert!(seen.lines().count() >= 5, "{seen}");
    assert!(!seen.contains("hunter2"), "{seen}");
}
