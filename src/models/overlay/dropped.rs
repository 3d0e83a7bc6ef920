//! What goes with a column or a table that goes.

use std::collections::BTreeSet;

use crate::schema::{Index, KeyPart, Name, Schema, Table};
use crate::sql::{Dialect, pieces};

use super::laying::Laying;

/// Takes columns out of a table, and what cannot be without them, but for the primary key.
pub(super) fn from_table(table: &mut Table, gone: &BTreeSet<String>, dialect: Dialect) {
    let is_gone = |name: &String| gone.contains(name);
    let mentioned = |text: &str| mentions(text, gone, dialect);
    table.columns.retain(|column| !gone.contains(&column.name));
    table
        .uniques
        .retain(|unique| !unique.columns.iter().chain(&unique.include).any(is_gone));
    table.checks.retain(|check| !mentioned(&check.expression));
    table
        .exclusions
        .retain(|exclusion| !mentioned(&exclusion.definition));
    table
        .foreign_keys
        .retain(|key| !key.columns.iter().any(is_gone));
    table
        .indexes
        .retain_mut(|index| stays(index, gone, dialect));
}

/// Whether an index stays; on MySQL it may have shrunk by then, as the server shrinks it.
fn stays(index: &mut Index, gone: &BTreeSet<String>, dialect: Dialect) -> bool {
    let mentioned = |text: &str| mentions(text, gone, dialect);
    let loses = |part: &KeyPart| match part {
        KeyPart::Column(name) => gone.contains(name),
        KeyPart::Expression(text) => mentioned(text),
    };
    let is_concerned = index.keys.iter().any(|key| loses(&key.part))
        || index.include.iter().any(|name| gone.contains(name))
        || index.predicate.as_deref().is_some_and(mentioned);
    if !is_concerned {
        return true;
    }
    let is_expression = index
        .keys
        .iter()
        .any(|key| matches!(&key.part, KeyPart::Expression(text) if mentioned(text)));
    if dialect != Dialect::Mysql || index.unique || is_expression {
        return false;
    }
    index.keys.retain(|key| !loses(&key.part));
    !index.keys.is_empty()
}

/// Whether an expression speaks of one of these columns.
fn mentions(text: &str, names: &BTreeSet<String>, dialect: Dialect) -> bool {
    pieces(text, dialect)
        .iter()
        .filter_map(|piece| piece.name(dialect))
        .any(|name| {
            names.iter().any(|one| match dialect {
                Dialect::Postgres => *one == name,
                Dialect::Sqlite | Dialect::Mysql => one.to_lowercase() == name.to_lowercase(),
            })
        })
}

/// Takes out the foreign keys that refer to what goes: a table, a column, or what made the columns a key.
pub(super) fn references(schema: &mut Schema, gone: &BTreeSet<Name>, laying: &Laying<'_>) {
    let includes = &laying.options.includes;
    let dialect = laying.dialect();
    let after = schema.clone();
    for table in schema
        .tables
        .iter_mut()
        .filter(|table| includes(&table.name))
    {
        table.foreign_keys.retain(|key| {
            let is_key = |schema: &Schema| {
                let parent = schema.table(&key.parent);
                parent.is_some_and(|parent| are_key(parent, &key.parent_columns, dialect))
            };
            let dropped = laying.dropped.get(&key.parent);
            let loses_column = dropped.is_some_and(|gone| {
                key.parent_columns
                    .iter()
                    .any(|column| gone.contains(column))
            });
            let loses_key = is_key(laying.current) && !is_key(&after);
            !gone.contains(&key.parent) && !loses_column && !loses_key
        });
    }
}

/// Whether a foreign key can refer to these columns: they are a key, or on MySQL begin an index.
fn are_key(table: &Table, columns: &[String], dialect: Dialect) -> bool {
    let same = |own: &[String]| match dialect {
        Dialect::Mysql => own.starts_with(columns),
        Dialect::Sqlite | Dialect::Postgres => {
            own.len() == columns.len() && own.iter().all(|one| columns.contains(one))
        }
    };
    let of_index = |index: &Index| {
        let own: Vec<String> = index
            .keys
            .iter()
            .map_while(|key| match &key.part {
                KeyPart::Column(name) => Some(name.clone()),
                KeyPart::Expression(_) => None,
            })
            .collect();
        let whole = own.len() == index.keys.len() && index.unique && index.predicate.is_none();
        (whole || dialect == Dialect::Mysql) && same(&own)
    };
    table.primary_key.iter().any(|key| same(&key.columns))
        || table.uniques.iter().any(|unique| same(&unique.columns))
        || table.indexes.iter().any(of_index)
}
