use insta::assert_snapshot;

use crate::library::{AUTHORS, pending};
use crate::support::Project;

/// What `showmigrations` says to these settings.
fn with(settings: &str) -> crate::support::Output {
    let project = Project::new();
    project.settings(settings);
    project.run("showmigrations")
}

#[test]
fn an_unknown_key_comes_with_its_place_and_the_nearest_known_one() {
    assert_snapshot!(
        with("connections:\n  main:\n    url: sqlite://db.sqlite3\n    migratons: db\n"),
        @"
        --- stderr ---
        error: unknown key `migratons` at settings.yaml:4:5
        hint: did you mean `migrations`?
        [exit 1]
        "
    );
    assert_snapshot!(with("connection:\n  main: { url: db.sqlite3 }\n"), @"
    --- stderr ---
    error: unknown key `connection` at settings.yaml:1:1
    hint: did you mean `connections`?
    [exit 1]
    ");
}

#[test]
fn a_duplicate_key_comes_with_its_place() {
    assert_snapshot!(
        with("connections:\n  main:\n    url: a.db\n    url: b.db\n"),
        @"
        --- stderr ---
        error: duplicate key `url` at settings.yaml:4:5
        hint: remove one of the two
        [exit 1]
        "
    );
}

#[test]
fn a_value_of_the_wrong_type_comes_with_its_place() {
    assert_snapshot!(with("connections:\n  main:\n    url: [a, b]\n"), @"
    --- stderr ---
    error: `connections.main.url` must be a single value, not a list, at settings.yaml:3:10
    [exit 1]
    ");
    assert_snapshot!(with("connections:\n  main: { url: a.db, protected: maybe }\n"), @"
    --- stderr ---
    error: `connections.main.protected` must be `true` or `false`, at settings.yaml:2:33
    [exit 1]
    ");
    assert_snapshot!(with("connections:\n  main: { url: a.db, order: linaer }\n"), @"
    --- stderr ---
    error: `connections.main.order` must be `linear` or `any`, at settings.yaml:2:29
    hint: did you mean `linear`?
    [exit 1]
    ");
}

#[test]
fn what_is_not_yaml_comes_with_its_place() {
    assert_snapshot!(with("connections:\n  main:\n\turl: a.db\n"), @"
    --- stderr ---
    error: invalid YAML at settings.yaml:3:1
      caused by: found character that cannot start any token, while scanning for the next token
    hint: indent with spaces, not with tabs
    [exit 1]
    ");
}

#[test]
fn an_empty_file_says_what_to_write() {
    assert_snapshot!(with(""), @r#"
    --- stderr ---
    error: `settings.yaml` is empty
    hint: write at least: connections: { main: { url: "sqlite://db.sqlite3" } }
    hint: if the file is another program's, name yours: --settings FILE
    [exit 1]
    "#);
}

#[test]
fn a_missing_variable_names_its_key_and_its_place() {
    assert_snapshot!(
        with("connections:\n  main:\n    url: postgres://clerk:${SHOP_PASSWORD}@localhost/shop\n"),
        @"
        --- stderr ---
        error: the variable `SHOP_PASSWORD` is not set, but `connections.main.url` needs it at settings.yaml:3:10
        hint: set SHOP_PASSWORD in the environment or in .env
        hint: or give a fallback: ${SHOP_PASSWORD:-...}
        [exit 1]
        "
    );
}

#[test]
fn a_variable_may_come_from_the_environment_or_have_a_fallback() {
    let project = pending();
    project.settings("connections: { main: { url: '${FILE:-fallback}.db' } }\n");
    let first =
        |output: crate::support::Output| output.ok().stdout.lines().next().unwrap().to_owned();
    assert_snapshot!(first(project.run("showmigrations")), @"main  sqlite://fallback.db  3 migrations, 3 pending");
    assert_snapshot!(first(project.manage("showmigrations").env("FILE", "shop").run()), @"main  sqlite://shop.db  3 migrations, 3 pending");
    project.file(".env", "FILE=from-file\n");
    assert_snapshot!(first(project.run("showmigrations")), @"main  sqlite://from-file.db  3 migrations, 3 pending");
}

#[test]
fn a_folder_without_anything_says_where_to_start() {
    assert_snapshot!(Project::new().run("migrate"), @"
    --- stderr ---
    error: there is no settings file and no Diesel project in `$PROJECT` or above it
    hint: start one: manage init
    hint: or say where the database is: DATABASE_URL=sqlite://db.sqlite3
    hint: or name the settings: --settings FILE
    [exit 1]
    ");
}

#[test]
fn a_diesel_project_works_without_settings() {
    let project = Project::new();
    project
        .file(".env", "DATABASE_URL=sqlite://shop.db\n")
        .file("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n")
        .migration(
            AUTHORS,
            "CREATE TABLE authors (id INTEGER PRIMARY KEY NOT NULL);\n",
            None,
        );
    assert_snapshot!(project.run("migrate"), @"
      applied 2026-01-05-090000_create_authors  (1 statement, [elapsed])
    --- stderr ---
    default: applying 1 migration to sqlite://shop.db
    default: 1 migration applied in [elapsed].
    default is at 2026-01-05-090000_create_authors (head).
    wrote src/schema.rs
    ");
}

#[test]
fn a_diesel_project_without_a_url_says_how_to_give_one() {
    let project = Project::new();
    project
        .file("diesel.toml", "")
        .migration(AUTHORS, "SELECT 1;\n", None);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: `DATABASE_URL` is not set
    hint: set it in the environment or in .env: DATABASE_URL=sqlite://db.sqlite3
    hint: or write a settings file: manage init
    [exit 1]
    ");
}

#[test]
fn settings_are_found_in_a_folder_above() {
    let project = pending();
    std::fs::create_dir_all(project.path("src/deep")).unwrap();
    let output = project
        .manage("showmigrations")
        .within(&project.path("src/deep"))
        .run();
    assert_snapshot!(output, @"
    main  sqlite://$PROJECT/db.sqlite3  3 migrations, 3 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn settings_may_be_named() {
    let project = pending();
    project.file(
        "conf/other.yaml",
        "connections: { main: { url: '../db.sqlite3', migrations: ../migrations } }\n",
    );
    let named = project
        .run("showmigrations --settings conf/other.yaml")
        .ok();
    assert_snapshot!(named, @"
    main  sqlite://conf/../db.sqlite3  3 migrations, 3 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
    let with_alias = project.run("showmigrations --config conf/other.yaml");
    let with_variable = project
        .manage("showmigrations")
        .env("MANAGE_SETTINGS", "conf/other.yaml")
        .run();
    assert_eq!(with_alias.to_string(), named.to_string());
    assert_eq!(with_variable.to_string(), named.to_string());
}

#[test]
fn settings_that_are_named_have_to_be_there() {
    assert_snapshot!(pending().run("showmigrations --settings nowhere.yaml"), @"
    --- stderr ---
    error: cannot read `nowhere.yaml`
      caused by: No such file or directory (os error 2)
    hint: check the path
    [exit 1]
    ");
    assert_snapshot!(pending().manage("showmigrations").env("MANAGE_SETTINGS", "no.yaml").run(), @"
    --- stderr ---
    error: cannot read `no.yaml`
      caused by: No such file or directory (os error 2)
    hint: check the path
    [exit 1]
    ");
}

#[test]
fn a_profile_lies_over_the_settings() {
    let project = pending();
    project.file(
        "settings.test.yaml",
        "connections: { main: { url: sqlite://test.db } }\n",
    );
    assert_snapshot!(project.run("showmigrations --profile test"), @"
    main  sqlite://test.db  3 migrations, 3 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
    let with_variable = project
        .manage("showmigrations")
        .env("MANAGE_PROFILE", "test")
        .run();
    assert_eq!(
        with_variable.to_string(),
        project.run("showmigrations --profile test").to_string()
    );
}

#[test]
fn an_unknown_profile_lists_those_that_exist() {
    let project = pending();
    assert_snapshot!(project.run("showmigrations --profile prod"), @"
    --- stderr ---
    error: there is no profile `prod`
    hint: there is none yet; write the first: settings.prod.yaml
    [exit 1]
    ");
    project
        .file("settings.production.yaml", "")
        .file("settings.test.yaml", "");
    assert_snapshot!(project.run("showmigrations --profile prodution"), @"
    --- stderr ---
    error: there is no profile `prodution`
    hint: did you mean `production`?
    [exit 1]
    ");
    assert_snapshot!(project.run("showmigrations --profile x"), @"
    --- stderr ---
    error: there is no profile `x`
    hint: profiles here: `production`, `test`
    [exit 1]
    ");
}

#[test]
fn a_mistake_in_a_profile_is_placed_in_the_profile() {
    let project = pending();
    project.file(
        "settings.test.yaml",
        "connections:\n  main:\n    urll: test.db\n",
    );
    assert_snapshot!(project.run("showmigrations --profile test"), @"
    --- stderr ---
    error: unknown key `urll` at settings.test.yaml:3:5
    hint: did you mean `url`?
    [exit 1]
    ");
}

#[test]
fn a_profile_needs_settings_to_lie_over() {
    let project = Project::new().url("sqlite://a.db");
    project.file("diesel.toml", "");
    assert_snapshot!(project.run("showmigrations --profile test"), @"
    --- stderr ---
    error: the profile `test` was asked for, but there is no settings file
    hint: write a settings file: manage init
    hint: or leave out `--profile`, and unset MANAGE_PROFILE
    [exit 1]
    ");
}

#[test]
fn the_url_may_be_given_for_once() {
    let project = pending();
    assert_snapshot!(project.run("showmigrations --database-url sqlite://other.db"), @"
    main  sqlite://other.db  3 migrations, 3 pending
     [ ] 2026-01-05-090000_create_authors
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-02-02-101500_create_loans  (head)
    ");
    assert_snapshot!(project.run("showmigrations --database-url oracle://other"), @"
    --- stderr ---
    error: cannot use the database URL in `--database-url`
      caused by: unknown scheme `oracle`
    hint: known schemes are sqlite://, postgres:// and mysql://
    [exit 1]
    ");
}

#[test]
fn the_folder_may_be_given_for_once() {
    let project = pending();
    project.file("other/2026-01-01-000000_only/up.sql", "SELECT 1;\n");
    assert_snapshot!(project.run("showmigrations --migration-dir other"), @"
    main  sqlite://db.sqlite3  1 migration, 1 pending
     [ ] 2026-01-01-000000_only  (head)
    ");
}

#[test]
fn a_folder_that_is_named_and_not_there_does_not_pass_in_silence() {
    let output = pending().run("migrate --migration-dir nowhere");
    assert!(output.stderr.contains("nowhere"), "{output}");
}

#[test]
fn a_folder_of_migrations_that_is_not_there_is_empty() {
    let project = pending();
    assert_snapshot!(project.run("showmigrations --migration-dir nowhere"), @"
    main  sqlite://db.sqlite3  0 migrations, nothing pending
      (no migrations)
    ");
}

#[test]
fn a_url_and_its_parts_contradict_each_other() {
    assert_snapshot!(
        with("connections:\n  main:\n    url: sqlite://a.db\n    host: localhost\n"),
        @"
        --- stderr ---
        error: connection `main` has both `url` and `host` at settings.yaml:4:5
        hint: keep `url`, or `driver`, `host` and their like, not both
        [exit 1]
        "
    );
}

#[test]
fn a_connection_without_an_address_says_what_to_add() {
    assert_snapshot!(with("connections:\n  main:\n    migrations: db\n"), @"
    --- stderr ---
    error: connection `main` has neither `url` nor `driver` at settings.yaml:2:3
    hint: add one: url: postgres://user:${PASSWORD}@host/database
    hint: or, for the default connection, set DATABASE_URL
    [exit 1]
    ");
}

#[test]
fn a_url_without_a_scheme_is_a_file_and_worth_a_word() {
    let project = Project::new();
    project.settings("connections: { main: { url: shop } }\n");
    assert_snapshot!(project.run("showmigrations"), @"
    main  sqlite://shop  0 migrations, nothing pending
      (no migrations)
    --- stderr ---
    note: `connections.main.url` at settings.yaml:1:29: the URL has no scheme, so it is taken for the path of a SQLite file, as `diesel` does; write sqlite:// before it to say so
    ");
}

#[test]
fn the_folder_of_a_database_file_has_to_be_there() {
    let project = Project::new();
    project.settings("connections: { main: { url: sqlite://data/shop.db } }\n");
    project.migration(AUTHORS, "SELECT 1;\n", None);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: the folder `$PROJECT/data` of the database file does not exist
    hint: create it: mkdir -p $PROJECT/data
    [exit 1]
    ");
}

#[test]
fn a_folder_is_no_database_file() {
    let project = Project::new();
    project.settings("connections: { main: { url: sqlite://migrations } }\n");
    project.migration(AUTHORS, "SELECT 1;\n", None);
    assert_snapshot!(project.run("migrate"), @"
    --- stderr ---
    error: cannot open the database file `$PROJECT/migrations`
      caused by: unable to open database file
    hint: check that `$PROJECT/migrations` may be read and written, or correct the connection's `url`
    [exit 1]
    ");
    assert_snapshot!(project.run("showmigrations"), @"
    --- stderr ---
    error: cannot open the database file `$PROJECT/migrations`
      caused by: unable to open database file
    hint: check that `$PROJECT/migrations` may be read and written, or correct the connection's `url`
    [exit 1]
    ");
}

#[test]
fn a_server_that_does_not_answer_is_named() {
    let project = Project::new();
    project.settings(
        "connections: { main: { url: 'postgres://clerk:hunter2@127.0.0.1:1/shop?connect_timeout=2' } }\n",
    );
    let output = project.run("showmigrations");
    output.never_says("hunter2");
    assert_snapshot!(output, @"
    --- stderr ---
    error: the PostgreSQL server at `127.0.0.1:1` refused the connection
    hint: start the server, or correct the connection's `url`
    [exit 1]
    ");
}
