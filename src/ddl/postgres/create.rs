//! New tables and tables that go.

use std::collections::BTreeSet;

use super::plan::{Phase, Plan};
use super::text::{comment, full};
use super::{auto, column, constraint, foreign_key, index, order};
use crate::schema::change::{Change, Edit};
use crate::schema::{ForeignKey, Name, Schema, Table};

/// Creates all new tables, those first that others refer to; a foreign key to a table that comes later is
/// added afterwards.
pub(super) fn new(plan: &mut Plan<'_>) {
    let difference = plan.difference;
    let tables: Vec<&Table> = difference
        .changes
        .iter()
        .filter_map(|change| {
            if let Change::Table(Edit::Add(table)) = change {
                Some(table)
            } else {
                None
            }
        })
        .collect();
    let mut there: BTreeSet<Name> = difference
        .base
        .tables
        .iter()
        .map(|table| table.name.clone())
        .collect();
    for table in in_order(&tables) {
        one(plan, table, &there);
        there.insert(table.name.clone());
    }
}

/// Tables with those that they refer to before them.
fn in_order<'a>(tables: &[&'a Table]) -> Vec<&'a Table> {
    let names: Vec<Name> = tables.iter().map(|table| table.name.clone()).collect();
    let find = |name: &Name| tables.iter().find(|table| table.name == *name);
    let sorted = order::sorted(&names, |name| {
        find(name).map_or_else(Vec::new, |table| {
            let whole = table
                .options
                .partition_of
                .iter()
                .map(|part| part.parent.clone());
            let parents = table.foreign_keys.iter().map(|key| key.parent.clone());
            whole
                .chain(parents)
                .filter(|parent| parent != name)
                .collect()
        })
    });
    sorted.iter().filter_map(find).copied().collect()
}

fn one(plan: &mut Plan<'_>, table: &Table, there: &BTreeSet<Name>) {
    let options = &table.options;
    let unlogged = if options.unlogged { "UNLOGGED " } else { "" };
    let name = full(&table.name);
    let mut text = format!("CREATE {unlogged}TABLE {name} ");
    if let Some(part) = &options.partition_of {
        text = format!("{text}PARTITION OF {} {}", full(&part.parent), part.bound);
        parts_of_partition(plan, table);
    } else {
        let lines = lines(plan, table, there);
        text = if lines.is_empty() {
            format!("{text}()")
        } else {
            format!("{text}(\n    {}\n)", lines.join(",\n    "))
        };
    }
    if let Some(by) = &options.partition_by {
        text = format!("{text} PARTITION BY {by}");
    }
    if let Some(storage) = &options.storage {
        text = format!("{text} WITH ({storage})");
    }
    plan.push(Phase::Table, text);
    for index in &table.indexes {
        plan.push(Phase::Index, index::create(&table.name, index));
        index::say(plan, &table.name, None, index);
    }
    for trigger in &table.triggers {
        super::table::trigger(plan, &table.name, &Edit::Add(trigger.clone()));
    }
    say(plan, table);
}

/// What stands between the parentheses.
fn lines(plan: &mut Plan<'_>, table: &Table, there: &BTreeSet<Name>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for column in &table.columns {
        auto::beside(plan, &table.name, column, Phase::AddColumn);
        lines.push(column::definition(&table.name, column));
    }
    lines.extend(table.primary_key.iter().map(constraint::primary_key_clause));
    lines.extend(table.uniques.iter().map(constraint::unique_clause));
    for check in &table.checks {
        if check.not_valid {
            plan.push(
                Phase::Check,
                constraint::add(&table.name, &constraint::check_clause(check)),
            );
        } else {
            lines.push(constraint::check_clause(check));
        }
    }
    lines.extend(table.exclusions.iter().map(constraint::exclusion_clause));
    for key in &table.foreign_keys {
        if is_inline(plan, table, key, there) {
            lines.push(foreign_key::clause(key));
        } else {
            foreign_key::create(plan, &table.name, key);
        }
    }
    lines
}

/// Whether the key can stand in the table: what it refers to is there, with its own key.
fn is_inline(plan: &Plan<'_>, table: &Table, key: &ForeignKey, there: &BTreeSet<Name>) -> bool {
    if key.not_valid {
        return false;
    }
    if key.parent == table.name {
        return has_key(table, key);
    }
    let find = |schema: &Schema| {
        schema
            .table(&key.parent)
            .is_some_and(|parent| has_key(parent, key))
    };
    let stands = plan.difference.base.table(&key.parent).is_some();
    let touched = key
        .parent_columns
        .iter()
        .any(|column| plan.again.touches(&key.parent, column));
    there.contains(&key.parent)
        && find(&plan.difference.to)
        && !touched
        && (!stands || find(&plan.difference.base))
}

/// Whether a constraint makes what the key refers to unique.
fn has_key(parent: &Table, key: &ForeignKey) -> bool {
    let same = |columns: &[String]| {
        let set: BTreeSet<&String> = columns.iter().collect();
        set == key.parent_columns.iter().collect()
    };
    parent.primary_key.iter().any(|own| same(&own.columns))
        || parent.uniques.iter().any(|own| same(&own.columns))
}

/// A partition has its columns from the whole; what else it has of its own is added.
fn parts_of_partition(plan: &mut Plan<'_>, table: &Table) {
    let name = &table.name;
    if let Some(key) = &table.primary_key {
        plan.push(
            Phase::Key,
            constraint::add(name, &constraint::primary_key_clause(key)),
        );
    }
    for unique in &table.uniques {
        plan.push(
            Phase::Key,
            constraint::add(name, &constraint::unique_clause(unique)),
        );
    }
    for check in &table.checks {
        plan.push(
            Phase::Check,
            constraint::add(name, &constraint::check_clause(check)),
        );
    }
    for exclusion in &table.exclusions {
        plan.push(
            Phase::Check,
            constraint::add(name, &constraint::exclusion_clause(exclusion)),
        );
    }
    for key in &table.foreign_keys {
        plan.push(
            Phase::ForeignKey,
            constraint::add(name, &foreign_key::clause(key)),
        );
    }
}

/// The comments on a new table and its parts.
fn say(plan: &mut Plan<'_>, table: &Table) {
    let name = &table.name;
    if table.comment.is_some() {
        plan.push(
            Phase::Comment,
            format!(
                "COMMENT ON TABLE {} IS {}",
                full(name),
                comment(table.comment.as_ref())
            ),
        );
    }
    for column in &table.columns {
        if column.comment.is_some() {
            column::say(plan, name, column);
        }
    }
    let key = table
        .primary_key
        .iter()
        .map(|one| (&one.name, &one.comment));
    let uniques = table.uniques.iter().map(|one| (&one.name, &one.comment));
    let checks = table.checks.iter().map(|one| (&one.name, &one.comment));
    let foreign = table
        .foreign_keys
        .iter()
        .map(|one| (&one.name, &one.comment));
    for (constraint, comment) in key.chain(uniques).chain(checks).chain(foreign) {
        constraint::say(plan, name, constraint.as_ref(), None, comment.as_ref());
    }
    for one in &table.exclusions {
        constraint::say(plan, name, Some(&one.name), None, one.comment.as_ref());
    }
}

/// Drops all tables that go, those first that refer to others; where they refer to each other in a
/// circle, the keys go before.
pub(super) fn gone(plan: &mut Plan<'_>) {
    let difference = plan.difference;
    let tables: Vec<&Table> = difference
        .changes
        .iter()
        .filter_map(|change| {
            if let Change::Table(Edit::Drop(table)) = change {
                Some(table)
            } else {
                None
            }
        })
        .collect();
    let mut sorted = in_order(&tables);
    sorted.reverse();
    let mut dropped: BTreeSet<&Name> = BTreeSet::new();
    for table in sorted {
        // Partitions go with the whole, which foreign keys refer to in all of its parts.
        if let Some(part) = &table.options.partition_of
            && tables.iter().any(|other| other.name == part.parent)
        {
            continue;
        }
        let inward = tables.iter().filter(|other| other.name != table.name);
        for other in inward.filter(|other| !dropped.contains(&other.name)) {
            for key in other
                .foreign_keys
                .iter()
                .filter(|key| key.parent == table.name)
            {
                plan.push(
                    Phase::DropForeignKey,
                    constraint::drop(&other.name, &foreign_key::name_of(&other.name, key)),
                );
            }
        }
        for column in &table.columns {
            auto::release(plan, column);
        }
        plan.push(
            Phase::DropTable,
            format!("DROP TABLE {}", full(&table.name)),
        );
        dropped.insert(&table.name);
    }
}
