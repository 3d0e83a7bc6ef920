//! Rows made up to try migrations on: as many as asked for in each table, where they fit.

use crate::backend::Database;
use crate::schema::{Column, Name, Schema, Table};
use crate::sql::Dialect;

/// Puts rows into every table, parents first, and names the tables that none fits into: a check may want
/// what nobody can guess.
pub(super) fn insert(schema: &Schema, count: usize, database: &mut dyn Database) -> Vec<Name> {
    let dialect = database.dialect();
    let mut unfilled = Vec::new();
    for table in parents_first(schema) {
        let fitted = (1..=count)
            .filter(|number| {
                database
                    .batch(&statement(schema, table, *number, dialect))
                    .is_ok()
            })
            .count();
        if fitted == 0 {
            unfilled.push(table.name.clone());
        }
    }
    unfilled
}

/// The tables in an order in which what they refer to comes before them, as far as there is one.
fn parents_first(schema: &Schema) -> Vec<&Table> {
    let mut left: Vec<&Table> = schema
        .tables
        .iter()
        .filter(|table| table.options.partition_of.is_none())
        .collect();
    let mut ordered: Vec<&Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let (ready, waiting): (Vec<_>, Vec<_>) = left.iter().partition(|table| {
            table.foreign_keys.iter().all(|key| {
                key.parent == table.name || !left.iter().any(|other| other.name == key.parent)
            })
        });
        if ready.is_empty() {
            // A circle: it is filled in some order, and may stay empty.
            ordered.extend(waiting);
            break;
        }
        ordered.extend(ready);
        left = waiting;
    }
    ordered
}

fn statement(schema: &Schema, table: &Table, number: usize, dialect: Dialect) -> String {
    let columns: Vec<&Column> = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none() && column.auto.is_none())
        .collect();
    let name = quoted(dialect, &table.name);
    if columns.is_empty() {
        return match dialect {
            Dialect::Sqlite | Dialect::Postgres => format!("INSERT INTO {name} DEFAULT VALUES"),
            Dialect::Mysql => format!("INSERT INTO {name} () VALUES ()"),
        };
    }
    let names: Vec<_> = columns
        .iter()
        .map(|column| dialect.quote_identifier(&column.name))
        .collect();
    let values: Vec<_> = columns
        .iter()
        .map(|column| {
            // A reference to its own table has nothing to refer to yet.
            let to_itself = table
                .foreign_keys
                .iter()
                .any(|key| key.columns.contains(&column.name) && key.parent == table.name);
            if to_itself && column.nullable {
                "NULL".to_owned()
            } else {
                value(schema, column, number)
            }
        })
        .collect();
    format!(
        "INSERT INTO {name} ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    )
}

/// A value of the column's type that differs from row to row, and is the same in a key and in what
/// refers to it.
fn value(schema: &Schema, column: &Column, number: usize) -> String {
    let text = column.sql_type.as_str().to_ascii_lowercase();
    if let Some(inside) = text.strip_prefix("enum(").or(text.strip_prefix("set(")) {
        let end = inside.find(['\'']).map_or(0, |start| {
            inside[start + 1..]
                .find('\'')
                .map_or(0, |length| start + length + 2)
        });
        return column.sql_type.as_str()[text.len() - inside.len()..][..end].to_owned();
    }
    if let Some(one) = schema
        .enums
        .iter()
        .find(|one| one.name.to_string().to_ascii_lowercase() == text)
    {
        let value = one.values.first().map(String::as_str).unwrap_or_default();
        return Dialect::Postgres.quote_literal(value);
    }
    if text.ends_with("[]") {
        return "'{}'".to_owned();
    }
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["uuid"]) {
        format!("'00000000-0000-0000-0000-{number:012}'")
    } else if has(&["bool"]) || text == "tinyint(1)" || text == "bit(1)" {
        if text.starts_with("bool") {
            "true".to_owned()
        } else {
            "1".to_owned()
        }
    } else if has(&["json"]) {
        "'{}'".to_owned()
    } else if has(&["interval"]) {
        format!("'{number} days'")
    } else if has(&["timestamp", "datetime"]) {
        format!("'2020-01-{:02} 10:00:00'", number.min(28))
    } else if has(&["date"]) {
        format!("'2020-01-{:02}'", number.min(28))
    } else if has(&["time"]) {
        format!("'10:00:{:02}'", number.min(59))
    } else if has(&["year"]) {
        format!("{}", 2_000 + number.min(99))
    } else if has(&["inet", "cidr"]) {
        format!("'10.0.0.{}'", number.min(250))
    } else if has(&[
        "int", "serial", "num", "dec", "real", "double", "float", "money", "bit",
    ]) {
        // Migrations that insert rows of their own begin at 1.
        (100 + number).to_string()
    } else if has(&["bytea"]) {
        format!("'\\x{number:02}'")
    } else {
        format!("'s{number}'")
    }
}

/// A name in quotes, with its namespace.
pub(super) fn quoted(dialect: Dialect, name: &Name) -> String {
    let table = dialect.quote_identifier(&name.name);
    match &name.namespace {
        Some(namespace) => format!("{}.{table}", dialect.quote_identifier(namespace)),
        None => table,
    }
}
