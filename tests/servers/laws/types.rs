//! The types that generated columns have, and values for them.

use diesel_manage::sql::{Product, Server};

/// What values look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Bool,
    Decimal,
    Real,
    Date,
    Timestamp,
    Bytes,
    Uuid,
    Json,
    IntArray,
    /// An enum whose values begin with `one`, `two`, `three`.
    Enum,
}

/// A type as it is declared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    pub(crate) sql: &'static str,
    pub(crate) kind: Kind,
    /// Whether a key may be made of it: three rows have three values, and the server can index it.
    pub(crate) key: bool,
}

const fn key(sql: &'static str, kind: Kind) -> Type {
    Type {
        sql,
        kind,
        key: true,
    }
}

const fn plain(sql: &'static str, kind: Kind) -> Type {
    Type {
        sql,
        kind,
        key: false,
    }
}

const SQLITE: &[Type] = &[
    key("INTEGER", Kind::Int),
    key("INTEGER", Kind::Int),
    key("BIGINT", Kind::Int),
    key("TEXT", Kind::Text),
    key("TEXT", Kind::Text),
    key("VARCHAR(50)", Kind::Text),
    plain("BOOLEAN", Kind::Bool),
    plain("DECIMAL(8,2)", Kind::Decimal),
    plain("REAL", Kind::Real),
    plain("DATE", Kind::Date),
    plain("DATETIME", Kind::Timestamp),
    plain("BLOB", Kind::Bytes),
    plain("UNSIGNED BIG INT", Kind::Int),
    plain("", Kind::Text),
];

const STRICT: &[Type] = &[
    key("INTEGER", Kind::Int),
    key("INT", Kind::Int),
    key("TEXT", Kind::Text),
    plain("REAL", Kind::Real),
    plain("BLOB", Kind::Bytes),
    plain("ANY", Kind::Text),
];

const POSTGRES: &[Type] = &[
    key("integer", Kind::Int),
    key("integer", Kind::Int),
    key("bigint", Kind::Int),
    key("smallint", Kind::Int),
    key("text", Kind::Text),
    key("character varying(50)", Kind::Text),
    key("character varying", Kind::Text),
    plain("character(7)", Kind::Text),
    plain("boolean", Kind::Bool),
    plain("numeric(10,2)", Kind::Decimal),
    plain("numeric", Kind::Decimal),
    plain("double precision", Kind::Real),
    key("date", Kind::Date),
    plain("timestamp without time zone", Kind::Timestamp),
    plain("timestamp(3) with time zone", Kind::Timestamp),
    key("uuid", Kind::Uuid),
    plain("jsonb", Kind::Json),
    plain("bytea", Kind::Bytes),
    plain("integer[]", Kind::IntArray),
];

const MYSQL: &[Type] = &[
    key("int(11)", Kind::Int),
    key("int(11)", Kind::Int),
    key("bigint(20)", Kind::Int),
    key("int(10) unsigned", Kind::Int),
    key("bigint(20) unsigned", Kind::Int),
    key("smallint(6)", Kind::Int),
    plain("tinyint(1)", Kind::Bool),
    key("varchar(50)", Kind::Text),
    key("varchar(50)", Kind::Text),
    key("char(7)", Kind::Text),
    plain("text", Kind::Text),
    plain("longtext", Kind::Text),
    plain("decimal(10,2)", Kind::Decimal),
    plain("double", Kind::Real),
    key("date", Kind::Date),
    plain("datetime", Kind::Timestamp),
    plain("timestamp", Kind::Timestamp),
    plain("blob", Kind::Bytes),
    plain("varbinary(16)", Kind::Bytes),
    plain("enum('one','two','three','it''s')", Kind::Enum),
    plain("set('one','two','three')", Kind::Enum),
];

/// Types that a value fits into both ways.
const SQLITE_FAMILIES: &[&[&str]] = &[
    &["INTEGER", "BIGINT", "UNSIGNED BIG INT"],
    &["TEXT", "VARCHAR(50)", "VARCHAR(20)"],
    &["DECIMAL(8,2)", "NUMERIC(12,4)"],
];

const POSTGRES_FAMILIES: &[&[&str]] = &[
    &["integer", "bigint", "smallint"],
    &[
        "text",
        "character varying(50)",
        "character varying",
        "character varying(20)",
    ],
    &["numeric(10,2)", "numeric", "numeric(12,4)"],
];

const MYSQL_FAMILIES: &[&[&str]] = &[
    &[
        "int(11)",
        "bigint(20)",
        "int(10) unsigned",
        "bigint(20) unsigned",
        "smallint(6)",
    ],
    &["varchar(50)", "varchar(20)", "varchar(70)"],
    &["text", "longtext", "mediumtext"],
    &["decimal(10,2)", "decimal(12,4)"],
    &[
        "enum('one','two','three','it''s')",
        "enum('one','two','three')",
        "enum('one','zero','two','three','it''s')",
    ],
];

/// The types to choose from.
pub(crate) fn types(server: Server, strict: bool) -> &'static [Type] {
    match server.product {
        Product::Sqlite if strict => STRICT,
        Product::Sqlite => SQLITE,
        Product::Postgres => POSTGRES,
        Product::Mysql | Product::Mariadb => MYSQL,
    }
}

/// The other types that a column's values fit into.
pub(crate) fn relatives(server: Server, sql: &str) -> Vec<&'static str> {
    let families = match server.product {
        Product::Sqlite => SQLITE_FAMILIES,
        Product::Postgres => POSTGRES_FAMILIES,
        Product::Mysql | Product::Mariadb => MYSQL_FAMILIES,
    };
    families
        .iter()
        .filter(|family| family.contains(&sql))
        .flat_map(|family| family.iter().copied())
        .filter(|other| *other != sql)
        .collect()
}

/// What the values of a declared type look like.
pub(crate) fn kind(sql: &str) -> Kind {
    let all = [SQLITE, STRICT, POSTGRES, MYSQL];
    let known = || all.iter().flat_map(|list| list.iter());
    if let Some(found) = known().find(|one| one.sql == sql) {
        return found.kind;
    }
    let lower = sql.to_ascii_lowercase();
    if lower.starts_with("enum") {
        Kind::Enum
    } else if lower.contains("char") || lower.contains("text") {
        Kind::Text
    } else if lower.starts_with("numeric") || lower.starts_with("decimal") {
        Kind::Decimal
    } else if lower.contains("int") || lower.contains("positive") {
        Kind::Int
    } else {
        // Enum types of their own.
        Kind::Enum
    }
}

/// Whether a key may be made of a declared type.
pub(crate) fn is_key(server: Server, sql: &str) -> bool {
    let own = || types(server, false).iter().chain(types(server, true));
    if own().any(|one| one.sql == sql) {
        return own().any(|one| one.sql == sql && one.key);
    }
    sql.to_ascii_lowercase().contains("varchar") || sql.contains("character varying")
}

/// The value of a column in row `number`, from 1 to 9: the same for all columns of a kind, so that rows
/// refer to each other by their number.
pub(crate) fn value(server: Server, sql: &str, number: usize) -> String {
    let text = match kind(sql) {
        Kind::Int => return number.to_string(),
        Kind::Bool => {
            let bit = number % 2;
            return match server.product {
                Product::Postgres => ["false", "true"][bit].to_owned(),
                Product::Sqlite | Product::Mysql | Product::Mariadb => bit.to_string(),
            };
        }
        Kind::Decimal | Kind::Real => return format!("{number}.5"),
        Kind::Bytes => {
            return match server.product {
                Product::Postgres => format!("'\\x6{number}'"),
                Product::Sqlite | Product::Mysql | Product::Mariadb => format!("X'6{number}'"),
            };
        }
        Kind::Text => format!("t{number}"),
        Kind::Date => format!("2020-01-0{number}"),
        Kind::Timestamp => format!("2020-01-0{number} 10:00:00"),
        Kind::Uuid => format!("00000000-0000-0000-0000-00000000000{number}"),
        Kind::Json => format!("{{\"n\": {number}}}"),
        Kind::IntArray => format!("{{{number}}}"),
        Kind::Enum => ["one", "two", "three"][(number - 1) % 3].to_owned(),
    };
    format!("'{text}'")
}

/// Defaults for a declared type; all of them satisfy the generated checks.
pub(crate) fn defaults(server: Server, sql: &str) -> Vec<String> {
    let mut list = vec![value(server, sql, 7)];
    let product = server.product;
    match kind(sql) {
        Kind::Int => list.push("42".to_owned()),
        Kind::Text if !sql.ends_with("(7)") => {
            list.push("'it''s'".to_owned());
            list.push("''".to_owned());
            list.push("'a\"b`c; -- d'".to_owned());
        }
        Kind::Timestamp if sql.contains("(3)") => list.push("now()".to_owned()),
        Kind::Timestamp => list.push("CURRENT_TIMESTAMP".to_owned()),
        Kind::Date if product == Product::Postgres => list.push("CURRENT_DATE".to_owned()),
        Kind::Date if product == Product::Sqlite => list.push("(date('now'))".to_owned()),
        Kind::Uuid => list.push("gen_random_uuid()".to_owned()),
        Kind::Real | Kind::Decimal => list.push("0".to_owned()),
        Kind::IntArray => list.push("ARRAY[1, 2]".to_owned()),
        Kind::Text | Kind::Bool | Kind::Date | Kind::Bytes | Kind::Json | Kind::Enum => {}
    }
    let mysql = matches!(product, Product::Mysql | Product::Mariadb);
    if mysql && ["text", "blob", "longtext", "mediumtext"].contains(&sql) {
        // Only an expression may be the default of these, and not on every server.
        return vec!["('it''s')".to_owned()];
    }
    list
}
