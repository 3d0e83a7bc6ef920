//! Differences of keys and constraints.

use super::super::{Check, ForeignKey, PrimaryKey, Table, Unique};
use super::change::Change;
use super::edit::Edit;
use super::matching::pair;

/// The keys and constraints that differ. Those with another name and nothing else are renamed.
pub(super) fn diff(from: &Table, to: &Table, changes: &mut Vec<Change>) {
    let table = || to.name.clone();
    if let Some(edit) = primary_key(from.primary_key.as_ref(), to.primary_key.as_ref()) {
        changes.push(Change::PrimaryKey {
            table: table(),
            edit,
        });
    }
    let uniques = pair(
        &from.uniques,
        &to.uniques,
        |unique| {
            (
                unique.name.clone(),
                unnamed(unique.name.as_ref(), &unique.columns),
            )
        },
        same_unique,
    );
    changes.extend(uniques.into_iter().map(|edit| Change::Unique {
        table: table(),
        edit,
    }));
    let checks = pair(
        &from.checks,
        &to.checks,
        |check| {
            (
                check.name.clone(),
                unnamed(check.name.as_ref(), &check.expression),
            )
        },
        same_check,
    );
    changes.extend(checks.into_iter().map(|edit| Change::Check {
        table: table(),
        edit,
    }));
    let exclusions = pair(
        &from.exclusions,
        &to.exclusions,
        |exclusion| exclusion.name.clone(),
        |a, b| a.definition == b.definition,
    );
    changes.extend(exclusions.into_iter().map(|edit| Change::Exclusion {
        table: table(),
        edit,
    }));
    let foreign_keys = pair(
        &from.foreign_keys,
        &to.foreign_keys,
        |key| {
            let signature = (key.columns.clone(), key.parent.clone());
            (key.name.clone(), unnamed(key.name.as_ref(), &signature))
        },
        same_foreign_key,
    );
    changes.extend(foreign_keys.into_iter().map(|edit| Change::ForeignKey {
        table: table(),
        edit,
    }));
}

/// What has no name is told apart by what it is about.
fn unnamed<T: Clone>(name: Option<&String>, about: &T) -> Option<T> {
    name.is_none().then(|| about.clone())
}

fn primary_key(from: Option<&PrimaryKey>, to: Option<&PrimaryKey>) -> Option<Edit<PrimaryKey>> {
    match (from, to) {
        (None, None) => None,
        (Some(one), None) => Some(Edit::Drop(one.clone())),
        (None, Some(one)) => Some(Edit::Add(one.clone())),
        (Some(from), Some(to)) if from == to => None,
        (Some(from), Some(to)) => Some(Edit::Alter {
            from: from.clone(),
            to: to.clone(),
        }),
    }
}

fn same_unique(a: &Unique, b: &Unique) -> bool {
    let bare = |unique: &Unique| Unique {
        name: None,
        comment: None,
        ..unique.clone()
    };
    bare(a) == bare(b)
}

fn same_check(a: &Check, b: &Check) -> bool {
    a.expression == b.expression
}

fn same_foreign_key(a: &ForeignKey, b: &ForeignKey) -> bool {
    let bare = |key: &ForeignKey| ForeignKey {
        name: None,
        comment: None,
        not_valid: false,
        ..key.clone()
    };
    bare(a) == bare(b)
}
