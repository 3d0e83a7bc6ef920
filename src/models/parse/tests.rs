use proptest::prelude::*;

use super::*;
use crate::error::Explain;
use crate::models::{Condition, ModelTable};
use crate::schema::Name;
use crate::sql::Dialect;

fn read(text: &str) -> Models {
    parse(&[("src/schema.rs", text)]).unwrap()
}

/// The message, what is shown below it, and the hints.
fn refused(text: &str) -> String {
    let error = parse(&[("src/schema.rs", text)])
        .and_then(|models| models.of(Dialect::Postgres))
        .unwrap_err();
    let mut lines = vec![error.to_string()];
    lines.extend(error.details());
    lines.extend(
        error
            .hints()
            .into_iter()
            .map(|hint| format!("hint: {hint}")),
    );
    lines.join("\n")
}

/// A table in one line a column.
fn shown(table: &ModelTable) -> String {
    let mut lines = vec![format!("{} ({})", table.name, table.primary_key.join(", "))];
    for column in &table.columns {
        let length = column
            .max_length
            .map(|length| format!(" max {length}"))
            .unwrap_or_default();
        let auto = if column.auto_increment { " auto" } else { "" };
        lines.push(format!(
            "{} -> {}{length}{auto}",
            column.name, column.diesel_type
        ));
    }
    lines.join("\n")
}

#[test]
fn a_table_is_read_with_all_that_it_can_say() {
    let models = read(
        r#"
        // @generated automatically by Diesel CLI.
        pub mod inner {
            diesel::table! {
                use diesel::sql_types::*;
                use super::sql_types::{Mood as Feeling, Other};

                /// Representation of the `user-list` table.
                #[some_tool(anything = [1, 2])]
                #[sql_name = "user-list"]
                billing.user_list (id, r#type) {
                    /// The `id` column.
                    #[auto_increment]
                    id -> Int4,
                    #[sql_name = "e mail"]
                    #[max_length = 0x32]
                    e_mail -> diesel::sql_types::Nullable<Varchar>,
                    r#type -> Array<Nullable<Feeling>>,
                    pair -> Record<(Int4, Text)>,
                    #[sql_name = "kind"]
                    type_ -> Unsigned < Integer >
                }
            }
        }
        "#,
    );
    insta::assert_snapshot!(shown(&models.tables[0]), @"
    billing.user-list (id, type)
    id -> Int4 auto
    e mail -> Nullable<Varchar> max 50
    type -> Array<Nullable<Mood>>
    pair -> Record<(Int4, Text)>
    kind -> Unsigned<Integer>
    ");
    assert_eq!(models.tables[0].place.to_string(), "src/schema.rs:11:25");
    assert_eq!(models.tables[0].ident, "user_list");
}

#[test]
fn a_key_that_is_not_named_is_id_and_is_given_as_the_database_calls_it() {
    let models = read(
        "table! { a { #[sql_name = \"ID\"] id -> Integer, } }
         table! [ b (x) { x -> Integer } ];
         table!( c (r#type) { #[sql_name = \"type\"] r#type -> Integer });",
    );
    let keys: Vec<_> = models.tables.iter().map(|one| &one.primary_key).collect();
    assert_eq!(keys, [&["ID"], &["x"], &["type"]]);
}

#[test]
fn tables_are_found_in_modules_and_bodies_and_not_in_macros_comments_and_texts() {
    let models = read(
        r#"#!/usr/bin/env run
        #![allow(unused)]
        mod a { pub mod b { table! { one { id -> Integer } } } }
        fn main() { if x != 1 { diesel::table! { two { id -> Integer } } } }
        macro_rules! mine { ($n:ident) => { table! { $n { id -> Integer } } } }
        other! { table! { three { id -> Integer } } }
        /// table! { four { id -> Integer } }
        const TEXT: &str = "table! { five { id -> Integer } }";
        prettytable::table!(["a", "b"]);
        view! { six { name -> Text } }
        "#,
    );
    let names: Vec<_> = models.tables.iter().map(|table| &table.ident).collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(models.views[0].ident, "six");
}

#[test]
fn joins_and_groups_are_kept() {
    let models = read(
        "diesel::joinable!(posts -> crate::schema::users (r#user));
         diesel::allow_tables_to_appear_in_same_query!(posts, users,);
         allow_tables_to_appear_in_same_query! { a, b::c }",
    );
    let join = &models.joins[0];
    assert_eq!(
        (
            join.child.as_str(),
            join.parent.as_str(),
            join.column.as_str()
        ),
        ("posts", "users", "user")
    );
    assert_eq!(models.together, [["posts", "users"], ["a", "c"]]);
}

#[test]
fn types_that_stand_for_types_of_the_database_are_found_anywhere() {
    let models = read(
        r#"
        pub mod sql_types {
            #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
            #[diesel(postgres_type(name = "mood", schema = "app"))]
            pub struct Mood;
        }
        #[derive(SqlType)]
        #[cfg_attr(feature = "postgres", diesel(postgres_type(name = "colour")))]
        #[diesel(mysql_type(name = "Enum"), sqlite_type(name = "Text"))]
        struct Colour;
        #[postgres(type_name = "old")]
        #[mysql_type = "Enum"]
        struct Old;
        #[derive(Debug)]
        struct NoType { a: i32 }
        "#,
    );
    let found: Vec<_> = models
        .types
        .iter()
        .map(|one| {
            let postgres = one.postgres.as_ref().map(Name::to_string);
            format!(
                "{} {postgres:?} {:?} {:?}",
                one.ident, one.mysql, one.sqlite
            )
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"), @r#"
    Mood Some("app.mood") None None
    Colour Some("colour") Some("Enum") Some("Text")
    Old Some("old") Some("Enum") None
    "#);
}

#[test]
fn each_backend_has_the_tables_that_are_compiled_for_it() {
    let models = read(
        r#"
        #[cfg(feature = "postgres")]
        mod pg { table! { users { id -> Int4, at -> Timestamptz } } }
        #[cfg(all(not(feature = "postgres"), unix))]
        mod other { table! { users { id -> Integer, at -> Timestamp } } }
        #[cfg(test)]
        mod tests { table! { fixtures { id -> Integer } } }
        #[cfg(sqlite)]
        table! { lite { id -> Integer } }
        table! { all { id -> Integer, #[cfg(mysql)] n -> Integer } }
        cfg_if::cfg_if! {
            if #[cfg(feature = "mysql")] { table! { c { id -> Unsigned<Integer> } } }
            else { table! { c { id -> Integer } } }
        }
        "#,
    );
    let of = |dialect| {
        let models = models.of(dialect).unwrap();
        let tables: Vec<_> = models.tables.iter().map(shown).collect();
        tables.join("\n").replace('\n', " ")
    };
    assert_eq!(
        of(Dialect::Postgres),
        "users (id) id -> Int4 at -> Timestamptz all (id) id -> Integer c (id) id -> Integer"
    );
    assert_eq!(
        of(Dialect::Mysql),
        "users (id) id -> Integer at -> Timestamp all (id) id -> Integer n -> Integer \
         c (id) id -> Unsigned<Integer>"
    );
    assert_eq!(
        of(Dialect::Sqlite),
        "users (id) id -> Integer at -> Timestamp lite (id) id -> Integer all (id) id -> Integer \
         c (id) id -> Integer"
    );
}

#[test]
fn the_condition_of_a_module_holds_for_its_file() {
    let files = [
        (
            "src/schema/mod.rs",
            "#[cfg(sqlite)] mod lite; #[cfg(mysql)] #[path = \"my.rs\"] mod m;",
        ),
        ("src/schema/lite.rs", "table! { a { id -> Integer } }"),
        ("src/schema/my.rs", "table! { a { id -> Bigint } }"),
    ];
    let models = parse(&files).unwrap();
    let conditions: Vec<_> = models.tables.iter().map(|table| &table.condition).collect();
    assert_eq!(
        conditions,
        [
            &Condition::Backend(Dialect::Sqlite),
            &Condition::Backend(Dialect::Mysql)
        ]
    );
}

#[test]
fn a_table_may_stand_twice_if_both_say_the_same() {
    let models = read("table! { a { id -> Integer } } mod m { table! { a { id -> Integer } } }");
    assert_eq!(models.of(Dialect::Sqlite).unwrap().tables.len(), 1);
}

#[test]
fn what_is_wrong_is_shown_with_its_place_and_what_to_write() {
    insta::assert_snapshot!(refused("table! {\n    users (id) {\n        id - Integer,\n    }\n}"), @"
    expected `->` and the type of the column at src/schema.rs:3:12
    3 |         id - Integer,
      |            ^
    hint: write it as `diesel print-schema` does: table! { users (id) { id -> Integer, name -> Nullable<Text>, } }
    ");
    insta::assert_snapshot!(refused("table! { users { name -> Text } }"), @"
    table `users` has no column `id`, which is to be its primary key at src/schema.rs:1:10
    1 | table! { users { name -> Text } }
      |          ^
    hint: name the columns of its primary key: users (first_column, second_column) { ... }
    ");
    insta::assert_snapshot!(refused("table! { users { id -> Integer, id -> Text } }"), @r#"
    table `users` has a second column `id` at src/schema.rs:1:33
    1 | table! { users { id -> Integer, id -> Text } }
      |                                 ^
    the first one is at src/schema.rs:1:24
    hint: delete one of them, or name its column: #[sql_name = "..."]
    "#);
    insta::assert_snapshot!(refused("table! { a { id -> Integer } }\ntable! { a { id -> Text } }"), @r#"
    table `a` is declared a second time, and otherwise at src/schema.rs:2:10
    the first one is at src/schema.rs:1:10
    hint: put each under the `#[cfg(feature = "...")]` of its backend (sqlite, postgres, mysql), or name only one of the files under `models:` in the settings
    "#);
    insta::assert_snapshot!(refused("table! { a { id -> &str } }"), @"
    the type of a column is wrong: not the name of a type at src/schema.rs:1:20
    1 | table! { a { id -> &str } }
      |                    ^
    hint: write it as `diesel print-schema` does: table! { users (id) { id -> Integer, name -> Nullable<Text>, } }
    ");
    insta::assert_snapshot!(refused("joinable!(posts users (user_id));"), @"
    expected `joinable!(child -> parent (column))` at src/schema.rs:1:17
    1 | joinable!(posts users (user_id));
      |                 ^
    hint: write it as `diesel print-schema` does: table! { users (id) { id -> Integer, name -> Nullable<Text>, } }
    ");
    insta::assert_snapshot!(refused("table! { a { id -> Integer }"), @"
    the file is not Rust: cannot parse string into token stream at src/schema.rs:1:8
    1 | table! { a { id -> Integer }
      |        ^
    hint: mend the file, or leave it out of `models:` in the settings
    ");
    insta::assert_snapshot!(refused("table! { a { #[max_length = \"5\"] id -> Text } }"), @r#"
    expected `#[max_length = <a number>]` at src/schema.rs:1:16
    1 | table! { a { #[max_length = "5"] id -> Text } }
      |                ^
    hint: write it as `diesel print-schema` does: table! { users (id) { id -> Integer, name -> Nullable<Text>, } }
    "#);
}

#[test]
fn no_depth_is_too_deep() {
    let deep = |open: &str, close: &str, inside: &str| {
        format!("{}{inside}{}", open.repeat(20_000), close.repeat(20_000))
    };
    for text in [
        deep("{", "}", "table! { a { id -> Integer } }"),
        deep("#[cfg(not(", ")]", "x"),
        format!("#[cfg({})] mod a;", deep("not(", ")", "sqlite")),
        format!(
            "table! {{ a {{ id -> {} }} }}",
            deep("Nullable<", ">", "Integer")
        ),
        format!("table! {{ a {{ id -> {} }} }}", deep("(", ")", "Integer")),
        format!("table! {{ a {{ id -> {} Integer }} }}", "&".repeat(20_000)),
        format!("table! {{ a {{ {} }} }}", deep("{", "}", "")),
    ] {
        // An error or not: what counts is that it comes back.
        drop(parse(&[("deep.rs", text)]));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        drop(parse(&[("a.rs", text)]));
    }

    #[test]
    fn any_mixture_of_the_grammar_is_read_or_refused(parts in prop::collection::vec(
        prop::sample::select(vec![
            "table!", "view!", "joinable!", "{", "}", "(", ")", "[", "]", "#", "sql_name", "=", "\"a\"", "->", "<", ">",
            ",", ";", "Nullable", "Integer", "use", "as", "::", "r#type", ".", "mod", "struct", "cfg", "not", "macro_rules!",
            "#!", "max_length", "5", "é", "\n", "diesel", "postgres_type", "name", "cfg_if!", "'", "/*",
        ]), 0..60)
    ) {
        if let Ok(models) = parse(&[("a.rs", parts.join(" "))]) {
            for dialect in Dialect::ALL {
                drop(models.of(dialect));
            }
        }
    }
}
