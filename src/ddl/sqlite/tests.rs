use super::write;
use crate::ddl::{DdlError, Script};
use crate::schema::change::{Decisions, Difference, RenamedColumn, Renames};
use crate::schema::{
    Action, Auto, Check, Column, Deferral, EnumType, ForeignKey, Generated, Index, IndexKey,
    PrimaryKey, Schema, SqlType, Table, Trigger, Unique, View,
};
use crate::sql::{Product, Server};

const SERVER: Server = Server {
    product: Product::Sqlite,
    version: (3, 45, 0),
};

fn column(name: &str, sql_type: &str) -> Column {
    Column {
        name: name.into(),
        sql_type: SqlType::new(sql_type),
        nullable: true,
        ..Column::default()
    }
}

fn required(name: &str, sql_type: &str) -> Column {
    Column {
        nullable: false,
        ..column(name, sql_type)
    }
}

/// A table whose key is the row's number.
fn table(name: &str, columns: Vec<Column>) -> Table {
    let mut all = vec![required("id", "INTEGER")];
    all.extend(columns);
    Table {
        name: name.into(),
        columns: all,
        primary_key: Some(key(&["id"])),
        ..Table::default()
    }
}

fn key(columns: &[&str]) -> PrimaryKey {
    PrimaryKey {
        columns: columns.iter().map(|&name| name.into()).collect(),
        ..PrimaryKey::default()
    }
}

fn refers(column: &str, parent: &str) -> ForeignKey {
    ForeignKey {
        columns: vec![column.into()],
        parent: parent.into(),
        parent_columns: vec!["id".into()],
        on_delete: Action::Cascade,
        ..ForeignKey::default()
    }
}

fn schema(tables: Vec<Table>) -> Schema {
    let mut schema = Schema {
        tables,
        ..Schema::default()
    };
    schema.sort();
    schema
}

fn script(from: Schema, to: Schema, renames: Renames, decisions: &Decisions) -> Script {
    let difference = Difference::between(from, to, renames);
    write(SERVER, &difference, decisions).expect("there is a way")
}

fn plain(from: Schema, to: Schema) -> Script {
    script(from, to, Renames::default(), &Decisions::default())
}

#[track_caller]
fn assert_statements(script: &Script, expected: &[&str]) {
    assert_eq!(script.statements.join(";\n"), expected.join(";\n"));
}

const GUARD: &str = "CREATE TEMPORARY TABLE \"__manage_guard\" (\n    \
    \"lost\" INTEGER CONSTRAINT \"every row is copied\" CHECK (\"lost\" = 0)\n)";
const GUARD_OF_REFERENCES: &str = "CREATE TEMPORARY TABLE \"__manage_guard\" (\n    \
    \"lost\" INTEGER CONSTRAINT \"every row is copied\" CHECK (\"lost\" = 0),\n    \
    \"broken\" INTEGER,\n    \
    \"broken_now\" INTEGER CONSTRAINT \"every reference still leads somewhere\" \
    CHECK (\"broken_now\" <= \"broken\")\n)";
const COUNT_BROKEN: &str =
    "INSERT INTO \"__manage_guard\" (\"broken\") SELECT count(*) FROM pragma_foreign_key_check";
const NOT_MORE_BROKEN: &str = "UPDATE \"__manage_guard\" SET \"broken_now\" = \
    (SELECT count(*) FROM pragma_foreign_key_check)\n    WHERE \"broken\" IS NOT NULL";
const END_OF_GUARD: &str = "DROP TABLE temp.\"__manage_guard\"";

fn same_rows(old: &str, new: &str) -> String {
    format!(
        "INSERT INTO \"__manage_guard\" (\"lost\")\n    \
         SELECT (SELECT count(*) FROM \"{old}\") - (SELECT count(*) FROM \"{new}\")"
    )
}

#[test]
fn tables_are_created_after_and_dropped_before_those_they_refer_to() {
    let writers = table("writers", vec![]);
    let mut articles = table("articles", vec![column("writer", "INTEGER")]);
    articles.foreign_keys = vec![refers("writer", "writers")];
    let both = || schema(vec![writers.clone(), articles.clone()]);
    assert_statements(
        &plain(Schema::default(), both()),
        &[
            "CREATE TABLE \"writers\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY\n)",
            "CREATE TABLE \"articles\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY,\n    \
             \"writer\" INTEGER,\n    \
             FOREIGN KEY (\"writer\") REFERENCES \"writers\" (\"id\") ON DELETE CASCADE\n)",
        ],
    );
    let down = plain(both(), Schema::default());
    assert_statements(
        &down,
        &["DROP TABLE \"articles\"", "DROP TABLE \"writers\""],
    );
    assert!(down.transactional);
}

#[test]
fn a_table_is_written_with_everything_it_has() {
    let all = Table {
        name: "all \"of\" it".into(),
        columns: vec![
            Column {
                default: Some("CURRENT_TIMESTAMP".into()),
                null_conflict: Some("IGNORE".into()),
                ..required("a", "TEXT")
            },
            Column {
                default: Some("1 + 2".into()),
                collation: Some("NOCASE".into()),
                ..column("b c", "")
            },
            Column {
                generated: Some(Generated {
                    expression: "a || 'x'".into(),
                    stored: true,
                }),
                ..column("d", "ANY")
            },
        ],
        primary_key: Some(PrimaryKey {
            name: Some("pk".into()),
            written: Some("a COLLATE RTRIM, \"b c\" DESC".into()),
            conflict: Some("FAIL".into()),
            ..key(&["a", "b c"])
        }),
        uniques: vec![Unique {
            columns: vec!["b c".into(), "a".into()],
            conflict: Some("REPLACE".into()),
            ..Unique::default()
        }],
        checks: vec![Check {
            name: Some("odd".into()),
            expression: "a <> ''".into(),
            ..Check::default()
        }],
        foreign_keys: vec![ForeignKey {
            name: Some("fk".into()),
            columns: vec!["a".into()],
            parent: "p".into(),
            on_update: Action::SetDefault(vec![]),
            deferral: Deferral::Deferred,
            ..ForeignKey::default()
        }],
        indexes: vec![Index {
            name: "ix".into(),
            unique: true,
            keys: vec![
                IndexKey::expression("lower(a)"),
                IndexKey {
                    descending: true,
                    collation: Some("BINARY".into()),
                    ..IndexKey::column("b c")
                },
            ],
            predicate: Some("a > 'b'".into()),
            ..Index::default()
        }],
        triggers: vec![Trigger {
            name: "t".into(),
            definition: "CREATE TRIGGER t AFTER DELETE ON x BEGIN SELECT 1; END".into(),
            comment: None,
        }],
        options: crate::schema::TableOptions {
            strict: true,
            without_rowid: true,
            ..Default::default()
        },
        comment: None,
        exclusions: vec![],
    };
    assert_statements(
        &plain(Schema::default(), schema(vec![all])),
        &[
            "CREATE TABLE \"all \"\"of\"\" it\" (\n    \
             \"a\" TEXT NOT NULL ON CONFLICT IGNORE DEFAULT CURRENT_TIMESTAMP,\n    \
             \"b c\" DEFAULT (1 + 2) COLLATE NOCASE,\n    \
             \"d\" ANY GENERATED ALWAYS AS (a || 'x') STORED,\n    \
             CONSTRAINT \"pk\" PRIMARY KEY (a COLLATE RTRIM, \"b c\" DESC) ON CONFLICT FAIL,\n    \
             UNIQUE (\"b c\", \"a\") ON CONFLICT REPLACE,\n    \
             CONSTRAINT \"odd\" CHECK (a <> ''),\n    \
             CONSTRAINT \"fk\" FOREIGN KEY (\"a\") REFERENCES \"p\" ON UPDATE SET DEFAULT \
             DEFERRABLE INITIALLY DEFERRED\n) WITHOUT ROWID, STRICT",
            "CREATE UNIQUE INDEX \"ix\" ON \"all \"\"of\"\" it\" \
             (lower(a), \"b c\" COLLATE BINARY DESC) WHERE a > 'b'",
            "CREATE TRIGGER t AFTER DELETE ON x BEGIN SELECT 1; END",
        ],
    );
}

#[test]
fn columns_come_and_go_in_place_where_sqlite_can() {
    let from = table("users", vec![column("age", "INTEGER")]);
    let mut to = table(
        "users",
        vec![
            Column {
                default: Some("-1".into()),
                ..required("score", "INTEGER")
            },
            column("team", "INTEGER"),
        ],
    );
    to.checks = vec![Check {
        expression: "score < team".into(),
        ..Check::default()
    }];
    to.foreign_keys = vec![refers("team", "teams")];
    let teams = table("teams", vec![]);
    let up = plain(schema(vec![from, teams.clone()]), schema(vec![to, teams]));
    assert_statements(
        &up,
        &[
            "ALTER TABLE \"users\" ADD COLUMN \"score\" INTEGER NOT NULL DEFAULT -1",
            "ALTER TABLE \"users\" ADD COLUMN \"team\" INTEGER \
             REFERENCES \"teams\" (\"id\") ON DELETE CASCADE CHECK (score < team)",
            "ALTER TABLE \"users\" DROP COLUMN \"age\"",
        ],
    );
    assert!(up.transactional && up.remarks.is_empty());
}

#[test]
fn a_table_nobody_refers_to_is_made_anew_in_the_transaction() {
    let mut from = Table {
        name: "users".into(),
        columns: vec![
            column("name", "TEXT"),
            column("age", "INTEGER"),
            column("seen", "INTEGER"),
        ],
        ..Table::default()
    };
    from.indexes = vec![Index {
        name: "by_name".into(),
        keys: vec![IndexKey::column("name")],
        ..Index::default()
    }];
    let mut to = from.clone();
    to.columns = vec![
        required("name", "TEXT"),
        column("age", "TEXT"),
        required("born", "DATE"),
        required("team", "INTEGER"),
    ];
    let mut decisions = Decisions::default();
    let of = |column: &str| ("users".into(), column.to_owned());
    decisions.fills.insert(of("name"), "'nobody'".into());
    decisions.fills.insert(of("team"), "age + 1".into());
    decisions.casts.insert(of("age"), "age || ' years'".into());
    let up = script(
        schema(vec![from]),
        schema(vec![to]),
        Renames::default(),
        &decisions,
    );
    assert_statements(
        &up,
        &[
            GUARD,
            "CREATE TABLE \"new_users\" (\n    \"name\" TEXT NOT NULL,\n    \"age\" TEXT,\n    \
             \"born\" DATE NOT NULL,\n    \"team\" INTEGER NOT NULL\n)",
            "INSERT INTO \"new_users\" (rowid, \"name\", \"age\", \"born\", \"team\")\n    \
             SELECT rowid, COALESCE(\"name\", 'nobody'), age || ' years', '1970-01-01', age + 1\n    \
             FROM \"users\"",
            &same_rows("users", "new_users"),
            "DROP TABLE \"users\"",
            "ALTER TABLE \"new_users\" RENAME TO \"users\"",
            "CREATE INDEX \"by_name\" ON \"users\" (\"name\")",
            END_OF_GUARD,
        ],
    );
    assert!(up.transactional);
    assert_eq!(
        up.remarks,
        [
            "SQLite cannot change `users` in place: a new table gets the rows and then the name, and \
             `__manage_guard` makes the script fail if a row were lost."
        ]
    );
}

#[test]
fn a_table_that_others_refer_to_is_made_anew_with_foreign_keys_off() {
    let mut from = table("users", vec![column("n", "INTEGER")]);
    from.columns[0].auto = Some(Auto::Increment);
    from.triggers = vec![Trigger {
        name: "log".into(),
        definition: "CREATE TRIGGER log AFTER INSERT ON users BEGIN SELECT 1; END".into(),
        comment: None,
    }];
    let mut posts = table("posts", vec![column("user", "INTEGER")]);
    posts.foreign_keys = vec![refers("user", "users")];
    let mut to = from.clone();
    to.columns[1] = column("n", "BIGINT");
    let view = View {
        name: "new_users".into(),
        definition: "SELECT n FROM users".into(),
        ..View::default()
    };
    let mut before = schema(vec![from, posts.clone()]);
    before.views = vec![view];
    let after = Schema {
        tables: schema(vec![to, posts]).tables,
        ..before.clone()
    };
    let up = plain(before, after);
    assert_statements(
        &up,
        &[
            "PRAGMA foreign_keys = OFF",
            "BEGIN IMMEDIATE",
            GUARD_OF_REFERENCES,
            COUNT_BROKEN,
            "CREATE TABLE \"new_users_2\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \
             \"n\" BIGINT\n)",
            "INSERT INTO sqlite_sequence (name, seq)\n    \
             SELECT 'new_users_2', seq FROM sqlite_sequence WHERE name = 'users'",
            "INSERT INTO \"new_users_2\" (\"id\", \"n\")\n    SELECT \"id\", \"n\"\n    FROM \"users\"",
            &same_rows("users", "new_users_2"),
            "DROP TABLE \"users\"",
            "PRAGMA legacy_alter_table = ON",
            "ALTER TABLE \"new_users_2\" RENAME TO \"users\"",
            "PRAGMA legacy_alter_table = OFF",
            "CREATE TRIGGER log AFTER INSERT ON users BEGIN SELECT 1; END",
            NOT_MORE_BROKEN,
            END_OF_GUARD,
            "COMMIT",
            "PRAGMA foreign_keys = ON",
        ],
    );
    assert!(!up.transactional);
    assert_eq!(up.remarks.len(), 2);
}

#[test]
fn a_table_that_refers_to_itself_needs_foreign_keys_off_too() {
    let mut from = table(
        "nodes",
        vec![column("parent", "INTEGER"), column("n", "INTEGER")],
    );
    from.foreign_keys = vec![refers("parent", "nodes")];
    let mut to = from.clone();
    to.columns[2] = column("n", "BIGINT");
    assert!(!plain(schema(vec![from]), schema(vec![to])).transactional);
}

#[test]
fn a_child_is_made_anew_in_the_transaction_and_its_rows_are_checked() {
    let users = table("users", vec![]);
    let from = table("posts", vec![column("user", "INTEGER")]);
    let mut to = from.clone();
    to.foreign_keys = vec![refers("user", "users")];
    let up = plain(schema(vec![users.clone(), from]), schema(vec![users, to]));
    assert!(up.transactional);
    assert_eq!(up.statements[..2], [GUARD_OF_REFERENCES, COUNT_BROKEN]);
}

#[test]
fn names_change_before_all_else_and_texts_step_aside() {
    let mut from = table(
        "Users",
        vec![column("name", "TEXT"), column("n", "INTEGER")],
    );
    from.triggers = vec![Trigger {
        name: "log".into(),
        definition: "CREATE TRIGGER log AFTER INSERT ON users BEGIN SELECT 1; END".into(),
        comment: None,
    }];
    let mut to = table(
        "users",
        vec![column("full name", "TEXT"), column("n", "INTEGER")],
    );
    to.triggers.clone_from(&from.triggers);
    let view = |name: &str, definition: &str| View {
        name: name.into(),
        definition: definition.into(),
        ..View::default()
    };
    let mut before = schema(vec![from]);
    before.views = vec![
        view("a", "SELECT * FROM b"),
        view("b", "SELECT name FROM Users"),
        view("c", "SELECT 1"),
    ];
    let mut after = schema(vec![to]);
    after.views = vec![
        view("a", "SELECT * FROM b"),
        view("b", "SELECT \"full name\" FROM users"),
        view("c", "SELECT 1"),
    ];
    let renames = Renames {
        tables: vec![("Users".into(), "users".into())],
        columns: vec![RenamedColumn {
            table: "users".into(),
            from: "name".into(),
            to: "full name".into(),
        }],
    };
    assert_statements(
        &script(before, after, renames, &Decisions::default()),
        &[
            "DROP TRIGGER \"log\"",
            "DROP VIEW \"a\"",
            "DROP VIEW \"b\"",
            "ALTER TABLE \"Users\" RENAME TO \"Users_before\"",
            "ALTER TABLE \"Users_before\" RENAME TO \"users\"",
            "ALTER TABLE \"users\" RENAME COLUMN \"name\" TO \"full name\"",
            "CREATE VIEW \"b\" AS SELECT \"full name\" FROM users",
            "CREATE VIEW \"a\" AS SELECT * FROM b",
            "CREATE TRIGGER log AFTER INSERT ON users BEGIN SELECT 1; END",
        ],
    );
}

#[test]
fn what_sqlite_does_not_have_is_refused() {
    let to = Schema {
        enums: vec![EnumType {
            name: "mood".into(),
            values: vec!["sad".into()],
            comment: None,
        }],
        ..Schema::default()
    };
    let difference = Difference::between(Schema::default(), to, Renames::default());
    let DdlError::NoWay { what, .. } =
        write(SERVER, &difference, &Decisions::default()).expect_err("SQLite has no enum types");
    assert_eq!(what, "enum mood (sad)");
}
