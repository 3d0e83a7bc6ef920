use insta::assert_snapshot;

use crate::support::Project;

fn written(project: &Project) -> String {
    format!(
        "{}\n{}",
        project.read("settings.yaml"),
        project.tree(".").join("\n")
    )
}

#[test]
fn a_fresh_folder_gets_settings_and_a_folder_of_migrations() {
    let project = Project::new();
    assert_snapshot!(project.run("init"), @r#"
    settings.yaml
    migrations
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://db.sqlite3
        migrations: migrations

    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
    assert_snapshot!(written(&project), @"
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://db.sqlite3
        migrations: migrations

    migrations
    migrations/.gitkeep
    settings.yaml
    ");
}

#[test]
fn what_init_writes_can_be_used_at_once() {
    let project = Project::new();
    let _ = project.run("init").ok();
    let _ = project.run("makemigrations first -q").ok();
    assert_snapshot!(project.run("migrate --plan").ok().stdout.lines().next().unwrap(), @"default  1 migration would be applied");
}

#[test]
fn a_diesel_project_keeps_its_url_its_folder_and_its_schema() {
    let project = Project::new();
    project
        .file(".env", "DATABASE_URL=sqlite://shop.db\n")
        .file(
            "diesel.toml",
            "[print_schema]\nfile = \"src/models/schema.rs\"\n\n\
             [migrations_directory]\ndir = \"db/migrations\"\n",
        )
        .file(
            "db/migrations/2024-01-01-000000_first/up.sql",
            "SELECT 1;\n",
        );
    assert_snapshot!(project.run("init"), @"
    settings.yaml
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: ${DATABASE_URL}
        migrations: db/migrations
        models: src/models/schema.rs

    Next:
      manage showmigrations
      manage migrate
    ");
    assert_snapshot!(project.read("settings.yaml"), @"
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: ${DATABASE_URL}
        migrations: db/migrations
        models: src/models/schema.rs
    ");
    assert_snapshot!(project.run("showmigrations"), @"
    default  sqlite://shop.db  1 migration, 1 pending
     [ ] 2024-01-01-000000_first  (head)
    ");
}

#[test]
fn a_diesel_project_whose_url_is_not_set_gets_sqlite() {
    let project = Project::new();
    project
        .file("diesel.toml", "")
        .file("migrations/.gitkeep", "");
    assert_snapshot!(project.run("init"), @r#"
    settings.yaml
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://db.sqlite3
        migrations: migrations

    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
}

#[test]
fn settings_that_are_there_are_not_overwritten() {
    let project = Project::new();
    project.settings("connections: { main: { url: mine.db } }\n");
    assert_snapshot!(project.run("init"), @"
    --- stderr ---
    error: `settings.yaml` exists already
    hint: nothing is overwritten; edit `settings.yaml`, or move it away first
    [exit 1]
    ");
    assert_eq!(project.tree("."), ["settings.yaml"]);
    assert_eq!(
        project.read("settings.yaml"),
        "connections: { main: { url: mine.db } }\n"
    );
}

#[test]
fn settings_under_their_other_spelling_count_as_well() {
    let project = Project::new();
    project.file("settings.yml", "connections: { main: { url: mine.db } }\n");
    assert_snapshot!(project.run("init"), @"
    --- stderr ---
    error: `settings.yml` exists already
    hint: nothing is overwritten; edit `settings.yml`, or move it away first
    [exit 1]
    ");
    assert_eq!(project.tree("."), ["settings.yml"]);
}

#[test]
fn a_folder_of_migrations_that_is_there_is_left_alone() {
    let project = Project::new();
    project.migration("2024-01-01-000000_first", "SELECT 1;\n", None);
    assert_snapshot!(project.run("init"), @"
    settings.yaml
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://db.sqlite3
        migrations: migrations

    Next:
      manage showmigrations
      manage migrate
    ");
    assert_eq!(project.tree("migrations").len(), 2);
}

#[test]
fn a_server_is_described_by_its_parts() {
    let project = Project::new();
    assert_snapshot!(
        project.run(
            "init --driver postgres --host db.example.org --port 6432 --dbname shop \
             --username clerk --password-variable SHOP_PASSWORD --migrations db --models src/db.rs"
        ),
        @r#"
        settings.yaml
        db
        --- stderr ---
        # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
        connections:
          default:
            driver: postgres
            host: db.example.org
            port: 6432
            database: shop
            username: clerk
            password: ${SHOP_PASSWORD:-}
            migrations: db
            models: src/db.rs

        Next:
          manage makemigrations "Create the first table"
          manage migrate
        "#
    );
    assert_snapshot!(written(&project), @"
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        driver: postgres
        host: db.example.org
        port: 6432
        database: shop
        username: clerk
        password: ${SHOP_PASSWORD:-}
        migrations: db
        models: src/db.rs

    db
    db/.gitkeep
    settings.yaml
    ");
}

#[test]
fn what_is_not_said_of_a_server_has_a_default() {
    let project = Project::new();
    std::fs::create_dir(project.path("shop")).unwrap();
    assert_snapshot!(project.manage("init --driver mariadb").within(&project.path("shop")).run(), @r#"
    settings.yaml
    migrations
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        driver: mysql
        host: localhost
        port: 3306
        database: shop
        username: root
        password: ${DATABASE_PASSWORD:-}
        migrations: migrations

    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
}

#[test]
fn a_host_alone_means_postgres() {
    let project = Project::new();
    assert_snapshot!(project.run("init --host db.example.org --dbname shop"), @r#"
    settings.yaml
    migrations
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        driver: postgres
        host: db.example.org
        port: 5432
        database: shop
        username: postgres
        password: ${DATABASE_PASSWORD:-}
        migrations: migrations

    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
}

#[test]
fn sqlite_takes_the_name_of_its_file() {
    let project = Project::new();
    assert_snapshot!(project.run("init --driver sqlite3 --dbname data/shop.db"), @r#"
    settings.yaml
    migrations
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        url: sqlite://data/shop.db
        migrations: migrations

    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
}

#[test]
fn a_url_is_written_as_it_was_given() {
    let project = Project::new();
    assert_snapshot!(project.run("init --url postgres://clerk:${PASSWORD}@localhost/shop"), @r#"
    settings.yaml
    migrations
    --- stderr ---
    note: the password is not written into the file; put it into ${DATABASE_PASSWORD}, in the environment or in .env
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        driver: postgres
        host: localhost
        database: shop
        username: clerk
        password: ${DATABASE_PASSWORD:-}
        migrations: migrations

    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
}

#[test]
fn a_password_in_a_url_is_not_shown() {
    let project = Project::new();
    let _ = project
        .run("init --url postgres://clerk:hunter2@localhost/shop")
        .never_says("hunter2");
}

#[test]
fn a_url_and_its_parts_contradict_each_other() {
    let project = Project::new();
    assert_snapshot!(project.run("init --url sqlite://a.db --host localhost"), @"
    --- stderr ---
    error: the argument '--url <URL>' cannot be used with '--host <HOST>'

    Usage: manage init --url <URL>

    For more information, try '--help'.
    [exit 2]
    ");
    assert_eq!(project.tree("."), [""; 0]);
}

#[test]
fn an_unknown_driver_is_named_with_the_known_ones() {
    let project = Project::new();
    assert_snapshot!(project.run("init --driver oracle"), @"
    --- stderr ---
    error: invalid value 'oracle' for '--driver <DRIVER>': must be `sqlite`, `postgres` or `mysql`

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn a_port_is_a_number() {
    let project = Project::new();
    assert_snapshot!(project.run("init --driver postgres --port many"), @"
    --- stderr ---
    error: invalid value 'many' for '--port <PORT>': invalid digit found in string

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn quiet_says_only_what_was_written() {
    let project = Project::new();
    assert_snapshot!(project.run("init -q"), @"
    settings.yaml
    migrations
    ");
}

#[test]
fn the_answer_in_json_is_json() {
    let output = Project::new().run("init -q --json").ok();
    assert!(!output.json().is_empty());
}

#[test]
fn a_file_in_the_place_of_the_folder_stops_before_anything_is_written() {
    let project = Project::new();
    project.file("migrations", "");
    let _ = project.run("init").exits(1);
    assert_eq!(project.tree("."), ["migrations"]);
}

#[test]
fn flags_that_have_no_use_are_not_dropped_in_silence() {
    for arguments in [
        "--url sqlite://a.db --driver postgres",
        "--url sqlite://a.db --password-variable P",
        "--driver sqlite --host localhost",
        "--driver sqlite --port 5432",
        "--username clerk",
    ] {
        let output = Project::new().run(&format!("init -q {arguments}"));
        assert_eq!(output.status, Some(2), "init {arguments}\n{output}");
    }
}

#[test]
fn names_that_yaml_would_take_for_something_else_are_quoted() {
    let project = Project::new();
    let output = project
        .manage("init -q --driver mysql --host db --username no --migrations 2026 --models #m.rs")
        .arg("--dbname")
        .arg("a: b")
        .run()
        .ok();
    assert_eq!(output.stderr, "");
    assert_snapshot!(project.read("settings.yaml"), @"
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    connections:
      default:
        driver: mysql
        host: db
        port: 3306
        database: 'a: b'
        username: no
        password: ${DATABASE_PASSWORD:-}
        migrations: '2026'
        models: '#m.rs'
    ");
    let _ = project.run("makemigrations first -q --empty").ok();
}

#[test]
fn several_connections_have_a_folder_each() {
    let project = Project::new();
    assert_snapshot!(project.run("init --multi"), @r#"
    settings.yaml
    migrations/main
    migrations/other
    --- stderr ---
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    default: main
    connections:
      main:
        url: sqlite://main.sqlite3
        migrations: migrations/main
      other:
        url: sqlite://other.sqlite3
        migrations: migrations/other

    Next:
      manage makemigrations "Create the first table"
      manage migrate
    "#);
    let _ = project.run("setup --all").ok();
    assert!(project.path("main.sqlite3").exists() && project.path("other.sqlite3").exists());
}

#[test]
fn several_connections_have_names_and_may_be_on_one_server() {
    let project = Project::new();
    let flags = "init -q --multi=shop,monthly-reports --driver postgres --host db --migrations db";
    assert_snapshot!(project.run(flags), @"
    settings.yaml
    db/shop
    db/monthly-reports
    ");
    assert_snapshot!(project.read("settings.yaml"), @"
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    default: shop
    connections:
      shop:
        driver: postgres
        host: db
        port: 5432
        database: shop
        username: postgres
        password: ${DATABASE_PASSWORD:-}
        migrations: db/shop
      monthly-reports:
        driver: postgres
        host: db
        port: 5432
        database: monthly-reports
        username: postgres
        password: ${MONTHLY_REPORTS_PASSWORD:-}
        migrations: db/monthly-reports
    ");
}

#[test]
fn a_diesel_project_keeps_its_folder_and_others_stand_beside_it() {
    let project = Project::new();
    project
        .file(".env", "DATABASE_URL=sqlite://shop.db\n")
        .migration("2024-01-01-000000_first", "SELECT 1;\n", None);
    let _ = project.run("init -q --multidb").ok();
    assert_snapshot!(project.read("settings.yaml"), @"
    # Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.
    default: main
    connections:
      main:
        url: ${DATABASE_URL}
        migrations: migrations
      other:
        url: sqlite://other.sqlite3
        migrations: other/migrations
    ");
}

#[test]
fn two_connections_have_two_names() {
    for names in ["a,a", "a,", ","] {
        let output = Project::new()
            .run(&format!("init --multi={names}"))
            .exits(2);
        output.says("hint: give each its own: --multi=main,reports");
    }
}
