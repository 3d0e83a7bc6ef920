//! Types of MySQL and MariaDB, as `COLUMN_TYPE` of the information schema has them.

use crate::sql::{Dialect, Product, Server};

use super::{Answer, Wanted};

/// What a text is long where a length is needed and none is given: the longest with a length of one byte.
const LENGTH: u64 = 255;

/// Places of a number, all and after the point: the server's own choice would have none after it.
const DECIMAL: &str = "decimal(20,6)";

pub(super) fn plain(server: Server, name: &str, wanted: Wanted) -> Answer {
    let length = wanted.max_length;
    let needs_length = length.is_some() || wanted.in_key;
    let sized = |name: &str| Some(format!("{name}({})", length.unwrap_or(LENGTH)));
    let text = match name {
        "Bool" => "tinyint(1)",
        "Float" | "Float4" => "float",
        "Double" | "Float8" => "double",
        "Numeric" | "Decimal" => DECIMAL,
        "Text" if needs_length => return sized("varchar"),
        "Text" => "text",
        "Varchar" | "VarChar" => return sized("varchar"),
        "Char" | "Bpchar" => return sized("char"),
        "Binary" | "Bytea" if length.is_some() => return sized("binary"),
        "Binary" | "Bytea" if wanted.in_key => return sized("varbinary"),
        "Binary" | "Bytea" | "Blob" => "blob",
        "Varbinary" => return sized("varbinary"),
        "Bit" => return Some(format!("bit({})", length.unwrap_or(1))),
        "Tinytext" => "tinytext",
        "Mediumtext" => "mediumtext",
        "Longtext" => "longtext",
        "Tinyblob" => "tinyblob",
        "Mediumblob" => "mediumblob",
        "Longblob" => "longblob",
        "Date" => "date",
        "Time" => "time",
        "Timestamp" => "timestamp",
        "Datetime" => "datetime",
        "Json" => "json",
        _ => return integer(server, name, Sign::Signed),
    };
    Some(text.to_owned())
}

pub(super) fn unsigned(server: Server, name: &str) -> Answer {
    if server.dialect() != Dialect::Mysql {
        return None;
    }
    let text = match name {
        "Float" | "Float4" => "float unsigned".to_owned(),
        "Double" | "Float8" => "double unsigned".to_owned(),
        "Numeric" | "Decimal" => format!("{DECIMAL} unsigned"),
        _ => return integer(server, name, Sign::Unsigned),
    };
    Some(text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Signed,
    Unsigned,
}

fn integer(server: Server, name: &str, sign: Sign) -> Answer {
    let (name, signed, unsigned) = match name {
        "TinyInt" | "Tinyint" => ("tinyint", 4, 3),
        "SmallInt" | "Smallint" | "Int2" => ("smallint", 6, 5),
        "MediumInt" | "Mediumint" => ("mediumint", 9, 8),
        "Integer" | "Int4" => ("int", 11, 10),
        "BigInt" | "Bigint" | "Int8" => ("bigint", 20, 20),
        _ => return None,
    };
    let (width, ending) = match sign {
        Sign::Signed => (signed, ""),
        Sign::Unsigned => (unsigned, " unsigned"),
    };
    Some(if shows_width(server) {
        format!("{name}({width}){ending}")
    } else {
        format!("{name}{ending}")
    })
}

/// Whether the server prints how wide a whole number is shown.
fn shows_width(server: Server) -> bool {
    server.product == Product::Mariadb || server.version < (8, 0, 19)
}

/// Whether a type of that name is a list of values, which no model has.
pub(super) fn has_values(name: &str) -> bool {
    name.eq_ignore_ascii_case("enum") || name.eq_ignore_ascii_case("set")
}

/// What `mysql_type(name = "…")` says: a word of SQL, or one of Diesel's names for what is sent.
pub(super) fn declared(server: Server, name: &str, wanted: Wanted) -> Answer {
    let sent = match name {
        "Tiny" => "TinyInt",
        "Short" => "SmallInt",
        "Long" => "Integer",
        "LongLong" => "BigInt",
        "String" => "Text",
        "DateTime" => "Datetime",
        "Float" | "Double" | "Numeric" | "Date" | "Time" | "Timestamp" | "Blob" | "Bit" => name,
        _ => "",
    };
    if let Some(found) = plain(server, sent, wanted) {
        return Some(found);
    }
    let word = name.to_ascii_lowercase();
    match word.as_str() {
        "year" if shows_width(server) => Some("year(4)".to_owned()),
        "year" | "geometry" | "point" | "linestring" | "polygon" | "multipoint"
        | "multilinestring" | "multipolygon" | "geometrycollection" | "geomcollection"
        | "inet4" | "inet6" | "uuid" => Some(word),
        "mediumint" => integer(server, "Mediumint", Sign::Signed),
        _ => None,
    }
}
