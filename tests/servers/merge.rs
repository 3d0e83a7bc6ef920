//! Joining parted branches: what is proved, and what is found out, on every kind of server.

use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;
use serde_json::Value;

use crate::support::{Project, Server};
use crate::trials::Trials;

const SERVERS: &[Backend] = &[Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    for (name, test) in [
        (
            "branches_that_go_together_are_joined",
            joined as fn(&Server),
        ),
        ("the_same_column_twice", same_column),
        ("one_renames_what_the_other_alters", renamed),
        ("one_drops_what_the_other_uses", dropped),
        ("two_rows_with_one_key", one_key),
        ("rows_are_compared", rows),
        ("three_heads", three),
        ("labelled_heads", labelled),
        ("the_order_of_versions_is_tried_too", interleaved),
        ("there_may_be_no_way_back", irreversible),
        ("a_way_back_that_leads_elsewhere_is_told", way_back),
        (
            "what_the_common_part_does_is_not_the_branches_fault",
            common,
        ),
    ] {
        trials.everywhere(&format!("merge::{name}"), test);
    }
    for (name, test) in [
        ("no_scratch_database_is_left", left as fn(&Server)),
        ("no_scratch_database_is_left_after_ctrl_c", interrupted),
        ("without_rights_it_is_a_question", modest),
        ("values_of_an_enum_come_in_an_order", enums),
        ("a_view_of_all_columns", star),
    ] {
        trials.on(SERVERS, &format!("merge::{name}"), test);
    }
    trials.on(
        &[Backend::Sqlite, Backend::Mysql],
        "merge::a_view_that_cannot_be_read",
        broken_view,
    );
    trials.on(&[Backend::Sqlite], "merge::a_table_made_anew", rebuilt);
    trials.on(
        &[Backend::Postgres],
        "merge::names_that_the_server_gives",
        named,
    );
    trials.on(&[Backend::Postgres], "merge::what_is_only_listed", listed);
    trials.on(&[Backend::Mysql], "merge::triggers_of_one_moment", triggers);
    trials.on(&[Backend::Mysql], "merge::nothing_leads_out", leads_out);
}

const BASE: &str = "2026-01-01-000000_base";
const A: &str = "2026-02-01-000000_a";
const B: &str = "2026-02-02-000000_b";

const USERS: &str =
    "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL);\n";

/// Writes a migration that follows another.
fn after(project: &Project, name: &str, follows: &str, up: &str, down: Option<&str>) {
    project.migration(name, up, down);
    project.metadata(
        name,
        &format!("run_in_transaction = true\n\n[manage]\ndepends_on = [\"{follows}\"]\n"),
    );
}

fn based(server: &Server, base: &str) -> Project {
    let project = Project::on(server);
    project.migration(BASE, base, Some("SELECT 1;\n"));
    project
}

/// Two branches with one migration each, without ways back.
fn parted(server: &Server, base: &str, a: &str, b: &str) -> Project {
    let project = based(server, base);
    after(&project, A, "20260101000000", a, None);
    after(&project, B, "20260101000000", b, None);
    project
}

/// What the proof found.
fn proof(project: &Project) -> Value {
    let out = project
        .run("merge --dry-run --unproved --json --quiet")
        .ok();
    out.json()[0]["merges"][0].clone()
}

/// Each disagreement in a line: the order, the kind, and what it is about.
fn clashes(project: &Project) -> Vec<String> {
    let proof = proof(project);
    let clashes = proof["proof"]["clashes"].as_array().cloned();
    let clashes = clashes.unwrap_or_else(|| panic!("not tried: {proof}"));
    assert_eq!(proof["proved"], clashes.is_empty());
    clashes
        .iter()
        .map(|clash| {
            let mut words = vec![
                clash["order"].to_string(),
                clash["code"].as_str().unwrap_or_default().to_owned(),
            ];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            if let Some(place) = clash["place"].as_str() {
                words.push(place.split(':').next().unwrap_or_default().to_owned());
            }
            for change in clash["changes"].as_array().into_iter().flatten() {
                words.push(format!(
                    "{} {}",
                    text(&change["change"]),
                    text(&change["what"])
                ));
            }
            for name in clash["names"].as_array().into_iter().flatten() {
                words.push(text(name));
            }
            for name in clash["views"].as_array().into_iter().flatten() {
                words.push(text(&name["name"]));
            }
            for table in clash["tables"].as_array().into_iter().flatten() {
                words.push(format!(
                    "{} {}",
                    text(&table["table"]["name"]),
                    table["columns"]
                ));
            }
            words.join(" ")
        })
        .collect()
}

const A_FAILS: &str = "fails at migrations/2026-02-01-000000_a/up.sql";
const B_FAILS: &str = "fails at migrations/2026-02-02-000000_b/up.sql";

/// The column of a missing table: PostgreSQL does not tell where an ALTER or a DROP names it.
fn column(server: &Server, told: usize) -> usize {
    match server.backend() {
        Backend::Sqlite | Backend::Mysql => told,
        Backend::Postgres => 1,
    }
}

/// The scratch databases of a process.
fn scratch(server: &Server, process: u32) -> Vec<String> {
    let query = match server.backend() {
        Backend::Sqlite => panic!("a file has no neighbours"),
        Backend::Postgres => "SELECT datname FROM pg_database",
        Backend::Mysql => "SELECT schema_name FROM information_schema.schemata",
    };
    let mut names = server.lines(query);
    let process = format!("_{process}_");
    names.retain(|name| name.starts_with("manage_scratch_") && name.contains(&process));
    names
}

fn joined(server: &Server) {
    let project = based(server, USERS);
    after(
        &project,
        A,
        "20260101000000",
        "ALTER TABLE users ADD COLUMN age INTEGER;\n",
        Some("ALTER TABLE users DROP COLUMN age;\n"),
    );
    after(
        &project,
        B,
        "20260101000000",
        "ALTER TABLE users ADD COLUMN nick VARCHAR(20);\nCREATE INDEX nicks ON users (nick);\n",
        Some(match server.backend() {
            Backend::Mysql => {
                "ALTER TABLE users DROP INDEX nicks;\nALTER TABLE users DROP COLUMN nick;\n"
            }
            Backend::Sqlite | Backend::Postgres => {
                "DROP INDEX nicks;\nALTER TABLE users DROP COLUMN nick;\n"
            }
        }),
    );
    let out = project
        .run("merge -n both --version 2026-03-01-000000")
        .ok();
    assert_eq!(out.stdout, "migrations/2026-03-01-000000_both\n");
    out.says("proved: the same schema in 2 orders, and the way back leads back");
    assert_eq!(server.tables(), [""; 0]);
    assert_eq!(
        project.run("merge").ok().stdout,
        "default: nothing to merge\n"
    );
    let _ = project.run("migrate").ok();
    assert_eq!(
        server.versions(),
        [
            "20260101000000",
            "20260201000000",
            "20260202000000",
            "20260301000000"
        ]
    );
    // What the first one takes back is nothing, and that is said.
    let _ = project.run("downgrade base -y").exits(3);
}

fn same_column(server: &Server) {
    let project = parted(
        server,
        USERS,
        "ALTER TABLE users ADD COLUMN age INTEGER;\n",
        "ALTER TABLE users ADD COLUMN age BIGINT;\n",
    );
    assert_eq!(
        clashes(&project),
        [format!("0 {B_FAILS}"), format!("1 {A_FAILS}")]
    );
    let out = project.run("merge").exits(4);
    out.says("error: `a` and `b` do not go together, and nobody can be asked what to do")
        .says("hint: put yours after theirs instead, and mend it there: manage rebase")
        .says("hint: merge all the same: manage merge --unproved");
    let _ = project.run("merge --unproved").ok();
    assert_eq!(server.tables(), [""; 0]);
}

fn renamed(server: &Server) {
    let project = parted(
        server,
        USERS,
        "ALTER TABLE users RENAME TO people;\n",
        "ALTER TABLE users ADD COLUMN age INTEGER;\n",
    );
    assert_eq!(clashes(&project), [format!("0 {B_FAILS}")]);
    project.run("merge").exits(4).says(
        "error: what comes of `a` and `b` depends on the order, and nobody can be asked what to do",
    );
}

fn dropped(server: &Server) {
    let project = parted(
        server,
        USERS,
        "DROP TABLE users;\n",
        "CREATE INDEX names ON users (name);\n",
    );
    assert_eq!(clashes(&project), [format!("0 {B_FAILS}")]);
}

fn one_key(server: &Server) {
    let project = parted(
        server,
        USERS,
        "INSERT INTO users (id, name) VALUES (1, 'a');\n",
        "INSERT INTO users (id, name) VALUES (1, 'b');\n",
    );
    assert_eq!(
        clashes(&project),
        [format!("0 {B_FAILS}"), format!("1 {A_FAILS}")]
    );
}

fn rows(server: &Server) {
    let number = match server.backend() {
        Backend::Sqlite => "INTEGER NOT NULL PRIMARY KEY",
        Backend::Postgres => "serial PRIMARY KEY",
        Backend::Mysql => "INTEGER NOT NULL PRIMARY KEY AUTO_INCREMENT",
    };
    let base = format!(
        "CREATE TABLE users (id {number}, name VARCHAR(50) NOT NULL, at TIMESTAMP NULL);\n"
    );
    // Rows are there to be changed, and the later change wins.
    let project = parted(
        server,
        &base,
        "UPDATE users SET name = 'a';\n",
        "UPDATE users SET name = 'b';\n",
    );
    assert_eq!(clashes(&project), ["1 rows_differ users [\"name\"]"]);
    // What a clock or a counter says is no difference.
    let project = parted(
        server,
        &base,
        "INSERT INTO users (name, at) VALUES ('a', CURRENT_TIMESTAMP);\n",
        "INSERT INTO users (name, at) VALUES ('b', CURRENT_TIMESTAMP);\n",
    );
    assert_eq!(clashes(&project), [""; 0]);
    let out = project.run("merge --dry-run").ok();
    out.says("proved: the same schema and the same rows in 2 orders; `2026-02-01-000000_a` and `2026-02-02-000000_b` have no way back")
        .says("note: rows are numbered in the order in which the branches are applied: users.id");
    // Rows that nobody wrote are no reason to fail.
    let project = parted(
        server,
        &base,
        "UPDATE users SET name = 'a';\n",
        "CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY);\nINSERT INTO one SELECT 1 FROM users;\n",
    );
    assert_eq!(clashes(&project), [""; 0]);
    let out = project.run("merge --dry-run").ok();
    out.says("note: the branches change rows and fail on sample rows, so that was tried on empty tables only");
}

fn three(server: &Server) {
    let project = based(server, USERS);
    for name in ["x", "y", "z"] {
        after(
            &project,
            &format!(
                "2026-02-01-00000{}_{name}",
                name.len() + usize::from(name.as_bytes()[0] - b'x')
            ),
            "20260101000000",
            &format!("CREATE TABLE {name} (id INTEGER NOT NULL PRIMARY KEY);\n"),
            Some(&format!("DROP TABLE {name};\n")),
        );
    }
    project
        .run("merge --dry-run")
        .ok()
        .says("proved: the same schema in 6 orders, and the way back leads back");
    // The third goes only before the second.
    project.migration(
        "2026-02-01-000002_y",
        "ALTER TABLE users RENAME TO people;\n",
        Some("ALTER TABLE people RENAME TO users;\n"),
    );
    project.migration(
        "2026-02-01-000003_z",
        "ALTER TABLE users ADD COLUMN z INTEGER;\n",
        Some("ALTER TABLE users DROP COLUMN z;\n"),
    );
    let fails = "fails at migrations/2026-02-01-000003_z/up.sql";
    assert_eq!(
        clashes(&project),
        [
            format!("0 {fails}"),
            format!("1 {fails}"),
            format!("5 {fails}")
        ]
    );
    project
        .run("merge --dry-run")
        .ok()
        .says(&format!(
            "  `x`, then `y`, then `z`: `2026-02-01-000003_z` fails at migrations/2026-02-01-000003_z/up.sql:1:{}",
            column(server, 13)
        ));
}

fn labelled(server: &Server) {
    let project = based(server, USERS);
    for (name, label) in [(A, "one"), (B, "two")] {
        project.migration(
            name,
            &format!("CREATE TABLE {label} (id INTEGER NOT NULL PRIMARY KEY);\n"),
            None,
        );
        project.metadata(
            name,
            &format!(
                "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260101000000\"]\nlabels = [\"{label}\"]\n"
            ),
        );
    }
    assert_eq!(
        project.run("merge").ok().stdout,
        "default: nothing to merge\n"
    );
    let out = project.run("merge one@head two@head -n both --version 2026-03-01-000000");
    assert_eq!(out.ok().stdout, "migrations/2026-03-01-000000_both\n");
    let _ = project.run("migrate").ok();
    assert_eq!(server.tables().len(), 6);
}

fn interleaved(server: &Server) {
    let project = based(server, USERS);
    let more = "2026-02-03-000000_a_back";
    after(
        &project,
        A,
        "20260101000000",
        "ALTER TABLE users RENAME TO people;\n",
        Some("ALTER TABLE people RENAME TO users;\n"),
    );
    after(
        &project,
        more,
        "20260201000000",
        "ALTER TABLE people RENAME TO users;\n",
        Some("ALTER TABLE users RENAME TO people;\n"),
    );
    after(
        &project,
        B,
        "20260101000000",
        "ALTER TABLE users ADD COLUMN age INTEGER;\n",
        Some("ALTER TABLE users DROP COLUMN age;\n"),
    );
    // Either branch may come first; but a new database gets them in turns.
    assert_eq!(clashes(&project), [format!("2 {B_FAILS}")]);
    project
        .run("merge --dry-run")
        .ok()
        .says(&format!(
            "  in version order: `2026-02-02-000000_b` fails at migrations/2026-02-02-000000_b/up.sql:1:{}",
            column(server, 13)
        ));
}

fn irreversible(server: &Server) {
    let project = based(server, USERS);
    after(
        &project,
        A,
        "20260101000000",
        "CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY);\n",
        None,
    );
    after(
        &project,
        B,
        "20260101000000",
        "CREATE TABLE two (id INTEGER NOT NULL PRIMARY KEY);\n",
        Some("DROP TABLE two;\n"),
    );
    project
        .run("merge --dry-run")
        .ok()
        .says("proved: the same schema in 2 orders; `2026-02-01-000000_a` has no way back");
    assert_eq!(proof(&project)["proof"]["way_back"], "none");
}

fn way_back(server: &Server) {
    let project = based(server, USERS);
    let one = "CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY);\n";
    after(&project, A, "20260101000000", one, Some("SELECT 1;\n"));
    let two = "CREATE TABLE two (id INTEGER NOT NULL PRIMARY KEY);\n";
    after(
        &project,
        B,
        "20260101000000",
        two,
        Some("DROP TABLE two;\n"),
    );
    let told = "warning: applied with `a` first, the branches do not come back to where they parted; still to do:";
    let out = project.run("merge --dry-run").ok();
    out.says("proved: the same schema in 2 orders")
        .says(told)
        .says("  - table one");
    assert_eq!(proof(&project)["proof"]["way_back"], "flawed");
    project.migration(A, one, Some("DROP TABLE nowhere;\n"));
    let out = project.run("merge --dry-run").ok();
    out.says("proved: the same schema in 2 orders").says(&format!(
        "warning: applied with `a` first, the branches cannot be reverted: `2026-02-01-000000_a` fails at migrations/2026-02-01-000000_a/down.sql:1:{}",
        column(server, 12)
    ));
}

fn common(server: &Server) {
    let project = parted(
        server,
        "INSERT INTO nowhere VALUES (1);\n",
        "SELECT 1;\n",
        "SELECT 1;\n",
    );
    let out = project.run("merge").exits(4);
    out.says(
        "error: whether the branches go together could not be tried, and nobody can be asked what to do",
    )
    .says("hint: merge all the same: manage merge --unproved");
    let _ = project.run("merge --unproved").ok();
    assert_eq!(server.tables(), [""; 0]);
}

fn left(server: &Server) {
    let run = |project: &Project, arguments: &str, code| {
        let running = project.manage(arguments).start();
        let process = running.id();
        let _ = running.wait().exits(code);
        assert_eq!(scratch(server, process), [""; 0]);
    };
    let two = |up: &str| parted(server, USERS, "CREATE TABLE one (id INTEGER);\n", up);
    run(&two("CREATE TABLE two (id INTEGER);\n"), "merge", 0);
    run(&two("CREATE TABLE one (id INTEGER);\n"), "merge", 4);
    run(
        &two("INSERT INTO users (id, name) VALUES (1, 'a');\n"),
        "merge",
        0,
    );
    run(&two("INSERT INTO nowhere VALUES (1);\n"), "merge", 4);
}

fn interrupted(server: &Server) {
    let long = match server.backend() {
        Backend::Sqlite | Backend::Mysql => "DO SLEEP(100);\n",
        Backend::Postgres => "SELECT pg_sleep(100);\n",
    };
    // The first is tried on a copy, if the server makes one.
    let project = parted(server, USERS, "CREATE TABLE one (id INTEGER);\n", long);
    let running = project.manage("merge").start();
    let process = running.id();
    let like = format!("LIKE 'manage\\_scratch\\_%\\_{process}\\_%'");
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
    running.signal("INT");
    running
        .wait()
        .exits(130)
        .says("  this was on a scratch database; no other one was touched");
    assert_eq!(scratch(server, process), [""; 0]);
    assert_eq!(project.tree("migrations").len(), 9);
}

fn modest(server: &Server) {
    let user = server.user("merge", "secret");
    let name = server.name();
    server.execute(&match server.backend() {
        Backend::Postgres => {
            format!("ALTER DATABASE {name} OWNER TO {user}; ALTER SCHEMA public OWNER TO {user}")
        }
        Backend::Sqlite | Backend::Mysql => {
            format!("GRANT ALL ON {name}.* TO '{user}'@'%', '{user}'@'localhost'")
        }
    });
    let url = server.url_as(&user, Some("secret"));
    let project = parted(server, USERS, "SELECT 1;\n", "SELECT 1;\n").url(&url);
    let out = project.run("merge").exits(4);
    out.says("error: whether the branches go together could not be tried, and nobody can be asked what to do")
        .says("  cannot create a scratch database")
        .says("hint: give the role the right to create databases, or name an empty one that it may use as `scratch_url` in the settings");
    let _ = project.run("merge --unproved").ok();
    server.adopt_user(&user);
}

fn enums(server: &Server) {
    let (base, value): (_, fn(&str) -> String) = match server.backend() {
        Backend::Sqlite | Backend::Mysql => (
            "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, mood ENUM('ok') NOT NULL);\n",
            |value| format!("ALTER TABLE t MODIFY mood ENUM('ok', '{value}') NOT NULL;\n"),
        ),
        Backend::Postgres => ("CREATE TYPE mood AS ENUM ('ok');\n", |value| {
            format!("ALTER TYPE mood ADD VALUE '{value}';\n")
        }),
    };
    let project = parted(server, base, &value("glad"), &value("sad"));
    let what = match server.backend() {
        Backend::Sqlite | Backend::Mysql => {
            "column t.mood: enum('ok','sad') becomes enum('ok','glad')"
        }
        Backend::Postgres => "enum mood: values ok, glad, sad becomes ok, sad, glad",
    };
    assert_eq!(
        clashes(&project),
        [format!("1 schema_differs alter {what}")]
    );
}

fn star(server: &Server) {
    let project = parted(
        server,
        USERS,
        "CREATE VIEW everybody AS SELECT * FROM users;\n",
        "ALTER TABLE users ADD COLUMN age INTEGER;\n",
    );
    assert_eq!(clashes(&project), ["1 schema_differs alter view everybody"]);
}

fn broken_view(server: &Server) {
    let project = parted(
        server,
        USERS,
        "DROP TABLE users;\n",
        "CREATE VIEW names AS SELECT name FROM users;\n",
    );
    let first = match server.backend() {
        Backend::Sqlite | Backend::Postgres => "0 views_broken names".to_owned(),
        Backend::Mysql => format!("0 {B_FAILS}"),
    };
    assert_eq!(
        clashes(&project),
        [first, "1 views_broken names".to_owned()]
    );
}

fn rebuilt(server: &Server) {
    let project = parted(
        server,
        USERS,
        "CREATE TABLE again (id INTEGER NOT NULL PRIMARY KEY, name TEXT);\n\
         INSERT INTO again SELECT id, name FROM users;\n\
         DROP TABLE users;\nALTER TABLE again RENAME TO users;\n",
        "ALTER TABLE users ADD COLUMN age INTEGER DEFAULT 1;\n",
    );
    assert_eq!(
        clashes(&project),
        ["1 schema_differs drop column users.age INTEGER"]
    );
}

fn named(server: &Server) {
    let project = parted(
        server,
        USERS,
        "ALTER TABLE users ADD CHECK (id > 0 AND name <> '');\n",
        "ALTER TABLE users ADD CHECK (id > 1 AND name <> '');\n",
    );
    assert_eq!(
        clashes(&project),
        [
            "1 schema_differs alter check users_check on users ((id > 1) AND ((name)::text <> ''::text)) \
             alter check users_check1 on users ((id > 0) AND ((name)::text <> ''::text))"
        ]
    );
}

fn listed(server: &Server) {
    let project = parted(
        server,
        USERS,
        "CREATE POLICY mine ON users USING (id > 0);\n",
        "DROP POLICY IF EXISTS mine ON users;\n",
    );
    assert_eq!(clashes(&project), ["1 unmanaged_differs policies mine"]);
}

fn triggers(server: &Server) {
    let trigger = |name: &str| {
        format!(
            "CREATE TRIGGER {name} BEFORE INSERT ON users FOR EACH ROW SET NEW.name = '{name}';\n"
        )
    };
    let project = parted(server, USERS, &trigger("one"), &trigger("two"));
    assert_eq!(
        clashes(&project),
        ["1 schema_differs alter trigger one on users alter trigger two on users"]
    );
}

fn leads_out(server: &Server) {
    let up = format!("CREATE TABLE {}.two (id INTEGER);\n", server.name());
    let project = parted(server, USERS, "SELECT 1;\n", &up);
    let proof = proof(&project);
    assert_eq!(proof["proved"], false);
    assert_eq!(
        proof["untried"][0],
        "`$DB.two` at migrations/2026-02-02-000000_b/up.sql:1:14 leads out of the scratch database"
    );
    assert_eq!(server.tables(), [""; 0]);
}
