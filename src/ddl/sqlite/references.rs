//! Whether foreign keys have to be off, and whether they can be checked.
//!
//! With foreign keys on, dropping a table deletes its rows first: what refers to them is deleted too,
//! or set to NULL, or is an error. The pragma that turns them off does nothing inside a transaction.

use super::tables::{Tables, Way, refers};
use crate::schema::change::{Change, Difference, Edit};
use crate::schema::{Action, ForeignKey, Schema, Table};

/// The first table that is dropped, or filled, while foreign keys must not be on.
pub(super) fn in_danger<'a>(difference: &'a Difference, tables: &Tables<'a>) -> Option<&'a Table> {
    dropped(difference, tables).or_else(|| rebuilt(difference, tables))
}

fn dropped<'a>(difference: &'a Difference, tables: &Tables<'a>) -> Option<&'a Table> {
    tables
        .dropped
        .iter()
        .enumerate()
        .find(|(at, table)| {
            let restricts_itself = table.foreign_keys.iter().any(|key| {
                key.on_delete == Action::Restrict
                    && key.parent.name.eq_ignore_ascii_case(&table.name.name)
            });
            let is_gone = |other: &Table| {
                tables.dropped[..*at]
                    .iter()
                    .any(|gone| gone.name == other.name)
            };
            restricts_itself
                || difference.base.tables.iter().any(|other| {
                    other.name != table.name && refers(other, table) && !is_gone(other)
                })
        })
        .map(|(_, table)| *table)
}

fn rebuilt<'a>(difference: &'a Difference, tables: &Tables<'a>) -> Option<&'a Table> {
    for (at, step) in tables.steps.iter().enumerate() {
        let Way::Rebuild(base) = step.way else {
            continue;
        };
        let done = &tables.steps[..at];
        let still_as_before = difference.base.tables.iter().filter(|other| {
            !tables.drops(&other.name) && !done.iter().any(|step| step.to.name == other.name)
        });
        // Itself among them.
        let referred = still_as_before
            .chain(done.iter().map(|step| step.to))
            .any(|other| refers(other, base))
            || refers(step.to, step.to);
        // In a circle: rows cannot be checked against a table that is not there yet.
        let refers_ahead = tables.steps[at..]
            .iter()
            .any(|other| matches!(other.way, Way::Create) && refers(step.to, other.to));
        if referred || refers_ahead {
            return Some(step.to);
        }
    }
    None
}

/// Whether a table with rows gets a foreign key that these may not satisfy.
pub(super) fn become_stricter(difference: &Difference, tables: &Tables<'_>) -> bool {
    difference.changes.iter().any(|change| {
        matches!(change, Change::ForeignKey { edit: Edit::Add(_) | Edit::Alter { .. }, table }
            if tables.rebuilt().any(|(_, to)| to.name == *table))
    })
}

/// Whether SQLite can check the foreign keys of a schema: it refuses to where a parent's columns are no
/// key.
pub(super) fn are_checkable(schema: &Schema) -> bool {
    schema
        .tables
        .iter()
        .flat_map(|table| &table.foreign_keys)
        .all(|key| {
            schema
                .tables
                .iter()
                .find(|table| table.name.name.eq_ignore_ascii_case(&key.parent.name))
                .is_none_or(|parent| is_key(key, parent))
        })
}

fn is_key(key: &ForeignKey, parent: &Table) -> bool {
    let same = |columns: &[String]| {
        let sorted = |names: &[String]| {
            let mut names: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
            names.sort();
            names
        };
        !columns.is_empty() && sorted(columns) == sorted(&key.parent_columns)
    };
    parent
        .primary_key
        .as_ref()
        .is_some_and(|one| same(&one.columns))
        || parent.uniques.iter().any(|one| same(&one.columns))
        || parent.indexes.iter().any(|index| {
            let columns: Vec<_> = index
                .keys
                .iter()
                .filter_map(|key| match &key.part {
                    crate::schema::KeyPart::Column(name) => Some(name.clone()),
                    crate::schema::KeyPart::Expression(_) => None,
                })
                .collect();
            index.unique
                && index.predicate.is_none()
                && columns.len() == index.keys.len()
                && same(&columns)
        })
}
