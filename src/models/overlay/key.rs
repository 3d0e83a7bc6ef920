//! The primary key.

use crate::models::models::ModelTable;
use crate::schema::{Auto, Index, KeyPart, Name, PrimaryKey, Schema, Table, naming};
use crate::sql::Dialect;

use super::laying::Laying;
use super::table::position;

/// Gives a table the key of its model, if the columns of it are others.
pub(super) fn lay(table: &mut Table, model: &ModelTable, laying: &mut Laying<'_>) {
    let before = table.primary_key.clone();
    change(table, model, laying);
    if table.primary_key != before {
        stop_numbering(table, laying.dialect());
        if laying.dialect() == Dialect::Sqlite {
            leave_out_repeated(table);
        }
    }
}

/// SQLite makes no second index for a unique constraint over the columns of the key, and then knows of none.
fn leave_out_repeated(table: &mut Table) {
    let Some(key) = &table.primary_key else {
        return;
    };
    table
        .uniques
        .retain(|unique| unique.columns != key.columns || unique.written != key.written);
}

/// Only a column that leads a key numbers itself on SQLite and MySQL.
fn stop_numbering(table: &mut Table, dialect: Dialect) {
    let key = table.primary_key.clone().unwrap_or_default().columns;
    let leads = |index: &Index| match index.keys.first().map(|key| &key.part) {
        Some(KeyPart::Column(name)) => Some(name.clone()),
        Some(KeyPart::Expression(_)) | None => None,
    };
    let may: Vec<String> = match dialect {
        Dialect::Postgres => return,
        Dialect::Sqlite if key.len() == 1 => key,
        Dialect::Sqlite => Vec::new(),
        Dialect::Mysql => {
            let indexes = table.indexes.iter().filter_map(leads);
            key.into_iter().take(1).chain(indexes).collect()
        }
    };
    for column in &mut table.columns {
        if !may.contains(&column.name) {
            column.auto = None;
        }
    }
}

fn change(table: &mut Table, model: &ModelTable, laying: &mut Laying<'_>) {
    let dialect = laying.dialect();
    let Some(wanted) = columns(table, model, dialect) else {
        table.primary_key = None;
        return;
    };
    // MySQL and PostgreSQL make the columns of a key required, whatever was said of them.
    if dialect != Dialect::Sqlite {
        for column in &mut table.columns {
            column.nullable &= !wanted.contains(&column.name);
        }
    }
    if table.options.partition_of.is_some() && table.primary_key.is_none() {
        // It has the key of the whole.
        return;
    }
    if let Some(key) = &mut table.primary_key {
        // In which order they stand in a `table!` is of no effect, so it is no wish.
        if !same_columns(&key.columns, &wanted) {
            key.columns = wanted;
            key.written = None;
        }
    } else if dialect != Dialect::Sqlite && is_unique(table, &wanted) {
        laying.remarks.push(format!(
            "table `{}` has no primary key; its unique key over {} is taken for the one in the models",
            table.name,
            wanted.join(", "),
        ));
    } else {
        table.primary_key = Some(new(dialect, laying.current, &table.name, wanted));
    }
}

/// A key that is not there yet.
pub(super) fn new(
    dialect: Dialect,
    schema: &Schema,
    table: &Name,
    columns: Vec<String>,
) -> PrimaryKey {
    let name = match dialect {
        Dialect::Postgres => {
            let is_taken = |name: &str| is_relation(schema, table, name);
            Some(naming::chosen(table, None, "pkey", is_taken))
        }
        Dialect::Sqlite | Dialect::Mysql => None,
    };
    PrimaryKey {
        name,
        columns,
        ..PrimaryKey::default()
    }
}

/// Whether PostgreSQL has a table, an index or a sequence of that name beside the table.
pub(super) fn is_relation(schema: &Schema, beside: &Name, name: &str) -> bool {
    let wanted = beside.sibling(name);
    schema.table(&wanted).is_some()
        || schema.views.iter().any(|view| view.name == wanted)
        || schema.sequences.iter().any(|one| one.name == wanted)
        || schema
            .tables
            .iter()
            .filter(|table| table.name.namespace == wanted.namespace)
            .any(|table| has_relation(table, &wanted))
}

/// Whether an index or a sequence of that name belongs to the table.
fn has_relation(table: &Table, wanted: &Name) -> bool {
    let keys = table.primary_key.iter().filter_map(|key| key.name.as_ref());
    let uniques = table.uniques.iter().filter_map(|one| one.name.as_ref());
    let indexes = table.indexes.iter().map(|index| &index.name);
    let sequences = table
        .columns
        .iter()
        .filter_map(|column| match &column.auto {
            Some(Auto::Serial(sequence) | Auto::Identity { sequence, .. }) => Some(&sequence.name),
            Some(Auto::Increment) | None => None,
        });
    keys.chain(uniques)
        .chain(indexes)
        .any(|one| *one == wanted.name)
        || sequences.into_iter().any(|one| one == wanted)
}

/// The columns of the model's key, as the table calls them; nothing where its key is SQLite's row number.
pub(super) fn columns(table: &Table, model: &ModelTable, dialect: Dialect) -> Option<Vec<String>> {
    let columns: Vec<String> = model
        .primary_key
        .iter()
        .filter_map(|name| model.column(name))
        .filter_map(|column| position(dialect, table, model, column))
        .map(|at| table.columns[at].name.clone())
        .collect();
    // All are there, but for the row number of SQLite.
    (!columns.is_empty()).then_some(columns)
}

fn same_columns(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|name| other.contains(name))
}

/// Whether something else says that these columns tell each row: they are required and unique.
fn is_unique(table: &Table, columns: &[String]) -> bool {
    let required = table
        .columns
        .iter()
        .filter(|column| columns.contains(&column.name))
        .all(|column| !column.nullable);
    let constraint = table
        .uniques
        .iter()
        .any(|unique| same_columns(&unique.columns, columns));
    required && (constraint || table.indexes.iter().any(|index| covers(index, columns)))
}

fn covers(index: &Index, columns: &[String]) -> bool {
    let whole: Vec<String> = index
        .keys
        .iter()
        .filter(|key| key.length.is_none())
        .filter_map(|key| match &key.part {
            KeyPart::Column(name) => Some(name.clone()),
            KeyPart::Expression(_) => None,
        })
        .collect();
    index.unique
        && index.predicate.is_none()
        && whole.len() == index.keys.len()
        && same_columns(&whole, columns)
}
