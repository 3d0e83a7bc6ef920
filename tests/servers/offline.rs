//! Scripts that are made without a database and run by the servers' own clients.

use diesel_manage::settings::Backend;

use crate::dump::dump;
use crate::support::{Client, Project, Server, difference};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.with_client(
        "the_script_of_two_hundred_migrations_does_what_migrate_does",
        two_hundred,
    );
    trials.with_client("a_script_stops_where_the_run_would", stops);
    trials.with_client("a_script_in_parts_does_the_same", in_parts);
}

const GROUPS: usize = 20;

/// A migration of the project: name, up, down, metadata.
struct Written {
    name: String,
    up: String,
    down: String,
    transactional: bool,
}

/// Two hundred migrations of ten kinds, none of which needs another database than this one.
fn written(backend: Backend) -> Vec<Written> {
    let mut all = Vec::new();
    for group in 0..GROUPS {
        for kind in 0..10 {
            let number = group * 10 + kind;
            let (title, up, down, transactional) = one(backend, group, kind);
            let (month, day, hour) = (number / 100 + 1, number / 10 % 10 + 1, number % 10);
            all.push(Written {
                name: format!("2026-{month:02}-{day:02}-{hour:02}0000_{title}_{number}"),
                up,
                down,
                transactional,
            });
        }
    }
    all
}

/// The text that is hardest to carry: quotes, semicolons, backslashes, comment marks, other alphabets.
fn hard(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite | Backend::Postgres => {
            "'it''s; \"so\" \\ -- no /* no */ :x $$ `é` 🪑 zażółć'"
        }
        Backend::Mysql => "'it''s; \\'so\\' \"x\" \\\\ -- no /* no */ # no $$ // `é` 🪑 zażółć'",
    }
}

fn one(backend: Backend, g: usize, kind: usize) -> (&'static str, String, String, bool) {
    let hard = hard(backend);
    let text = match backend {
        Backend::Sqlite | Backend::Postgres => "TEXT",
        Backend::Mysql => "VARCHAR(200)",
    };
    match kind {
        0 => (
            "table",
            format!(
                "-- It's a table; with a comment.\nCREATE TABLE t{g} (\n  id INTEGER PRIMARY KEY NOT NULL, -- the key; here\n  name {text} NOT NULL DEFAULT 'a;b',\n  at TIMESTAMP DEFAULT CURRENT_TIMESTAMP\n);\n"
            ),
            format!("DROP TABLE t{g};"),
            true,
        ),
        1 => (
            "column",
            format!("ALTER TABLE t{g} ADD COLUMN note {text} -- no semicolon; at the end"),
            format!("ALTER TABLE t{g} DROP COLUMN note"),
            true,
        ),
        2 => (
            "index",
            format!(
                "\n\n;; CREATE UNIQUE INDEX t{g}_name ON t{g} (name);;\n/* and a last word; */"
            ),
            match backend {
                Backend::Mysql => format!("DROP INDEX t{g}_name ON t{g}"),
                Backend::Sqlite | Backend::Postgres => format!("DROP INDEX t{g}_name"),
            },
            true,
        ),
        3 => (
            "data",
            format!(
                "INSERT INTO t{g} (id, name, note) VALUES\r\n  (1, {hard}, 'one\r\ntwo'),\r\n  (2, 'second\n.help\n\\q\nDELIMITER //\n/\ngo', NULL);\r\nUPDATE t{g} SET note = name WHERE id = 2;\r\n"
            ),
            format!("DELETE FROM t{g}"),
            true,
        ),
        4 => (
            "view",
            match backend {
                Backend::Postgres => format!(
                    "CREATE VIEW v{g} AS SELECT id, name, (ARRAY[1, 2, 3])[1:n] AS part, n::text AS n\nFROM (SELECT id, name, 2 AS n FROM t{g}) AS x;"
                ),
                Backend::Sqlite | Backend::Mysql => {
                    format!("CREATE VIEW v{g} AS SELECT id, name, 'a;b' AS c FROM t{g};")
                }
            },
            format!("DROP VIEW v{g};"),
            true,
        ),
        5 => trigger(backend, g),
        6 => routine(backend, g),
        7 => alone(backend, g),
        8 => child(backend, g),
        _ => rebuild(backend, g),
    }
}

fn trigger(backend: Backend, g: usize) -> (&'static str, String, String, bool) {
    let (up, down) = match backend {
        Backend::Sqlite => (
            format!(
                "CREATE TRIGGER r{g} AFTER INSERT ON t{g} WHEN new.id > 100\nBEGIN\n  -- It's; here.\n  UPDATE t{g} SET note = CASE WHEN id > 1 THEN ';' ELSE 'END;' END WHERE id = new.id;\n  SELECT 1;\nEND"
            ),
            format!("DROP TRIGGER r{g};"),
        ),
        Backend::Postgres => (
            format!(
                "CREATE FUNCTION f{g}() RETURNS trigger LANGUAGE plpgsql AS $body$\nBEGIN\n  -- It's; \\here\n  new.note := ':x; ' || new.id::text;\n  RETURN new;\nEND;\n$body$;\nCREATE TRIGGER r{g} BEFORE INSERT ON t{g} FOR EACH ROW WHEN (new.id > 100) EXECUTE FUNCTION f{g}();"
            ),
            format!("DROP TRIGGER r{g} ON t{g};\nDROP FUNCTION f{g}();"),
        ),
        Backend::Mysql => (
            format!(
                "/*!50003 CREATE TRIGGER r{g} BEFORE INSERT ON t{g} FOR EACH ROW\nBEGIN\n  IF new.id > 100 THEN SET new.note = ';$$'; END IF;\nEND */"
            ),
            format!("DROP TRIGGER r{g};"),
        ),
    };
    ("trigger", up, down, true)
}

fn routine(backend: Backend, g: usize) -> (&'static str, String, String, bool) {
    let (up, down) = match backend {
        // SQLite has none.
        Backend::Sqlite => (
            format!("CREATE INDEX \"i;{g}\" ON t{g} (note) WHERE note <> ';'"),
            format!("DROP INDEX \"i;{g}\""),
        ),
        Backend::Postgres => (
            format!(
                "SET search_path = pg_catalog;\nCREATE FUNCTION public.p{g}(x int, n int) RETURNS int[] LANGUAGE sql\nBEGIN ATOMIC\n  SELECT (ARRAY[x, n, 3])[x:n];\n  SELECT (ARRAY[x, n, 3])[:x];\nEND;"
            ),
            format!("DROP FUNCTION p{g}(int, int)"),
        ),
        Backend::Mysql => (
            format!(
                "CREATE PROCEDURE p{g}(IN x INT)\nBEGIN\n  -- It's; a comment that stays.\n  DECLARE n INT DEFAULT 0;\n  WHILE n < x DO SET n = n + 1; END WHILE; /* and; this */\n  SELECT n, 'a;b';\nEND;\nCALL p{g}(2);\nINSERT INTO t{g} (id, name) VALUES (50, 'after; the call');"
            ),
            format!("DELETE FROM t{g} WHERE id = 50;\nDROP PROCEDURE p{g}"),
        ),
    };
    ("routine", up, down, true)
}

/// What cannot be in a transaction, or asked not to be.
fn alone(backend: Backend, g: usize) -> (&'static str, String, String, bool) {
    let (up, down) = match backend {
        Backend::Sqlite => (
            format!(
                "VACUUM;\nCREATE TABLE a{g} (id INTEGER PRIMARY KEY, x INTEGER);\nINSERT INTO a{g} VALUES (1, 1)"
            ),
            format!("DROP TABLE a{g}"),
        ),
        Backend::Postgres => (
            format!(
                "CREATE INDEX CONCURRENTLY a{g} ON t{g} (note);\nCREATE INDEX CONCURRENTLY b{g} ON t{g} (at)"
            ),
            format!("DROP INDEX CONCURRENTLY a{g};\nDROP INDEX b{g};"),
        ),
        Backend::Mysql => (
            format!(
                "CREATE TABLE a{g} (id INT PRIMARY KEY, x INT);\nINSERT INTO a{g} VALUES (1, 1);\nALTER TABLE a{g} ADD y INT;\nSET @a = 2;\nUPDATE a{g} SET y = @a;\n"
            ),
            format!("DROP TABLE a{g}"),
        ),
    };
    ("alone", up, down, false)
}

fn child(backend: Backend, g: usize) -> (&'static str, String, String, bool) {
    let references = match backend {
        Backend::Sqlite | Backend::Postgres => {
            format!("t_id INTEGER NOT NULL REFERENCES t{g} (id) ON DELETE CASCADE")
        }
        Backend::Mysql => {
            format!(
                "t_id INTEGER NOT NULL, FOREIGN KEY (t_id) REFERENCES t{g} (id) ON DELETE CASCADE"
            )
        }
    };
    (
        "child",
        format!(
            "CREATE TABLE c{g} (id INTEGER PRIMARY KEY NOT NULL, {references});\nINSERT INTO c{g} (id, t_id) VALUES (1, 1), (2, 2);\nSELECT 1;"
        ),
        format!("DROP TABLE c{g};"),
        true,
    )
}

/// On SQLite the parent is made anew, and its children stay.
fn rebuild(backend: Backend, g: usize) -> (&'static str, String, String, bool) {
    match backend {
        Backend::Sqlite if g.is_multiple_of(2) => {
            let (up, down, _) = rebuilt(g);
            ("rebuild", up, down, true)
        }
        Backend::Sqlite => {
            let (up, down, wrap) = rebuilt(g);
            ("rebuild", wrap(&up), wrap(&down), false)
        }
        Backend::Postgres => (
            "changed",
            format!(
                "DO $$ BEGIN PERFORM 1; END $$;\nALTER TABLE t{g} ADD CONSTRAINT t{g}_c CHECK (id <> 9);\nCOMMENT ON TABLE t{g} IS {}",
                hard(backend)
            ),
            format!("COMMENT ON TABLE t{g} IS NULL;\nALTER TABLE t{g} DROP CONSTRAINT t{g}_c;"),
            true,
        ),
        Backend::Mysql => (
            "changed",
            format!(
                "INSERT INTO t{g} (id, name) VALUES (60, 'x');\nALTER TABLE t{g} COMMENT {};\nDELETE FROM t{g} WHERE id = 60;",
                hard(backend)
            ),
            format!("ALTER TABLE t{g} COMMENT ''"),
            true,
        ),
    }
}

fn rebuilt(g: usize) -> (String, String, fn(&str) -> String) {
    let made = |columns: &str| {
        format!(
            "DROP VIEW v{g};\nDROP TRIGGER r{g};\nCREATE TABLE n{g} (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL DEFAULT 'a;b', at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, {columns});\nINSERT INTO n{g} (id, name, at, note) SELECT id, name, at, note FROM t{g};\nDROP TABLE t{g};\nALTER TABLE n{g} RENAME TO t{g};\nCREATE UNIQUE INDEX t{g}_name ON t{g} (name);\nCREATE INDEX \"i;{g}\" ON t{g} (note) WHERE note <> ';';\n"
        )
    };
    let rest = |kind| one(Backend::Sqlite, g, kind).1;
    let again = format!("{};\n{};\n", rest(4).trim_end_matches(';'), rest(5));
    (
        format!("{}{again}", made("note TEXT CHECK (note <> 'never')")),
        format!("{}{again}", made("note TEXT")),
        |text| {
            format!(
                "PRAGMA foreign_keys = OFF;\nBEGIN;\n{text}COMMIT;\nPRAGMA foreign_keys = ON;\n"
            )
        },
    )
}

fn project(server: &Server) -> Project {
    let project = Project::on(server);
    for one in written(server.backend()) {
        project.migration(&one.name, &one.up, Some(&one.down));
        if !one.transactional {
            project.metadata(&one.name, "run_in_transaction = false\n");
        }
    }
    project
}

/// Times differ from run to run.
fn timeless(server: &Server) -> String {
    for group in 0..GROUPS {
        if server.tables().contains(&format!("t{group}")) {
            server.execute(&format!("UPDATE t{group} SET at = NULL"));
        }
    }
    dump(server)
}

#[track_caller]
fn same(what: &str, migrated: &str, scripted: &str) {
    if migrated != scripted {
        let lines: Vec<_> = difference(migrated, scripted)
            .lines()
            .filter(|line| !line.starts_with("  "))
            .map(str::to_owned)
            .collect();
        panic!("{what}, - migrate, + script:\n{}", lines.join("\n"));
    }
}

fn two_hundred(server: &Server, client: Client) {
    let project = project(server);
    let script = project.run("migrate --sql :head").ok().answer;
    let back = project.run("downgrade --sql head:base").ok().answer;
    // The script was made without a database, and none was touched.
    assert_eq!(server.tables(), [""; 0]);

    let Ok(other) = Server::new(server.backend()) else {
        panic!("the server is there");
    };
    let empty = dump(&other);
    let _ = project.run("migrate").ok();
    client.run(&other, &script);
    assert_eq!(other.versions().len(), GROUPS * 10);
    assert_eq!(other.versions(), server.versions());
    same("after all of them", &timeless(server), &timeless(&other));

    client.run(&other, &back);
    let _ = project.run("downgrade base -y").ok();
    assert_eq!(other.versions(), [""; 0]);
    assert_eq!(other.tables(), ["__diesel_schema_migrations"]);
    same("after going back", &dump(server), &dump(&other));
    other.execute("DROP TABLE __diesel_schema_migrations");
    same("as if nothing had been", &empty, &dump(&other));
}

fn in_parts(server: &Server, client: Client) {
    let project = project(server);
    let names: Vec<String> = written(server.backend())
        .into_iter()
        .map(|one| one.name)
        .collect();
    let mut from = "base";
    for end in [&names[9], &names[25], &names[29]] {
        let script = project.run(&format!("migrate --sql {from}:{end}")).ok();
        client.run(server, &script.answer);
        from = end;
    }
    assert_eq!(server.versions().len(), 30);
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(listing[0]["pending"], serde_json::json!(GROUPS * 10 - 30));
    let script = project.run("migrate --sql current:+1").ok();
    client.run(server, &script.answer);
    let script = project
        .run(&format!("downgrade --sql {}:{}", names[30], names[4]))
        .ok();
    client.run(server, &script.answer);
    assert_eq!(server.versions().len(), 5);
    let _ = project.run("downgrade base -y").ok();
}

/// What fails is rolled back, and what comes after it does not run.
fn stops(server: &Server, client: Client) {
    let project = Project::on(server);
    let bad = match server.backend() {
        // Only the check of references finds this.
        Backend::Sqlite => "INSERT INTO two VALUES (1, 99);",
        Backend::Postgres | Backend::Mysql => {
            "INSERT INTO one VALUES (1);\nINSERT INTO one VALUES (1);"
        }
    };
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER PRIMARY KEY NOT NULL);\nCREATE TABLE two (id INTEGER PRIMARY KEY NOT NULL, one_id INTEGER NOT NULL REFERENCES one (id));",
            None,
        )
        .migration("2026-01-02-000000_bad", bad, None)
        .migration("2026-01-03-000000_three", "CREATE TABLE three (id INTEGER);", None);
    let script = project.run("migrate --sql :").ok().answer;
    let said = client
        .try_run(server, &script)
        .expect_err("the script fails");
    let expected = match server.backend() {
        Backend::Sqlite => "rows refer to rows that are not there",
        Backend::Postgres | Backend::Mysql => "uplicate",
    };
    assert!(said.contains(expected), "{said}");
    assert_eq!(server.versions(), ["20260101000000"]);
    assert_eq!(
        server.tables(),
        ["__diesel_schema_migrations", "one", "two"]
    );
    assert_eq!(server.lines("SELECT count(*) FROM one"), ["0"]);
    assert_eq!(server.lines("SELECT count(*) FROM two"), ["0"]);
}
