use super::super::{Check, Column, ForeignKey, Index, IndexKey, Name, PrimaryKey, Schema, SqlType};
use super::super::{Table, Unmanaged, View};
use super::{Fingerprint, Manifest, departures};

fn column(name: &str, sql_type: &str) -> Column {
    Column {
        name: name.to_owned(),
        sql_type: SqlType::new(sql_type),
        ..Column::default()
    }
}

fn schema() -> Schema {
    let mut schema = Schema {
        tables: vec![
            Table {
                name: Name::new("users"),
                columns: vec![
                    column("id", "INTEGER"),
                    Column {
                        nullable: true,
                        default: Some("'a\tb'".to_owned()),
                        ..column("name", "TEXT")
                    },
                ],
                primary_key: Some(PrimaryKey {
                    columns: vec!["id".to_owned()],
                    ..PrimaryKey::default()
                }),
                checks: vec![Check {
                    expression: "length(name) > 1".to_owned(),
                    ..Check::default()
                }],
                indexes: vec![Index {
                    name: "users_name".to_owned(),
                    unique: true,
                    keys: vec![IndexKey::column("name")],
                    ..Index::default()
                }],
                ..Table::default()
            },
            Table {
                name: Name::new("posts"),
                columns: vec![column("user_id", "INTEGER")],
                foreign_keys: vec![ForeignKey {
                    columns: vec!["user_id".to_owned()],
                    parent: Name::new("users"),
                    parent_columns: vec!["id".to_owned()],
                    ..ForeignKey::default()
                }],
                ..Table::default()
            },
        ],
        views: vec![View {
            name: Name::new("names"),
            definition: "SELECT\n  name FROM users".to_owned(),
            ..View::default()
        }],
        unmanaged: vec![Unmanaged {
            kind: "policies".to_owned(),
            names: vec![Name::new("own")],
        }],
        ..Schema::default()
    };
    schema.sort();
    schema
}

fn said(before: &Schema, now: &Schema) -> Vec<String> {
    departures(&Manifest::of(before), &Manifest::of(now))
        .iter()
        .map(|one| format!("{} {}", one.mark(), one.describe()))
        .collect()
}

#[test]
fn a_manifest_is_this_text_and_this_fingerprint() {
    // Whoever changes either makes every recorded fingerprint a stranger: `FORMAT` gets another number.
    let manifest = Manifest::of(&schema());
    insta::assert_snapshot!(manifest.text().replace('\t', " | "), @"
    manifest | 1
    table |  | posts | f430e673 | 
    table |  | users | f430e673 | 
    column | posts | user_id | c099c40a | INTEGER NOT NULL
    column | users | id | 8f1fb6a2 | INTEGER NOT NULL
    column | users | name | 0b49453f | TEXT DEFAULT 'a b'
    primary key | users |  | dacc209c | (id)
    check | users | (length(name) > 1) | 4cdc900b | (length(name) > 1)
    foreign key | posts | (user_id) | 0d768751 | (user_id) to users (id)
    index | users | users_name | 9484da57 | UNIQUE (name)
    view |  | names | b3ade037 | SELECT name FROM users
    other | policies | own | c0a7f2fb |
    ");
    insta::assert_snapshot!(manifest.fingerprint(), @"0186916e5e4ce854faad002e890322aef395d87b7a8f7d7207aae79f02442ea8");
}

#[test]
fn what_was_kept_is_read_again() {
    let manifest = Manifest::of(&schema());
    let kept = Manifest::parse(manifest.fingerprint(), &manifest.text());
    assert_eq!(kept, Some(manifest));
}

#[test]
fn what_another_version_kept_says_nothing() {
    let manifest = Manifest::of(&schema());
    let other = manifest.text().replacen('1', "2", 1);
    assert_eq!(Manifest::parse(manifest.fingerprint(), &other), None);
    let newer = format!("{}planet\t\tx\t00000000\t\n", manifest.text());
    assert_eq!(Manifest::parse(manifest.fingerprint(), &newer), None);
    let stranger = format!("02{}", &manifest.fingerprint().as_str()[2..]);
    assert_eq!(Fingerprint::recorded(&stranger), None);
    assert_eq!(
        Fingerprint::recorded(manifest.fingerprint().as_str()).as_ref(),
        Some(manifest.fingerprint())
    );
}

#[test]
fn the_order_of_columns_is_not_in_it_and_everything_else_is() {
    let one = schema();
    let mut other = schema();
    for table in &mut other.tables {
        table.columns.reverse();
    }
    assert_eq!(Manifest::of(&one), Manifest::of(&other));
    other.tables[1].columns[0].comment = Some("full".to_owned());
    assert_ne!(
        Manifest::of(&one).fingerprint(),
        Manifest::of(&other).fingerprint()
    );
}

#[test]
fn what_departs_is_named_once() {
    let before = schema();
    let mut now = schema();
    now.tables[0].foreign_keys.clear();
    now.tables[1].columns[1].sql_type = SqlType::new("BIGINT");
    now.tables[1].indexes.clear();
    now.tables[1].columns.push(column("hotfix", "TEXT"));
    now.tables.push(Table {
        name: Name::new("audit"),
        columns: vec![column("id", "INTEGER")],
        ..Table::default()
    });
    now.views[0].definition = "x".repeat(200);
    now.sort();
    insta::assert_snapshot!(said(&before, &now).join("\n"), @"
    + table audit
    + column users.hotfix: TEXT NOT NULL
    - foreign key (user_id) on posts: (user_id) to users (id)
    - index users_name on users: UNIQUE (name)
    ~ column users.name: TEXT DEFAULT 'a b' before, BIGINT DEFAULT 'a b' now
    ~ view names: another definition now
    ");
    insta::assert_snapshot!(said(&now, &before).join("\n"), @"
    + foreign key (user_id) on posts: (user_id) to users (id)
    + index users_name on users: UNIQUE (name)
    - table audit
    - column users.hotfix: TEXT NOT NULL
    ~ column users.name: BIGINT DEFAULT 'a b' before, TEXT DEFAULT 'a b' now
    ~ view names: another definition now
    ");
    assert_eq!(said(&now, &now), [""; 0]);
}
