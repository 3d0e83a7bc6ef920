use super::*;
use crate::schema::{Domain, ForeignKey, Name, PrimaryKey, SqlType};
use crate::settings::Pattern;

fn column(sql_type: &str, nullable: bool) -> Column {
    Column {
        name: "kind".into(),
        sql_type: SqlType::new(sql_type),
        nullable,
        ..Column::default()
    }
}

fn table(column: Column) -> Table {
    Table {
        name: Name::new("user-list"),
        columns: vec![column],
        ..Table::default()
    }
}

/// The type of a column of a table by itself, written as in a `schema.rs`.
fn printed(dialect: Dialect, sql_type: &str) -> String {
    let column = column(sql_type, false);
    let table = table(column.clone());
    let options = TypeOptions::default();
    let types = Types::new(&Schema::default(), dialect, &options).of_column(&table, &column);
    match types {
        Ok(found) => {
            let mut parts = vec![found.diesel_type.to_string()];
            parts.extend(found.max_length.map(|length| format!("max {length}")));
            if let Some(custom) = found.custom {
                parts.push(format!("is {}", custom.sql_name));
                parts.extend(custom.schema.map(|schema| format!("in {schema}")));
            }
            parts.join(" ")
        }
        Err(error) => error.to_string(),
    }
}

fn all(dialect: Dialect, pairs: &[(&str, &str)]) {
    for (sql_type, expected) in pairs {
        assert_eq!(&printed(dialect, sql_type), expected, "{sql_type}");
    }
}

#[test]
fn a_type_of_sqlite_is_what_its_declaration_sounds_like() {
    all(
        Dialect::Sqlite,
        &[
            ("INTEGER", "Integer"),
            ("INT", "Integer"),
            ("TINYINT", "Bool"),
            ("BOOLEAN", "Bool"),
            ("INT2", "SmallInt"),
            ("UNSIGNED BIG INT", "BigInt"),
            ("INT8", "BigInt"),
            ("POINT", "Integer"),
            ("VARCHAR(40)", "Text"),
            ("CLOB", "Text"),
            ("", "Binary"),
            ("BLOB", "Binary"),
            ("REAL", "Float"),
            ("DOUBLE PRECISION", "Double"),
            ("DECIMAL(10, 2)", "Double"),
            ("NUMERIC", "Double"),
            ("DATETIME", "Timestamp"),
            ("DATE", "Date"),
            ("TIME", "Time"),
            ("JSON", "Diesel has no type for `JSON` of `user-list.kind`"),
        ],
    );
}

#[test]
fn a_type_of_postgres_is_its_own_name() {
    all(
        Dialect::Postgres,
        &[
            ("integer", "Int4"),
            ("bigint", "Int8"),
            ("boolean", "Bool"),
            ("double precision", "Float8"),
            ("text", "Text"),
            ("character varying", "Varchar"),
            ("character varying(50)", "Varchar max 50"),
            ("character varying(50)[]", "Array<Nullable<Varchar>>"),
            ("character(3)", "Bpchar max 3"),
            ("bit(8)", "Bit max 8"),
            ("numeric(10,2)", "Numeric"),
            ("timestamp with time zone", "Timestamptz"),
            ("timestamp(3) without time zone", "Timestamp"),
            ("int4range", "Int4range"),
            ("jsonb", "Jsonb"),
            ("macaddr8", "Macaddr8"),
            ("pg_lsn", "PgLsn"),
            ("citext", "Citext"),
            ("tsvector", "Tsvector is tsvector in pg_catalog"),
            ("time with time zone", "Timetz is timetz in pg_catalog"),
            ("order_status", "OrderStatus is order_status"),
            ("\"Mood\"[]", "Array<Nullable<Mood>> is Mood"),
            ("billing.state", "State is state in billing"),
            ("public.ltree", "Ltree is ltree"),
        ],
    );
}

#[test]
fn a_type_of_mysql_is_its_first_word() {
    all(
        Dialect::Mysql,
        &[
            ("int(11)", "Integer"),
            ("int(10) unsigned", "Unsigned<Integer>"),
            ("int unsigned", "Unsigned<Integer>"),
            ("bigint(20) unsigned", "Unsigned<Bigint>"),
            ("bigint unsigned", "Unsigned<Bigint>"),
            ("tinyint(1)", "Bool"),
            ("tinyint(4)", "Tinyint"),
            ("varchar(255)", "Varchar max 255"),
            ("char(36)", "Char max 36"),
            ("varbinary(16)", "Varbinary max 16"),
            ("decimal(10,2)", "Decimal"),
            ("datetime(6)", "Datetime"),
            ("timestamp", "Timestamp"),
            ("longtext", "Longtext"),
            ("json", "Json"),
            (
                "enum('a','it''s','x\\\\y')",
                "UserListKindEnum max 4 is enum",
            ),
            ("set('ab','c')", "UserListKindSet max 4 is set"),
            ("year(4)", "UserListKindYear is year"),
            (
                "mediumint(9) unsigned",
                "Unsigned<UserListKindMediumint> is mediumint",
            ),
            (
                "lol wat",
                "Diesel has no type for `lol wat` of `user-list.kind`",
            ),
        ],
    );
}

#[test]
fn a_column_that_may_be_null_says_so() {
    let column = column("text[]", true);
    let found = Types::new(
        &Schema::default(),
        Dialect::Postgres,
        &TypeOptions::default(),
    )
    .of_column(&table(column.clone()), &column)
    .unwrap();
    assert_eq!(
        found.diesel_type.to_string(),
        "Nullable<Array<Nullable<Text>>>"
    );
}

fn money() -> Schema {
    Schema {
        domains: vec![Domain {
            name: Name::new("short_text"),
            base: SqlType::new("character varying(9)"),
            ..Domain::default()
        }],
        ..Schema::default()
    }
}

#[test]
fn a_domain_is_what_it_is_made_of_unless_it_is_wanted_itself() {
    let column = column("short_text", false);
    let schema = money();
    let table = table(column.clone());
    let mut options = TypeOptions::default();
    let found = Types::new(&schema, Dialect::Postgres, &options).of_column(&table, &column);
    assert_eq!(found.unwrap().diesel_type.to_string(), "Varchar");

    options.domains_as_custom_types = vec![Pattern::new("^short").unwrap()];
    let found = Types::new(&schema, Dialect::Postgres, &options)
        .of_column(&table, &column)
        .unwrap();
    assert_eq!(found.diesel_type.to_string(), "ShortText");
    assert_eq!(found.max_length, Some(9));
}

#[test]
fn types_that_nobody_wants_declared_keep_their_plain_name() {
    let column = column("enum('a')", false);
    let table = table(column.clone());
    for options in [
        TypeOptions {
            declare_custom_types: false,
            ..TypeOptions::default()
        },
        TypeOptions {
            undeclared: vec![Pattern::new("Enum").unwrap()],
            ..TypeOptions::default()
        },
    ] {
        let found = Types::new(&Schema::default(), Dialect::Mysql, &options)
            .of_column(&table, &column)
            .unwrap();
        assert_eq!(found.diesel_type, DieselType::plain("Enum"));
        assert_eq!(found.custom, None);
    }
}

#[test]
fn row_numbers_of_sqlite_and_what_refers_to_them_can_be_big() {
    let id = Column {
        name: "id".into(),
        sql_type: SqlType::new("INTEGER"),
        ..Column::default()
    };
    let parent = Column {
        name: "parent".into(),
        ..id.clone()
    };
    let other = Column {
        name: "other".into(),
        ..id.clone()
    };
    let table = Table {
        name: Name::new("nodes"),
        columns: vec![id.clone(), parent.clone(), other.clone()],
        primary_key: Some(PrimaryKey {
            columns: vec!["id".into()],
            ..PrimaryKey::default()
        }),
        foreign_keys: vec![ForeignKey {
            columns: vec!["parent".into()],
            parent: Name::new("nodes"),
            parent_columns: vec!["id".into()],
            ..ForeignKey::default()
        }],
        ..Table::default()
    };
    let schema = Schema {
        tables: vec![table.clone()],
        ..Schema::default()
    };
    let options = TypeOptions {
        sqlite_integer_primary_key_is_bigint: true,
        ..TypeOptions::default()
    };
    let types = Types::new(&schema, Dialect::Sqlite, &options);
    let names: Vec<_> = [id, parent, other]
        .iter()
        .map(|column| types.of_column(&table, column).unwrap())
        .map(|found| found.diesel_type.to_string())
        .collect();
    assert_eq!(names, ["BigInt", "BigInt", "Integer"]);
}
