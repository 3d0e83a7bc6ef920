//! Whole scripts, from schemas made by hand.

use super::write;
use crate::schema::change::{Decisions, Difference, RenamedColumn, Renames};
use crate::schema::{
    Action, Check, Column, EnumType, ForeignKey, Generated, Index, IndexKey, Name, PrimaryKey,
    Schema, SqlType, Table, View,
};
use crate::sql::{Product, Server};

const SERVER: Server = Server {
    product: Product::Postgres,
    version: (15, 0, 0),
};

fn column(name: &str, sql_type: &str) -> Column {
    Column {
        name: name.to_owned(),
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

fn table(name: &str, columns: Vec<Column>) -> Table {
    Table {
        name: Name::new(name),
        columns,
        ..Table::default()
    }
}

fn tables(tables: Vec<Table>) -> Schema {
    Schema {
        tables,
        ..Schema::default()
    }
}

fn mood(values: &[&str]) -> EnumType {
    EnumType {
        name: Name::new("mood"),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        comment: None,
    }
}

fn script(difference: &Difference, decisions: &Decisions) -> String {
    let script = write(SERVER, difference, decisions).expect("there is a way");
    assert!(script.transactional);
    script.statements.join(";\n")
}

/// The way up and the way down.
fn both(from: Schema, to: Schema, renames: Renames, decisions: &Decisions) -> (String, String) {
    let difference = Difference::between(from, to, renames);
    (
        script(&difference, decisions),
        script(&difference.reverse(), &decisions.reverse()),
    )
}

fn plain(from: Schema, to: Schema) -> (String, String) {
    both(from, to, Renames::default(), &Decisions::default())
}

#[test]
fn tables_come_in_the_order_of_their_keys_and_go_in_the_other() {
    let key = |columns: &[&str]| PrimaryKey {
        name: Some("k".to_owned()),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        ..PrimaryKey::default()
    };
    let writers = Table {
        primary_key: Some(key(&["id"])),
        ..table("writers", vec![required("id", "integer")])
    };
    let articles = Table {
        foreign_keys: vec![ForeignKey {
            name: Some("f".to_owned()),
            columns: vec!["writer".to_owned()],
            parent: Name::new("writers"),
            parent_columns: vec!["id".to_owned()],
            on_delete: Action::Cascade,
            ..ForeignKey::default()
        }],
        ..table("articles", vec![column("writer", "integer")])
    };
    let (up, down) = plain(Schema::default(), tables(vec![articles, writers]));
    assert_eq!(
        up,
        "CREATE TABLE \"writers\" (\n    \"id\" integer NOT NULL,\n    \
         CONSTRAINT \"k\" PRIMARY KEY (\"id\")\n);\n\
         CREATE TABLE \"articles\" (\n    \"writer\" integer,\n    CONSTRAINT \"f\" FOREIGN KEY \
         (\"writer\") REFERENCES \"writers\" (\"id\") ON DELETE CASCADE\n)"
    );
    assert_eq!(down, "DROP TABLE \"articles\";\nDROP TABLE \"writers\"");
}

#[test]
fn a_required_column_gives_existing_rows_the_nothing_of_its_type_or_what_was_decided() {
    let from = tables(vec![table("t", vec![column("first", "text")])]);
    let to = tables(vec![table(
        "t",
        vec![
            column("first", "text"),
            required("score", "integer"),
            required("name", "text"),
        ],
    )]);
    let mut decisions = Decisions::default();
    decisions.fills.insert(
        (Name::new("t"), "name".to_owned()),
        "upper(first)".to_owned(),
    );
    let (up, down) = both(from, to, Renames::default(), &decisions);
    assert_eq!(
        up,
        "ALTER TABLE \"t\" ADD COLUMN \"score\" integer DEFAULT 0 NOT NULL;\n\
         ALTER TABLE \"t\" ALTER COLUMN \"score\" DROP DEFAULT;\n\
         ALTER TABLE \"t\" ADD COLUMN \"name\" text;\n\
         UPDATE \"t\" SET \"name\" = upper(first);\n\
         ALTER TABLE \"t\" ALTER COLUMN \"name\" SET NOT NULL"
    );
    assert_eq!(
        down,
        "ALTER TABLE \"t\" DROP COLUMN \"score\";\nALTER TABLE \"t\" DROP COLUMN \"name\""
    );
}

#[test]
fn a_default_makes_way_for_a_type_that_it_does_not_fit() {
    let with = |sql_type: &str, default: &str| {
        tables(vec![table(
            "t",
            vec![Column {
                default: Some(default.to_owned()),
                ..column("f", sql_type)
            }],
        )])
    };
    let (up, down) = plain(with("integer", "0"), with("boolean", "false"));
    assert_eq!(
        up,
        "ALTER TABLE \"t\" ALTER COLUMN \"f\" DROP DEFAULT;\n\
         ALTER TABLE \"t\" ALTER COLUMN \"f\" TYPE boolean USING \"f\"::boolean;\n\
         ALTER TABLE \"t\" ALTER COLUMN \"f\" SET DEFAULT false"
    );
    assert_eq!(
        down,
        "ALTER TABLE \"t\" ALTER COLUMN \"f\" DROP DEFAULT;\n\
         ALTER TABLE \"t\" ALTER COLUMN \"f\" TYPE integer USING \"f\"::integer;\n\
         ALTER TABLE \"t\" ALTER COLUMN \"f\" SET DEFAULT 0"
    );
    let (up, _) = plain(with("integer", "0"), with("bigint", "0"));
    assert_eq!(up, "ALTER TABLE \"t\" ALTER COLUMN \"f\" TYPE bigint");
}

#[test]
fn an_enum_value_is_added_in_its_place_and_removed_by_a_new_type() {
    let with = |values: &[&str]| Schema {
        enums: vec![mood(values)],
        tables: vec![Table {
            checks: vec![Check {
                name: Some("c".to_owned()),
                expression: "m <> 'sad'::mood".to_owned(),
                ..Check::default()
            }],
            ..table("t", vec![column("m", "mood")])
        }],
        ..Schema::default()
    };
    let mut decisions = Decisions::default();
    let (up, down) = plain(with(&["sad", "happy"]), with(&["sad", "ok", "happy"]));
    assert_eq!(up, "ALTER TYPE \"mood\" ADD VALUE 'ok' AFTER 'sad'");
    assert_eq!(
        down,
        "ALTER TABLE \"t\" DROP CONSTRAINT \"c\";\n\
         ALTER TYPE \"mood\" RENAME TO \"mood__old\";\n\
         CREATE TYPE \"mood\" AS ENUM ('sad', 'happy');\n\
         ALTER TABLE \"t\" ALTER COLUMN \"m\" TYPE mood USING \"m\"::text::mood;\n\
         ALTER TABLE \"t\" ADD CONSTRAINT \"c\" CHECK (m <> 'sad'::mood);\n\
         DROP TYPE \"mood__old\""
    );
    decisions
        .enum_values
        .insert((Name::new("mood"), "happy".to_owned()), "glad".to_owned());
    let (up, down) = both(
        with(&["sad", "happy"]),
        with(&["sad", "glad"]),
        Renames::default(),
        &decisions,
    );
    assert_eq!(up, "ALTER TYPE \"mood\" RENAME VALUE 'happy' TO 'glad'");
    assert_eq!(down, "ALTER TYPE \"mood\" RENAME VALUE 'glad' TO 'happy'");
}

#[test]
fn a_value_that_the_script_uses_cannot_be_added_in_place() {
    let with = |values: &[&str], default: Option<&str>| Schema {
        enums: vec![mood(values)],
        tables: vec![table(
            "t",
            vec![Column {
                default: default.map(str::to_owned),
                ..column("m", "mood")
            }],
        )],
        ..Schema::default()
    };
    let (up, _) = plain(
        with(&["sad"], None),
        with(&["sad", "ok"], Some("'ok'::mood")),
    );
    assert_eq!(
        up,
        "ALTER TYPE \"mood\" RENAME TO \"mood__old\";\n\
         CREATE TYPE \"mood\" AS ENUM ('sad', 'ok');\n\
         ALTER TABLE \"t\" ALTER COLUMN \"m\" TYPE mood USING \"m\"::text::mood;\n\
         ALTER TABLE \"t\" ALTER COLUMN \"m\" SET DEFAULT 'ok'::mood;\n\
         DROP TYPE \"mood__old\""
    );
}

#[test]
fn what_depends_on_a_column_is_dropped_and_made_again() {
    let view = |name: &str, reads: &str| View {
        name: Name::new(name),
        definition: format!("SELECT {reads}.a FROM {reads}"),
        reads: vec![Name::new(reads)],
        ..View::default()
    };
    let with = |sql_type: &str| Schema {
        views: vec![view("first", "second"), view("second", "t")],
        tables: vec![Table {
            indexes: vec![Index {
                name: "i".to_owned(),
                keys: vec![IndexKey::column("b")],
                ..Index::default()
            }],
            ..table(
                "t",
                vec![
                    column("a", sql_type),
                    Column {
                        generated: Some(Generated {
                            expression: "a * 2".to_owned(),
                            stored: true,
                        }),
                        ..column("b", "bigint")
                    },
                ],
            )
        }],
        ..Schema::default()
    };
    let (up, _) = plain(with("integer"), with("bigint"));
    assert_eq!(
        up,
        "DROP VIEW \"first\";\nDROP VIEW \"second\";\nDROP INDEX \"i\";\n\
         ALTER TABLE \"t\" DROP COLUMN \"b\";\n\
         ALTER TABLE \"t\" ALTER COLUMN \"a\" TYPE bigint;\n\
         ALTER TABLE \"t\" ADD COLUMN \"b\" bigint GENERATED ALWAYS AS (a * 2) STORED;\n\
         CREATE INDEX \"i\" ON \"t\" (\"b\");\n\
         CREATE VIEW \"second\" AS\nSELECT t.a FROM t;\n\
         CREATE VIEW \"first\" AS\nSELECT second.a FROM second"
    );
}

#[test]
fn renames_come_first_and_go_back() {
    let from = tables(vec![table("users", vec![column("name", "text")])]);
    let to = tables(vec![table("people", vec![column("full_name", "text")])]);
    let renames = Renames {
        tables: vec![(Name::new("users"), Name::new("people"))],
        columns: vec![RenamedColumn {
            table: Name::new("people"),
            from: "name".to_owned(),
            to: "full_name".to_owned(),
        }],
    };
    let (up, down) = both(from, to, renames, &Decisions::default());
    assert_eq!(
        up,
        "ALTER TABLE \"users\" RENAME TO \"people\";\n\
         ALTER TABLE \"people\" RENAME COLUMN \"name\" TO \"full_name\""
    );
    assert_eq!(
        down,
        "ALTER TABLE \"people\" RENAME TO \"users\";\n\
         ALTER TABLE \"users\" RENAME COLUMN \"full_name\" TO \"name\""
    );
}

#[test]
fn an_older_server_drops_what_a_column_is_computed_from_with_the_column() {
    let with = |generated: Option<Generated>| {
        tables(vec![table(
            "t",
            vec![
                column("a", "integer"),
                Column {
                    generated,
                    ..column("b", "integer")
                },
            ],
        )])
    };
    let computed = Generated {
        expression: "a + 1".to_owned(),
        stored: true,
    };
    let difference = Difference::between(with(Some(computed)), with(None), Renames::default());
    let statements = |major| {
        let server = Server {
            version: (major, 0, 0),
            ..SERVER
        };
        write(server, &difference, &Decisions::default())
            .expect("there is a way")
            .statements
    };
    assert_eq!(
        statements(13),
        ["ALTER TABLE \"t\" ALTER COLUMN \"b\" DROP EXPRESSION"]
    );
    assert_eq!(
        statements(12),
        [
            "ALTER TABLE \"t\" RENAME COLUMN \"b\" TO \"b__old\"",
            "ALTER TABLE \"t\" ADD COLUMN \"b\" integer",
            "UPDATE \"t\" SET \"b\" = \"b__old\"",
            "ALTER TABLE \"t\" DROP COLUMN \"b__old\"",
        ]
    );
}
