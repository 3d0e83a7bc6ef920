//! Types of PostgreSQL, as its `format_type` writes them.

use crate::models::diesel_type::DieselType;
use crate::schema::Name;
use crate::sql::{Dialect, Server};

use super::{Answer, Wanted, spelling};

/// Where the server's own types are.
const CATALOG: &str = "pg_catalog";

pub(super) fn plain(name: &str, wanted: Wanted) -> Answer {
    let text = match name {
        "SmallInt" | "Smallint" | "Int2" | "SmallSerial" => "smallint",
        "Integer" | "Int4" | "Serial" => "integer",
        "BigInt" | "Bigint" | "Int8" | "BigSerial" => "bigint",
        "Float" | "Float4" => "real",
        "Double" | "Float8" => "double precision",
        "Numeric" | "Decimal" => "numeric",
        "Bool" => "boolean",
        "Text" if wanted.max_length.is_some() => return Some(sized("character varying", wanted)),
        "Text" | "Tinytext" | "Mediumtext" | "Longtext" => "text",
        "Varchar" | "VarChar" => return Some(sized("character varying", wanted)),
        // Without a length the server calls it by its inner name; `character` is one of length 1.
        "Bpchar" if wanted.max_length.is_none() => "bpchar",
        "Char" if wanted.max_length.is_none() => "character(1)",
        "Bpchar" | "Char" => return Some(sized("character", wanted)),
        "CChar" => "\"char\"",
        "Binary" | "Bytea" | "Varbinary" | "Tinyblob" | "Blob" | "Mediumblob" | "Longblob" => {
            "bytea"
        }
        "Bit" => return Some(format!("bit({})", wanted.max_length.unwrap_or(1))),
        "Date" => "date",
        "Time" => "time without time zone",
        "Timestamp" => "timestamp without time zone",
        "Timestamptz" => "timestamp with time zone",
        "Interval" => "interval",
        "Json" => "json",
        "Jsonb" => "jsonb",
        "Uuid" => "uuid",
        "Inet" => "inet",
        "Cidr" => "cidr",
        "MacAddr" | "Macaddr" => "macaddr",
        "MacAddr8" | "Macaddr8" => "macaddr8",
        "Money" => "money",
        "Oid" => "oid",
        "PgLsn" => "pg_lsn",
        "Citext" => "citext",
        "Int4range" => "int4range",
        "Int8range" => "int8range",
        "Numrange" => "numrange",
        "Daterange" => "daterange",
        "Tsrange" => "tsrange",
        "Tstzrange" => "tstzrange",
        "Int4multirange" => "int4multirange",
        "Int8multirange" => "int8multirange",
        "Nummultirange" => "nummultirange",
        "Datemultirange" => "datemultirange",
        "Tsmultirange" => "tsmultirange",
        "Tstzmultirange" => "tstzmultirange",
        _ => return None,
    };
    Some(text.to_owned())
}

fn sized(name: &str, wanted: Wanted) -> String {
    match wanted.max_length {
        Some(length) => format!("{name}({length})"),
        None => name.to_owned(),
    }
}

/// An array; of how many dimensions is not part of the type.
pub(super) fn array(server: Server, inner: String) -> Answer {
    match server.dialect() {
        Dialect::Postgres if inner.ends_with("[]") => Some(inner),
        Dialect::Postgres => Some(inner + "[]"),
        Dialect::Sqlite | Dialect::Mysql => None,
    }
}

pub(super) fn range(inner: &DieselType) -> Answer {
    Some(format!("{}range", bound(inner)?))
}

pub(super) fn multirange(inner: &DieselType) -> Answer {
    Some(format!("{}multirange", bound(inner)?))
}

/// What the ranges of a type begin with.
fn bound(inner: &DieselType) -> Option<&'static str> {
    let DieselType::Plain(name) = inner.not_null() else {
        return None;
    };
    match name.as_str() {
        "Integer" | "Int4" => Some("int4"),
        "BigInt" | "Bigint" | "Int8" => Some("int8"),
        "Numeric" | "Decimal" => Some("num"),
        "Date" => Some("date"),
        "Timestamp" => Some("ts"),
        "Timestamptz" => Some("tstz"),
        _ => None,
    }
}

/// A type by its name in the catalogue.
pub(super) fn declared(name: &Name, wanted: Wanted) -> String {
    match &name.namespace {
        Some(namespace) if namespace == CATALOG => match name.name.as_str() {
            "char" => "\"char\"".to_owned(),
            "bit" => format!("bit({})", wanted.max_length.unwrap_or(1)),
            "varbit" => sized("bit varying", wanted),
            inner => spelling::of_catalogue(inner).unwrap_or(inner).to_owned(),
        },
        Some(namespace) => format!("{}.{}", quoted(namespace), quoted(&name.name)),
        None => quoted(&name.name),
    }
}

/// In quotes where the server would print some.
fn quoted(name: &str) -> String {
    let plain = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name
            .chars()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_');
    if plain {
        name.to_owned()
    } else {
        Dialect::Postgres.quote_identifier(name)
    }
}
