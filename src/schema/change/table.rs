//! Differences of tables: those that are new or gone, and the parts of those that stay.

use super::super::Table;
use super::change::Change;
use super::edit::Edit;
use super::matching::pair;
use super::{column, constraint, index, trigger};

/// The tables that differ.
pub(super) fn diff(from: &[Table], to: &[Table], changes: &mut Vec<Change>) {
    for edit in pair(from, to, |table| table.name.clone(), |_, _| false) {
        match edit {
            Edit::Add(_) | Edit::Drop(_) => changes.push(Change::Table(edit)),
            Edit::Alter { from, to } => parts(&from, &to, changes),
        }
    }
}

fn parts(from: &Table, to: &Table, changes: &mut Vec<Change>) {
    let table = || to.name.clone();
    if from.options != to.options {
        changes.push(Change::TableOptions {
            table: table(),
            from: from.options.clone(),
            to: to.options.clone(),
        });
    }
    column::diff(from, to, changes);
    constraint::diff(from, to, changes);
    index::diff(&to.name, &from.indexes, &to.indexes, changes);
    trigger::diff(&to.name, &from.triggers, &to.triggers, changes);
    if from.comment != to.comment {
        changes.push(Change::TableComment {
            table: table(),
            from: from.comment.clone(),
            to: to.comment.clone(),
        });
    }
}
