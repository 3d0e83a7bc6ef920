//! Constraints, indexes, triggers and defaults that depend on a column, a type or a routine that changes.

use std::collections::BTreeSet;

use super::super::expression::mentions;
use super::super::foreign_key;
use super::super::text::automatic;
use super::Again;
use super::definitions::uses_what_goes;
use crate::schema::change::Difference;
use crate::schema::{ForeignKey, Index, KeyPart, Table};

/// All expressions of a table that may call a routine.
pub(super) fn expressions(table: &Table) -> Vec<&str> {
    let columns = table.columns.iter().flat_map(|column| {
        let generated = column.generated.as_ref().map(|one| one.expression.as_str());
        column.default.as_deref().into_iter().chain(generated)
    });
    let checks = table.checks.iter().map(|check| check.expression.as_str());
    let exclusions = table.exclusions.iter().map(|one| one.definition.as_str());
    let indexes = table.indexes.iter().flat_map(of_index);
    columns
        .chain(checks)
        .chain(exclusions)
        .chain(indexes)
        .collect()
}

/// The expressions of an index.
fn of_index(index: &Index) -> impl Iterator<Item = &str> {
    let keys = index.keys.iter().filter_map(|key| match &key.part {
        KeyPart::Column(_) => None,
        KeyPart::Expression(text) => Some(text.as_str()),
    });
    keys.chain(index.predicate.as_deref())
}

pub(super) fn find(again: &mut Again, difference: &Difference) {
    for from in &difference.base.tables {
        let Some(to) = difference.to.table(&from.name) else {
            continue;
        };
        defaults(again, from);
        keys(again, from);
        indexes(again, from);
        triggers(again, from, to);
    }
    foreign_keys(again, difference);
}

/// Whether an expression is about a column that becomes another.
fn is_touched(again: &Again, table: &Table, text: &str) -> bool {
    table
        .columns
        .iter()
        .any(|column| again.touches(&table.name, &column.name) && mentions(text, &column.name))
        || uses_what_goes(again, text)
}

fn defaults(again: &mut Again, table: &Table) {
    for column in &table.columns {
        if column
            .default
            .as_deref()
            .is_some_and(|text| uses_what_goes(again, text))
        {
            again
                .defaults
                .insert((table.name.clone(), column.name.clone()));
        }
    }
}

fn keys(again: &mut Again, table: &Table) {
    let rebuilt = |columns: &[String]| {
        columns.iter().any(|column| {
            again
                .rebuilt
                .contains(&(table.name.clone(), column.clone()))
        })
    };
    let mut names = Vec::new();
    if let Some(key) = &table.primary_key
        && rebuilt(&key.columns)
    {
        names.push(
            key.name
                .clone()
                .unwrap_or_else(|| automatic(&table.name, &[], "pkey")),
        );
    }
    for one in &table.uniques {
        if rebuilt(&one.columns) || rebuilt(&one.include) {
            names.push(
                one.name
                    .clone()
                    .unwrap_or_else(|| automatic(&table.name, &one.columns, "key")),
            );
        }
    }
    for one in &table.checks {
        if is_touched(again, table, &one.expression) {
            names.push(
                one.name
                    .clone()
                    .unwrap_or_else(|| automatic(&table.name, &[], "check")),
            );
        }
    }
    for one in &table.exclusions {
        if is_touched(again, table, &one.definition) {
            names.push(one.name.clone());
        }
    }
    again
        .keys
        .extend(names.into_iter().map(|name| (table.name.clone(), name)));
}

fn indexes(again: &mut Again, table: &Table) {
    for index in &table.indexes {
        let columns = index.keys.iter().filter_map(|key| match &key.part {
            KeyPart::Column(name) => Some(name),
            KeyPart::Expression(_) => None,
        });
        let rebuilt = columns.chain(&index.include).any(|column| {
            again
                .rebuilt
                .contains(&(table.name.clone(), column.clone()))
        });
        if rebuilt || of_index(index).any(|text| is_touched(again, table, text)) {
            again
                .indexes
                .insert((table.name.clone(), index.name.clone()));
        }
    }
}

/// The server refuses to change the type of a column that the head of a trigger names.
fn triggers(again: &mut Again, from: &Table, to: &Table) {
    for trigger in &from.triggers {
        let head = trigger
            .definition
            .split(" EXECUTE ")
            .next()
            .unwrap_or_default();
        let touched = from.columns.iter().any(|column| {
            let part = (from.name.clone(), column.name.clone());
            (again.retyped.contains(&part) || again.rebuilt.contains(&part))
                && mentions(head, &column.name)
        });
        let stays = to.triggers.iter().any(|other| other.name == trigger.name);
        if stays && (touched || uses_what_goes(again, &trigger.definition)) {
            again
                .triggers
                .insert((from.name.clone(), trigger.name.clone()));
        }
    }
}

/// A foreign key goes with the columns on both of its sides, and with the key that it refers to.
fn foreign_keys(again: &mut Again, difference: &Difference) {
    let mut found = Vec::new();
    for table in &difference.base.tables {
        if difference.to.table(&table.name).is_none() {
            continue;
        }
        for key in &table.foreign_keys {
            let own = key
                .columns
                .iter()
                .any(|column| again.touches(&table.name, column));
            let parent = key
                .parent_columns
                .iter()
                .any(|column| again.touches(&key.parent, column));
            if own || parent || loses_key(again, difference, key) {
                found.push((table.name.clone(), foreign_key::name_of(&table.name, key)));
            }
        }
    }
    again.keys.extend(found);
}

/// Whether what makes the columns unique that a key refers to is dropped or made again.
fn loses_key(again: &Again, difference: &Difference, key: &ForeignKey) -> bool {
    let (Some(from), Some(to)) = (
        difference.base.table(&key.parent),
        difference.to.table(&key.parent),
    ) else {
        return false;
    };
    let wanted: BTreeSet<&String> = key.parent_columns.iter().collect();
    let same = |columns: &[String]| columns.iter().collect::<BTreeSet<_>>() == wanted;
    let again_named = |name: &Option<String>| {
        name.as_ref()
            .is_some_and(|name| again.has_key(&key.parent, name))
    };
    let primary = from.primary_key.iter().any(|own| {
        same(&own.columns)
            && (again_named(&own.name)
                || to
                    .primary_key
                    .as_ref()
                    .is_none_or(|new| (&new.columns, new.deferral) != (&own.columns, own.deferral)))
    });
    let unique = from.uniques.iter().any(|own| {
        same(&own.columns)
            && (again_named(&own.name)
                || !to.uniques.iter().any(|new| {
                    (
                        &new.columns,
                        &new.include,
                        new.nulls_not_distinct,
                        new.deferral,
                    ) == (
                        &own.columns,
                        &own.include,
                        own.nulls_not_distinct,
                        own.deferral,
                    )
                }))
    });
    let index = from.indexes.iter().any(|own| {
        let columns: Vec<String> = own
            .keys
            .iter()
            .filter_map(|key| match &key.part {
                KeyPart::Column(name) => Some(name.clone()),
                KeyPart::Expression(_) => None,
            })
            .collect();
        own.unique
            && same(&columns)
            && (again.has_index(&key.parent, &own.name)
                || !to.indexes.iter().any(|new| {
                    let bare = |index: &Index| Index {
                        name: String::new(),
                        comment: None,
                        ..index.clone()
                    };
                    bare(new) == bare(own)
                }))
    });
    primary || unique || index
}
