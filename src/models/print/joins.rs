//! Which tables can be joined by a foreign key, and which are used in one query.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{ForeignKey, Name, Schema, Table};
use crate::settings::{PrintSchema, SameQuery};
use crate::sql::Dialect;

use super::tables::{PrintedTable, is_in, keys};

/// What stands below the tables.
pub(super) struct Joins<'a> {
    pub(super) joinable: Vec<Join<'a>>,
    /// The names in Rust of tables that are used together; two at least.
    pub(super) groups: Vec<Vec<&'a str>>,
}

/// A foreign key that `joinable!` can express.
pub(super) struct Join<'a> {
    pub(super) child: &'a str,
    pub(super) parent: &'a str,
    pub(super) column: &'a str,
}

impl<'a> Joins<'a> {
    pub(super) fn find(
        schema: &Schema,
        tables: &'a [PrintedTable<'_>],
        dialect: Dialect,
        options: &PrintSchema,
    ) -> Self {
        let joinable = joinable(schema, tables, dialect, options);
        let groups = match options.same_query {
            SameQuery::All => vec![tables.iter().map(|one| one.rust_name.as_str()).collect()],
            SameQuery::Related => related(tables, &joinable),
            SameQuery::None => Vec::new(),
        };
        Self {
            joinable,
            groups: groups.into_iter().filter(|group| group.len() > 1).collect(),
        }
    }
}

/// The foreign keys of one column to the whole key of another table, where they are the only ones
/// between the two tables in either direction.
fn joinable<'a>(
    schema: &Schema,
    tables: &'a [PrintedTable<'_>],
    dialect: Dialect,
    options: &PrintSchema,
) -> Vec<Join<'a>> {
    let mut keys_of_all: Vec<(&Table, &ForeignKey)> = schema
        .tables
        .iter()
        .filter(|table| is_in(&table.name, options, dialect))
        .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
        .filter(|(_, key)| is_in(&key.parent, options, dialect))
        .collect();
    keys_of_all.sort_by_key(|(table, key)| (&table.name, &key.parent, &key.columns));
    let mut between: BTreeMap<(&Name, &Name), usize> = BTreeMap::new();
    for (table, key) in &keys_of_all {
        *between.entry(pair(&table.name, &key.parent)).or_default() += 1;
    }
    let printed: BTreeMap<&Name, &PrintedTable<'_>> =
        tables.iter().map(|table| (table.name, table)).collect();
    keys_of_all
        .into_iter()
        .filter(|(table, key)| {
            table.name != key.parent && between[&pair(&table.name, &key.parent)] == 1
        })
        .filter_map(|(table, key)| {
            let [column] = key.columns.as_slice() else {
                return None;
            };
            let whole_key = schema
                .table(&key.parent)
                .is_some_and(|parent| keys(parent, schema, dialect) == key.parent_columns);
            let child = printed.get(&table.name)?;
            let parent = printed.get(&key.parent)?;
            whole_key.then_some(Join {
                child: &child.rust_name,
                parent: &parent.rust_name,
                column: child.rust_column(column)?,
            })
        })
        .collect()
}

fn pair<'a>(one: &'a Name, other: &'a Name) -> (&'a Name, &'a Name) {
    (one.min(other), one.max(other))
}

/// The tables that joins lead to from each other, each group and the groups in the order of the
/// tables.
fn related<'a>(tables: &'a [PrintedTable<'_>], joins: &[Join<'_>]) -> Vec<Vec<&'a str>> {
    let mut neighbours: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for join in joins {
        neighbours
            .entry(join.child)
            .or_default()
            .insert(join.parent);
        neighbours
            .entry(join.parent)
            .or_default()
            .insert(join.child);
    }
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for table in tables {
        let mut group = BTreeSet::new();
        let mut pending = vec![table.rust_name.as_str()];
        while let Some(next) = pending.pop() {
            if seen.insert(next) {
                group.insert(next);
                pending.extend(neighbours.get(next).into_iter().flatten());
            }
        }
        let in_order: Vec<_> = tables
            .iter()
            .map(|table| table.rust_name.as_str())
            .filter(|name| group.contains(name))
            .collect();
        if !in_order.is_empty() {
            groups.push(in_order);
        }
    }
    groups
}
