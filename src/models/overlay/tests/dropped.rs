//! What goes, and what goes with it.

use super::*;

/// A table with something of every kind on its column `b`.
fn laden(dialect_types: &str) -> Schema {
    let mut one = table("one", dialect_types);
    let index = |name: &str, keys: Vec<IndexKey>| Index {
        name: name.to_owned(),
        keys,
        ..Index::default()
    };
    one.indexes = vec![
        index("both", vec![IndexKey::column("a"), IndexKey::column("b")]),
        index("only_b", vec![IndexKey::column("b")]),
        index("other", vec![IndexKey::column("a")]),
        index("upper_b", vec![IndexKey::expression("upper(b)")]),
        Index {
            unique: true,
            ..index(
                "unique_both",
                vec![IndexKey::column("a"), IndexKey::column("b")],
            )
        },
        Index {
            predicate: Some("b IS NOT NULL".to_owned()),
            ..index("where_b", vec![IndexKey::column("a")])
        },
    ];
    one.checks = ["a <> b", "a > 'b'", "\"b\" > 1"]
        .into_iter()
        .enumerate()
        .map(|(number, expression)| Check {
            name: Some(format!("check_{number}")),
            expression: expression.to_owned(),
            ..Check::default()
        })
        .collect();
    one.uniques.push(Unique {
        name: Some("key_b".to_owned()),
        columns: vec!["b".to_owned()],
        ..Unique::default()
    });
    one.foreign_keys = vec![refers("b", "two")];
    let mut two = table("two", "id integer, b integer");
    two.foreign_keys = vec![ForeignKey {
        parent_columns: vec!["b".to_owned()],
        ..refers("b", "one")
    }];
    schema(vec![one, two])
}

#[test]
fn what_stands_on_a_dropped_column_goes_with_it() {
    let current = laden("id integer, a text, b text");
    let models = "
        table! { one { id -> Integer, a -> Text } }
        table! { two { id -> Integer, b -> Integer } }
    ";
    insta::assert_snapshot!(changes(POSTGRES, &current, models), @r#"
    - column one.b text not null
    - unique key_b on one (b)
    - check check_0 on one (a <> b)
    - check check_2 on one ("b" > 1)
    - foreign key one (b) to two (id)
    - index both on one (a, b)
    - index only_b on one (b)
    - unique index unique_both on one (a, b)
    - index upper_b on one (upper(b))
    - index where_b on one (a)
    - foreign key two (b) to one (b)
    "#);
    let current = laden("id int(11), a text, b text");
    insta::assert_snapshot!(changes(MARIADB, &current, models), @r#"
    - column one.b text not null
    - unique key_b on one (b)
    - check check_0 on one (a <> b)
    - check check_2 on one ("b" > 1)
    - foreign key one (b) to two (id)
    - index only_b on one (b)
    - unique index unique_both on one (a, b)
    - index upper_b on one (upper(b))
    ~ index both on one (a)
    - foreign key two (b) to one (b)
    "#);
}

#[test]
fn what_is_not_in_the_models_is_dropped_where_they_could_name_it() {
    let mut parent = table("ev", "id bigint, at date");
    parent.options.partition_by = Some("RANGE (at)".to_owned());
    let mut part = table("ev_2024", "id bigint, at date");
    part.primary_key = None;
    part.options.partition_of = Some(Partition {
        parent: Name::new("ev"),
        bound: "DEFAULT".to_owned(),
    });
    let mut keyless = table("keyless", "a integer");
    keyless.primary_key = None;
    let mut child = table("child", "id integer, gone_id integer");
    child.foreign_keys.push(refers("gone_id", "gone"));
    let mut current = schema(vec![
        parent,
        part,
        keyless,
        child,
        table("gone", "id integer"),
        table("app.other", "id integer"),
        table("left_out", "id integer"),
    ]);
    current.namespaces.push("app".to_owned());
    let options = OverlayOptions {
        includes: Box::new(|name| name.name != "left_out"),
        ..OverlayOptions::new(POSTGRES)
    };
    let models = "
        table! { ev { id -> Int8, at -> Date, v -> Nullable<Text> } }
        table! { child { id -> Integer, gone_id -> Integer } }
        table! { left_out { id -> Text } }
    ";
    insta::assert_snapshot!(changes_with(&current, models, &options), @"
    - table gone
    - foreign key child (gone_id) to gone (id)
    + column ev.v text
    ");
    let part = Name::new("ev_2024");
    let schema = laid(&current, models, &options).schema;
    assert!(schema.table(&part).unwrap().column("v").is_some());
    // A whole goes with its parts.
    let models = "table! { child { id -> Integer, gone_id -> Integer } }";
    insta::assert_snapshot!(changes_with(&current, models, &options), @"
    - table ev
    - table ev_2024
    - table gone
    - foreign key child (gone_id) to gone (id)
    ");
}
