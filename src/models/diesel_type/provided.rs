//! The types that Diesel brings for each kind of server; any other has to be declared.

use crate::sql::Dialect;

/// Types of every server, with the names that are left out of Diesel's documentation.
const COMMON: &[&str] = &[
    "BigInt",
    "Bigint",
    "Binary",
    "Bit",
    "Blob",
    "Bool",
    "Char",
    "Date",
    "Decimal",
    "Double",
    "Float",
    "Float4",
    "Float8",
    "Int2",
    "Int4",
    "Int8",
    "Integer",
    "Longblob",
    "Longtext",
    "Mediumblob",
    "Mediumtext",
    "Numeric",
    "SmallInt",
    "Smallint",
    "Text",
    "Time",
    "Timestamp",
    "Tinyblob",
    "Tinytext",
    "VarChar",
    "Varbinary",
    "Varchar",
];

const POSTGRES: &[&str] = &[
    "BigSerial",
    "Bpchar",
    "Bytea",
    "Cidr",
    "Citext",
    "Datemultirange",
    "Daterange",
    "Inet",
    "Int4multirange",
    "Int4range",
    "Int8multirange",
    "Int8range",
    "Interval",
    "Json",
    "Jsonb",
    "MacAddr",
    "MacAddr8",
    "Macaddr",
    "Macaddr8",
    "Money",
    "Nummultirange",
    "Numrange",
    "Oid",
    "PgLsn",
    "Range",
    "Record",
    "Serial",
    "SmallSerial",
    "Timestamptz",
    "Tsmultirange",
    "Tsrange",
    "Tstzmultirange",
    "Tstzrange",
    "Uuid",
];

const MYSQL: &[&str] = &["Datetime", "Json", "TinyInt", "Tinyint"];

/// Whether a type of that name need not be declared.
pub(super) fn is_provided(rust_name: &str, dialect: Dialect) -> bool {
    COMMON.contains(&rust_name)
        || match dialect {
            Dialect::Sqlite => false,
            Dialect::Postgres => POSTGRES.contains(&rust_name),
            Dialect::Mysql => MYSQL.contains(&rust_name),
        }
}
