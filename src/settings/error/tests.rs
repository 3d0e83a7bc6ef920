use crate::settings::testing::Project;

fn error(settings: &str) -> String {
    Project::with_settings(settings).error()
}

#[test]
fn an_unknown_key_comes_with_its_place_and_the_nearest_known_one() {
    insta::assert_snapshot!(
            error("connections:\n  main:\n    driver: mysql\n    databse: app\n"), @"
        error: unknown key `databse` at settings.yaml:4:5
        hint: did you mean `database`?
        ");
    insta::assert_snapshot!(error("conections:\n  main: { url: a.db }\n"), @"
        error: unknown key `conections` at settings.yaml:1:1
        hint: did you mean `connections`?
        ");
    insta::assert_snapshot!(error("server: { port: 80 }\n"), @"
    error: unknown key `server` at settings.yaml:1:1
    hint: known keys here: `default`, `connections`, `on`, `hooks`
    ");
    insta::assert_snapshot!(
            error("connections:\n  main: { url: a.db, on: { zebra: stop } }\n"), @"
            error: unknown key `zebra` at settings.yaml:2:28
            hint: known keys here: `diverged`, `out_of_order`, `edited`, `missing`, `duplicate`, `unfinished`
            ");
    insta::assert_snapshot!(
            error("connections:\n  main: { driver: postgres, dbname: app, user: me }\n"), @"
        error: unknown key `dbname` at settings.yaml:2:29
        hint: did you mean `database`?
        ");
    insta::assert_snapshot!(
            error("connections: { main: { url: a.db, tables: { includes: [a] } } }\n"), @"
        error: unknown key `includes` at settings.yaml:1:45
        hint: did you mean `include`?
        ");
    insta::assert_snapshot!(error("connections: { main: { \"a\\e[31m`b\": 1 } }\n"), @r"
    error: unknown key `a\u{1b}[31m`b` at settings.yaml:1:24
    hint: known keys here: `url`, `driver`, `host`, `port`, `database`, `username`, `password`, `options`, `migrations`, `models`, `schema_file`, `protected`, `order`, `on_drift`, `linear_history`, `lock_timeout`, `statement_timeout`, `ddl_lock_timeout`, `lock_retries`, `tables`, `types`, `joinable`, `on`, `hooks`, `scratch_url`
    ");
}

#[test]
fn a_duplicate_key_comes_with_its_second_place() {
    insta::assert_snapshot!(
            error("connections:\n  main:\n    url: a.db\n    order: any\n    url: b.db\n"), @"
        error: duplicate key `url` at settings.yaml:5:5
        hint: remove one of the two
        ");
    insta::assert_snapshot!(
            error("connections:\n  main: { url: a.db }\n  main: { url: b.db }\n"), @"
        error: duplicate key `main` at settings.yaml:3:3
        hint: remove one of the two
        ");
    insta::assert_snapshot!(
            error("connections: { main: { url: a.db } }\nconnections: {}\n"), @"
        error: duplicate key `connections` at settings.yaml:2:1
        hint: remove one of the two
        ");
    insta::assert_snapshot!(
            error("connections: { main: { driver: mysql, options: { a: 1, a: 2 } } }\n"), @"
        error: duplicate key `a` at settings.yaml:1:56
        hint: remove one of the two
        ");
    insta::assert_snapshot!(
            error("on: { out_of_order: stop, out-of-order: apply }\nconnections: { a: {} }\n"),
            @"
        error: duplicate key `out_of_order` at settings.yaml:1:5
        hint: remove one of the two
        ");
}

#[test]
fn a_wrong_type_is_named_without_its_value() {
    insta::assert_snapshot!(error("hunter2\n"), @"error: `settings.yaml` must be a mapping, not a text, at settings.yaml:1:1");
    insta::assert_snapshot!(error("- connections\n"), @"error: `settings.yaml` must be a mapping, not a list, at settings.yaml:1:1");
    insta::assert_snapshot!(error("connections: hunter2\n"), @"error: `connections` must be a mapping, not a text, at settings.yaml:1:14");
    insta::assert_snapshot!(error("connections: [main]\n"), @"error: `connections` must be a mapping, not a list, at settings.yaml:1:14");
    insta::assert_snapshot!(error("connections:\n  main: hunter2\n"), @"error: `connections.main` must be a mapping, not a text, at settings.yaml:2:9");
    insta::assert_snapshot!(error("connections:\n  main:\n    url: [a.db]\n"), @"error: `connections.main.url` must be a single value, not a list, at settings.yaml:3:10");
    insta::assert_snapshot!(error("connections:\n  main:\n    models: { a: b }\n"), @"error: `connections.main.models` must be a single value or a list, not a mapping, at settings.yaml:3:13");
    insta::assert_snapshot!(error("connections:\n  main:\n    models: [[a]]\n"), @"error: `connections.main.models[0]` must be a single value, not a list, at settings.yaml:3:14");
    insta::assert_snapshot!(
            error("connections:\n  main:\n    options: \"hunter2, expected x\"\n"), @"error: `connections.main.options` must be a mapping, not a text, at settings.yaml:3:14");
    insta::assert_snapshot!(error("connections:\n  main:\n    tables: 5\n"), @"error: `connections.main.tables` must be a mapping, not a number, at settings.yaml:3:13");
    insta::assert_snapshot!(error("connections:\n  main:\n    <<: true\n"), @"error: `connections.main.<<` must be a mapping or a list of mappings, not a boolean, at settings.yaml:3:9");
    insta::assert_snapshot!(error("connections:\n  main:\n    on: 1.5\n"), @"error: `connections.main.on` must be a mapping, not a number, at settings.yaml:3:9");
    insta::assert_snapshot!(error("? [a]\n: b\n"), @"error: `settings.yaml` must be a mapping with plain keys, not a list, at settings.yaml:1:3");
}

#[test]
fn what_is_not_yaml_comes_with_its_place() {
    insta::assert_snapshot!(error("connections:\n\tmain: {}\n"), @"
        error: invalid YAML at settings.yaml:2:1
          caused by: found character that cannot start any token, while scanning for the next token
        hint: indent with spaces, not with tabs
        ");
    insta::assert_snapshot!(error("connections:\n  main:\n    password: @home\n"), @"
        error: invalid YAML at settings.yaml:3:15
          caused by: found character that cannot start any token, while scanning for the next token
        hint: put the value in quotes if it holds a special character such as `@`, `%`, `:` or `#`
        ");
    insta::assert_snapshot!(error("connections:\n  main:\n    url: a: b\n"), @"
        error: invalid YAML at settings.yaml:3:11
          caused by: mapping values are not allowed in this context
        hint: put the value in quotes if it holds a special character such as `@`, `%`, `:` or `#`
        ");
    insta::assert_snapshot!(error("connections: { main: { url: ${URL} } }\n"), @"
        error: invalid YAML at settings.yaml:1:30
          caused by: did not find expected ',' or '}', while parsing a flow mapping at line 1 column 22
        hint: put values that hold `${...}` in quotes where they stand inside `{ }` or `[ ]`
        ");
    insta::assert_snapshot!(error("connections:\n  main:\n   url: \"a\n"), @"
        error: invalid YAML at settings.yaml:4:1
          caused by: found unexpected end of stream, while scanning a quoted scalar at line 3 column 9
        ");
    insta::assert_snapshot!(error("connections: *nowhere\n"), @"
        error: invalid YAML at settings.yaml:1:14
          caused by: unknown anchor
        ");
    insta::assert_snapshot!(error("connections: {}\n---\nconnections: {}\n"), @"
        error: invalid YAML at settings.yaml
          caused by: deserializing from YAML containing more than one document is not supported
        hint: keep one document, and write the others as profiles: settings.<profile>.yaml
        ");
    insta::assert_snapshot!(
            error("connections:\n  main: &main { <<: *main }\n"), @"
            error: invalid YAML at settings.yaml:2:9
              caused by: recursion limit exceeded
            hint: check that no `<<` merges a mapping into itself
            ");
}

#[test]
fn settings_that_say_nothing_are_an_error() {
    insta::assert_snapshot!(error(""), @r#"
        error: `settings.yaml` is empty
        hint: write at least: connections: { main: { url: "sqlite://db.sqlite3" } }
        hint: if the file is another program's, name yours: --settings FILE
        "#);
    insta::assert_snapshot!(error("# nothing yet\n"), @r#"
        error: `settings.yaml` is empty
        hint: write at least: connections: { main: { url: "sqlite://db.sqlite3" } }
        hint: if the file is another program's, name yours: --settings FILE
        "#);
    insta::assert_snapshot!(error("default: main\n"), @r#"
        error: `connections` names no connection in `settings.yaml`
        hint: write at least: connections: { main: { url: "sqlite://db.sqlite3" } }
        hint: if the file is another program's, name yours: --settings FILE
        "#);
    insta::assert_snapshot!(error("connections:\n"), @r#"
        error: `connections` names no connection in `settings.yaml`
        hint: write at least: connections: { main: { url: "sqlite://db.sqlite3" } }
        hint: if the file is another program's, name yours: --settings FILE
        "#);
    insta::assert_snapshot!(error("connections: {}\n"), @r#"
        error: `connections` names no connection in `settings.yaml`
        hint: write at least: connections: { main: { url: "sqlite://db.sqlite3" } }
        hint: if the file is another program's, name yours: --settings FILE
        "#);
}

#[test]
fn a_connection_must_have_a_name_that_can_be_typed() {
    insta::assert_snapshot!(error("connections:\n  \"\": { url: a.db }\n"), @"
        error: `` is no name for a connection at settings.yaml:2:3
        hint: use letters, digits, `_`, `-` and `.`, and start with a letter, a digit or `_`
        ");
    insta::assert_snapshot!(error("connections:\n  ../up: { url: a.db }\n"), @"
        error: `../up` is no name for a connection at settings.yaml:2:3
        hint: use letters, digits, `_`, `-` and `.`, and start with a letter, a digit or `_`
        ");
    insta::assert_snapshot!(error("connections:\n  -d: { url: a.db }\n"), @"
        error: `-d` is no name for a connection at settings.yaml:2:3
        hint: use letters, digits, `_`, `-` and `.`, and start with a letter, a digit or `_`
        ");
}

#[test]
fn a_missing_variable_names_the_key_that_needs_it() {
    insta::assert_snapshot!(
            error(
                "connections:\n  analytics:\n    driver: postgres\n    password: ${ANALYTICS_PASSWORD}\n"
            ), @"
        error: the variable `ANALYTICS_PASSWORD` is not set, but `connections.analytics.password` needs it at settings.yaml:4:15
        hint: set ANALYTICS_PASSWORD in the environment or in .env
        hint: or give a fallback: ${ANALYTICS_PASSWORD:-...}
        ");
    insta::assert_snapshot!(
            error("connections:\n  main:\n    url: a.db\n    migrations:\n      - one\n      - ${TWO}\n"),
            @"
        error: the variable `TWO` is not set, but `connections.main.migrations[1]` needs it at settings.yaml:6:9
        hint: set TWO in the environment or in .env
        hint: or give a fallback: ${TWO:-...}
        ");
    insta::assert_snapshot!(error("default: ${NAME}\nconnections: {a: {}, b: {}}\n"), @"
        error: the variable `NAME` is not set, but `default` needs it at settings.yaml:1:10
        hint: set NAME in the environment or in .env
        hint: or give a fallback: ${NAME:-...}
        ");
    insta::assert_snapshot!(
            error("connections:\n  main: { driver: mysql, options: { ssl: \"${SSL}\" } }\n"), @"
        error: the variable `SSL` is not set, but `connections.main.options.ssl` needs it at settings.yaml:2:42
        hint: set SSL in the environment or in .env
        hint: or give a fallback: ${SSL:-...}
        ");
}

#[test]
fn an_expression_that_cannot_be_understood_does_not_show_its_value() {
    insta::assert_snapshot!(
            error("connections:\n  main:\n    driver: mysql\n    password: hunter${2\n"), @"
        error: a `${` is never closed in `connections.main.password` at settings.yaml:4:15
        hint: write ${NAME}
        hint: or, if the text really holds `${`, write $${
        ");
    insta::assert_snapshot!(
            error("connections:\n  main:\n    driver: mysql\n    password: ${hunter 2}\n"), @"
        error: a `${...}` cannot be understood in `connections.main.password` at settings.yaml:4:15
        hint: write ${NAME}, ${NAME:-fallback} or ${file:path}
        hint: or, if the text really holds `${`, write $${
        ");
}

#[test]
fn a_secret_file_must_be_a_readable_small_text() {
    let settings = "connections:\n  main:\n    driver: mysql\n    password: ${file:secret}\n";
    insta::assert_snapshot!(error(settings), @"
        error: a `${file:...}` cannot be read in `connections.main.password` at settings.yaml:4:15
          caused by: cannot read `secret`
          caused by: No such file or directory (os error 2)
        hint: check the path
        ");
    insta::assert_snapshot!(Project::with_settings(settings).folder("secret").error(), @"
        error: a `${file:...}` cannot be read in `connections.main.password` at settings.yaml:4:15
          caused by: `secret` is not a file
        hint: name a plain file, or put one in its place
        ");
    let large = "x".repeat(64 * 1024 + 1);
    insta::assert_snapshot!(
            Project::with_settings(settings).file("secret", &large).error(), @"
        error: a `${file:...}` cannot be read in `connections.main.password` at settings.yaml:4:15
          caused by: `secret` is larger than 8 KiB
        hint: check that it is the right file
        ");
    let binary = Project::with_settings(settings);
    std::fs::write(binary.path().join("secret"), b"a\n\xff").unwrap();
    insta::assert_snapshot!(binary.error(), @"
        error: a `${file:...}` cannot be read in `connections.main.password` at settings.yaml:4:15
          caused by: `secret` is not UTF-8 in line 2
        hint: save the file as UTF-8
        ");
}

#[test]
fn a_settings_file_must_be_a_readable_text_of_a_sensible_size() {
    let mut project = Project::new();
    project.request.file = Some("other.yaml".into());
    insta::assert_snapshot!(project.error(), @"
        error: cannot read `other.yaml`
          caused by: No such file or directory (os error 2)
        hint: check the path
        ");
    insta::assert_snapshot!(project.folder("other.yaml").error(), @"
        error: `other.yaml` is not a file
        hint: name a plain file, or put one in its place
        ");
    insta::assert_snapshot!(error(&format!("# {}", "x".repeat(1024 * 1024))), @"
        error: `settings.yaml` is larger than 1024 KiB
        hint: check that it is the right file
        ");
    let binary = Project::new();
    std::fs::write(binary.path().join("settings.yaml"), b"a: b\nc: \xff\n").unwrap();
    insta::assert_snapshot!(binary.error(), @"
        error: `settings.yaml` is not UTF-8 in line 2
        hint: save the file as UTF-8
        ");
}

#[test]
fn a_value_says_what_it_must_be_and_not_what_it_is() {
    let value = |key: &str, value: &str| {
        error(&format!(
            "connections:\n  main:\n    driver: postgres\n    {key}: {value}\n"
        ))
    };
    insta::assert_snapshot!(value("port", "70000"), @"error: `connections.main.port` must be a number from 1 to 65535, at settings.yaml:4:11");
    insta::assert_snapshot!(value("host", "localhost:5432"), @"error: `connections.main.host` must be a host name, an address or a socket's path, without the port, at settings.yaml:4:11");
    insta::assert_snapshot!(value("host", "a,b"), @"error: `connections.main.host` must be one host, at settings.yaml:4:11");
    insta::assert_snapshot!(value("protected", "maybe"), @"error: `connections.main.protected` must be `true` or `false`, at settings.yaml:4:16");
    insta::assert_snapshot!(value("order", "lineer"), @"
        error: `connections.main.order` must be `linear` or `any`, at settings.yaml:4:12
        hint: did you mean `linear`?
        ");
    insta::assert_snapshot!(value("order", "zebra"), @"error: `connections.main.order` must be `linear` or `any`, at settings.yaml:4:12");
    insta::assert_snapshot!(value("lock_timeout", "soon"), @"error: `connections.main.lock_timeout` must be a length of time such as `60s`, `500ms`, `2m` or `1h`, up to 24 days, at settings.yaml:4:19");
    insta::assert_snapshot!(value("statement_timeout", "-1"), @"error: `connections.main.statement_timeout` must be a length of time such as `60s`, `500ms`, `2m` or `1h`, up to 24 days, at settings.yaml:4:24");
    insta::assert_snapshot!(value("on", "{ diverged: marge }"), @"
        error: `connections.main.on.diverged` must be `merge`, `rebase`, `apply` or `stop`, at settings.yaml:4:21
        hint: did you mean `merge`?
        ");
    insta::assert_snapshot!(value("on", "{ out-of-order: skip }"), @"error: `connections.main.on.out-of-order` must be `apply`, `rebase` or `stop`, at settings.yaml:4:25");
    insta::assert_snapshot!(value("migrations", "[]"), @"error: `connections.main.migrations` must name at least one folder, at settings.yaml:4:17");
    insta::assert_snapshot!(value("migrations", "[one, \"\"]"), @"error: `connections.main.migrations[1]` must not be empty, at settings.yaml:4:23");
    insta::assert_snapshot!(value("schema_file", "\"\""), @"error: `connections.main.schema_file` must not be empty, at settings.yaml:4:18");
    insta::assert_snapshot!(
            error("connections: { main: { driver: postgers } }"), @"
            error: `connections.main.driver` must be `sqlite`, `postgres` or `mysql`, at settings.yaml:1:32
            hint: did you mean `postgres`?
            ");
    insta::assert_snapshot!(
            error("on: { missing: lose }\nconnections: { main: { url: a.db } }"), @"error: `on.missing` must be `restore`, `ignore`, `prune` or `stop`, at settings.yaml:1:16");
}

#[test]
fn a_url_is_written_in_one_way() {
    insta::assert_snapshot!(
            error("connections:\n  main:\n    url: a.db\n    host: localhost\n"), @"
        error: connection `main` has both `url` and `host` at settings.yaml:4:5
        hint: keep `url`, or `driver`, `host` and their like, not both
        ");
    insta::assert_snapshot!(
            error("connections:\n  main:\n    url: a.db\n    options: { mode: ro }\n"), @"
        error: connection `main` has both `url` and `options` at settings.yaml:4:5
        hint: keep `url`, or `driver`, `host` and their like, not both
        ");
    insta::assert_snapshot!(error("connections:\n  main:\n    host: localhost\n"), @"
        error: connection `main` has `host` but no `driver` at settings.yaml:3:5
        hint: add one: driver: postgres | mysql | sqlite
        ");
    insta::assert_snapshot!(error("connections:\n  main:\n    driver: sqlite\n"), @"
        error: SQLite connection `main` has no `database` at settings.yaml:3:5
        hint: add the file: database: db.sqlite3
        ");
    insta::assert_snapshot!(
            error("connections:\n  main: { driver: sqlite, database: a.db, host: b }\n"), @"
        error: SQLite connection `main` has no use for `host` at settings.yaml:2:43
        hint: remove `host`
        ");
    insta::assert_snapshot!(error("connections:\n  main: { models: a.rs }\n"), @"
        error: connection `main` has neither `url` nor `driver` at settings.yaml:2:3
        hint: add one: url: postgres://user:${PASSWORD}@host/database
        hint: or, for the default connection, set DATABASE_URL
        ");
    insta::assert_snapshot!(error("connections: { main: }"), @"
        error: connection `main` has neither `url` nor `driver` at settings.yaml:1:16
        hint: add one: url: postgres://user:${PASSWORD}@host/database
        hint: or, for the default connection, set DATABASE_URL
        ");
}

#[test]
fn a_bad_url_names_who_gave_it_and_hides_it() {
    insta::assert_snapshot!(
            error("connections:\n  main:\n    url: postgrs://u:hunter2@h/db\n"), @"
            error: cannot use the database URL in `connections.main.url` at settings.yaml:3:10
              caused by: unknown scheme `postgrs`
            hint: did you mean `postgres`?
            ");
    insta::assert_snapshot!(
            error("connections:\n  main:\n    url: postgres://u:hunter2?x@h/db\n"), @"
            error: cannot use the database URL in `connections.main.url` at settings.yaml:3:10
              caused by: the user name or password in the URL holds a character that must be percent-encoded
            hint: percent-encode `@`, `:`, `/`, `?` and `#` in a password (`@` is %40), or write `driver`, `host`, `username` and `password` as keys in the settings, where it is taken as it is
            ");
    insta::assert_snapshot!(
            error("connections:\n  main:\n    url: host=h password=hunter2\n"), @"
            error: cannot use the database URL in `connections.main.url` at settings.yaml:3:10
              caused by: this is a libpq connection string of `key=value` pairs, not a URL
            hint: write it as postgres://user:password@host:5432/database
            ");
    insta::assert_snapshot!(
            Project::new().variable("DATABASE_URL", "postgresql//u:hunter2@h/db").error(), @"
            error: cannot use the database URL in `DATABASE_URL`
              caused by: `postgresql//` lacks its colon
            hint: write postgresql://
            ");
    insta::assert_snapshot!(
            Project::new().file(".env", "DATABASE_URL=mysql:/h/db\n").error(), @"
            error: cannot use the database URL in `DATABASE_URL` (.env)
              caused by: `mysql:` is not followed by `//`
            hint: write mysql://
            ");
    let mut project = Project::with_settings("connections: { main: { url: a.db } }");
    project.request.database_url = Some("postgres://a,b/db".to_owned());
    insta::assert_snapshot!(project.error(), @"
        error: cannot use the database URL in `--database-url`
          caused by: the URL names several hosts
        hint: name the one host to migrate, the primary
        ");
}

#[test]
fn a_connection_that_is_not_there_is_an_error_with_those_that_are() {
    let project = Project::with_settings("connections: { main: { url: a }, other: { url: b } }");
    let connection = |name| project.show(&project.connection(name).unwrap_err());
    insta::assert_snapshot!(connection(None), @"
        error: there are several connections and none of them is the default
        hint: choose one: -d main, or -d other
        hint: or name one in the settings: default: NAME
        ");
    insta::assert_snapshot!(connection(Some("mian")), @"
        error: there is no connection `mian`
        hint: did you mean `main`?
        ");
    insta::assert_snapshot!(connection(Some("zebra")), @"
        error: there is no connection `zebra`
        hint: connections here: `main`, `other`
        ");
    insta::assert_snapshot!(
            error("default: mian\nconnections: { main: { url: a } }"), @"
        error: `default` names no connection at settings.yaml:1:10
        hint: did you mean `main`?
        ");
    insta::assert_snapshot!(
            error("default: zebra\nconnections: { main: { url: a } }"), @"
        error: `default` names no connection at settings.yaml:1:10
        hint: name one of: `main`
        ");
}

#[test]
fn a_profile_that_is_not_there_is_an_error_with_those_that_are() {
    let settings = || Project::with_settings("connections: { main: { url: a } }");
    let two = || {
        settings()
            .file("settings.prod.yaml", "")
            .file("settings.staging.yml", "")
    };
    insta::assert_snapshot!(settings().profile("prod").error(), @"
        error: there is no profile `prod`
        hint: there is none yet; write the first: settings.prod.yaml
        ");
    insta::assert_snapshot!(two().profile("stagin").error(), @"
        error: there is no profile `stagin`
        hint: did you mean `staging`?
        ");
    insta::assert_snapshot!(two().profile("../x").error(), @"
        error: there is no profile `../x`
        hint: profiles here: `prod`, `staging`
        ");
    insta::assert_snapshot!(two().variable("MANAGE_PROFILE", "test").error(), @"
        error: there is no profile `test`
        hint: profiles here: `prod`, `staging`
        ");
    insta::assert_snapshot!(
            Project::new().variable("DATABASE_URL", "a.db").profile("prod").error(), @"
        error: the profile `prod` was asked for, but there is no settings file
        hint: write a settings file: manage init
        hint: or leave out `--profile`, and unset MANAGE_PROFILE
        ");
}

#[test]
fn an_error_in_a_profile_names_the_file_of_the_profile() {
    let project = Project::with_settings("connections: { main: { url: a } }");
    let project = project.file(
        "settings.prod.yaml",
        "connections:\n  main:\n    order: lineer\n",
    );
    insta::assert_snapshot!(project.profile("prod").error(), @"
        error: `connections.main.order` must be `linear` or `any`, at settings.prod.yaml:3:12
        hint: did you mean `linear`?
        ");
    let project = Project::with_settings("connections:\n  main:\n    order: lineer\n    url: a\n");
    let project = project.file("settings.prod.yaml", "connections: { main: { url: b } }");
    insta::assert_snapshot!(project.profile("prod").error(), @"
        error: `connections.main.order` must be `linear` or `any`, at settings.yaml:3:12
        hint: did you mean `linear`?
        ");
}

#[test]
fn nothing_to_go_by_is_an_error_that_says_how_to_start() {
    insta::assert_snapshot!(Project::new().error(), @"
        error: there is no settings file and no Diesel project in `$PROJECT` or above it
        hint: start one: manage init
        hint: or say where the database is: DATABASE_URL=sqlite://db.sqlite3
        hint: or name the settings: --settings FILE
        ");
    insta::assert_snapshot!(Project::new().folder("migrations").error(), @"
        error: `DATABASE_URL` is not set
        hint: set it in the environment or in .env: DATABASE_URL=sqlite://db.sqlite3
        hint: or write a settings file: manage init
        ");
}

#[test]
fn a_malformed_env_file_is_an_error_that_does_not_show_its_line() {
    let env = |text: &str| {
        Project::with_settings("connections: { main: { url: a } }")
            .file(".env", text)
            .error()
    };
    insta::assert_snapshot!(env("A=1\nhunter2\n"), @"
        error: malformed line at .env:2:1
        hint: write NAME=value, and put a value with spaces, `#` or quotes in it in quotes
        ");
    insta::assert_snapshot!(env("A=1\nB=two words hunter2\n"), @"
        error: malformed line at .env:2:7
        hint: write NAME=value, and put a value with spaces, `#` or quotes in it in quotes
        ");
    insta::assert_snapshot!(env("A=1\n\nB=\"hunter2\nC=3\n"), @"
        error: malformed line at .env:3:1
        hint: write NAME=value, and put a value with spaces, `#` or quotes in it in quotes
        ");
}

#[test]
fn a_malformed_diesel_toml_is_an_error_with_its_place() {
    let toml = |text: &str| {
        Project::new()
            .variable("DATABASE_URL", "a.db")
            .file("diesel.toml", text)
            .error()
    };
    insta::assert_snapshot!(toml("[print_schema\n"), @"
        error: unclosed table, expected `]` at diesel.toml:1:14
        hint: the format is described at https://diesel.rs/guides/configuring-diesel-cli
        ");
    insta::assert_snapshot!(toml("[migrations_directory]\ndir = 3\n"), @r#"
        error: `migrations_directory.dir` must be a path at diesel.toml:2:7
        hint: write a path in quotes, such as "migrations" or "src/schema.rs"
        "#);
    insta::assert_snapshot!(toml("[print_schema]\nfile = \"\"\n"), @r#"
        error: `print_schema.file` must be a path at diesel.toml:2:8
        hint: write a path in quotes, such as "migrations" or "src/schema.rs"
        "#);
    insta::assert_snapshot!(toml("print_schema = 1\n"), @"
        error: `print_schema` must be a table at diesel.toml:1:16
        hint: write it as [migrations_directory] or [print_schema], on a line of its own
        ");
    insta::assert_snapshot!(
            Project::new().variable("DIESEL_CONFIG_FILE", "other.toml").error(), @"
        error: cannot read `other.toml`
          caused by: No such file or directory (os error 2)
        hint: check the path
        ");
}
