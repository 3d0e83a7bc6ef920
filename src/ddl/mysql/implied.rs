//! The indexes that a server makes for foreign keys by itself.
//!
//! A schema leaves them out, so that a key means the same whoever made its index. An `ALTER TABLE` has
//! to name them. So they are put back before SQL is written, by the rule by which they were left out.

use crate::schema::{ForeignKey, Index, IndexKey, KeyPart, Schema, Table};

/// The indexes that the server has made for the foreign keys of a table which has no others for them.
///
/// Of keys that can share one it is the longest, and of those as long the last, which is what both
/// servers keep. If they kept another, that one is an index like any other to us.
fn of(table: &Table) -> Vec<Index> {
    let mut keys: Vec<&ForeignKey> = table.foreign_keys.iter().collect();
    keys.sort_by_key(|key| std::cmp::Reverse((key.columns.len(), key.name.as_deref())));
    let mut implied: Vec<Index> = Vec::new();
    for key in keys {
        let by_primary = table
            .primary_key
            .as_ref()
            .is_some_and(|primary| primary.columns.starts_with(&key.columns));
        let mut indexes = table.indexes.iter().chain(&implied);
        if by_primary || indexes.any(|index| serves(index, &key.columns)) {
            continue;
        }
        let index = Index {
            name: name(table, &implied, key),
            keys: key.columns.iter().map(IndexKey::column).collect(),
            ..Index::default()
        };
        implied.push(index);
    }
    implied
}

/// Whether an index begins with these columns, whole.
pub(super) fn serves(index: &Index, columns: &[String]) -> bool {
    let plain = !matches!(index.method.as_deref(), Some("FULLTEXT" | "SPATIAL"));
    plain
        && index.keys.len() >= columns.len()
        && index.keys.iter().zip(columns).all(|(key, column)| {
            key.length.is_none() && matches!(&key.part, KeyPart::Column(name) if name == column)
        })
}

/// The key's own name; or its first column's, where the server has named the key.
fn name(table: &Table, implied: &[Index], key: &ForeignKey) -> String {
    if let Some(name) = &key.name
        && !is_numbered(name, &table.name.name)
    {
        return name.clone();
    }
    let first = key.columns.first().cloned().unwrap_or_default();
    let taken = |name: &str| {
        let mut indexes = table.indexes.iter().chain(implied);
        indexes.any(|index| index.name == name)
    };
    let mut name = first.clone();
    let mut number = 1;
    while taken(&name) {
        number += 1;
        name = format!("{first}_{number}");
    }
    name
}

/// Whether the server chose the name of a foreign key: `orders_ibfk_1`.
pub(super) fn is_numbered(name: &str, table: &str) -> bool {
    name.strip_prefix(table)
        .and_then(|rest| rest.strip_prefix("_ibfk_"))
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Takes the implied indexes out of a table that was read with all it has.
pub(crate) fn leave_out(table: &mut Table) {
    let all = table.indexes.clone();
    let mut keys = table.foreign_keys.clone();
    keys.sort_by_key(|key| std::cmp::Reverse((key.columns.len(), key.name.clone())));
    let mut left_out = Vec::new();
    for key in &keys {
        let indexes = table.indexes.clone();
        let made_for = |index: &Index| {
            let plain = Index {
                name: index.name.clone(),
                keys: key.columns.iter().map(IndexKey::column).collect(),
                ..Index::default()
            };
            *index == plain
        };
        for candidate in indexes.into_iter().filter(made_for) {
            table.indexes.retain(|index| *index != candidate);
            if of(table).contains(&candidate) {
                left_out.push(candidate);
                break;
            }
            table.indexes.push(candidate);
        }
    }
    let same = |a: &[Index], b: &[Index]| a.len() == b.len() && a.iter().all(|one| b.contains(one));
    // What cannot be put back must not be left out.
    let implied: Vec<_> = of(table)
        .into_iter()
        .filter(|index| all.contains(index))
        .collect();
    if !same(&implied, &left_out) {
        table.indexes = all;
    }
}

/// The schema with its implied indexes.
pub(super) fn with(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    for table in &mut schema.tables {
        let implied = of(table);
        table.indexes.extend(implied);
    }
    schema.sort();
    schema
}

/// Whether the server may have made an index, and would put another into its place for a foreign key
/// with another name that is added over the same columns.
pub(super) fn gives_way(table: &Table, index: &Index, key: &ForeignKey) -> bool {
    let mut without = table.clone();
    without.indexes.retain(|other| other != index);
    key.name.as_ref() != Some(&index.name)
        && index.keys.len() == key.columns.len()
        && serves(index, &key.columns)
        && of(&without).contains(index)
}

/// Whether the server makes an index by itself when the foreign keys of the table are added.
///
/// That is left to it where there is no doubt what it makes.
pub(super) fn comes_by_itself(table: &Table, index: &Index) -> bool {
    let first = |key: &ForeignKey| key.columns.first().cloned();
    let Some(key) = table
        .foreign_keys
        .iter()
        .find(|key| key.name.as_deref() == Some(&index.name))
    else {
        // Without a name of its own the server chooses that of the key, too.
        return table
            .foreign_keys
            .iter()
            .any(|key| key.name.is_none() && first(key).as_deref() == Some(&index.name));
    };
    let alone = table
        .foreign_keys
        .iter()
        .filter(|other| first(other) == first(key))
        .count()
        == 1;
    let others: Vec<_> = table
        .indexes
        .iter()
        .filter(|other| *other != index)
        .cloned()
        .collect();
    let without = Table {
        indexes: others,
        ..table.clone()
    };
    alone && !is_numbered(&index.name, &table.name.name) && of(&without).contains(index)
}
