//! Scratch databases: nothing of them is left behind, and nothing else is touched.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;
use url::Url;

use crate::support::{Output, Probe, Project, Server};
use crate::trials::Trials;

const SERVERS: &[Backend] = &[Backend::Postgres, Backend::Mysql];

/// 20 November 2026.
const NOW: i64 = 1_795_169_700;

pub(crate) fn add(trials: &mut Trials) {
    trials.on(
        SERVERS,
        "scratch::scratch_databases_are_gone_afterwards",
        gone,
    );
    trials.on(
        SERVERS,
        "scratch::a_scratch_database_is_gone_after_a_failure",
        after_failure,
    );
    trials.on(
        SERVERS,
        "scratch::a_scratch_database_is_gone_after_ctrl_c",
        interrupted,
    );
    trials.on(
        SERVERS,
        "scratch::a_scratch_database_that_was_left_behind_is_dropped_later",
        killed,
    );
    trials.on(
        SERVERS,
        "scratch::without_the_right_to_create_databases_one_is_given",
        given,
    );
    trials.on(
        SERVERS,
        "scratch::what_somebody_keeps_is_never_emptied",
        kept,
    );
    trials.on(
        SERVERS,
        "scratch::two_at_once_have_a_scratch_database_each",
        at_once,
    );
    trials.on(
        SERVERS,
        "scratch::two_at_once_take_turns_on_a_given_scratch_database",
        taking_turns,
    );
    trials.on(
        SERVERS,
        "scratch::the_connections_own_database_need_not_be_there",
        absent,
    );
    trials.on(
        &[Backend::Postgres],
        "scratch::the_search_path_holds_there_too",
        path,
    );
    trials.on(
        &[Backend::Postgres],
        "scratch::sql_models_may_begin_as_a_dump_does",
        dumped,
    );
    trials.on(
        &[Backend::Mysql],
        "scratch::no_statement_leads_out_of_the_scratch_database",
        leads_out,
    );
}

const USERS: &str = "2026-01-01-000000_users";

fn users_sql(server: &Server) -> &'static str {
    match server.backend() {
        Backend::Postgres => "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);\n",
        Backend::Sqlite | Backend::Mysql => {
            "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL);\n"
        }
    }
}

const MODELS: &str = "diesel::table! { users (id) { id -> Integer, name -> Text } }\n\
    diesel::table! { posts (id) { id -> Integer, title -> Nullable<Text> } }\n";

/// Settings for a database, with what is added to them.
fn settings(project: &Project, url: &str, more: &str) {
    project.settings(&format!(
        "connections:\n  main:\n    url: {url}\n    models: schema.rs\n{more}"
    ));
}

/// A migration, and models that want more than it.
fn project(server: &Server) -> Project {
    let mut project = Project::new();
    project.hide(server);
    settings(&project, server.url(), "");
    project.file("schema.rs", MODELS);
    project.migration(USERS, users_sql(server), Some("DROP TABLE users;\n"));
    project
}

fn make(project: &Project, arguments: &str, at: i64) -> Output {
    project
        .manage(&format!("makemigrations {arguments}"))
        .at(at)
        .run()
}

/// The scratch databases that were made at a moment.
fn scratch(server: &Server, at: i64) -> Vec<String> {
    let query = match server.backend() {
        Backend::Sqlite => panic!("a file has no neighbours"),
        Backend::Postgres => "SELECT datname FROM pg_database",
        Backend::Mysql => "SELECT schema_name FROM information_schema.schemata",
    };
    let mut names = server.lines(query);
    names.retain(|name| name.starts_with(&format!("manage_scratch_{at}_")));
    names
}

/// A moment for one test alone. It is far away, so that nobody else takes what is made at it for old.
fn moment(server: &Server) -> i64 {
    4_000_000_000 + seed(server)
}

/// A number for one test alone: the name of its database is random.
fn seed(server: &Server) -> i64 {
    server
        .name()
        .bytes()
        .fold(0, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_000)
}

fn gone(server: &Server) {
    let project = project(server);
    let at = moment(server);
    let out = make(&project, "", at).ok();
    out.says("proved: up reaches the models, down comes back, up works again");
    let _ = make(&project, "--check", at).ok();
    let _ = project
        .manage("verify --all --rows")
        .at(at)
        .run()
        .ok()
        .says("[X] 2026-01-01-000000_users");
    assert_eq!(scratch(server, at), [""; 0]);
    // All that went on elsewhere.
    assert_eq!(server.tables(), [""; 0]);
}

fn after_failure(server: &Server) {
    let project = project(server);
    let at = moment(server);
    project.migration(
        "2026-02-01-000000_fails",
        "CREATE TABLE a (id integer);\nINSERT INTO nowhere VALUES (1);\n",
        Some("DROP TABLE a;\n"),
    );
    for arguments in ["makemigrations", "verify --all"] {
        let out = project.manage(arguments).at(at).run().exits(1);
        out.says("  this was on a scratch database; no other one was touched");
        assert_eq!(scratch(server, at), [""; 0]);
    }
    assert_eq!(server.tables(), [""; 0]);
}

/// A migration that takes long.
fn with_a_long_one(server: &Server) -> Project {
    let project = project(server);
    let long = match server.backend() {
        Backend::Sqlite | Backend::Mysql => "DO SLEEP(100);\n",
        Backend::Postgres => "SELECT pg_sleep(100);\n",
    };
    project.migration("2026-02-01-000000_long", long, Some("SELECT 1;\n"));
    project
}

/// Waits until it is under way.
fn wait_for_it(server: &Server, at: i64) {
    let like = format!("LIKE 'manage\\_scratch\\_{at}\\_%'");
    let query = match server.backend() {
        Backend::Sqlite | Backend::Mysql => format!(
            "SELECT count(*) FROM information_schema.processlist WHERE db {like} AND info LIKE '%SLEEP%'"
        ),
        Backend::Postgres => format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname {like} AND query LIKE '%pg_sleep%' \
             AND state = 'active'"
        ),
    };
    let mut probe = server.probe();
    let begun = Instant::now();
    while probe.value(&query) != "1" {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
        thread::sleep(Duration::from_millis(20));
    }
}

fn interrupted(server: &Server) {
    let at = moment(server);
    for arguments in ["makemigrations", "verify", "verify --all --rows"] {
        let project = with_a_long_one(server);
        let running = project.manage(arguments).at(at).start();
        wait_for_it(server, at);
        assert_eq!(scratch(server, at).len(), 1);
        running.signal("INT");
        let out = running.wait().exits(130);
        out.says("  this was on a scratch database; no other one was touched");
        assert_eq!(scratch(server, at), [""; 0], "{arguments}");
        assert_eq!(project.tree("migrations").len(), 6);
    }
    assert_eq!(server.tables(), [""; 0]);
}

fn killed(server: &Server) {
    let project = with_a_long_one(server);
    // Long ago, so that what is dropped later is nobody else's.
    let at = 1_000_000_000 + seed(server);
    let running = project.manage("makemigrations").at(at).start();
    wait_for_it(server, at);
    running.signal("KILL");
    let _ = running.wait();
    let left = scratch(server, at);
    assert_eq!(left.len(), 1);
    let mut url = server.parts();
    url.set_path(&format!("/{}", left[0]));
    let somebody = Probe::open(server.backend(), url.as_str());
    project.remove("2026-02-01-000000_long");
    // Somebody is connected to it.
    let _ = make(&project, "--check", at + 3_600).exits(3);
    assert_eq!(scratch(server, at), left);
    drop(somebody);
    // The server may not have noticed yet that nobody listens.
    disconnect(server, &left[0]);
    let _ = make(&project, "--check", at + 3_600).exits(3);
    assert_eq!(scratch(server, at), [""; 0]);
}

/// Ends the sessions in a database, and waits until they are gone.
fn disconnect(server: &Server, name: &str) {
    let mut probe = server.probe();
    let (list, end) = match server.backend() {
        Backend::Sqlite | Backend::Mysql => (
            format!("SELECT id FROM information_schema.processlist WHERE db = '{name}'"),
            "KILL",
        ),
        Backend::Postgres => (
            format!("SELECT pid FROM pg_stat_activity WHERE datname = '{name}'"),
            "SELECT pg_terminate_backend",
        ),
    };
    let begun = Instant::now();
    loop {
        let sessions = probe.lines(&list);
        if sessions.is_empty() {
            return;
        }
        for session in sessions {
            // It may have ended by itself.
            let _ = probe.try_execute(&format!("{end}({session})").replace("KILL(", "KILL ("));
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it never ended");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A role that may use one database, and the URL of it as that role.
fn modest(server: &Server, empty: &Server) -> (String, String) {
    let user = server.user("modest", "secret");
    for one in [server, empty] {
        let name = one.name();
        one.execute(&match server.backend() {
            Backend::Postgres => {
                format!(
                    "ALTER DATABASE {name} OWNER TO {user}; ALTER SCHEMA public OWNER TO {user}"
                )
            }
            Backend::Sqlite | Backend::Mysql => {
                format!("GRANT ALL ON {name}.* TO '{user}'@'%', '{user}'@'localhost'")
            }
        });
    }
    (
        server.url_as(&user, Some("secret")),
        empty.url_as(&user, Some("secret")),
    )
}

fn given(server: &Server) {
    let project = project(server);
    let Ok(empty) = Server::new(server.backend()) else {
        panic!("there is a server");
    };
    let (own, other) = modest(server, &empty);
    settings(&project, &own, "");
    let out = make(&project, "", NOW).exits(1);
    assert_eq!(out.stdout, "");
    out.says("error: cannot create a scratch database").says(
        "hint: give the role the right to create databases, or name an empty one that it may use as \
         `scratch_url` in the settings",
    )
    .says("hint: or compare with the live database: --from-database --unproved");
    let out = project.manage("verify").at(NOW).run().exits(1);
    out.says("error: cannot create a scratch database")
        .never_says("--from-database");

    settings(&project, &own, &format!("    scratch_url: {other}\n"));
    let out = make(&project, "", NOW).ok();
    out.says("proved: up reaches the models, down comes back, up works again");
    assert_eq!(empty.tables(), ["__manage_scratch"]);
    let _ = project.manage("verify --all --rows").at(NOW).run().ok();
    assert_eq!(empty.tables(), ["__manage_scratch"]);
    // A migration that fails leaves no more behind.
    project.migration(
        "2026-12-01-000000_fails",
        "CREATE TABLE a (id integer);\nINSERT INTO nowhere VALUES (1);\n",
        None,
    );
    let _ = make(&project, "", NOW).exits(1);
    assert_eq!(empty.tables(), ["__manage_scratch"]);
    assert_eq!(server.tables(), [""; 0]);
    // The role goes with the database that it was made for, and owns nothing else then.
    drop(empty);
}

fn kept(server: &Server) {
    let project = project(server);
    let Ok(other) = Server::new(server.backend()) else {
        panic!("there is a server");
    };
    other.execute("CREATE TABLE keep (id integer)");
    other.execute("INSERT INTO keep VALUES (7)");
    settings(
        &project,
        server.url(),
        &format!("    scratch_url: {}\n", other.url()),
    );
    for arguments in ["makemigrations", "verify"] {
        let out = project.manage(arguments).at(NOW).run().exits(1);
        out.says(&format!(
            "error: the scratch database `{}` is not empty, and what is in it is not ours",
            other.name()
        ))
        .says("hint: name an empty database as `scratch_url`; it is emptied after each use");
        assert_eq!(other.tables(), ["keep"]);
        assert_eq!(other.value("SELECT id FROM keep"), "7");
    }
    // Nor the connection's own, where somebody names that by mistake.
    let _ = project.manage("migrate -q").run().ok();
    settings(
        &project,
        server.url(),
        &format!("    scratch_url: {}\n", server.url()),
    );
    let _ = project.manage("verify").at(NOW).run().exits(1);
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn at_once(server: &Server) {
    let project = project(server);
    let at = moment(server);
    let running: Vec<_> = (0..2)
        .map(|_| project.manage("makemigrations --dry-run").at(at).start())
        .collect();
    for one in running {
        let out = one.wait().ok();
        out.says("proved: up reaches the models, down comes back, up works again");
    }
    assert_eq!(scratch(server, at), [""; 0]);
}

fn taking_turns(server: &Server) {
    let project = project(server);
    let Ok(empty) = Server::new(server.backend()) else {
        panic!("there is a server");
    };
    settings(
        &project,
        server.url(),
        &format!("    scratch_url: {}\n", empty.url()),
    );
    let running: Vec<_> = (0..3)
        .map(|_| project.manage("makemigrations --dry-run").at(NOW).start())
        .collect();
    for one in running {
        let out = one.wait().ok();
        out.says("proved: up reaches the models, down comes back, up works again");
    }
    assert_eq!(empty.tables(), ["__manage_scratch"]);
}

fn absent(server: &Server) {
    let project = project(server);
    let at = moment(server);
    let mut url: Url = server.parts();
    url.set_path(&format!("/{}_absent", server.name()));
    settings(&project, url.as_str(), "");
    let out = make(&project, "", at).ok();
    out.says("proved: up reaches the models, down comes back, up works again");
    let _ = project.manage("verify").at(at).run().ok();
    assert_eq!(scratch(server, at), [""; 0]);
}

fn path(server: &Server) {
    let project = project(server);
    let at = moment(server);
    let url = format!("{}?options=-csearch_path%3Dapp", server.url());
    settings(&project, &url, "");
    let out = make(&project, "", at).ok();
    out.says("proved: up reaches the models, down comes back, up works again");
    let _ = make(&project, "--check", at).ok();
    let _ = project.manage("verify --all").at(at).run().ok();
    server.execute("CREATE SCHEMA app");
    let _ = project.run("migrate -q").ok();
    assert_eq!(
        server.lines("SELECT table_schema, table_name FROM information_schema.tables WHERE table_name IN ('users', 'posts') ORDER BY 2"),
        ["app|posts", "app|users"]
    );
    let _ = make(&project, "--check --from-database", at).ok();
    assert_eq!(scratch(server, at), [""; 0]);
}

fn dumped(server: &Server) {
    let project = project(server);
    let at = moment(server);
    project.settings(&format!(
        "connections:\n  main:\n    url: {}\n    models: schema.sql\n",
        server.url()
    ));
    let header = "SET statement_timeout = 0;\nSET standard_conforming_strings = on;\n\
        SELECT pg_catalog.set_config('search_path', '', false);\nSET check_function_bodies = false;\n\
        SET row_security = off;\n";
    project.file(
        "schema.sql",
        format!(
            "{header}BEGIN;\nCREATE TABLE public.users (id integer NOT NULL, name text NOT NULL);\n\
             ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);\n\
             CREATE TYPE public.mood AS ENUM ('ok', 'bad');\n\
             CREATE TABLE public.posts (id integer PRIMARY KEY, mood public.mood);\n"
        ),
    );
    let out = make(&project, "", at).ok();
    assert!(out.stdout.ends_with("_create_mood_and_posts\n"), "{out}");
    out.says("  + table posts")
        .says("proved: up reaches the models, down comes back, up works again");
    let _ = make(&project, "--check", at).ok();
    // The place of an error is that of the file.
    project.file(
        "schema.sql",
        "SET search_path = public;\nCREATE TABLE a (id\n  nothing);\n",
    );
    let out = make(&project, "--check", at).exits(1);
    out.says("error: the models failed at schema.sql:3:3");
    assert_eq!(scratch(server, at), [""; 0]);
}

fn leads_out(server: &Server) {
    let project = project(server);
    let name = server.name();
    server.execute("CREATE TABLE users (id integer)");
    project.migration(
        "2026-02-01-000000_out",
        &format!("CREATE TABLE a (id integer);\nDROP TABLE `{name}`.users;\n"),
        Some("SELECT 1;\n"),
    );
    for arguments in ["makemigrations", "verify"] {
        let out = project.manage(arguments).at(NOW).run().exits(1);
        out.says(
            "error: ``$DB`.users` at migrations/2026-02-01-000000_out/up.sql:2:12 leads out of the scratch database",
        );
        assert_eq!(server.tables(), ["users"]);
    }
    project.file(
        "migrations/2026-02-01-000000_out/up.sql",
        "CREATE TABLE a (id integer);\n",
    );
    project.file(
        "migrations/2026-02-01-000000_out/down.sql",
        format!("USE {name};\nDROP TABLE users;\nDROP TABLE a;\n"),
    );
    let out = project.run("verify").exits(1);
    out.says(
        "error: `USE` at migrations/2026-02-01-000000_out/down.sql:1:1 leads out of the scratch database",
    );
    assert_eq!(server.tables(), ["users"]);
}
