//! The parts of tables that stay.

use super::super::plan::{Phase, Plan};
use super::super::{column, constraint, foreign_key, index, table};
use crate::ddl::DdlError;
use crate::schema::change::{Change, Edit};
use crate::schema::{Name, Table};

/// Writes the changes of parts, and those parts again that could not stay.
pub(super) fn write(plan: &mut Plan<'_>) -> Result<(), DdlError> {
    let difference = plan.difference;
    let mut changes: Vec<&Change> = difference.changes.iter().collect();
    // New columns come in the order that the table is to have.
    changes.sort_by_key(|change| {
        let Change::Column {
            table,
            edit: Edit::Add(column),
        } = change
        else {
            return None;
        };
        let tables = &difference.to.tables;
        let at = tables
            .binary_search_by(|other| other.name.cmp(table))
            .ok()?;
        let columns = &tables[at].columns;
        Some((
            at,
            columns.iter().position(|other| other.name == column.name),
        ))
    });
    for change in changes {
        one(plan, change)?;
    }
    for from in &difference.base.tables {
        if let Some(to) = difference.to.table(&from.name) {
            again(plan, from, to);
        }
    }
    Ok(())
}

fn one(plan: &mut Plan<'_>, change: &Change) -> Result<(), DdlError> {
    match change {
        Change::TableComment { table, to, .. } => table::say(plan, table, to.as_ref()),
        Change::TableOptions { table, from, to } => table::options(plan, table, from, to)?,
        Change::Column { table, edit } => column::change(plan, table, edit),
        Change::PrimaryKey { table, edit } => constraint::primary_key(plan, table, edit),
        Change::Unique { table, edit } => constraint::unique(plan, table, edit),
        Change::Check { table, edit } => constraint::check(plan, table, edit),
        Change::Exclusion { table, edit } => constraint::exclusion(plan, table, edit),
        Change::ForeignKey { table, edit } => foreign_key::change(plan, table, edit),
        Change::Index { table, edit } => {
            // Those of a view that is made again come with it.
            if !plan.again.views.contains(table) {
                index::change(plan, table, edit);
            }
        }
        Change::Trigger { table, edit } => table::trigger(plan, table, edit),
        Change::Namespace(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Domain(_)
        | Change::Sequence(_)
        | Change::Table(_)
        | Change::RenameTable { .. }
        | Change::RenameColumn { .. }
        | Change::View(_)
        | Change::Routine(_) => {}
    }
    Ok(())
}

/// What is equal on both sides and yet dropped and made again.
fn again(plan: &mut Plan<'_>, from: &Table, to: &Table) {
    let name = &to.name;
    for column in &to.columns {
        let part = (name.clone(), column.name.clone());
        let sets = plan.again;
        if sets.defaults.contains(&part)
            && from
                .column(&column.name)
                .is_some_and(|old| old.default.is_some())
        {
            plan.push(
                Phase::DropKey,
                format!("{} DROP DEFAULT", column::alter(name, &column.name)),
            );
        }
        let touched = sets.retyped.contains(&part)
            || sets.rebuilt.contains(&part)
            || sets.defaults.contains(&part);
        if touched && to.options.partition_of.is_none() && from.column(&column.name) == Some(column)
        {
            column::change(plan, name, &same(column));
        }
    }
    let sets = plan.again;
    let unchanged = |key: &Name, part: &Option<String>| {
        part.as_ref().is_some_and(|part| sets.has_key(key, part))
    };
    if let Some(key) = &to.primary_key
        && unchanged(name, &key.name)
        && from.primary_key.as_ref() == Some(key)
    {
        constraint::primary_key(plan, name, &same(key));
    }
    for one in to.uniques.iter().filter(|one| from.uniques.contains(one)) {
        if unchanged(name, &one.name) {
            constraint::unique(plan, name, &same(one));
        }
    }
    for one in to.checks.iter().filter(|one| from.checks.contains(one)) {
        if unchanged(name, &one.name) {
            constraint::check(plan, name, &same(one));
        }
    }
    for one in to
        .exclusions
        .iter()
        .filter(|one| from.exclusions.contains(one))
    {
        if sets.has_key(name, &one.name) {
            constraint::exclusion(plan, name, &same(one));
        }
    }
    for one in to
        .foreign_keys
        .iter()
        .filter(|one| from.foreign_keys.contains(one))
    {
        if sets.has_key(name, &foreign_key::name_of(name, one)) {
            foreign_key::change(plan, name, &same(one));
        }
    }
    for one in to.indexes.iter().filter(|one| from.indexes.contains(one)) {
        if sets.has_index(name, &one.name) {
            index::change(plan, name, &same(one));
        }
    }
    for one in to.triggers.iter().filter(|one| from.triggers.contains(one)) {
        if sets.has_trigger(name, &one.name) {
            table::trigger(plan, name, &same(one));
        }
    }
}

fn same<T: Clone>(one: &T) -> Edit<T> {
    Edit::Alter {
        from: one.clone(),
        to: one.clone(),
    }
}
