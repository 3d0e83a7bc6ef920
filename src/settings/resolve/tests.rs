use super::*;
use crate::settings::testing::Project;

#[test]
fn a_connection_that_says_little_gets_the_defaults() {
    let project = Project::with_settings("connections: { main: { url: sqlite://a.db } }");
    let connection = project.connection(None).unwrap();
    insta::assert_snapshot!(project.hide(&format!("{connection:#?}")), @r#"
    Connection {
        name: "main",
        migrations: [
            "$PROJECT/migrations",
        ],
        models: [],
        schema_file: None,
        protected: false,
        order: Linear,
        on_drift: Warn,
        linear_history: false,
        lock_timeout: 60s,
        statement_timeout: None,
        ddl_lock_timeout: None,
        lock_retries: 0,
        tables: TableFilter {
            include: [],
            exclude: [],
        },
        types: {},
        joins: ForeignKeys,
        on: Answers {
            diverged: None,
            out_of_order: None,
            edited: None,
            missing: None,
            duplicate: None,
            unfinished: None,
        },
        notices: [],
        backend: Some(
            Sqlite,
        ),
        url: Ok(
            DatabaseUrl(sqlite://$PROJECT/a.db),
        ),
        hooks: Ok(
            Hooks {
                pre_migrate: [],
                post_migrate: [],
                post_write: [],
            },
        ),
        scratch_url: None,
    }
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "it says everything")]
fn a_connection_may_say_everything() {
    let project = Project::with_settings(
        "
connections:
  main:
    driver: postgresql
    host: /run/postgresql
    port: 5433
    database: my app
    username: app
    password: p@ss/word
    options: { sslmode: require }
    migrations: [./migrations, /shared/migrations]
    models: [src/**/*.rs, schema.sql]
    schema_file: src/schema.rs
    protected: true
    order: any
    linear_history: yes
    lock_timeout: 0
    statement_timeout: 2m
    ddl_lock_timeout: 500ms
    tables: { include: app_*, exclude: [app_old, app_tmp] }
    on:
      diverged: merge
      out-of-order: rebase
      edited: accept
      missing: restore
      duplicate: renumber
      unfinished: resume
    scratch_url: postgres://localhost/scratch
",
    );
    let connection = project.connection(None).unwrap();
    insta::assert_snapshot!(project.hide(&format!("{connection:#?}")), @r#"
    Connection {
        name: "main",
        migrations: [
            "$PROJECT/migrations",
            "/shared/migrations",
        ],
        models: [
            "src/**/*.rs",
            "schema.sql",
        ],
        schema_file: Some(
            "$PROJECT/src/schema.rs",
        ),
        protected: true,
        order: Any,
        on_drift: Warn,
        linear_history: true,
        lock_timeout: 0ns,
        statement_timeout: Some(
            120s,
        ),
        ddl_lock_timeout: Some(
            500ms,
        ),
        lock_retries: 5,
        tables: TableFilter {
            include: [
                "app_*",
            ],
            exclude: [
                "app_old",
                "app_tmp",
            ],
        },
        types: {},
        joins: ForeignKeys,
        on: Answers {
            diverged: Some(
                Merge,
            ),
            out_of_order: Some(
                Rebase,
            ),
            edited: Some(
                Accept,
            ),
            missing: Some(
                Restore,
            ),
            duplicate: Some(
                Renumber,
            ),
            unfinished: Some(
                Resume,
            ),
        },
        notices: [],
        backend: Some(
            Postgres,
        ),
        url: Ok(
            DatabaseUrl(postgres://app:***@:5433/my%20app?host=/run/postgresql&sslmode=require),
        ),
        hooks: Ok(
            Hooks {
                pre_migrate: [],
                post_migrate: [],
                post_write: [],
            },
        ),
        scratch_url: Some(
            Ok(
                DatabaseUrl(postgres://localhost/scratch),
            ),
        ),
    }
    "#);
}

#[test]
fn a_linear_history_is_asked_for_by_yes_or_no() {
    let project = Project::with_settings(
        "connections: { a: { url: a.db, linear_history: '${LINEAR:-on}' }, b: { url: b.db, linear_history: perhaps } }",
    );
    assert!(project.connection(Some("a")).unwrap().linear_history);
    assert_eq!(
        project.connection(Some("b")).unwrap_err().to_string(),
        "`connections.b.linear_history` must be `true` or `false`, at settings.yaml:1:99"
    );
}

#[test]
fn several_connections_have_folders_of_their_own() {
    let project = Project::with_settings("connections: { a: { url: a.db }, b: { url: b.db } }");
    let migrations = |name| project.connection(Some(name)).unwrap().migrations;
    let root = project.load().unwrap().root;
    assert_eq!(migrations("a"), [root.join("migrations/a")]);
    assert_eq!(migrations("b"), [root.join("migrations/b")]);
}

#[test]
fn the_default_connection_is_named_or_called_default_or_the_only_one() {
    let name = |settings: &str| {
        Project::with_settings(settings)
            .connection(None)
            .unwrap()
            .name
    };
    assert_eq!(
        name("{ default: b, connections: { a: {}, default: {}, b: {} } }"),
        "b"
    );
    assert_eq!(
        name("{ default: '${X:-b}', connections: { a: {}, b: {} } }"),
        "b"
    );
    assert_eq!(name("{ connections: { a: {}, default: {} } }"), "default");
    assert_eq!(name("{ connections: { a: {} } }"), "a");
}

#[test]
fn a_variable_that_is_missing_for_one_connection_does_not_stop_another() {
    let project = Project::with_settings(
        "
connections:
  default: { url: a.db }
  other: { url: 'postgres://u:${NOT_SET}@h/d', models: other.rs }
",
    );
    assert_eq!(project.url(), "sqlite://$PROJECT/a.db");
    let other = project.connection(Some("other")).unwrap();
    assert_eq!(other.models, ["other.rs"]);
    assert_eq!(other.backend().unwrap(), Backend::Postgres);
    assert_eq!(
        other.url().unwrap_err().to_string(),
        "the variable `NOT_SET` is not set, but `connections.other.url` needs it at \
             settings.yaml:4:17"
    );
}

#[test]
fn a_backend_that_nothing_tells_is_the_error_of_the_url() {
    let project = Project::with_settings("connections: { main: { url: '${NOT_SET}' } }");
    let connection = project.connection(None).unwrap();
    assert_eq!(
        connection.backend().unwrap_err().to_string(),
        connection.url().unwrap_err().to_string()
    );
}

#[test]
fn a_bad_scratch_url_fails_only_when_it_is_asked_for() {
    let project =
        Project::with_settings("connections: { main: { url: a.db, scratch_url: 'x://hunter2' } }");
    let connection = project.connection(None).unwrap();
    insta::assert_snapshot!(project.show(&connection.scratch_url().unwrap_err()), @"
        error: cannot use the database URL in `connections.main.scratch_url` at settings.yaml:1:48
          caused by: unknown scheme `x`
        hint: known schemes are sqlite://, postgres:// and mysql://
        ");
}

#[test]
fn the_command_line_overrides_the_url_and_the_folder_of_the_chosen_connection() {
    let mut project =
        Project::with_settings("connections: { a: { url: a.db }, b: {} }").within("below");
    project.request.database_url = Some("c.db".to_owned());
    project.request.migration_dir = vec!["m".into()];
    let connection = project.connection(Some("b")).unwrap();
    let folder = &project.environment.directory;
    assert_eq!(connection.migrations, [folder.join("m")]);
    assert_eq!(
        connection.url().unwrap().database_name().as_deref(),
        Some("c.db")
    );
    assert_eq!(
        project.hide(&connection.url().unwrap().to_string()),
        "sqlite://$PROJECT/below/c.db"
    );
}

#[test]
fn the_default_connection_is_what_diesel_would_use_unless_the_settings_say() {
    let project =
        Project::with_settings("{ default: a, connections: { a: {}, b: { url: b.db } } }")
            .variable("DATABASE_URL", "postgres://h/a")
            .variable("MIGRATION_DIRECTORY", "from-variable")
            .file("diesel.toml", "print_schema.file = 'src/schema.rs'");
    let settings = project.load().unwrap();
    let a = settings.connection(None).unwrap();
    let b = settings.connection(Some("b")).unwrap();
    assert_eq!(a.url().unwrap().to_string(), "postgres://h/a");
    assert_eq!(a.migrations, [settings.root.join("from-variable")]);
    assert_eq!(a.schema_file, Some(settings.root.join("src/schema.rs")));
    assert_eq!(a.models, ["src/schema.rs"]);
    assert_eq!(
        project.hide(&b.url().unwrap().to_string()),
        "sqlite://$PROJECT/b.db"
    );
    assert_eq!(b.migrations, [settings.root.join("migrations/b")]);
    assert_eq!((b.schema_file, b.models.len()), (None, 0));
}

#[test]
fn parts_take_a_password_as_it_is_and_a_file_as_a_path() {
    let url = |parts: &str| {
        Project::with_settings(&format!("connections: {{ main: {{ {parts} }} }}"))
            .connection(None)
            .unwrap()
            .url()
            .unwrap()
            .expose()
    };
    assert_eq!(
        url("driver: mariadb, username: u, password: 'p%40@/:#?', database: d, host: h"),
        "mysql://u:p%2540%40%2F%3A%23%3F@h/d"
    );
    assert_eq!(
        url("driver: postgres, host: '::1', port: '${PORT:-}'"),
        "postgres://[::1]"
    );
    assert_eq!(url("driver: postgres, host: '[::1]'"), "postgres://[::1]");
    assert_eq!(
        url("driver: mysql, options: { unix_socket: /s }"),
        "mysql:///?unix_socket=/s"
    );
    assert_eq!(
        url("driver: sqlite, database: ':memory:'"),
        "sqlite::memory:"
    );
    assert_eq!(
        url("driver: sqlite3, database: /a%20b.db"),
        "sqlite:////a%2520b.db"
    );
    assert_eq!(
        url("driver: sqlite, database: /d/a.db, options: { mode: ro, cache: }"),
        "sqlite:///d/a.db?mode=ro"
    );
}

#[test]
fn what_about_a_url_deserves_a_word_is_said() {
    let url = |settings: &str| Project::with_settings(settings).url();
    insta::assert_snapshot!(
            url("connections: { main: { url: 'postgresql+asyncpg://u:p@h/d' } }"), @"
            postgres://u:***@h/d
            notice: `connections.main.url` at settings.yaml:1:29: `+asyncpg` names a driver of another language and is ignored
            ");
    insta::assert_snapshot!(
            url("connections: { main: { driver: postgresql+psycopg, host: h } }"), @"
            postgres://h
            notice: `connections.main.driver` at settings.yaml:1:32: `+psycopg` names a driver of another language and is ignored
            ");
    insta::assert_snapshot!(url("connections: { main: { url: app } }"), @"
        sqlite://$PROJECT/app
        notice: `connections.main.url` at settings.yaml:1:29: the URL has no scheme, so it is taken for the path of a SQLite file, as `diesel` does; write sqlite:// before it to say so
        ");
}
