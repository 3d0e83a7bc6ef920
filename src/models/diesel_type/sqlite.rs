//! SQLite: a type is what its declaration sounds like.

use crate::models::rust_name::is_reserved;
use crate::schema::{Column, ForeignKey, Schema, Table};

use super::custom::TypeOptions;
use super::of_column::{Found, Wrapper};

/// The type of a column, if its declaration is like anything.
pub(super) fn find(
    column: &Column,
    table: Option<&Table>,
    schema: &Schema,
    options: &TypeOptions,
) -> Option<Found> {
    let declared = column.sql_type.as_str().to_lowercase();
    let mut name = name_of(&declared)?;
    if name == "Integer"
        && options.sqlite_integer_primary_key_is_bigint
        && table.is_some_and(|table| holds_row_id(column, &declared, table, schema))
    {
        name = "BigInt";
    }
    Some(Found {
        rust_name: name.to_owned(),
        sql_name: name.to_owned(),
        schema: None,
        wrapper: Wrapper::None,
        max_length: None,
    })
}

/// The name of a type by its declaration in lower case. The order matters: the first that fits.
fn name_of(declared: &str) -> Option<&'static str> {
    let has = |part: &str| declared.contains(part);
    let sized_integer = |size: &str| has(size) && has("int");
    let name = if matches!(declared, "boolean" | "bool") || sized_integer("tiny") {
        "Bool"
    } else if declared == "int2" || sized_integer("small") {
        "SmallInt"
    } else if declared == "int8" || sized_integer("big") {
        "BigInt"
    } else if has("int") {
        "Integer"
    } else if has("char") || has("clob") || has("text") {
        "Text"
    } else if has("blob") || has("binary") || declared.is_empty() || declared == GENERATED {
        "Binary"
    } else if has("float") || has("real") {
        "Float"
    } else if has("double") || has("num") || has("dec") {
        "Double"
    } else {
        match declared {
            "datetime" | "timestamp" => "Timestamp",
            "date" => "Date",
            "time" => "Time",
            _ => return None,
        }
    };
    Some(name)
}

/// What old versions take for the type of a generated column that is declared without one.
const GENERATED: &str = "generated always";

/// Whether the column is the row's own number, or refers to one.
fn holds_row_id(column: &Column, declared: &str, table: &Table, schema: &Schema) -> bool {
    let is_key = match &table.primary_key {
        Some(key) => key.columns == [column.name.as_str()],
        // The number of a row that has no other key, printed as a column.
        None => table.column(&column.name).is_none(),
    };
    if declared == "integer" && is_key && !table.options.without_rowid {
        return true;
    }
    // As for `diesel`, the last of several references counts, and none of a column that is called
    // otherwise in Rust.
    let reference = table
        .foreign_keys
        .iter()
        .rev()
        .find(|key| key.columns.contains(&column.name))
        .filter(|_| !is_reserved(&column.name));
    reference.is_some_and(|key| refers_to_row_id(key, schema))
}

/// Whether the table referred to has row numbers that its key is, or is the only key it has.
fn refers_to_row_id(key: &ForeignKey, schema: &Schema) -> bool {
    schema.table(&key.parent).is_some_and(|parent| {
        !parent.options.without_rowid
            && parent
                .primary_key
                .as_ref()
                .is_none_or(|key| key.columns.len() == 1)
    })
}
