//! Views and routines that have to go first: what they use changes under them.

use std::collections::BTreeSet;

use super::super::expression::{mentions, words};
use super::super::routine::{self, Key};
use super::super::view;
use super::Again;
use crate::schema::change::{Change, Difference, Edit};
use crate::schema::{Name, Routine, Schema, View};

pub(super) fn find(again: &mut Again, difference: &Difference) {
    start(again, difference);
    // What uses what goes has to go as well.
    loop {
        let views: Vec<Name> = difference
            .base
            .views
            .iter()
            .filter(|view| !again.views.contains(&view.name) && view_goes(again, difference, view))
            .map(|view| view.name.clone())
            .collect();
        let routines: Vec<Key> = difference
            .base
            .routines
            .iter()
            .filter(|one| !again.routines.contains(&routine::key(one)))
            .filter(|one| routine_goes(again, difference, one))
            .map(routine::key)
            .collect();
        if views.is_empty() && routines.is_empty() {
            break;
        }
        again.views.extend(views);
        again.routines.extend(routines);
    }
}

/// What goes because of its own change.
fn start(again: &mut Again, difference: &Difference) {
    let mut added: BTreeSet<&Name> = BTreeSet::new();
    for change in &difference.changes {
        if let Change::Routine(Edit::Add(one)) = change {
            added.insert(&one.name);
        }
    }
    for change in &difference.changes {
        if let Change::View(edit) = change {
            start_of_view(again, edit);
        }
        if let Change::Routine(edit) = change {
            let goes = match edit {
                Edit::Add(_) => false,
                // The new one may take the same arguments under other names.
                Edit::Drop(one) => added.contains(&one.name),
                Edit::Alter { from, to } => routine::header(from) != routine::header(to),
            };
            if goes && let Some(before) = edit.before() {
                again.routines.insert(routine::key(before));
            }
        }
    }
}

fn start_of_view(again: &mut Again, edit: &Edit<View>) {
    let goes = match edit {
        Edit::Add(_) => false,
        Edit::Drop(_) => true,
        Edit::Alter { from, to } => {
            let other = from.definition != to.definition
                || from.materialized != to.materialized
                || from.options != to.options;
            other && !view::is_replaceable(from, to)
        }
    };
    if goes {
        again.views.insert(edit.subject().name.clone());
    }
}

/// The names that tables and domains use in expressions: a routine among them is there before them and
/// goes after them.
pub(in super::super) fn used(schema: &Schema) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for domain in &schema.domains {
        let checks = domain.checks.iter().map(|check| check.expression.as_str());
        names.extend(checks.chain(domain.default.as_deref()).flat_map(words));
    }
    for table in &schema.tables {
        names.extend(super::parts::expressions(table).into_iter().flat_map(words));
    }
    names
}

fn view_goes(again: &Again, difference: &Difference, view: &View) -> bool {
    let text = view.definition.as_str();
    view.reads.iter().any(|read| {
        let table = difference.base.table(read);
        again.views.contains(read)
            || table.is_some() && difference.to.table(read).is_none()
            || table.is_some_and(|table| {
                table.columns.iter().any(|column| {
                    let part = (table.name.clone(), column.name.clone());
                    let touched = again.retyped.contains(&part)
                        || again.rebuilt.contains(&part)
                        || again.dropped.contains(&part);
                    touched
                        && (mentions(text, &column.name)
                            || old_name(difference, &table.name, &column.name)
                                .is_some_and(|old| mentions(text, old)))
                })
            })
            // What is grouped by a primary key depends on it.
            || table.is_some_and(|table| {
                text.contains("GROUP BY")
                    && difference.to.table(read).is_some_and(|to| {
                        let columns = |key: &crate::schema::PrimaryKey| key.columns.clone();
                        table.primary_key.as_ref().map(columns)
                            != to.primary_key.as_ref().map(columns)
                    })
            })
    }) || uses_what_goes(again, text)
}

fn routine_goes(again: &Again, difference: &Difference, routine: &Routine) -> bool {
    let text = if routine::is_sql(routine) {
        routine.definition.as_str()
    } else {
        routine::header(routine)
    };
    let own = &routine.name;
    // A body that is not a text is bound to what it uses.
    let bound = if routine.definition.contains("BEGIN ATOMIC") {
        routine.definition.as_str()
    } else {
        routine::header(routine)
    };
    let others = again
        .views
        .iter()
        .map(|view| &view.name)
        .chain(
            difference
                .base
                .tables
                .iter()
                .filter(|table| difference.to.table(&table.name).is_none())
                .map(|table| &table.name.name),
        )
        .any(|name| mentions(bound, name));
    others
        || again
            .replaced
            .iter()
            .any(|name| name != own && mentions(text, &name.name))
}

/// Whether a text names a type that is replaced or a routine that goes.
pub(super) fn uses_what_goes(again: &Again, text: &str) -> bool {
    let routines = again.routines.iter().map(|(name, _, _)| name);
    again
        .replaced
        .iter()
        .chain(routines)
        .any(|name| mentions(text, &name.name))
}

/// What a column was called before the renames.
fn old_name<'a>(difference: &'a Difference, table: &Name, column: &str) -> Option<&'a str> {
    difference
        .renames
        .columns
        .iter()
        .find(|one| one.table == *table && one.to == column)
        .map(|one| one.from.as_str())
}
