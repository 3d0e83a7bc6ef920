//! What is read of a SQLite database, and what the SQL for its differences does to rows.

use diesel_manage::backend::{Access, open};
use diesel_manage::ddl::{self, Script};
use diesel_manage::schema::change::{Decisions, Difference, Renames, diff};
use diesel_manage::schema::{Column, Deferral, IndexKey, KeyPart, Match, Name, Schema, Table};
use diesel_manage::settings::{Backend, DatabaseUrl, Environment, SqliteUrl};

use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

const SQLITE: &[Backend] = &[Backend::Sqlite];

pub(crate) fn add(trials: &mut Trials) {
    trials.on(SQLITE, "schema::columns_are_read", columns);
    trials.on(SQLITE, "schema::keys_are_read", keys);
    trials.on(SQLITE, "schema::foreign_keys_are_read", foreign_keys);
    trials.on(SQLITE, "schema::indexes_are_read", indexes);
    trials.on(SQLITE, "schema::views_and_triggers_are_read", programs);
    trials.on(SQLITE, "schema::layout_is_no_difference", layout);
    trials.on(SQLITE, "schema::what_is_not_compared_is_listed", unmanaged);
    trials.on(
        SQLITE,
        "schema::a_rebuild_keeps_everything_round_it",
        rebuild_by_manage,
    );
    trials.on(
        SQLITE,
        "schema::a_rebuild_is_safe_under_diesel_too",
        rebuild_by_diesel,
    );
    trials.on(
        SQLITE,
        "schema::a_rebuild_that_would_break_references_leaves_all_as_it_was",
        broken_references,
    );
    trials.on(
        SQLITE,
        "schema::a_rebuild_that_would_lose_rows_leaves_all_as_it_was",
        lost_rows,
    );
    trials.on(
        SQLITE,
        "schema::pragmas_are_as_they_were_afterwards",
        pragmas,
    );
}

fn introspect(server: &Server) -> Schema {
    let url = DatabaseUrl::Sqlite(SqliteUrl::file(server.url()));
    let mut database = open(&url, Access::Read, &Environment::default()).expect("the file opens");
    database.introspect().expect("it can be read")
}

/// What statements make.
fn made(sql: &str) -> Schema {
    let url = DatabaseUrl::Sqlite(SqliteUrl::memory());
    let mut database = open(&url, Access::Write, &Environment::default()).expect("memory is there");
    database.batch(sql).expect("the statements are right");
    database.introspect().expect("it can be read")
}

fn table<'a>(schema: &'a Schema, name: &str) -> &'a Table {
    schema.table(&Name::new(name)).expect("the table is there")
}

fn names<'a>(columns: impl IntoIterator<Item = &'a Column>) -> Vec<&'a str> {
    columns
        .into_iter()
        .map(|column| column.name.as_str())
        .collect()
}

fn columns(server: &Server) {
    server.execute(
        "CREATE TABLE t (
             id integer PRIMARY KEY AUTOINCREMENT,
             a varchar ( 50 ) NOT NULL ON CONFLICT ignore DEFAULT 'it''s' COLLATE nocase,
             \"b c\" DEFAULT (  1+2 ),
             d double   precision DEFAULT null,
             e DEFAULT current_timestamp,
             f TEXT GENERATED ALWAYS AS (\"a\"||'x') STORED,
             g AS (id*2)
         );
         CREATE TABLE kept (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID, STRICT;
         CREATE TABLE loose (a TEXT PRIMARY KEY);
         CREATE TABLE strict (a TEXT PRIMARY KEY) STRICT;",
    );
    let schema = introspect(server);
    let found: Vec<_> = table(&schema, "t")
        .columns
        .iter()
        .map(|column| serde_json::to_string(column).expect("it is plain"))
        .collect();
    let expected = [
        r#"{"name":"id","type":"INTEGER","nullable":false,"auto":"increment"}"#,
        r#"{"name":"a","type":"VARCHAR(50)","nullable":false,"default":"'it''s'","collation":"NOCASE","null_conflict":"IGNORE"}"#,
        r#"{"name":"b c","type":"","nullable":true,"default":"1 + 2"}"#,
        r#"{"name":"d","type":"DOUBLE PRECISION","nullable":true}"#,
        r#"{"name":"e","type":"","nullable":true,"default":"CURRENT_TIMESTAMP"}"#,
        r#"{"name":"f","type":"TEXT","nullable":true,"generated":{"expression":"a || 'x'","stored":true}}"#,
        r#"{"name":"g","type":"","nullable":true,"generated":{"expression":"id * 2","stored":false}}"#,
    ];
    assert_eq!(found, expected);
    let null_free = |name: &str| {
        let columns = &table(&schema, name).columns;
        names(columns.iter().filter(|column| !column.nullable))
    };
    assert_eq!(null_free("kept"), ["a", "b"]);
    assert_eq!(null_free("loose"), [""; 0]);
    assert_eq!(null_free("strict"), ["a"]);
    let options = &table(&schema, "kept").options;
    assert!(options.strict && options.without_rowid);
}

fn keys(server: &Server) {
    server.execute(
        "CREATE TABLE t (
             a TEXT COLLATE NOCASE, b INT CONSTRAINT \"b is one\" UNIQUE ON CONFLICT REPLACE, c TEXT,
             CONSTRAINT \"the key\" PRIMARY KEY (B DESC, a COLLATE BINARY) ON CONFLICT FAIL,
             UNIQUE (c), UNIQUE (c),
             CONSTRAINT odd CHECK (b>0 and \"c\" <> 'b'), CHECK ((a IS NOT NULL))
         );
         CREATE TABLE numbers (id INTEGER, PRIMARY KEY (id DESC));
         CREATE TABLE no_number (id INTEGER PRIMARY KEY DESC);",
    );
    let schema = introspect(server);
    let found = table(&schema, "t");
    let key = found.primary_key.as_ref().expect("it has a key");
    assert_eq!(key.name.as_deref(), Some("the key"));
    assert_eq!(key.columns, ["b", "a"]);
    assert_eq!(key.written.as_deref(), Some("b DESC, a COLLATE BINARY"));
    assert_eq!(key.conflict.as_deref(), Some("FAIL"));
    let uniques: Vec<_> = found
        .uniques
        .iter()
        .map(|one| {
            (
                one.name.as_deref(),
                one.columns.join(", "),
                one.conflict.as_deref(),
            )
        })
        .collect();
    let expected = [
        (None, "c".to_owned(), None),
        (Some("b is one"), "b".to_owned(), Some("REPLACE")),
    ];
    assert_eq!(uniques, expected);
    let checks: Vec<_> = found
        .checks
        .iter()
        .map(|check| (check.name.as_deref(), check.expression.as_str()))
        .collect();
    assert_eq!(
        checks,
        [(None, "a IS NOT NULL"), (Some("odd"), "b > 0 AND c <> 'b'")]
    );
    // The first is the row's number, which is never NULL; the second is not, for its direction.
    assert!(!table(&schema, "numbers").columns[0].nullable);
    assert!(table(&schema, "no_number").columns[0].nullable);
}

fn foreign_keys(server: &Server) {
    server.execute(
        "PRAGMA foreign_keys = OFF;
         CREATE TABLE Parents (Id INTEGER PRIMARY KEY, a INT, b INT, UNIQUE (a, b));
         CREATE TABLE children (
             one INT REFERENCES parents,
             two INT CONSTRAINT \"two of it\" REFERENCES \"PARENTS\" (ID) ON DELETE CASCADE,
             three INT, four INT REFERENCES nowhere DEFERRABLE INITIALLY DEFERRED,
             FOREIGN KEY (THREE, four) REFERENCES parents (a, b) ON UPDATE SET NULL MATCH FULL
         );",
    );
    let schema = introspect(server);
    let found: Vec<_> = table(&schema, "children")
        .foreign_keys
        .iter()
        .map(|key| {
            (
                key.name.as_deref(),
                key.columns.join(", "),
                key.parent.to_string(),
                key.parent_columns.join(", "),
                (key.matching, key.deferral),
            )
        })
        .collect();
    let usual = (Match::Simple, Deferral::Immediate);
    let expected = [
        (
            None,
            "four",
            "nowhere",
            "",
            (Match::Simple, Deferral::Deferred),
        ),
        (None, "one", "Parents", "Id", usual),
        (
            None,
            "three, four",
            "Parents",
            "a, b",
            (Match::Full, Deferral::Immediate),
        ),
        (Some("two of it"), "two", "Parents", "Id", usual),
    ]
    .map(|(name, columns, parent, parents, rest)| {
        (
            name,
            columns.to_owned(),
            parent.to_owned(),
            parents.to_owned(),
            rest,
        )
    });
    assert_eq!(found, expected);
}

fn indexes(server: &Server) {
    server.execute(
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b INT UNIQUE);
         CREATE UNIQUE INDEX \"some of it\" ON t (A collate nocase, lower( a ) DESC, a COLLATE rtrim, b desc)
             WHERE (b>3);",
    );
    let schema = introspect(server);
    let [index] = table(&schema, "t").indexes.as_slice() else {
        panic!("the unique constraint is no index");
    };
    assert_eq!((index.name.as_str(), index.unique), ("some of it", true));
    assert_eq!(index.predicate.as_deref(), Some("b > 3"));
    let key = |part: KeyPart, descending: bool, collation: Option<&str>| IndexKey {
        part,
        descending,
        collation: collation.map(str::to_owned),
        ..IndexKey::column("")
    };
    let column = |name: &str| KeyPart::Column(name.to_owned());
    assert_eq!(
        index.keys,
        [
            key(column("a"), false, None),
            key(KeyPart::Expression("lower(a)".to_owned()), true, None),
            key(column("a"), false, Some("RTRIM")),
            key(column("b"), true, None),
        ]
    );
}

fn programs(server: &Server) {
    let trigger = "CREATE TRIGGER log AFTER INSERT ON T BEGIN\n  SELECT ';'; -- x\nEND";
    server.execute(&format!(
        "CREATE TABLE t (a VARCHAR (9));
         CREATE VIEW v (\"x y\", z) AS -- why\n SELECT a, 1 FROM t;
         CREATE VIEW broken AS SELECT * FROM nowhere;
         CREATE VIEW over AS SELECT * FROM v;
         {trigger};
         CREATE TRIGGER instead INSTEAD OF DELETE ON v BEGIN SELECT 1; END;"
    ));
    let schema = introspect(server);
    assert_eq!(table(&schema, "t").triggers[0].definition, trigger);
    let found: Vec<_> = schema
        .views
        .iter()
        .map(|view| {
            let reads: Vec<_> = view.reads.iter().map(ToString::to_string).collect();
            (
                view.name.name.as_str(),
                view.options.as_deref(),
                view.definition.as_str(),
                names(&view.columns).join(", "),
                reads.join(", "),
                view.triggers.len(),
            )
        })
        .collect();
    let text = str::to_owned;
    let expected = [
        (
            "broken",
            None,
            "SELECT * FROM nowhere",
            text(""),
            text(""),
            0,
        ),
        (
            "over",
            None,
            "SELECT * FROM v",
            text("x y, z"),
            text("v"),
            0,
        ),
        (
            "v",
            Some("(\"x y\", z)"),
            "SELECT a, 1 FROM t",
            text("x y, z"),
            text("t"),
            1,
        ),
    ];
    assert_eq!(found, expected);
}

fn layout(server: &Server) {
    server.execute(
        "CREATE TABLE IF NOT EXISTS main.t (a varchar(9) not null default('x'),b int,
             check(a<>'y' and b is not null),foreign key(b)references T(b),unique(b));
         CREATE INDEX i on t(upper(a))where b>1;",
    );
    let other = made(
        "CREATE TABLE \"t\" (
             [a] VARCHAR (9) DEFAULT 'x' NOT NULL, -- the first
             b INT UNIQUE REFERENCES t,
             CHECK (( \"a\" <> 'y' AND b IS NOT NULL ))
         );
         CREATE INDEX \"i\" ON \"t\" (upper(`a`) ASC) WHERE (B > 1);",
    );
    let mut found = introspect(server);
    // A table without a primary key has nothing that may be left out.
    assert_eq!(table(&other, "t").foreign_keys[0].parent_columns, [""; 0]);
    for table in &mut found.tables {
        table.foreign_keys[0].parent_columns.clear();
    }
    assert_eq!(diff(&found, &other), []);
}

fn unmanaged(server: &Server) {
    server.execute(
        "CREATE TABLE __notes (a INTEGER PRIMARY KEY AUTOINCREMENT);
         CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT);
         CREATE VIRTUAL TABLE pages USING fts5 (body);
         ANALYZE;",
    );
    let schema = introspect(server);
    let tables: Vec<_> = schema
        .tables
        .iter()
        .map(|one| one.name.to_string())
        .collect();
    assert_eq!(tables, ["t"]);
    let kinds: Vec<_> = schema
        .unmanaged
        .iter()
        .map(|one| (one.kind.as_str(), one.names[0].to_string()))
        .collect();
    let expected = [
        ("shadow tables", "pages_config".to_owned()),
        ("virtual tables", "pages".to_owned()),
    ];
    assert_eq!(kinds, expected);
}

/// A table with everything that a rebuild could lose, and how it shall be.
const BEFORE: &str = "
    CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, n INTEGER);
    CREATE TABLE posts (
        id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE);
    CREATE TABLE log (said TEXT, n INTEGER);
    CREATE TABLE nodes (
        id INTEGER PRIMARY KEY, parent INTEGER REFERENCES nodes ON DELETE CASCADE, n INTEGER);
    CREATE INDEX by_name ON people (name) WHERE n > 0;
    CREATE VIEW names AS SELECT name FROM people;
    CREATE VIEW broken AS SELECT * FROM nowhere;
    CREATE TRIGGER added AFTER INSERT ON people BEGIN INSERT INTO log VALUES (NEW.name, 1); END;
    CREATE TRIGGER posted AFTER INSERT ON posts BEGIN UPDATE people SET n = n + 1 WHERE id = NEW.person; END;";

const ROWS: &str = "
    INSERT INTO people VALUES (1, 'Ada', 1), (2, 'Bo', NULL), (9, 'Cy', 3);
    DELETE FROM people WHERE id = 9;
    INSERT INTO posts VALUES (1, 1), (2, 1), (3, 2);
    INSERT INTO nodes VALUES (1, NULL, 1), (2, 1, 2), (3, 2, 3);
    DELETE FROM log WHERE said = 'Ada';";

fn after() -> String {
    BEFORE
        .replace("n INTEGER", "n BIGINT")
        .replace("said TEXT", "said TEXT NOT NULL")
}

/// Writes what leads to a schema as a migration, and back.
fn write(server: &Server, project: &Project, to: &Schema) -> Script {
    let there = Difference::between(introspect(server), to.clone(), Renames::default());
    let url = DatabaseUrl::Sqlite(SqliteUrl::memory());
    let mut memory = open(&url, Access::Write, &Environment::default()).expect("memory is there");
    let version = memory.server().expect("it has a version");
    let sql =
        |way: &Difference| ddl::write(version, way, &Decisions::default()).expect("there is a way");
    let file = |script: &Script| format!("{};\n", script.statements.join(";\n"));
    let (up, down) = (sql(&there), sql(&there.reverse()));
    let name = "2026-02-01-000000_rebuild";
    project.migration(name, &file(&up), Some(&file(&down)));
    let metadata = format!("run_in_transaction = {}\n", up.transactional);
    project.metadata(name, &metadata);
    up
}

fn begun(server: &Server, before: &str, rows: &str) -> Project {
    let project = Project::on(server);
    project.migration("2026-01-01-000000_begin", before, Some("SELECT 1;"));
    let _ = project.run("migrate").ok();
    server.execute(rows);
    project
}

#[track_caller]
fn assert_kept(server: &Server) {
    let people = server.lines("SELECT id, name, n FROM people ORDER BY id");
    assert_eq!(people, ["1|Ada|2", "2|Bo|NULL"]);
    let posts = server.lines("SELECT id, person FROM posts ORDER BY id");
    assert_eq!(posts, ["1|1", "2|1", "3|2"]);
    assert_eq!(
        server.lines("SELECT id, parent, n FROM nodes ORDER BY id"),
        ["1|NULL|1", "2|1|2", "3|2|3"]
    );
    assert_eq!(
        server.lines("SELECT rowid, said FROM log"),
        ["2|Bo", "3|Cy"]
    );
    assert_eq!(
        server.value("SELECT seq FROM sqlite_sequence WHERE name = 'people'"),
        "9"
    );
    assert_eq!(server.lines("SELECT name FROM names"), ["Ada", "Bo"]);
}

fn rebuild_by_manage(server: &Server) {
    let project = begun(server, BEFORE, ROWS);
    server.execute("UPDATE people SET n = 2 WHERE id = 1");
    let before = introspect(server);
    let to = made(&after());
    let _ = write(server, &project, &to);
    let _ = project.run("migrate").ok();
    assert_eq!(diff(&introspect(server), &to), []);
    assert_kept(server);
    let _ = project.run("downgrade -y").ok();
    assert_eq!(diff(&introspect(server), &before), []);
    assert_kept(server);
    // What was said once is not said again, and the triggers are awake.
    server.execute("INSERT INTO people (name) VALUES ('Di'); INSERT INTO posts VALUES (4, 1)");
    assert_eq!(server.value("SELECT max(id) FROM people"), "10");
    assert_eq!(server.value("SELECT n FROM people WHERE id = 1"), "3");
}

fn rebuild_by_diesel(server: &Server) {
    let project = begun(server, BEFORE, ROWS);
    server.execute("UPDATE people SET n = 2 WHERE id = 1");
    let before = introspect(server);
    let to = made(&after());
    let script = write(server, &project, &to);
    assert!(!script.transactional);
    let diesel = DieselRunner::new(server, &project);
    assert_eq!(diesel.run_pending(), ["20260201000000"]);
    assert_eq!(diff(&introspect(server), &to), []);
    assert_kept(server);
    let _ = diesel.revert_last();
    assert_eq!(diff(&introspect(server), &before), []);
    assert_kept(server);
}

fn broken_references(server: &Server) {
    let before = "CREATE TABLE people (id INTEGER PRIMARY KEY, n INTEGER);
        CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES people (id));
        CREATE TABLE posts (id INTEGER PRIMARY KEY, person INTEGER);";
    let project = begun(
        server,
        before,
        "INSERT INTO people VALUES (1, 1); INSERT INTO pets VALUES (1, 1);
         INSERT INTO posts VALUES (1, 1), (2, 99)",
    );
    let found = introspect(server);
    let to = made(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, n BIGINT);
         CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES people (id));
         CREATE TABLE posts (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id));",
    );
    let script = write(server, &project, &to);
    assert!(!script.transactional);
    let out = project.run("migrate").exits(1);
    out.says("  caused by: CHECK constraint failed: every reference still leads somewhere")
        .says("  nothing of it was committed");
    assert_eq!(diff(&introspect(server), &found), []);
    assert_eq!(server.lines("SELECT person FROM posts"), ["1", "99"]);
    server.execute("DELETE FROM posts WHERE person = 99");
    let _ = project.run("migrate").ok();
    assert_eq!(diff(&introspect(server), &to), []);
}

fn lost_rows(server: &Server) {
    let project = begun(
        server,
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);",
        "INSERT INTO people VALUES (1, 'Ada'), (2, 'Ada')",
    );
    let found = introspect(server);
    let to =
        made("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT UNIQUE ON CONFLICT REPLACE);");
    let script = write(server, &project, &to);
    assert!(script.transactional);
    let out = project.run("migrate").exits(1);
    out.says("  caused by: CHECK constraint failed: every row is copied")
        .says("  nothing of it was committed");
    assert_eq!(diff(&introspect(server), &found), []);
    assert_eq!(server.lines("SELECT id FROM people"), ["1", "2"]);
}

/// The statements of a rebuild, on a connection that looks at itself afterwards.
fn pragmas(server: &Server) {
    server.execute(BEFORE);
    server.execute(ROWS);
    let way = Difference::between(introspect(server), made(&after()), Renames::default());
    let mut probe = server.probe();
    let url = DatabaseUrl::Sqlite(SqliteUrl::memory());
    let mut memory = open(&url, Access::Write, &Environment::default()).expect("memory is there");
    let version = memory.server().expect("it has a version");
    let script = ddl::write(version, &way, &Decisions::default()).expect("there is a way");
    for statement in &script.statements {
        probe.execute(statement);
    }
    assert_eq!(probe.value("PRAGMA foreign_keys"), "1");
    assert_eq!(probe.value("PRAGMA legacy_alter_table"), "0");
    assert_eq!(probe.lines("SELECT name FROM sqlite_temp_schema"), [""; 0]);
}
