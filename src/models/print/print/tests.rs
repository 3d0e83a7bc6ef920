use super::*;
use crate::schema::{
    Column, EnumType, ForeignKey, Partition, PrimaryKey, SqlType, Table, TableOptions,
};
use crate::settings::{ColumnSorting, Docs, Pattern, SameQuery, TableChoice};
use crate::sql::Product;

fn server(product: Product) -> Server {
    Server {
        product,
        version: (0, 0, 0),
    }
}

fn column(name: &str, sql_type: &str) -> Column {
    Column {
        name: name.into(),
        sql_type: SqlType::new(sql_type),
        ..Column::default()
    }
}

fn nullable(name: &str, sql_type: &str) -> Column {
    Column {
        nullable: true,
        ..column(name, sql_type)
    }
}

fn table(name: &str, key: &[&str], columns: Vec<Column>) -> Table {
    Table {
        name: Name::parse(name),
        primary_key: (!key.is_empty()).then(|| PrimaryKey {
            columns: key.iter().map(|&column| column.to_owned()).collect(),
            ..PrimaryKey::default()
        }),
        columns,
        ..Table::default()
    }
}

fn refers(columns: &[&str], parent: &str, parent_columns: &[&str]) -> ForeignKey {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    ForeignKey {
        columns: owned(columns),
        parent: Name::parse(parent),
        parent_columns: owned(parent_columns),
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

fn text(schema: &Schema, product: Product, options: &PrintSchema) -> String {
    let printed = print(schema, server(product), options);
    assert_eq!(printed.left_out, []);
    printed.text
}

/// Users with an enum, posts of users in two ways, a log that stands alone, a table elsewhere.
fn forum() -> Schema {
    let mut users = table(
        "users",
        &["id"],
        vec![
            column("id", "integer"),
            column("name", "character varying(50)"),
            nullable("mood", "mood"),
            column("moods", "mood[]"),
            nullable("type", "billing.kind"),
            nullable("seen", "timestamp with time zone"),
            nullable("words", "tsvector"),
        ],
    );
    users.comment = Some("Everybody.\n\n  Also robots.".into());
    users.columns[1].comment = Some("As it is \"shown\"".into());
    let mut posts = table(
        "posts",
        &["id"],
        vec![
            column("id", "bigint"),
            column("author", "integer"),
            column("editor", "integer"),
        ],
    );
    posts.foreign_keys = vec![
        refers(&["author"], "users", &["id"]),
        refers(&["editor"], "users", &["id"]),
    ];
    let mut votes = table(
        "votes",
        &["user-id", "post"],
        vec![column("post", "bigint"), column("user-id", "integer")],
    );
    votes.foreign_keys = vec![
        refers(&["user-id"], "users", &["id"]),
        refers(&["post"], "posts", &["id"]),
    ];
    let mut nodes = table(
        "nodes",
        &["id"],
        vec![column("id", "integer"), nullable("parent", "integer")],
    );
    nodes.foreign_keys = vec![refers(&["parent"], "nodes", &["id"])];
    let mut invoices = table(
        "billing.invoices",
        &["id"],
        vec![column("id", "integer"), column("kind", "billing.kind")],
    );
    invoices.foreign_keys = vec![refers(&["id"], "users", &["id"])];
    let mut schema = schema(vec![users, posts, votes, nodes, invoices]);
    schema.enums.push(EnumType {
        name: Name::new("mood"),
        ..EnumType::default()
    });
    schema
}

#[test]
fn a_schema_is_printed_as_diesel_prints_it() {
    insta::assert_snapshot!(text(&forum(), Product::Postgres, &PrintSchema::default()), @r#"
    // @generated automatically by Diesel CLI.

    pub mod sql_types {
        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "kind", schema = "billing"))]
        pub struct Kind;

        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "mood"))]
        pub struct Mood;

        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
        pub struct Tsvector;
    }

    diesel::table! {
        nodes (id) {
            id -> Int4,
            parent -> Nullable<Int4>,
        }
    }

    diesel::table! {
        posts (id) {
            id -> Int8,
            author -> Int4,
            editor -> Int4,
        }
    }

    diesel::table! {
        use diesel::sql_types::*;
        use super::sql_types::Mood;
        use super::sql_types::Kind;
        use super::sql_types::Tsvector;

        users (id) {
            id -> Int4,
            #[max_length = 50]
            name -> Varchar,
            mood -> Nullable<Mood>,
            moods -> Array<Nullable<Mood>>,
            #[sql_name = "type"]
            type_ -> Nullable<Kind>,
            seen -> Nullable<Timestamptz>,
            words -> Nullable<Tsvector>,
        }
    }

    diesel::table! {
        votes (user_id, post) {
            post -> Int8,
            #[sql_name = "user-id"]
            user_id -> Int4,
        }
    }

    diesel::joinable!(votes -> posts (post));
    diesel::joinable!(votes -> users (user_id));

    diesel::allow_tables_to_appear_in_same_query!(nodes, posts, users, votes,);
    "#);
}

#[test]
fn comments_are_printed_where_they_are_wanted() {
    let options = PrintSchema {
        docs: Docs::Always,
        tables: TableChoice::Only(vec![Pattern::new("users").unwrap()]),
        ..PrintSchema::default()
    };
    insta::assert_snapshot!(text(&forum(), Product::Postgres, &options), @r#"
    // @generated automatically by Diesel CLI.

    /// A module containing custom SQL type definitions
    ///
    /// (Automatically generated by Diesel.)
    pub mod sql_types {
        /// The `billing.kind` SQL type
        ///
        /// (Automatically generated by Diesel.)
        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "kind", schema = "billing"))]
        pub struct Kind;

        /// The `mood` SQL type
        ///
        /// (Automatically generated by Diesel.)
        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "mood"))]
        pub struct Mood;

        /// The `pg_catalog.tsvector` SQL type
        ///
        /// (Automatically generated by Diesel.)
        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
        pub struct Tsvector;
    }

    diesel::table! {
        use diesel::sql_types::*;
        use super::sql_types::Mood;
        use super::sql_types::Kind;
        use super::sql_types::Tsvector;

        /// Everybody.
        ///
        /// Also robots.
        users (id) {
            /// The `id` column of the `users` table.
            ///
            /// Its SQL type is `Int4`.
            ///
            /// (Automatically generated by Diesel.)
            id -> Int4,
            /// As it is "shown"
            #[max_length = 50]
            name -> Varchar,
            /// The `mood` column of the `users` table.
            ///
            /// Its SQL type is `Nullable<Mood>`.
            ///
            /// (Automatically generated by Diesel.)
            mood -> Nullable<Mood>,
            /// The `moods` column of the `users` table.
            ///
            /// Its SQL type is `Array<Nullable<Mood>>`.
            ///
            /// (Automatically generated by Diesel.)
            moods -> Array<Nullable<Mood>>,
            /// The `type` column of the `users` table.
            ///
            /// Its SQL type is `Nullable<Kind>`.
            ///
            /// (Automatically generated by Diesel.)
            #[sql_name = "type"]
            type_ -> Nullable<Kind>,
            /// The `seen` column of the `users` table.
            ///
            /// Its SQL type is `Nullable<Timestamptz>`.
            ///
            /// (Automatically generated by Diesel.)
            seen -> Nullable<Timestamptz>,
            /// The `words` column of the `users` table.
            ///
            /// Its SQL type is `Nullable<Tsvector>`.
            ///
            /// (Automatically generated by Diesel.)
            words -> Nullable<Tsvector>,
        }
    }
    "#);
    let options = PrintSchema {
        docs: Docs::Comments,
        tables: TableChoice::Only(vec![Pattern::new("users").unwrap()]),
        declare_custom_types: false,
        import_types: vec!["diesel::sql_types::*".into(), "custom_types::*".into()],
        column_sorting: ColumnSorting::Name,
        ..PrintSchema::default()
    };
    insta::assert_snapshot!(text(&forum(), Product::Postgres, &options), @r#"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        use diesel::sql_types::*;
        use custom_types::*;

        /// Everybody.
        ///
        /// Also robots.
        users (id) {
            id -> Int4,
            mood -> Nullable<Mood>,
            moods -> Array<Nullable<Mood>>,
            /// As it is "shown"
            #[max_length = 50]
            name -> Varchar,
            seen -> Nullable<Timestamptz>,
            #[sql_name = "type"]
            type_ -> Nullable<Kind>,
            words -> Nullable<Tsvector>,
        }
    }
    "#);
}

#[test]
fn another_namespace_is_a_module_of_its_own() {
    let options = PrintSchema {
        namespace: Some("billing".into()),
        custom_type_derives: vec!["diesel::query_builder::QueryId".into(), "Debug".into()],
        ..PrintSchema::default()
    };
    insta::assert_snapshot!(text(&forum(), Product::Postgres, &options), @r#"
    // @generated automatically by Diesel CLI.

    pub mod billing {
        pub mod sql_types {
            #[derive(diesel::query_builder::QueryId, Debug, diesel::sql_types::SqlType)]
            #[diesel(postgres_type(name = "kind", schema = "billing"))]
            pub struct Kind;
        }

        diesel::table! {
            use diesel::sql_types::*;
            use super::sql_types::Kind;

            billing.invoices (id) {
                id -> Int4,
                kind -> Kind,
            }
        }
    }
    "#);
    let options = PrintSchema {
        namespace: Some("nowhere".into()),
        ..PrintSchema::default()
    };
    insta::assert_snapshot!(text(&forum(), Product::Postgres, &options), @"
    // @generated automatically by Diesel CLI.

    pub mod nowhere {}
    ");
}

#[test]
fn tables_are_grouped_by_their_joins_if_wanted() {
    let with = |same_query| {
        let options = PrintSchema {
            same_query,
            ..PrintSchema::default()
        };
        let text = text(&forum(), Product::Postgres, &options);
        let at = text.find("diesel::joinable!").unwrap();
        text[at..].to_owned()
    };
    insta::assert_snapshot!(with(SameQuery::Related), @"
    diesel::joinable!(votes -> posts (post));
    diesel::joinable!(votes -> users (user_id));

    diesel::allow_tables_to_appear_in_same_query!(posts, users, votes,);
    ");
    insta::assert_snapshot!(with(SameQuery::None), @"
    diesel::joinable!(votes -> posts (post));
    diesel::joinable!(votes -> users (user_id));
    ");
}

#[test]
fn each_enum_of_mysql_is_a_type_of_its_own() {
    let schema = schema(vec![
        table(
            "users",
            &["id"],
            vec![
                column("id", "int(10) unsigned"),
                column("state", "enum('on','off')"),
                nullable("data", "json"),
            ],
        ),
        table(
            "groups",
            &["id"],
            vec![column("id", "int(11)"), column("state", "set('a')")],
        ),
    ]);
    let options = PrintSchema::default();
    insta::assert_snapshot!(text(&schema, Product::Mysql, &options), @r#"
    // @generated automatically by Diesel CLI.

    pub mod sql_types {
        #[derive(diesel::sql_types::SqlType)]
        #[diesel(mysql_type(name = "Set"))]
        pub struct GroupsStateSet;

        #[derive(diesel::sql_types::SqlType)]
        #[diesel(mysql_type(name = "Enum"))]
        pub struct UsersStateEnum;
    }

    diesel::table! {
        use diesel::sql_types::*;
        use super::sql_types::GroupsStateSet;

        groups (id) {
            id -> Integer,
            #[max_length = 1]
            state -> GroupsStateSet,
        }
    }

    diesel::table! {
        use diesel::sql_types::*;
        use super::sql_types::UsersStateEnum;

        users (id) {
            id -> Unsigned<Integer>,
            #[max_length = 3]
            state -> UsersStateEnum,
            data -> Nullable<Json>,
        }
    }

    diesel::allow_tables_to_appear_in_same_query!(groups, users,);
    "#);
    assert!(text(&schema, Product::Mariadb, &options).contains("data -> Nullable<Longtext>,"));
}

#[test]
fn a_table_of_sqlite_without_a_key_has_its_row_number() {
    let schema = schema(vec![
        table(
            "log",
            &[],
            vec![nullable("rowid", "TEXT"), nullable("line", "")],
        ),
        table(
            "pairs",
            &["b", "a"],
            vec![column("a", "INTEGER"), column("b", "VARCHAR(9)")],
        ),
    ]);
    insta::assert_snapshot!(text(&schema, Product::Sqlite, &PrintSchema::default()), @"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        log (oid) {
            oid -> Integer,
            rowid -> Nullable<Text>,
            line -> Nullable<Binary>,
        }
    }

    diesel::table! {
        pairs (a, b) {
            a -> Integer,
            b -> Text,
        }
    }

    diesel::allow_tables_to_appear_in_same_query!(log, pairs,);
    ");
}

#[test]
fn what_has_no_key_or_no_type_is_left_out() {
    let keyless = schema(vec![
        table("log", &[], vec![column("line", "text")]),
        table("users", &["id"], vec![column("id", "integer")]),
    ]);
    let printed = print(&keyless, server(Product::Postgres), &PrintSchema::default());
    assert_eq!(
        printed.left_out,
        [LeftOut {
            table: Name::new("log"),
            reason: "it has no primary key".into()
        }]
    );
    assert!(!printed.text.contains("log"));

    let untyped = schema(vec![table(
        "docs",
        &["id"],
        vec![column("id", "INTEGER"), column("body", "JSON")],
    )]);
    let printed = print(&untyped, server(Product::Sqlite), &PrintSchema::default());
    assert_eq!(
        printed.left_out[0].reason,
        "Diesel has no type for `JSON` of `docs.body`"
    );
    assert_eq!(printed.text, format!("{HEADER}\n"));
}

#[test]
fn a_partition_has_the_key_of_the_whole() {
    let mut part = table("log_1", &[], vec![column("id", "integer")]);
    part.options = TableOptions {
        partition_of: Some(Partition {
            parent: Name::new("log"),
            bound: "DEFAULT".into(),
        }),
        ..TableOptions::default()
    };
    let whole = table("log", &["id"], vec![column("id", "integer")]);
    let schema = schema(vec![whole, part]);
    let text = text(&schema, Product::Postgres, &PrintSchema::default());
    assert!(text.contains("    log_1 (id) {"));
}

#[test]
fn no_two_names_become_one() {
    let schema = schema(vec![table(
        "a-b",
        &["x"],
        vec![
            column("x-y", "text"),
            column("x", "text"),
            column("x_y", "text"),
            column("say \"hi\"", "text"),
        ],
    )]);
    insta::assert_snapshot!(text(&schema, Product::Postgres, &PrintSchema::default()), @r##"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        #[sql_name = "a-b"]
        a_b (x) {
            #[sql_name = "x-y"]
            x_y_ -> Text,
            x -> Text,
            x_y -> Text,
            #[sql_name = r#"say "hi""#]
            say_hi_ -> Text,
        }
    }
    "##);
}

#[test]
fn an_empty_schema_is_a_line() {
    let text = text(&Schema::default(), Product::Sqlite, &PrintSchema::default());
    assert_eq!(text, format!("{HEADER}\n"));
}
