//! Types of SQLite: whatever `diesel print-schema` hears the right type in.

use super::{Answer, Wanted};

pub(super) fn plain(name: &str, wanted: Wanted) -> Answer {
    let text = match name {
        "SmallInt" | "Smallint" | "Int2" => "SMALLINT",
        "Integer" | "Int4" => "INTEGER",
        "BigInt" | "Bigint" | "Int8" => "BIGINT",
        "Bool" => "BOOLEAN",
        "Float" | "Float4" => "FLOAT",
        "Double" | "Float8" => "DOUBLE",
        "Numeric" | "Decimal" => "NUMERIC",
        "Varchar" | "VarChar" | "Char" | "Bpchar" => {
            return Some(match wanted.max_length {
                Some(length) => format!("VARCHAR({length})"),
                None => "TEXT".to_owned(),
            });
        }
        // JSON has no type of its own that Diesel would know.
        "Text" | "Tinytext" | "Mediumtext" | "Longtext" | "Json" => "TEXT",
        "Binary" | "Bytea" | "Varbinary" | "Bit" | "Tinyblob" | "Blob" | "Mediumblob"
        | "Longblob" | "Jsonb" => "BLOB",
        "Date" => "DATE",
        "Time" => "TIME",
        "Timestamp" | "TimestamptzSqlite" => "TIMESTAMP",
        _ => return None,
    };
    Some(text.to_owned())
}

/// A storage class as Diesel calls it: `#[diesel(sqlite_type(name = "Text"))]`.
pub(super) fn declared(class: &str, wanted: Wanted) -> Answer {
    match class {
        "Long" => plain("BigInt", wanted),
        "Binary" | "Text" | "Float" | "Double" | "SmallInt" | "Integer" => plain(class, wanted),
        _ => None,
    }
}
