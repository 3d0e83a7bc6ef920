use super::*;
use crate::error::Explain;
use crate::models::parse;
use crate::schema::change::diff;
use crate::schema::{
    Action, Auto, Check, Column, EnumType, ForeignKey, Index, IndexKey, Name, Partition,
    PrimaryKey, Sequence, SqlType, Table, TableOptions, Unique, Unmanaged, View,
};
use crate::sql::{Product, Server};

mod dropped;
mod new_tables;
mod regressions;

const SQLITE: Server = Server {
    product: Product::Sqlite,
    version: (3, 45, 0),
};
const POSTGRES: Server = Server {
    product: Product::Postgres,
    version: (15, 0, 0),
};
const MARIADB: Server = Server {
    product: Product::Mariadb,
    version: (10, 11, 6),
};

/// A table: `id integer, name text?`, where `?` is what may be NULL; its key is the first column.
fn table(name: &str, columns: &str) -> Table {
    let columns: Vec<Column> = columns
        .split(", ")
        .filter_map(|column| column.split_once(' '))
        .map(|(name, sql_type)| Column {
            name: name.to_owned(),
            sql_type: SqlType::new(sql_type.trim_end_matches('?')),
            nullable: sql_type.ends_with('?'),
            ..Column::default()
        })
        .collect();
    Table {
        name: Name::parse(name),
        primary_key: Some(PrimaryKey {
            columns: columns.iter().take(1).map(|one| one.name.clone()).collect(),
            ..PrimaryKey::default()
        }),
        columns,
        ..Table::default()
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

fn refers(column: &str, parent: &str) -> ForeignKey {
    ForeignKey {
        columns: vec![column.to_owned()],
        parent: Name::parse(parent),
        parent_columns: vec!["id".to_owned()],
        ..ForeignKey::default()
    }
}

fn laid(current: &Schema, models: &str, options: &OverlayOptions) -> Overlay {
    let models = parse(&[("schema.rs", models)]).unwrap();
    overlay(current, &models, options).unwrap()
}

/// What would change, a line each.
fn changes_with(current: &Schema, models: &str, options: &OverlayOptions) -> String {
    let laid = laid(current, models, options);
    let mut lines: Vec<String> = diff(current, &laid.schema)
        .iter()
        .map(|change| format!("{} {}", change.mark(), change.describe()))
        .collect();
    lines.extend(laid.joins.iter().map(|join| format!("? {join}")));
    lines.extend(laid.remarks);
    lines.join("\n")
}

fn changes(server: Server, current: &Schema, models: &str) -> String {
    changes_with(current, models, &OverlayOptions::new(server))
}

fn refused(server: Server, current: &Schema, models: &str) -> String {
    let models = parse(&[("schema.rs", models)]).unwrap();
    let error = overlay(current, &models, &OverlayOptions::new(server)).unwrap_err();
    format!("{error}\nhint: {}", error.hints().join("\n"))
}

#[test]
fn what_a_model_cannot_say_stays_as_it_is() {
    let mut users = table(
        "users",
        "id integer, name character varying(50), age integer?",
    );
    users.comment = Some("people".to_owned());
    users.columns[0].auto = Some(Auto::Serial(sequence("integer", i64::from(i32::MAX))));
    users.columns[1].default = Some("'x'::character varying".to_owned());
    users.columns[1].collation = Some("C".to_owned());
    users.indexes.push(Index {
        name: "by_name".to_owned(),
        keys: vec![IndexKey::expression("lower(name)")],
        ..Index::default()
    });
    users.checks.push(Check {
        name: Some("grown".to_owned()),
        expression: "age > 17".to_owned(),
        ..Check::default()
    });
    let current = schema(vec![users]);
    let models = "table! { users { age -> Nullable<Int4>, #[max_length = 50] name -> Varchar, id -> Int4 } }";
    assert_eq!(changes(POSTGRES, &current, models), "");
    // With another type, all that fits stays.
    let models = "table! { users { id -> Int8, name -> Citext, age -> Int4 } }";
    insta::assert_snapshot!(changes(POSTGRES, &current, models), @"
    ~ column users.id: integer becomes bigint
    ~ column users.name: character varying(50) becomes citext, default 'x'::character varying becomes 'x'::citext
    ~ column users.age: null becomes not null
    ");
}

fn sequence(sql_type: &str, maximum: i64) -> Sequence {
    Sequence {
        name: Name::new("users_id_seq"),
        sql_type: SqlType::new(sql_type),
        start: 1,
        increment: 1,
        minimum: 1,
        maximum,
        cache: 1,
        cycle: false,
    }
}

#[test]
fn a_missing_foreign_key_is_told_of_and_added_when_asked_for() {
    let current = schema(vec![
        table("users", "id integer"),
        table("posts", "id integer, user_id integer, other text"),
    ]);
    let models = "
        table! { users { id -> Integer } }
        table! { posts { id -> Integer, user_id -> Integer, other -> Text } }
        joinable!(posts -> users (user_id));
        joinable!(posts -> users (other));
        joinable!(posts -> nothing (user_id));
    ";
    assert_eq!(
        changes(POSTGRES, &current, models),
        "? posts.user_id->users"
    );
    let all = OverlayOptions {
        joins: Joins::All,
        ..OverlayOptions::new(POSTGRES)
    };
    insta::assert_snapshot!(changes_with(&current, models, &all), @"+ foreign key posts_user_id_fkey posts (user_id) to users (id)");
    let join = Join {
        child: Name::new("posts"),
        column: "user_id".to_owned(),
        parent: Name::new("users"),
    };
    let only = OverlayOptions {
        joins: Joins::Only([join].into()),
        ..OverlayOptions::new(POSTGRES)
    };
    assert_eq!(
        laid(&current, models, &only).schema,
        laid(&current, models, &all).schema
    );
}

#[test]
fn what_is_read_like_a_table_is_not_made_as_one() {
    let current = Schema {
        views: vec![View {
            name: Name::new("recent"),
            ..View::default()
        }],
        unmanaged: vec![Unmanaged {
            kind: "virtual tables".to_owned(),
            names: vec![Name::new("notes")],
        }],
        ..Schema::default()
    };
    let models = "
        table! { recent (id) { id -> Integer } }
        table! { notes (rowid) { rowid -> Integer, body -> Binary } }
        view! { nowhere { id -> Integer } }
    ";
    assert_eq!(changes(SQLITE, &current, models), "");
}

#[test]
fn a_key_of_other_columns_is_another_key() {
    let mut pairs = table("pairs", "a integer, b integer?, c integer");
    pairs.primary_key = Some(PrimaryKey {
        name: Some("named".to_owned()),
        columns: vec!["a".to_owned(), "c".to_owned()],
        ..PrimaryKey::default()
    });
    let current = schema(vec![pairs]);
    let models = |key: &str| {
        format!("table! {{ pairs ({key}) {{ a -> Int4, b -> Nullable<Int4>, c -> Int4 }} }}")
    };
    assert_eq!(changes(POSTGRES, &current, &models("c, a")), "");
    insta::assert_snapshot!(changes(POSTGRES, &current, &models("a, b")), @"
    ~ column pairs.b: null becomes not null
    ~ primary key of pairs: (a, c) becomes (a, b)
    ");
}

#[test]
fn a_unique_key_is_taken_for_the_primary_key_that_diesel_wants() {
    let mut pairs = table("pairs", "a char(36), b char(36)");
    pairs.primary_key = None;
    pairs.indexes.push(Index {
        name: "uq".to_owned(),
        unique: true,
        keys: vec![IndexKey::column("a"), IndexKey::column("b")],
        ..Index::default()
    });
    let models = "table! { pairs (b, a) { a -> Text, b -> Text } }";
    insta::assert_snapshot!(changes(MARIADB, &schema(vec![pairs.clone()]), models), @"table `pairs` has no primary key; its unique key over b, a is taken for the one in the models");
    pairs.indexes.clear();
    insta::assert_snapshot!(changes(MARIADB, &schema(vec![pairs]), models), @"+ primary key of pairs (b, a)");
}

#[test]
fn sqlite_knows_of_no_unique_constraint_beside_the_key_over_the_same_columns() {
    let mut pairs = table("pairs", "a TEXT, b TEXT");
    pairs.primary_key = None;
    pairs.uniques.push(Unique {
        columns: vec!["a".to_owned(), "b".to_owned()],
        ..Unique::default()
    });
    let models = "table! { pairs (a, b) { a -> Text, b -> Text } }";
    insta::assert_snapshot!(changes(SQLITE, &schema(vec![pairs]), models), @"
    + primary key of pairs (a, b)
    - unique on pairs (a, b)
    ");
}

#[test]
fn an_enum_that_is_not_there_is_refused() {
    let current = schema(vec![table("t", "id integer, m text")]);
    let models = "
        #[diesel(postgres_type(name = \"mood\"))] pub struct Mood;
        table! { t { id -> Integer, m -> Mood } }
    ";
    insta::assert_snapshot!(refused(POSTGRES, &current, models), @"
    the type `mood` does not exist in the database at schema.rs:3:42
    hint: which values it has is not in the models; create it first, in a migration of its own: CREATE TYPE mood AS ENUM ('first', 'second');
    ");
    let mut current = current;
    current.enums.push(EnumType {
        name: Name::new("mood"),
        ..EnumType::default()
    });
    assert_eq!(
        changes(POSTGRES, &current, models),
        "~ column t.m: text becomes mood"
    );
}

#[test]
fn the_values_of_an_enum_of_mysql_are_changed_by_the_settings() {
    let current = schema(vec![table("t", "id int(11), m enum('a','b')")]);
    let models = "
        #[diesel(mysql_type(name = \"Enum\"))] pub struct Mood;
        table! { t { id -> Integer, m -> Mood } }
    ";
    assert_eq!(changes(MARIADB, &current, models), "");
    let with = |text: &str| {
        let mut options = OverlayOptions::new(MARIADB);
        options.types.insert("Mood".to_owned(), text.to_owned());
        changes_with(&current, models, &options)
    };
    assert_eq!(with("ENUM('a', 'b')"), "");
    assert_eq!(
        with("ENUM('a', 'b', 'c')"),
        "~ column t.m: enum('a','b') becomes enum('a','b','c')"
    );
}

#[test]
fn one_table_is_not_two_models() {
    let current = schema(vec![table("users", "id integer")]);
    let models = "
        table! { users { id -> Integer } }
        mod again { table! { public.users { id -> Integer } } }
    ";
    insta::assert_snapshot!(refused(POSTGRES, &current, models), @r#"
    table `public.users` is declared a second time, and otherwise at schema.rs:3:37
    hint: put each under the `#[cfg(feature = "...")]` of its backend (sqlite, postgres, mysql), or name only one of the files under `models:` in the settings
    "#);
}
