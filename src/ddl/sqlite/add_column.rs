//! `ADD COLUMN`, and what it can bring along.

use super::spelling::{DefaultKind, default_kind, quoted};
use super::table;
use crate::schema::{Check, Column, ForeignKey, Table};

/// Whether SQLite can add the column to a table that may have rows.
pub(super) fn is_possible(column: &Column, keys: &[&ForeignKey]) -> bool {
    let constant = column
        .default
        .as_ref()
        .is_none_or(|text| default_kind(text) == DefaultKind::Constant);
    // With foreign keys on, rows would refer to something at once.
    let refers = keys.is_empty() || column.default.is_none();
    constant
        && refers
        && !column.is_required()
        && column.auto.is_none()
        && column.generated.as_ref().is_none_or(|one| !one.stored)
}

/// The statement.
pub(super) fn add(
    table: &Table,
    column: &Column,
    keys: &[&ForeignKey],
    checks: &[&Check],
) -> String {
    let mut text = format!(
        "ALTER TABLE {} ADD COLUMN {}",
        quoted(&table.name.name),
        table::column(column, None)
    );
    for key in keys {
        text.push(' ');
        text.push_str(&table::named(key.name.as_ref()));
        text.push_str(&table::references(key));
    }
    for check in checks {
        text.push(' ');
        text.push_str(&table::check(check));
    }
    text
}
