//! A password stands nowhere in what is printed.

use insta::assert_snapshot;

use crate::support::{Output, Project};

const COMMANDS: &[&str] = &[
    "showmigrations -v",
    "showmigrations --json",
    "migrate -v",
    "migrate --plan -v",
    "migrate --sql",
    "downgrade -v -y",
    "check -v",
    "makemigrations a -v",
];

fn project() -> Project {
    let project = Project::new();
    project.migration("2026-01-01-000000_a", "SELECT 1;\n", Some("SELECT 1;\n"));
    project
}

/// Every command, and what each of them said to it.
fn all(project: &Project) -> Vec<Output> {
    COMMANDS
        .iter()
        .map(|command| project.run(command))
        .collect()
}

#[test]
fn a_password_in_a_url_stays_in_the_settings() {
    let project = project();
    project
        .settings("connections: { main: { url: 'postgres://clerk:hunter2@127.0.0.1:1/shop' } }\n");
    for output in all(&project) {
        output.never_says("hunter2");
    }
}

#[test]
fn a_password_of_its_own_stays_in_the_settings() {
    let project = project();
    project.settings(
        "connections:\n  main:\n    driver: mysql\n    host: 127.0.0.1\n    port: 1\n    \
         database: shop\n    username: clerk\n    password: hunter2\n",
    );
    for output in all(&project) {
        output.never_says("hunter2");
    }
}

#[test]
fn a_password_in_a_variable_stays_in_it() {
    let project = project().variable("SHOP_PASSWORD", "hunter2");
    project.settings(
        "connections: { main: { url: 'mysql://clerk:${SHOP_PASSWORD}@127.0.0.1:1/shop' } }\n",
    );
    for output in all(&project) {
        output.never_says("hunter2");
    }
}

#[test]
fn a_password_in_env_files_and_secret_files_stays_there() {
    let project = project();
    project.file(
        ".env",
        "DATABASE_URL=postgres://clerk:hunter2@127.0.0.1:1/shop\n",
    );
    for output in all(&project) {
        output.never_says("hunter2");
    }
    project.file("run/secret", "hunter3\n").settings(
        "connections: { main: { url: 'postgres://clerk:${file:run/secret}@127.0.0.1:1/shop' } }\n",
    );
    for output in all(&project) {
        output.never_says("hunter3");
    }
}

#[test]
fn a_password_on_the_command_line_is_not_repeated() {
    let project = project();
    for command in COMMANDS {
        let output = project
            .manage(command)
            .arg("--database-url=postgres://clerk:hunter2@127.0.0.1:1/shop")
            .run();
        output.never_says("hunter2");
    }
}

#[test]
fn a_password_in_a_url_that_is_malformed_is_not_repeated() {
    let project = project();
    for url in [
        "postgres://clerk:hunter2@localhost:port/shop",
        "postgres:/clerk:hunter2@localhost:1/shop",
        "oracle://clerk:hunter2@localhost:1/shop",
        "postgres://clerk:hunter2@[::1/shop",
        "postgres://clerk@localhost:1/shop?password=hunter2",
        "postgres://clerk:hunt%zzer2@localhost:1/shop",
        "clerk:hunter2@localhost:1/shop",
    ] {
        project.settings(&format!("connections: {{ main: {{ url: '{url}' }} }}\n"));
        for output in all(&project) {
            if !url.starts_with("clerk") {
                output.never_says("hunter2");
            }
        }
    }
}

#[test]
fn where_the_password_stood_there_are_stars() {
    let project = project();
    project
        .settings("connections: { main: { url: 'postgres://clerk:hunter2@127.0.0.1:1/shop' } }\n");
    assert_snapshot!(project.run("showmigrations -v"), @"
    --- stderr ---
    settings: settings.yaml
    main: postgres://clerk:***@127.0.0.1:1/shop
    error: the PostgreSQL server at `127.0.0.1:1` refused the connection
    hint: start the server, or correct the connection's `url`
    [exit 1]
    ");
}
