//! Indexes, and the unique constraints that are indexes inside.

use super::catalogue::{Catalogue, Entry};
use super::create_table::{CreateTable, KeyClause};
use super::definition;
use super::expression::{name, normal};
use super::table::collation;
use crate::backend::query::Row;
use crate::schema::{Column, Index, IndexKey, KeyPart, Unique};

/// The indexes of a table by what they are there for.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    pub(super) plain: Vec<Index>,
    /// Those inside of unique constraints.
    uniques: Vec<Keys>,
    /// The one inside of the primary key, unless the key is the row's number.
    pub(super) primary_key: Option<Keys>,
}

/// The columns of a constraint.
#[derive(Debug)]
pub(super) struct Keys {
    columns: Vec<String>,
    /// As they are written, where that says more than the names.
    pub(super) written: Option<String>,
}

/// Sorts the indexes of a table.
pub(super) fn indexes(catalogue: &Catalogue, entry: &Entry, columns: &[Column]) -> Indexes {
    let mut indexes = Indexes::default();
    let rows = catalogue.index_columns(&entry.name);
    for keys in rows.chunk_by(|a, b| a.text(1) == b.text(1)) {
        let Some(first) = keys.first() else {
            continue;
        };
        match first.text(3) {
            "u" => indexes.uniques.push(constraint(keys, columns)),
            "pk" => indexes.primary_key = Some(constraint(keys, columns)),
            _ => indexes.plain.push(plain(keys, first, catalogue, columns)),
        }
    }
    indexes
}

/// The unique constraints. The statement has their names; it may say one twice, which is one to SQLite.
pub(super) fn uniques(indexes: &Indexes, statement: &CreateTable<'_>) -> Vec<Unique> {
    let mut clauses: Vec<&KeyClause> = statement.uniques.iter().collect();
    indexes
        .uniques
        .iter()
        .map(|keys| {
            let same = |clause: &&KeyClause| {
                clause.columns.len() == keys.columns.len()
                    && clause
                        .columns
                        .iter()
                        .zip(&keys.columns)
                        .all(|(a, b)| a.eq_ignore_ascii_case(b))
            };
            let clause = clauses.iter().position(same).map(|at| clauses.remove(at));
            Unique {
                name: clause.and_then(|clause| clause.name.clone()),
                columns: keys.columns.clone(),
                written: keys.written.clone(),
                conflict: clause.and_then(|clause| clause.conflict.clone()),
                ..Unique::default()
            }
        })
        .collect()
}

fn constraint(rows: &[Row], columns: &[Column]) -> Keys {
    let names: Vec<String> = rows.iter().map(|row| row.text(5).to_owned()).collect();
    let written: Vec<String> = rows
        .iter()
        .map(|row| {
            let mut text = name(row.text(5));
            if let Some(collation) = other_collation(row, columns) {
                text.push_str(" COLLATE ");
                text.push_str(&name(&collation));
            }
            if row.is_true(6) {
                text.push_str(" DESC");
            }
            text
        })
        .collect();
    let bare: Vec<String> = names.iter().map(|one| name(one)).collect();
    Keys {
        columns: names,
        written: (written != bare).then(|| written.join(", ")),
    }
}

/// The collation of a key, where it is not that of its column.
fn other_collation(row: &Row, columns: &[Column]) -> Option<String> {
    let column = columns.iter().find(|column| column.name == row.text(5))?;
    let own = column.collation.as_deref().unwrap_or("BINARY");
    let of_key = row.text(7);
    (!own.eq_ignore_ascii_case(of_key))
        .then(|| collation(of_key).unwrap_or_else(|| "BINARY".to_owned()))
}

fn plain(rows: &[Row], first: &Row, catalogue: &Catalogue, columns: &[Column]) -> Index {
    let index = first.text(1);
    let sql = catalogue.indexes.get(index).map(String::as_str);
    let statement = definition::index(sql.unwrap_or_default());
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let keys = rows.iter().enumerate().map(|(at, row)| {
        let column = row.integer(4).is_some_and(|place| place >= 0);
        let part = match (column, statement.keys.get(at)) {
            (false, Some(pieces)) => KeyPart::Expression(normal(pieces, &names)),
            _ => KeyPart::Column(row.text(5).to_owned()),
        };
        IndexKey {
            descending: row.is_true(6),
            collation: column.then(|| other_collation(row, columns)).flatten(),
            part,
            ..IndexKey::column("")
        }
    });
    Index {
        name: index.to_owned(),
        unique: first.is_true(2),
        keys: keys.collect(),
        predicate: statement
            .predicate
            .as_ref()
            .map(|pieces| normal(pieces, &names)),
        ..Index::default()
    }
}
