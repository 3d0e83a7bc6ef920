use crate::settings::testing::Project;
use crate::settings::{Origin, Request};

const MAIN: &str = "connections: { main: { url: sqlite://main.db } }";

#[test]
fn the_settings_of_the_nearest_folder_are_found() {
    let project = Project::with_settings(MAIN).within("src/deep");
    assert_eq!(project.url(), "sqlite://$PROJECT/main.db");
    let project = project.file("src/settings.yml", "connections: { a: { url: near.db } }");
    assert_eq!(project.url(), "sqlite://$PROJECT/src/near.db");
    let settings = project.load().unwrap();
    assert_eq!(
        settings.root,
        project.path().canonicalize().unwrap().join("src")
    );
    assert_eq!(
        settings.origin,
        Origin::File {
            path: settings.root.join("settings.yml"),
            profile: None
        }
    );
}

#[test]
fn a_named_file_goes_before_a_found_one_and_the_flag_before_the_variable() {
    let project = Project::with_settings(MAIN)
        .file("conf/a.yaml", "connections: { a: { url: a.db } }")
        .file("conf/b.yaml", "connections: { b: { url: b.db } }")
        .variable("MANAGE_SETTINGS", "conf/a.yaml");
    assert_eq!(project.url(), "sqlite://$PROJECT/conf/a.db");
    let mut project = project;
    project.request.file = Some("conf/b.yaml".into());
    assert_eq!(project.url(), "sqlite://$PROJECT/conf/b.db");
}

#[test]
fn an_empty_variable_says_nothing() {
    let project = Project::with_settings(MAIN)
        .variable("MANAGE_SETTINGS", "")
        .variable("MANAGE_PROFILE", "");
    assert_eq!(project.url(), "sqlite://$PROJECT/main.db");
}

#[test]
fn of_two_spellings_of_the_file_one_is_read_and_the_other_named() {
    let project = Project::with_settings(MAIN).file("settings.yml", "not: read");
    assert_eq!(
        project.load().unwrap().notices,
        ["`settings.yaml` is read, `settings.yml` is not"]
    );
}

#[test]
fn a_profile_lies_over_the_settings_key_by_key() {
    let project = Project::with_settings(
        "
default: main
connections:
  main:
    driver: postgres
    host: localhost
    database: app
    options: { sslmode: disable, application_name: manage }
    migrations: [one, two]
    order: any
    statement_timeout: 5s
",
    )
    .file(
        "settings.prod.yaml",
        "
connections:
  main:
    host: db.example.org
    options: { sslmode: require }
    migrations: [three]
    statement_timeout:
    protected: true
  audit:
    url: audit.db
",
    )
    .profile("prod");
    let settings = project.load().unwrap();
    assert_eq!(settings.names().collect::<Vec<_>>(), ["main", "audit"]);
    let Origin::File { profile, .. } = &settings.origin else {
        panic!("it is a file")
    };
    let path = settings.root.join("settings.prod.yaml");
    assert_eq!(profile, &Some(("prod".to_owned(), path)));
    let main = settings.connection(None).unwrap();
    assert_eq!(
        main.url().unwrap().to_string(),
        "postgres://db.example.org/app?sslmode=require&application_name=manage"
    );
    assert_eq!(main.migrations, [settings.root.join("three")]);
    assert_eq!(main.order.name(), "any");
    assert_eq!(main.statement_timeout, None);
    assert!(main.protected);
}

#[test]
fn the_way_the_profile_writes_its_url_wins() {
    let parts = "connections: { main: { driver: mysql, host: h, database: d } }";
    let url = "connections: { main: { url: one.db } }";
    let project = Project::with_settings(parts)
        .file("settings.p.yaml", url)
        .profile("p");
    assert_eq!(project.url(), "sqlite://$PROJECT/one.db");
    let project = Project::with_settings(url)
        .file("settings.p.yaml", parts)
        .profile("p");
    assert_eq!(project.url(), "mysql://h/d");
}

#[test]
fn a_profile_may_say_nothing_and_be_named_by_a_variable_or_env_file() {
    let project = Project::with_settings(MAIN)
        .file("settings.dev.yml", "# as it is\n")
        .file(".env", "MANAGE_PROFILE=dev\n");
    assert_eq!(project.url(), "sqlite://$PROJECT/main.db");
    let Origin::File { profile, .. } = project.load().unwrap().origin else {
        panic!("a file")
    };
    assert_eq!(profile.unwrap().0, "dev");
}

#[test]
fn a_profile_belongs_to_the_settings_file_it_is_named_after() {
    let mut project = Project::new()
        .file("conf/app.yaml", "connections: { a: { url: a.db } }")
        .file("conf/app.prod.yaml", "connections: { a: { url: b.db } }")
        .file(
            "conf/settings.prod.yaml",
            "connections: { a: { url: c.db } }",
        )
        .profile("prod");
    project.request.file = Some("conf/app.yaml".into());
    assert_eq!(project.url(), "sqlite://$PROJECT/conf/b.db");
}

#[test]
fn merge_keys_and_anchors_work() {
    let project = Project::with_settings(
        "
x-server: &server
  driver: postgres
  host: localhost
  options: &options { sslmode: require, connect_timeout: 5 }
x-order: &order
  order: any
connections:
  main: &main
    <<: [*server, *order]
    database: app
  other:
    <<: *main
    database: other
    options:
      <<: *options
      sslmode: disable
  file:
    <<: *main
    url: file.db
",
    );
    let settings = project.load().unwrap();
    let url = |name| {
        settings
            .connection(Some(name))
            .unwrap()
            .url()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        url("main"),
        "postgres://localhost/app?sslmode=require&connect_timeout=5"
    );
    assert_eq!(
        url("other"),
        "postgres://localhost/other?sslmode=disable&connect_timeout=5"
    );
    assert_eq!(project.hide(&url("file")), "sqlite://$PROJECT/file.db");
    assert_eq!(
        settings.connection(Some("other")).unwrap().order.name(),
        "any"
    );
}

#[test]
fn scalars_are_taken_as_they_are_written() {
    let project = Project::with_settings(
        "
connections:
  1:
    driver: postgres
    username: yes
    password: 0123
    database: 1e5
    port: ${PORT}
    protected: ${PROTECTED:-no}
",
    )
    .variable("PORT", "5433");
    let connection = project.connection(None).unwrap();
    assert_eq!(connection.name, "1");
    assert_eq!(
        connection.url().unwrap().to_string(),
        "postgres://yes:***@:5433/1e5"
    );
    assert_eq!(
        connection.url().unwrap().password().unwrap().expose(),
        "0123"
    );
    assert!(!connection.protected);
}

#[test]
fn a_key_called_on_is_a_key_and_not_a_truth_value() {
    let project = Project::with_settings(
        "
on: { diverged: rebase, edited: stop }
connections:
  main:
    url: a.db
    on:
      out_of_order: apply
      edited: accept
",
    );
    let on = project.connection(None).unwrap().on;
    assert_eq!(
        on.diverged.map(crate::settings::Diverged::name),
        Some("rebase")
    );
    assert_eq!(
        on.out_of_order.map(crate::settings::OutOfOrder::name),
        Some("apply")
    );
    assert_eq!(on.edited.map(crate::settings::Edited::name), Some("accept"));
    assert_eq!(on.missing, None);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_do_no_harm() {
    let project = Project::with_settings("\u{feff}connections:\r\n  main:\r\n    url: a.db\r\n")
        .file(".env", "\u{feff}MANAGE_PROFILE=\r\n");
    assert_eq!(project.url(), "sqlite://$PROJECT/a.db");
}

#[test]
fn nothing_that_is_debugged_shows_a_secret() {
    let mut project = Project::with_settings(
        "connections: { main: { driver: mysql, password: hunter2 }, o: { url: \"${URL}\" } }",
    )
    .variable("URL", "mysql://u:hunter2@h/d");
    project.request.database_url = None;
    let settings = project.load().unwrap();
    let connection = settings.connection(Some("o")).unwrap();
    let debugged = format!("{settings:?} {connection:?} {:?}", settings.environment());
    assert_eq!(debugged.matches("hunter2").count(), 0);
    project.request = Request {
        database_url: Some("mysql://u:hunter2@h/d".to_owned()),
        ..Request::default()
    };
    assert_eq!(
        format!("{:?}", project.request).matches("hunter2").count(),
        0
    );
}

#[test]
fn env_files_add_to_the_environment_and_do_not_override_it() {
    let project = Project::with_settings(
        "connections: { main: { driver: mysql, host: \"${HOST}\", database: \"${NAME}\" } }",
    )
    .file(".env", "HOST=from-file\nNAME='one # two'\nNAME=second\n")
    .variable("HOST", "from-process");
    assert_eq!(project.url(), "mysql://from-process/one%20%23%20two");
    let environment = project.load().unwrap().environment();
    assert_eq!(environment.variables["HOST"], "from-process");
    assert_eq!(environment.variables["NAME"], "one # two");
}

#[test]
fn the_env_file_is_looked_for_from_the_settings_upwards() {
    let mut project = Project::new()
        .file(".env", "NAME=above\n")
        .file(
            "conf/settings.yaml",
            "connections: { main: { url: \"${NAME}.db\" } }",
        )
        .file("here/.env", "NAME=elsewhere\n")
        .within("here");
    project.request.file = Some("../conf/settings.yaml".into());
    assert_eq!(project.url(), "sqlite://$PROJECT/here/../conf/above.db");
}

#[test]
fn a_secret_file_is_read_without_the_line_break_at_its_end() {
    let project = Project::with_settings(
        "connections: { main: { driver: mysql, password: \"${file:run/secret}\" } }",
    )
    .file("run/secret", "hunter2 \r\n\n");
    let connection = project.connection(None).unwrap();
    assert_eq!(
        connection.url().unwrap().password().unwrap().expose(),
        "hunter2 "
    );
}
