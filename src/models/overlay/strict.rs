//! STRICT tables of SQLite, which know five types and no other.

use crate::schema::{SqlType, Table};

/// The type that a column has in this table: the same, or what a STRICT one has for it.
pub(super) fn fitted(table: &Table, sql_type: SqlType) -> SqlType {
    if !table.options.strict {
        return sql_type;
    }
    let name = sql_type.as_str();
    let bare = name.split('(').next().unwrap_or(name);
    let known = match bare {
        "INT" | "INTEGER" | "REAL" | "TEXT" | "BLOB" | "ANY" => return sql_type,
        "SMALLINT" | "BIGINT" | "BOOLEAN" => "INTEGER",
        "FLOAT" | "DOUBLE" | "NUMERIC" => "REAL",
        _ => "TEXT",
    };
    SqlType::new(known)
}

/// Whether two types are one in this table.
pub(super) fn is_one(table: &Table, a: &SqlType, b: &SqlType) -> bool {
    let whole = |sql_type: &SqlType| matches!(sql_type.as_str(), "INT" | "INTEGER");
    a == b || (table.options.strict && whole(a) && whole(b))
}
