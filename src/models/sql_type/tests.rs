use std::collections::BTreeMap;

use super::*;
use crate::error::Explain;
use crate::models::models::Models;
use crate::models::parse;
use crate::sql::Product;

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
const MYSQL: Server = Server {
    product: Product::Mysql,
    version: (8, 4, 0),
};

fn models(columns: &str) -> Models {
    let text = format!(
        "#[derive(SqlType)]
         #[diesel(postgres_type(name = \"order_status\"), mysql_type(name = \"Enum\"), sqlite_type(name = \"Text\"))]
         pub struct OrderStatus;
         #[diesel(postgres_type(name = \"Odd Name\", schema = \"app\"))]
         pub struct Odd;
         #[diesel(postgres_type(name = \"timetz\", schema = \"pg_catalog\"), mysql_type(name = \"Year\"))]
         pub struct Brought;
         table! {{ t {{ id -> Integer, {columns} }} }}"
    );
    parse(&[("schema.rs", text)]).unwrap()
}

/// The type of a column, by its model.
fn of(server: Server, column: &str) -> String {
    let models = models(&format!("{} , c -> {}", "z -> Text", column));
    let written = BTreeMap::new();
    let types = SqlTypes::new(server, &models.types, &written);
    let column = models.tables[0].column("c").unwrap();
    types.of(column).map_or_else(
        |error| format!("{error}; {}", error.hints().join("; ")),
        |found| found.to_string(),
    )
}

fn sized(server: Server, length: u64, name: &str) -> String {
    let models = models(&format!("#[max_length = {length}] c -> {name}"));
    let written = BTreeMap::new();
    let column = models.tables[0].column("c").unwrap();
    let types = SqlTypes::new(server, &models.types, &written);
    types.of(column).unwrap().to_string()
}

#[test]
fn each_server_prints_a_type_in_its_own_words() {
    let all = |name: &str| {
        [SQLITE, POSTGRES, MARIADB, MYSQL]
            .map(|server| of(server, name))
            .join(" | ")
    };
    assert_eq!(all("Integer"), "INTEGER | integer | int(11) | int");
    assert_eq!(all("BigInt"), "BIGINT | bigint | bigint(20) | bigint");
    assert_eq!(all("Bool"), "BOOLEAN | boolean | tinyint(1) | tinyint(1)");
    assert_eq!(all("Nullable<Text>"), "TEXT | text | text | text");
    assert_eq!(all("Double"), "DOUBLE | double precision | double | double");
    assert_eq!(all("Binary"), "BLOB | bytea | blob | blob");
    assert_eq!(
        all("Varchar"),
        "TEXT | character varying | varchar(255) | varchar(255)"
    );
    assert_eq!(
        all("Timestamp"),
        "TIMESTAMP | timestamp without time zone | timestamp | timestamp"
    );
    assert_eq!(of(MARIADB, "Unsigned<Integer>"), "int(10) unsigned");
    assert_eq!(of(MYSQL, "Nullable<Unsigned<BigInt>>"), "bigint unsigned");
    assert_eq!(of(POSTGRES, "Array<Array<Nullable<Int4>>>"), "integer[]");
    assert_eq!(of(POSTGRES, "Multirange<Timestamptz>"), "tstzmultirange");
}

#[test]
fn a_length_makes_a_text_one_of_that_length() {
    assert_eq!(sized(POSTGRES, 50, "Text"), "character varying(50)");
    assert_eq!(sized(POSTGRES, 3, "Bpchar"), "character(3)");
    assert_eq!(
        sized(POSTGRES, 9, "Array<Varchar>"),
        "character varying(9)[]"
    );
    assert_eq!(sized(MARIADB, 50, "Text"), "varchar(50)");
    assert_eq!(sized(MARIADB, 16, "Binary"), "binary(16)");
    assert_eq!(sized(SQLITE, 50, "Varchar"), "VARCHAR(50)");
    assert_eq!(sized(SQLITE, 50, "Text"), "TEXT");
}

#[test]
fn a_key_of_mysql_has_a_length() {
    let models = models("c -> Text");
    let written = BTreeMap::new();
    let types = SqlTypes::new(MYSQL, &models.types, &written);
    let column = models.tables[0].column("c").unwrap();
    assert_eq!(types.of_key(column).unwrap().as_str(), "varchar(255)");
}

#[test]
fn types_that_the_models_declare_go_by_their_names_in_sql() {
    assert_eq!(
        of(POSTGRES, "Array<Nullable<OrderStatus>>"),
        "order_status[]"
    );
    assert_eq!(of(POSTGRES, "Odd"), "app.\"Odd Name\"");
    assert_eq!(of(POSTGRES, "Brought"), "time with time zone");
    assert_eq!(of(MARIADB, "Brought"), "year(4)");
    assert_eq!(of(MYSQL, "Brought"), "year");
    assert_eq!(of(SQLITE, "OrderStatus"), "TEXT");
}

#[test]
fn what_nobody_explains_is_refused_with_its_place_and_what_to_write() {
    insta::assert_snapshot!(of(MARIADB, "Nullable<OrderStatus>"), @r#"nothing says which values `OrderStatus` has at schema.rs:8:55; write it under `types:` in the settings: OrderStatus: "enum('first','second')""#);
    insta::assert_snapshot!(of(POSTGRES, "Array<Nullable<Mystery>>"), @"nothing says which SQL type `Array<Nullable<Mystery>>` is on PostgreSQL at schema.rs:8:55; write it under `types:` in the settings: Mystery: <its SQL type>");
    insta::assert_snapshot!(of(SQLITE, "Uuid"), @"nothing says which SQL type `Uuid` is on SQLite at schema.rs:8:55; write it under `types:` in the settings: Uuid: <its SQL type>");
    insta::assert_snapshot!(of(SQLITE, "Array<Integer>"), @r#"nothing says which SQL type `Array<Integer>` is on SQLite at schema.rs:8:55; write it under `types:` in the settings: "Array<Integer>": <its SQL type>"#);
    insta::assert_snapshot!(of(POSTGRES, "Record<(Integer, Text)>"), @r#"nothing says which SQL type `Record<(Integer, Text)>` is on PostgreSQL at schema.rs:8:55; write it under `types:` in the settings: "Record<(Integer, Text)>": <its SQL type>"#);
}

#[test]
fn what_the_settings_say_goes_first_and_is_spelled_as_the_server_does() {
    let with = |server: Server, text: &str, column: &str| {
        let models = models(&format!("c -> {column}"));
        let written = BTreeMap::from([("Mood".to_owned(), text.to_owned())]);
        let column = models.tables[0].column("c").unwrap();
        SqlTypes::new(server, &models.types, &written)
            .of(column)
            .unwrap()
            .to_string()
    };
    assert_eq!(
        with(MARIADB, "ENUM( 'Happy' , 'so, so' )", "Nullable<Mood>"),
        "enum('Happy','so, so')"
    );
    assert_eq!(with(MARIADB, "INT UNSIGNED", "Mood"), "int(10) unsigned");
    assert_eq!(with(MYSQL, "Integer", "Mood"), "int");
    assert_eq!(with(MYSQL, "NUMERIC(10, 2)", "Mood"), "decimal(10,2)");
    assert_eq!(
        with(POSTGRES, "VARCHAR(20)", "Mood"),
        "character varying(20)"
    );
    assert_eq!(with(POSTGRES, "int4", "Array<Mood>"), "integer[]");
    assert_eq!(
        with(POSTGRES, "timestamptz(3)", "Mood"),
        "timestamp(3) with time zone"
    );
    assert_eq!(with(POSTGRES, "app.\"Mood\"", "Mood"), "app.\"Mood\"");
    assert_eq!(with(SQLITE, "varchar ( 5 )", "Mood"), "VARCHAR(5)");

    let models = models("c -> Nullable<Array<Integer>>");
    let written = BTreeMap::from([("Array<Integer>".to_owned(), "text".to_owned())]);
    let types = SqlTypes::new(SQLITE, &models.types, &written);
    let whole = types.of(models.tables[0].column("c").unwrap()).unwrap();
    assert_eq!(whole.as_str(), "TEXT");
}
