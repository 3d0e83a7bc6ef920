//! Does to a schema value what a change does to a database.

use super::super::{Schema, Table, View};
use super::change::Change;
use super::edit::Edit;
use super::object;
use super::rename::{RenamedColumn, Renames, renamed};

/// Applies changes to a schema, in their order; what does not fit is passed over.
#[must_use]
pub fn apply(schema: &Schema, changes: &[Change]) -> Schema {
    let mut schema = schema.clone();
    let mut rest = changes;
    while let Some(first) = rest.first() {
        let (renames, together) = renames(rest);
        if together == 0 {
            one(&mut schema, first);
            rest = &rest[1..];
        } else {
            schema = renamed(&schema, &renames);
            rest = &rest[together..];
        }
    }
    schema.sort();
    schema
}

/// The renames of one kind that stand at the beginning, and how many they are: they happen at once.
fn renames(changes: &[Change]) -> (Renames, usize) {
    let mut renames = Renames::default();
    for change in changes {
        if let Change::RenameTable { from, to } = change
            && renames.columns.is_empty()
        {
            renames.tables.push((from.clone(), to.clone()));
        } else if let Change::RenameColumn { table, from, to } = change
            && renames.tables.is_empty()
        {
            renames.columns.push(RenamedColumn {
                table: table.clone(),
                from: from.clone(),
                to: to.clone(),
            });
        } else {
            break;
        }
    }
    let together = renames.tables.len() + renames.columns.len();
    (renames, together)
}

fn one(schema: &mut Schema, change: &Change) {
    match change {
        Change::Namespace(change) => edit(&mut schema.namespaces, change),
        Change::Extension(change) => edit(&mut schema.extensions, change),
        Change::Enum(change) => edit(&mut schema.enums, change),
        Change::Domain(change) => edit(&mut schema.domains, change),
        Change::Sequence(change) => edit(&mut schema.sequences, change),
        Change::Table(change) => edit(&mut schema.tables, change),
        Change::View(change) => view(&mut schema.views, change),
        Change::Routine(change) => edit(&mut schema.routines, change),
        Change::Index {
            table,
            edit: change,
        } => {
            if let Some(table) = schema.table_mut(table) {
                edit(&mut table.indexes, change);
            } else if let Some(view) = schema.views.iter_mut().find(|view| view.name == *table) {
                edit(&mut view.indexes, change);
            }
        }
        // Done with others like it.
        Change::RenameTable { .. } | Change::RenameColumn { .. } => {}
        Change::TableComment { table, .. }
        | Change::TableOptions { table, .. }
        | Change::Column { table, .. }
        | Change::PrimaryKey { table, .. }
        | Change::Unique { table, .. }
        | Change::Check { table, .. }
        | Change::Exclusion { table, .. }
        | Change::ForeignKey { table, .. }
        | Change::Trigger { table, .. } => {
            if let Some(table) = schema.table_mut(table) {
                part(table, change);
            } else if let Change::Trigger { edit: change, .. } = change
                && let Some(view) = schema.views.iter_mut().find(|view| view.name == *table)
            {
                edit(&mut view.triggers, change);
            }
        }
    }
}

fn part(table: &mut Table, change: &Change) {
    match change {
        Change::TableComment { to, .. } => table.comment.clone_from(to),
        Change::TableOptions { to, .. } => table.options = to.clone(),
        Change::Column { edit: change, .. } => edit(&mut table.columns, change),
        Change::PrimaryKey { edit: change, .. } => table.primary_key = change.after().cloned(),
        Change::Unique { edit: change, .. } => edit(&mut table.uniques, change),
        Change::Check { edit: change, .. } => edit(&mut table.checks, change),
        Change::Exclusion { edit: change, .. } => edit(&mut table.exclusions, change),
        Change::ForeignKey { edit: change, .. } => edit(&mut table.foreign_keys, change),
        Change::Trigger { edit: change, .. } => edit(&mut table.triggers, change),
        Change::Namespace(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Domain(_)
        | Change::Sequence(_)
        | Change::Table(_)
        | Change::RenameTable { .. }
        | Change::RenameColumn { .. }
        | Change::Index { .. }
        | Change::View(_)
        | Change::Routine(_) => {}
    }
}

/// The indexes of a view whose query stays are changes of their own, before or after this one.
fn view(views: &mut Vec<View>, change: &Edit<View>) {
    if let Edit::Alter { from, to } = change
        && object::same_query(from, to)
    {
        for view in views.iter_mut().filter(|view| view.name == to.name) {
            view.comment.clone_from(&to.comment);
        }
    } else if let Some(before) = change.before() {
        // What was done to its indexes is undone with it.
        views.retain(|view| view.name != before.name);
        views.extend(change.after().cloned());
    } else {
        edit(views, change);
    }
}

fn edit<T: Clone + PartialEq>(list: &mut Vec<T>, change: &Edit<T>) {
    let at = change
        .before()
        .and_then(|before| list.iter().position(|one| one == before));
    match (at, change.after()) {
        (Some(at), Some(after)) => list[at] = after.clone(),
        (Some(at), None) => drop(list.remove(at)),
        (None, Some(after)) => list.push(after.clone()),
        (None, None) => {}
    }
}
