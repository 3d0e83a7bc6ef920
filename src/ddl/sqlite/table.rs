//! `CREATE TABLE` and its clauses.

use std::fmt::Write;

use super::spelling::{collation, default, list, quoted, sql_type};
use crate::schema::{
    Action, Auto, Check, Column, Deferral, ForeignKey, Match, PrimaryKey, Table, Unique,
};

/// The whole statement, for a table that may first have another name.
pub(super) fn create(table: &Table, name: &str) -> String {
    let inline = inline_key(table);
    let mut clauses: Vec<String> = table
        .columns
        .iter()
        .map(|one| {
            let key = inline.filter(|key| key.columns.contains(&one.name));
            column(one, key)
        })
        .collect();
    if let (Some(key), None) = (&table.primary_key, inline) {
        let columns = written(key.written.as_ref(), &key.columns);
        clauses.push(format!(
            "{}PRIMARY KEY ({columns}){}",
            named(key.name.as_ref()),
            conflict(key.conflict.as_ref())
        ));
    }
    clauses.extend(table.uniques.iter().map(unique));
    clauses.extend(table.checks.iter().map(check));
    clauses.extend(table.foreign_keys.iter().map(foreign_key));
    let options = match (table.options.without_rowid, table.options.strict) {
        (false, false) => "",
        (true, false) => " WITHOUT ROWID",
        (false, true) => " STRICT",
        (true, true) => " WITHOUT ROWID, STRICT",
    };
    format!(
        "CREATE TABLE {} (\n    {}\n){options}",
        quoted(name),
        clauses.join(",\n    ")
    )
}

/// The column that is the row's number.
pub(super) fn row_number(table: &Table) -> Option<&Column> {
    let key = table.primary_key.as_ref()?;
    match key.columns.as_slice() {
        [only] if !table.options.without_rowid && key.written.is_none() => table
            .column(only)
            .filter(|column| column.sql_type.as_str() == "INTEGER"),
        _ => None,
    }
}

/// The primary key, where it is written behind its only column.
fn inline_key(table: &Table) -> Option<&PrimaryKey> {
    let key = table.primary_key.as_ref()?;
    match (key.columns.as_slice(), &key.written) {
        ([_], None) => Some(key),
        // With the direction in a list of columns, an integer would become the row's number.
        ([_], Some(written)) if written.ends_with(" DESC") && !written.contains(" COLLATE ") => {
            Some(key)
        }
        _ => None,
    }
}

/// A column, without the constraints that are written on lines of their own.
pub(super) fn column(column: &Column, key: Option<&PrimaryKey>) -> String {
    let mut text = quoted(&column.name);
    if !column.sql_type.as_str().is_empty() {
        text.push(' ');
        text.push_str(&sql_type(column.sql_type.as_str()));
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
        text.push_str(&conflict(column.null_conflict.as_ref()));
    }
    if let Some(key) = key {
        text.push(' ');
        text.push_str(&named(key.name.as_ref()));
        text.push_str("PRIMARY KEY");
        if key.written.is_some() {
            text.push_str(" DESC");
        }
        text.push_str(&conflict(key.conflict.as_ref()));
        if column.auto == Some(Auto::Increment) {
            text.push_str(" AUTOINCREMENT");
        }
    }
    if let Some(value) = &column.default {
        text.push_str(" DEFAULT ");
        text.push_str(&default(value));
    }
    if let Some(name) = &column.collation {
        text.push_str(" COLLATE ");
        text.push_str(&collation(name));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored {
            "STORED"
        } else {
            "VIRTUAL"
        };
        let _ = write!(
            text,
            " GENERATED ALWAYS AS ({}) {kind}",
            generated.expression
        );
    }
    text
}

fn unique(unique: &Unique) -> String {
    format!(
        "{}UNIQUE ({}){}",
        named(unique.name.as_ref()),
        written(unique.written.as_ref(), &unique.columns),
        conflict(unique.conflict.as_ref())
    )
}

/// A check, behind a column or on a line of its own.
pub(super) fn check(check: &Check) -> String {
    format!("{}CHECK ({})", named(check.name.as_ref()), check.expression)
}

fn foreign_key(key: &ForeignKey) -> String {
    format!(
        "{}FOREIGN KEY ({}) {}",
        named(key.name.as_ref()),
        list(&key.columns),
        references(key)
    )
}

/// From `REFERENCES` on.
pub(super) fn references(key: &ForeignKey) -> String {
    let mut text = format!("REFERENCES {}", quoted(&key.parent.name));
    if !key.parent_columns.is_empty() {
        let _ = write!(text, " ({})", list(&key.parent_columns));
    }
    for (event, action) in [("DELETE", &key.on_delete), ("UPDATE", &key.on_update)] {
        let action = match action {
            Action::NoAction => continue,
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull(_) => "SET NULL",
            Action::SetDefault(_) => "SET DEFAULT",
        };
        let _ = write!(text, " ON {event} {action}");
    }
    if key.matching == Match::Full {
        text.push_str(" MATCH FULL");
    }
    text.push_str(match key.deferral {
        Deferral::Immediate => "",
        Deferral::Deferrable => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    text
}

pub(super) fn named(name: Option<&String>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", quoted(name)))
        .unwrap_or_default()
}

fn conflict(conflict: Option<&String>) -> String {
    conflict
        .map(|resolution| format!(" ON CONFLICT {resolution}"))
        .unwrap_or_default()
}

fn written(written: Option<&String>, columns: &[String]) -> String {
    written.cloned().unwrap_or_else(|| list(columns))
}
