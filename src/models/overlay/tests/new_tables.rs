//! Tables that are not there yet.

use super::*;

#[test]
fn a_new_table_numbers_itself_and_refers_to_what_it_is_joined_with() {
    let current = schema(vec![table("users", "id integer")]);
    let models = "
        table! { users { id -> Integer } }
        table! { posts { id -> BigInt, user_id -> Integer, parent -> Nullable<BigInt> } }
        table! { pairs (a, b) { a -> Integer, b -> Integer } }
        table! { profiles (user_id) { user_id -> Integer } }
        joinable!(posts -> users (user_id));
        joinable!(profiles -> users (user_id));
    ";
    let shown = |server| {
        let laid = laid(&current, models, &OverlayOptions::new(server));
        assert_eq!(laid.joins, []);
        let mut lines = Vec::new();
        for table in laid
            .schema
            .tables
            .iter()
            .filter(|one| one.name.name != "users")
        {
            let key = table.primary_key.clone().unwrap_or_default();
            lines.push(format!("{} {:?} {:?}", table.name, key.name, key.columns));
            for column in &table.columns {
                let auto = match &column.auto {
                    Some(Auto::Serial(sequence)) => {
                        format!(" serial {} {}", sequence.name, sequence.maximum)
                    }
                    Some(Auto::Identity { .. }) => " identity".to_owned(),
                    Some(Auto::Increment) => " increment".to_owned(),
                    None => String::new(),
                };
                let null = if column.nullable { " null" } else { "" };
                lines.push(format!("  {} {}{null}{auto}", column.name, column.sql_type));
            }
            for key in &table.foreign_keys {
                assert_eq!(key.on_delete, Action::NoAction);
                lines.push(format!(
                    "  {:?} {:?} {} {:?}",
                    key.name, key.columns, key.parent, key.parent_columns
                ));
            }
        }
        lines.join("\n")
    };
    insta::assert_snapshot!(shown(POSTGRES), @r#"
    pairs Some("pairs_pkey") ["a", "b"]
      a integer
      b integer
    posts Some("posts_pkey") ["id"]
      id bigint serial posts_id_seq 9223372036854775807
      user_id integer
      parent bigint null
      Some("posts_user_id_fkey") ["user_id"] users ["id"]
    profiles Some("profiles_pkey") ["user_id"]
      user_id integer
      Some("profiles_user_id_fkey") ["user_id"] users ["id"]
    "#);
    insta::assert_snapshot!(shown(MARIADB), @r#"
    pairs None ["a", "b"]
      a int(11)
      b int(11)
    posts None ["id"]
      id bigint(20) increment
      user_id int(11)
      parent bigint(20) null
      Some("posts_user_id_fkey") ["user_id"] users ["id"]
    profiles None ["user_id"]
      user_id int(11)
      Some("profiles_user_id_fkey") ["user_id"] users ["id"]
    "#);
    insta::assert_snapshot!(shown(SQLITE), @r#"
    pairs None ["a", "b"]
      a INTEGER
      b INTEGER
    posts None ["id"]
      id INTEGER
      user_id INTEGER
      parent BIGINT null
      None ["user_id"] users ["id"]
    profiles None ["user_id"]
      user_id INTEGER
      None ["user_id"] users ["id"]
    "#);
}

#[test]
fn how_keys_number_themselves_can_be_chosen() {
    let models = "table! { a { id -> Integer } }";
    let auto = |numbering| {
        let options = OverlayOptions {
            numbering,
            ..OverlayOptions::new(POSTGRES)
        };
        laid(&Schema::default(), models, &options).schema.tables[0].columns[0]
            .auto
            .clone()
    };
    assert!(matches!(auto(Numbering::Serial), Some(Auto::Serial(_))));
    assert!(matches!(
        auto(Numbering::Identity),
        Some(Auto::Identity { always: false, .. })
    ));
    assert_eq!(auto(Numbering::None), None);
}

#[test]
fn new_tables_of_mysql_are_like_the_others() {
    let like = |engine: &str, collation: &str| TableOptions {
        engine: Some(engine.to_owned()),
        collation: Some(collation.to_owned()),
        ..TableOptions::default()
    };
    let mut tables = vec![
        table("a", "id varchar(36)"),
        table("b", "id int(11)"),
        table("c", "id int(11)"),
    ];
    tables[0].options = like("InnoDB", "latin1_swedish_ci");
    tables[1].options = like("InnoDB", "utf8mb4_general_ci");
    tables[2].options = like("Aria", "utf8mb4_general_ci");
    let models = "
        table! { a { id -> Text } } table! { b { id -> Integer } } table! { c { id -> Integer } }
        table! { d { id -> Integer, a_id -> Text } }
        joinable!(d -> a (a_id));
    ";
    let laid = laid(&schema(tables), models, &OverlayOptions::new(MARIADB));
    let made = laid.schema.table(&Name::new("d")).unwrap();
    assert_eq!(made.options, like("InnoDB", "utf8mb4_general_ci"));
    // A text refers to one of the same collation only.
    assert_eq!(
        made.columns[1].collation.as_deref(),
        Some("latin1_swedish_ci")
    );
}
