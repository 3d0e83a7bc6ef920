//! What was changed in the database by hand, and the laws of the fingerprint.

use diesel_manage::settings::Backend;

use crate::support::{DieselRunner, Output, Project, Server};
use crate::trials::Trials;

const USERS: &str = "2026-01-01-000000_users";
const POSTS: &str = "2026-02-01-000000_posts";

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("drift::by_hand_is_named", by_hand_is_named);
    trials.everywhere("drift::a_replay_says_the_same", a_replay_says_the_same);
    trials.everywhere(
        "drift::up_down_and_up_again_has_one_fingerprint",
        up_down_up,
    );
    trials.everywhere("drift::another_way_has_the_same_fingerprint", another_way);
    trials.everywhere(
        "drift::what_diesel_applied_is_not_known",
        what_diesel_applied,
    );
    trials.everywhere(
        "drift::a_rollback_says_what_it_left",
        a_rollback_says_what_it_left,
    );
    trials.everywhere(
        "drift::a_rollback_that_is_finished_later_says_what_it_left",
        a_resumed_rollback_says_what_it_left,
    );
    trials.everywhere("drift::it_can_be_refused", it_can_be_refused);
    trials.everywhere("drift::every_part_of_it_is_seen", every_part_is_seen);
    trials.on(
        &[Backend::Postgres],
        "drift::a_trigger_that_is_disabled_is_seen",
        disabled_trigger,
    );
    trials.on(
        &[Backend::Postgres, Backend::Mysql],
        "drift::a_role_that_may_only_select_is_told",
        select_only,
    );
}

/// Its definition says nothing about it, and whoever loads data by hand forgets to enable it again.
fn disabled_trigger(server: &Server) {
    let project = Project::on(server);
    project.migration(
        USERS,
        "CREATE TABLE users (id INTEGER PRIMARY KEY);\n\
         CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';\n\
         CREATE TRIGGER guard BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION stop();\n",
        Some("DROP TABLE users;\nDROP FUNCTION stop;\n"),
    );
    let _ = project.run("migrate -q").ok();
    server.execute("ALTER TABLE users DISABLE TRIGGER guard");
    project
        .run("drift")
        .exits(3)
        .says("  ~ trigger guard on users: another definition now");
    // What is printed of it makes it the same.
    let sql = project.run("inspectdb --format sql").ok();
    sql.says("ALTER TABLE users DISABLE TRIGGER guard;");
    server.execute("ALTER TABLE users ENABLE TRIGGER guard");
    let _ = project.run("drift").ok();
}

fn project(server: &Server) -> Project {
    let project = Project::on(server);
    project
        .migration(
            USERS,
            "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(50) NOT NULL, \
             level INTEGER NOT NULL DEFAULT 1);\n\
             CREATE INDEX users_name ON users (name);\n",
            Some("DROP TABLE users;\n"),
        )
        .migration(
            POSTS,
            "CREATE TABLE posts (id INTEGER PRIMARY KEY NOT NULL, user_id INTEGER NOT NULL, \
             FOREIGN KEY (user_id) REFERENCES users (id));\n",
            Some("DROP TABLE posts;\n"),
        );
    project
}

fn applied(server: &Server) -> Project {
    let project = project(server);
    let _ = project.run("migrate -q").ok();
    project.run("drift").ok().shows(
        "
        default  no drift: the schema is what was recorded on [time] UTC",
    );
    project
}

/// A hotfix column, an index that is gone, another default, a table and a view.
fn by_hand(server: &Server) {
    server.execute("ALTER TABLE users ADD COLUMN hotfix INTEGER");
    server.execute(match server.backend() {
        Backend::Mysql => "DROP INDEX users_name ON users",
        Backend::Sqlite | Backend::Postgres => "DROP INDEX users_name",
    });
    match server.backend() {
        // What cannot be altered is written into the catalogue, as people do.
        Backend::Sqlite => server.execute(
            "PRAGMA writable_schema = ON; \
             UPDATE sqlite_schema SET sql = replace(sql, 'DEFAULT 1', 'DEFAULT 2') \
             WHERE name = 'users'; PRAGMA writable_schema = RESET",
        ),
        Backend::Postgres | Backend::Mysql => {
            server.execute("ALTER TABLE users ALTER COLUMN level SET DEFAULT 2");
        }
    }
    server.execute("CREATE TABLE audit (id INTEGER PRIMARY KEY NOT NULL, at INTEGER)");
    server.execute("CREATE VIEW names AS SELECT name FROM users");
}

/// The lines below the first, by which no server's own way of writing matters.
fn titles(output: &Output) -> Vec<String> {
    let of = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    output
        .lines()
        .filter(|line| line.starts_with("  "))
        .map(of)
        .collect()
}

const NAMED: [&str; 5] = [
    "  + table audit",
    "  + column users.hotfix",
    "  + view names",
    "  - index users_name on users",
    "  ~ column users.level",
];

fn by_hand_is_named(server: &Server) {
    let project = applied(server);
    by_hand(server);
    let rows = |table: &str| server.value(&format!("SELECT count(*) FROM {table}"));
    let before = (rows("__manage_history"), rows("__manage_schema"));
    let output = project.run("drift").exits(3);
    assert_eq!(titles(&output), NAMED, "{output}");
    let level = match server.backend() {
        Backend::Sqlite => "INTEGER NOT NULL DEFAULT 1 before, INTEGER NOT NULL DEFAULT 2 now",
        Backend::Postgres => "integer NOT NULL DEFAULT 1 before, integer NOT NULL DEFAULT 2 now",
        Backend::Mysql => "int(11) NOT NULL DEFAULT 1 before, int(11) NOT NULL DEFAULT 2 now",
    };
    output.says(&format!("  ~ column users.level: {level}"));
    let json = project.run("drift --json").exits(3).json();
    assert_eq!(json[0]["differences"].as_array().map(Vec::len), Some(5));
    assert_eq!(
        (rows("__manage_history"), rows("__manage_schema")),
        before,
        "drift has written"
    );
}

fn a_replay_says_the_same(server: &Server) {
    let project = applied(server);
    let _ = project.run("drift --replay").ok();
    by_hand(server);
    let recorded = project.run("drift").exits(3);
    let replayed = project.run("drift --replay").exits(3);
    let differences =
        |output: &Output| -> Vec<String> { output.lines().skip(1).map(str::to_owned).collect() };
    assert_eq!(differences(&recorded), differences(&replayed));
}

/// The fingerprints in the order of the deeds.
fn fingerprints(server: &Server) -> Vec<String> {
    server.lines("SELECT fingerprint FROM __manage_history ORDER BY id")
}

fn up_down_up(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate -q").ok();
    let _ = project.run("downgrade -q --yes base").ok();
    let _ = project.run("migrate -q").ok();
    let all = fingerprints(server);
    let [users, posts, back, base, again_users, again_posts] = all.as_slice() else {
        panic!("six deeds, each with one: {all:?}");
    };
    assert_eq!((users, posts), (again_users, again_posts));
    assert_eq!(users, back);
    assert!(base != users && base != posts && users != posts);
    assert!(all.iter().all(|one| one.len() == 64));
}

/// The columns one by one and in another order, the rest afterwards.
fn another_way(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate -q").ok();
    let other = Server::new(server.backend()).unwrap_or_else(|_| panic!("there was one before"));
    let slowly = Project::on(&other);
    slowly.migration(
        "2026-01-01-000000_slowly",
        "CREATE TABLE users (level INTEGER NOT NULL DEFAULT 1, id INTEGER PRIMARY KEY NOT NULL, \
         name VARCHAR(50) NOT NULL);\n\
         CREATE TABLE posts (user_id INTEGER NOT NULL, id INTEGER PRIMARY KEY NOT NULL, \
         FOREIGN KEY (user_id) REFERENCES users (id));\n\
         CREATE TABLE gone (id INTEGER);\n\
         CREATE INDEX users_name ON users (name);\n\
         DROP TABLE gone;\n",
        None,
    );
    let _ = slowly.run("migrate -q").ok();
    assert_eq!(
        fingerprints(server).last(),
        fingerprints(&other).last(),
        "two ways to one schema"
    );
}

fn what_diesel_applied(server: &Server) {
    let project = project(server);
    let _ = project.run("migrate -q users").ok();
    assert_eq!(
        DieselRunner::new(server, &project).run_pending(),
        ["20260201000000"]
    );
    let output = project.run("drift").ok();
    output.says(
        "note: something else than manage changed what is applied at `20260201000000` ([time] UTC), so the applied migrations are replayed on a scratch database",
    );
    output.says(
        "default  no drift: the schema is what the 2 applied migrations make of a scratch database",
    );
}

fn select_only(server: &Server) {
    let mut project = applied(server);
    let user = server.user("reader", "rd-secret-2");
    let name = server.name();
    for table in server.tables() {
        server.execute(&match server.backend() {
            Backend::Sqlite => panic!("a file has no users"),
            Backend::Postgres => format!("GRANT SELECT ON {table} TO {user}"),
            Backend::Mysql => format!(
                "GRANT SELECT ON {name}.{table} TO '{user}'@'%'; \
                 GRANT SELECT ON {name}.{table} TO '{user}'@'localhost'"
            ),
        });
    }
    let url = server.url_as(&user, Some("rd-secret-2"));
    project.filter(&server.url_as(&user, Some("***")), "$URL");
    let project = project.url(&url);
    let output = project.run("drift").ok();
    if server.backend() == Backend::Mysql {
        output.says(
            "note: not compared: actions of foreign keys that this role may not see, tables that this role may not see and triggers that this role may not see",
        );
    }
    server.execute("ALTER TABLE users ADD COLUMN hotfix INTEGER");
    let output = project.run("drift").exits(3);
    assert_eq!(titles(&output), ["  + column users.hotfix"], "{output}");
}

fn a_rollback_says_what_it_left(server: &Server) {
    let project = project(server);
    project.file(
        format!("migrations/{POSTS}/down.sql"),
        match server.backend() {
            Backend::Sqlite | Backend::Postgres => {
                "ALTER TABLE posts RENAME TO old_posts;\nDROP INDEX users_name;\n"
            }
            Backend::Mysql => {
                "ALTER TABLE posts RENAME TO old_posts;\nDROP INDEX users_name ON users;\n"
            }
        },
    );
    let _ = project.run("migrate -q").ok();
    let output = project.run("downgrade -y --json").exits(3);
    assert_eq!(server.versions(), ["20260101000000"], "it is reverted");
    let report = &output.json()[0]["steps"][0];
    assert_eq!(report["name"], POSTS);
    assert_eq!(report["restored"], false);
    let whats: Vec<_> = report["left"]
        .as_array()
        .expect("what is left is a list")
        .iter()
        .map(|one| format!("{} {} {}", one["change"], one["kind"], one["name"]))
        .collect();
    assert_eq!(
        whats,
        [
            r#""added" "table" "old_posts""#,
            r#""gone" "index" "users_name""#
        ]
    );
    output.says("warning: default: `2026-02-01-000000_posts` is reverted, but the schema is not what it was before it was applied");
    let left = output.stderr.split("warning: default: ").last();
    let left: Vec<&str> = left
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.starts_with("  ").then(|| line.split(':').next())?)
        .collect();
    assert_eq!(
        left,
        ["  + table old_posts", "  - index users_name on users"]
    );
    // It was recorded, so the next run starts from there.
    let _ = project.run("drift").ok();
    server.execute("DROP TABLE old_posts");
    let _ = project.run("migrate -q --on-drift refuse").exits(4);
    let _ = project.run("migrate -q --on-drift ignore").ok();
    assert_eq!(server.versions().len(), 2);
}

/// It stops half-way, and another run finishes it.
fn a_resumed_rollback_says_what_it_left(server: &Server) {
    let project = project(server);
    // What cannot be in a transaction, so that none protects it.
    let (refused, mended) = match server.backend() {
        Backend::Mysql => ("DROP TABLE nowhere", "DROP INDEX users_name ON users"),
        Backend::Postgres => ("VACUUM nowhere", "DROP INDEX CONCURRENTLY users_name"),
        Backend::Sqlite => ("VACUUM nowhere", "DROP INDEX users_name"),
    };
    let down = |last: &str| {
        let _ = project.file(
            format!("migrations/{POSTS}/down.sql"),
            format!("ALTER TABLE posts RENAME TO old_posts;\n{last};\n"),
        );
    };
    project.metadata(POSTS, "run_in_transaction = false\n");
    down(refused);
    let _ = project.run("migrate -q").ok();
    let warning = "warning: default: `2026-02-01-000000_posts` is reverted, but the schema is not what it was before it was applied";
    for command in [
        "downgrade -y --json",
        "resume -y --json",
        "migrate users --on-unfinished resume -y --json",
    ] {
        down(refused);
        let _ = project.run("downgrade -y").exits(1);
        down(mended);
        let output = project.run(command).exits(3);
        output.says(warning);
        assert_eq!(server.versions(), ["20260101000000"], "it is reverted");
        let json = output.json();
        let report = if command.starts_with("resume") {
            &json[0]["unfinished"][0]["steps"][0]
        } else {
            &json[0]["steps"][0]
        };
        assert_eq!(report["restored"], false, "{output}");
        let whats: Vec<_> = report["left"]
            .as_array()
            .expect("what is left is a list")
            .iter()
            .map(|one| format!("{} {}", one["change"], one["name"]))
            .collect();
        assert_eq!(
            whats,
            [r#""added" "old_posts""#, r#""gone" "users_name""#],
            "{output}"
        );
        server.execute("DROP TABLE old_posts");
        server.execute("CREATE INDEX users_name ON users (name)");
        let _ = project.run("migrate -q --on-drift ignore").ok();
    }
}

fn it_can_be_refused(server: &Server) {
    let project = applied(server);
    project.migration(
        "2026-03-01-000000_next",
        "CREATE TABLE next (id INTEGER);\n",
        Some("DROP TABLE next;\n"),
    );
    by_hand(server);
    let output = project.run("migrate --on-drift refuse").exits(4);
    for title in NAMED {
        assert!(output.to_string().contains(title), "{title}: {output}");
    }
    assert_eq!(server.versions().len(), 2);
    let output = project.run("migrate").ok();
    output.says("hint: see all of it: manage drift");
    assert_eq!(server.versions().len(), 3);
    let _ = project.run("drift").ok();
    // What had been changed by hand stays, and no rollback is blamed for it.
    let _ = project.run("downgrade -y").ok();
}

/// What can be done to a table, each on its own.
fn every_part_is_seen(server: &Server) {
    let project = applied(server);
    let steps: &[(&str, &str)] = match server.backend() {
        Backend::Sqlite => &[
            (
                "CREATE UNIQUE INDEX one ON users (level)",
                "  + index one on users",
            ),
            (
                "CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END",
                "  + trigger t on users",
            ),
            (
                "ALTER TABLE posts RENAME COLUMN user_id TO author_id",
                "  + column posts.author_id",
            ),
            ("ALTER TABLE posts RENAME TO articles", "  + table articles"),
        ],
        Backend::Postgres => &[
            (
                "ALTER TABLE users ALTER COLUMN level DROP NOT NULL",
                "  ~ column users.level",
            ),
            (
                "ALTER TABLE users ADD CONSTRAINT grown CHECK (level > 0)",
                "  + check grown on users",
            ),
            (
                "ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey",
                "  - foreign key posts_user_id_fkey on posts",
            ),
            (
                "ALTER TABLE users DROP CONSTRAINT users_pkey",
                "  - primary key of users",
            ),
            ("CREATE TYPE mood AS ENUM ('ok')", "  + enum mood"),
            ("CREATE SEQUENCE numbers", "  + sequence numbers"),
            (
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "  + function f()",
            ),
            ("CREATE SCHEMA other", "  + schema other"),
            ("COMMENT ON TABLE users IS 'people'", "  ~ table users"),
        ],
        Backend::Mysql => &[
            (
                "ALTER TABLE users MODIFY level BIGINT NOT NULL DEFAULT 1",
                "  ~ column users.level",
            ),
            (
                "ALTER TABLE posts DROP FOREIGN KEY posts_ibfk_1",
                "  - foreign key posts_ibfk_1 on posts",
            ),
            (
                "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW SET NEW.level = 2",
                "  + trigger t on users",
            ),
            (
                "CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1",
                "  + function f()",
            ),
            ("ALTER TABLE users COMMENT 'people'", "  ~ table users"),
        ],
    };
    for (sql, title) in steps {
        server.execute(sql);
        let output = project.run("drift").exits(3);
        let titles = titles(&output);
        assert!(
            titles.iter().any(|one| one == title),
            "{title} after {sql}: {output}"
        );
    }
}
