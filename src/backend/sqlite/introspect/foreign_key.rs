//! Foreign keys.

use std::collections::BTreeMap;

use super::catalogue::Catalogue;
use super::create_table::CreateTable;
use crate::backend::query::Row;
use crate::schema::{Action, ForeignKey, Name, Table};

/// The foreign keys of a table. Parents are still as they are written.
pub(super) fn foreign_keys(
    catalogue: &Catalogue,
    table: &str,
    statement: &CreateTable<'_>,
    names: &[String],
) -> Vec<ForeignKey> {
    let rows = catalogue.foreign_keys(table);
    let groups: Vec<&[Row]> = rows.chunk_by(|a, b| a.text(1) == b.text(1)).collect();
    groups
        .iter()
        .rev()
        .enumerate()
        .map(|(at, rows)| {
            let mut key = foreign_key(rows, names);
            // The pragma counts from the last of the text.
            if groups.len() == statement.foreign_keys.len()
                && let Some(clause) = statement.foreign_keys.get(at)
            {
                key.name.clone_from(&clause.name);
                key.matching = clause.matching;
                key.deferral = clause.deferral;
            }
            key
        })
        .collect()
}

fn foreign_key(rows: &[Row], names: &[String]) -> ForeignKey {
    let first = rows.first();
    let action = |column| {
        first
            .map(|row| action(row.text(column)))
            .unwrap_or_default()
    };
    ForeignKey {
        columns: rows.iter().map(|row| known(row.text(3), names)).collect(),
        parent: Name::new(first.map(|row| row.text(2)).unwrap_or_default()),
        parent_columns: rows
            .iter()
            .filter_map(|row| row.optional(4).map(str::to_owned))
            .collect(),
        on_update: action(5),
        on_delete: action(6),
        ..ForeignKey::default()
    }
}

fn action(text: &str) -> Action {
    match text {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull(Vec::new()),
        "SET DEFAULT" => Action::SetDefault(Vec::new()),
        _ => Action::NoAction,
    }
}

/// The name as it is declared, by any spelling that SQLite takes for it.
fn known(name: &str, names: &[String]) -> String {
    names
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))
        .map_or_else(|| name.to_owned(), Clone::clone)
}

/// A table that can be referred to.
struct Parent {
    name: Name,
    columns: Vec<String>,
    primary_key: Vec<String>,
}

/// Names parents and their columns as they are declared, and fills in those that are left out.
pub(super) fn complete(tables: &mut [Table]) {
    let parents: BTreeMap<String, Parent> = tables
        .iter()
        .map(|table| {
            let parent = Parent {
                name: table.name.clone(),
                columns: table.columns.iter().map(|one| one.name.clone()).collect(),
                primary_key: table
                    .primary_key
                    .as_ref()
                    .map(|key| key.columns.clone())
                    .unwrap_or_default(),
            };
            (table.name.name.to_ascii_lowercase(), parent)
        })
        .collect();
    for key in tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
        let Some(parent) = parents.get(&key.parent.name.to_ascii_lowercase()) else {
            continue;
        };
        key.parent = parent.name.clone();
        if key.parent_columns.is_empty() {
            key.parent_columns.clone_from(&parent.primary_key);
        }
        for column in &mut key.parent_columns {
            *column = known(column, &parent.columns);
        }
    }
}
