//! Differences of what exists beside the tables.

use super::super::{Schema, View};
use super::change::Change;
use super::edit::Edit;
use super::matching::pair;
use super::{index, trigger};

/// Namespaces, extensions, types and sequences that differ.
pub(super) fn types(from: &Schema, to: &Schema, changes: &mut Vec<Change>) {
    let never = |_: &String, _: &String| false;
    let namespaces = pair(&from.namespaces, &to.namespaces, Clone::clone, never);
    changes.extend(namespaces.into_iter().map(Change::Namespace));
    let extensions = pair(&from.extensions, &to.extensions, Clone::clone, never);
    changes.extend(extensions.into_iter().map(Change::Extension));
    let enums = pair(&from.enums, &to.enums, |one| one.name.clone(), |_, _| false);
    changes.extend(enums.into_iter().map(Change::Enum));
    let domains = pair(
        &from.domains,
        &to.domains,
        |one| one.name.clone(),
        |_, _| false,
    );
    changes.extend(domains.into_iter().map(Change::Domain));
    let sequences = pair(
        &from.sequences,
        &to.sequences,
        |one| one.name.clone(),
        |_, _| false,
    );
    changes.extend(sequences.into_iter().map(Change::Sequence));
}

/// Views and routines that differ.
pub(super) fn definitions(from: &Schema, to: &Schema, changes: &mut Vec<Change>) {
    for edit in pair(&from.views, &to.views, |one| one.name.clone(), |_, _| false) {
        match edit {
            Edit::Alter { from, to } if same_query(&from, &to) => {
                index::diff(&to.name, &from.indexes, &to.indexes, changes);
                trigger::diff(&to.name, &from.triggers, &to.triggers, changes);
                if from.comment != to.comment {
                    changes.push(Change::View(Edit::Alter { from, to }));
                }
            }
            Edit::Add(_) | Edit::Drop(_) | Edit::Alter { .. } => changes.push(Change::View(edit)),
        }
    }
    let routines = pair(
        &from.routines,
        &to.routines,
        |one| (one.name.clone(), one.kind, one.arguments.clone()),
        |_, _| false,
    );
    changes.extend(routines.into_iter().map(Change::Routine));
}

/// Whether two views select the same. What the columns are follows from the tables, and is no change of
/// the view itself.
pub(super) fn same_query(a: &View, b: &View) -> bool {
    a.definition == b.definition && a.materialized == b.materialized && a.options == b.options
}
