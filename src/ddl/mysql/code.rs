//! Views, triggers and routines: what is replaced as a whole.

use super::column::quote;
use super::constraint::quote_name;
use super::order::needed_first;
use crate::schema::change::{Change, Edit, Renames};
use crate::schema::{Name, Routine, RoutineKind, Schema, Trigger, View};

/// What goes before everything else, and what comes after it.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub(super) first: Vec<String>,
    pub(super) last: Vec<String>,
}

impl Code {
    /// Works out what changes of views, triggers and routines need.
    pub(super) fn of(changes: &[Change], renames: &Renames, base: &Schema, to: &Schema) -> Self {
        let mut code = Self::default();
        let triggers = triggers(changes, renames, base, to);
        for trigger in &triggers.dropped {
            code.first
                .push(format!("DROP TRIGGER {}", quote(&trigger.name)));
        }
        let mut views: Vec<(&View, &str)> = Vec::new();
        let mut routines: Vec<&Routine> = Vec::new();
        for change in changes {
            if let Change::View(edit) = change {
                match edit {
                    Edit::Drop(view) => {
                        let name = quote_name(&view.name);
                        code.first.push(format!("DROP VIEW {name}"));
                    }
                    Edit::Add(view) => views.push((view, "CREATE")),
                    Edit::Alter { to, .. } => views.push((to, "CREATE OR REPLACE")),
                }
            }
            if let Change::Routine(edit) = change {
                if let Some(routine) = edit.before() {
                    let word = match routine.kind {
                        RoutineKind::Function => "FUNCTION",
                        RoutineKind::Procedure => "PROCEDURE",
                    };
                    let name = quote_name(&routine.name);
                    code.first.push(format!("DROP {word} {name}"));
                }
                routines.extend(edit.after());
            }
        }
        code.last
            .extend(routines.iter().map(|routine| routine.definition.clone()));
        let order = needed_first(views.len(), |at| {
            let needs = |name: &Name| views.iter().position(|(view, _)| view.name == *name);
            views[at].0.reads.iter().filter_map(needs).collect()
        });
        for (view, word) in order.into_iter().map(|at| views[at]) {
            let options = view
                .options
                .as_ref()
                .map(|options| format!("{options} "))
                .unwrap_or_default();
            code.last.push(format!(
                "{word} {options}VIEW {} AS {}",
                quote_name(&view.name),
                view.definition
            ));
        }
        code.last.extend(
            triggers
                .added
                .iter()
                .map(|trigger| trigger.definition.clone()),
        );
        code
    }
}

#[derive(Debug, Default)]
struct Triggers<'a> {
    dropped: Vec<&'a Trigger>,
    added: Vec<&'a Trigger>,
}

/// The triggers that go and come. One that follows another goes and comes with it.
fn triggers<'a>(
    changes: &[Change],
    renames: &Renames,
    base: &'a Schema,
    to: &'a Schema,
) -> Triggers<'a> {
    let mut triggers = Triggers::default();
    let touched = |name: &Name| {
        changes
            .iter()
            .any(|change| matches!(change, Change::Trigger { table, .. } if table == name))
    };
    for after in &to.tables {
        let before = base.table(&after.name);
        if before.is_some() && !touched(&after.name) {
            continue;
        }
        let old = before.map_or([].as_slice(), |table| table.triggers.as_slice());
        let mut stay: Vec<&Trigger> = after
            .triggers
            .iter()
            .filter(|trigger| {
                let same = |other: &Trigger| {
                    other.name == trigger.name
                        && moved(&other.definition, renames, &after.name) == trigger.definition
                };
                old.iter().any(same)
            })
            .collect();
        loop {
            let gone = stay.iter().position(|trigger| {
                follows(trigger).is_some_and(|name| !stay.iter().any(|one| one.name == name))
            });
            match gone {
                Some(at) => drop(stay.remove(at)),
                None => break,
            }
        }
        let is_there = |trigger: &Trigger| stay.iter().any(|one| one.name == trigger.name);
        triggers
            .dropped
            .extend(old.iter().filter(|trigger| !is_there(trigger)));
        let new: Vec<_> = after
            .triggers
            .iter()
            .filter(|trigger| !is_there(trigger))
            .collect();
        let order = needed_first(new.len(), |at| {
            let needed = follows(new[at]);
            let mut places = new.iter();
            let place = places.position(|one| needed.as_deref() == Some(&one.name));
            place.into_iter().collect()
        });
        triggers.added.extend(order.into_iter().map(|at| new[at]));
    }
    triggers
}

/// The definition of a trigger after its table got another name; the trigger stays with it.
fn moved(definition: &str, renames: &Renames, table: &Name) -> String {
    match renames.tables.iter().find(|(_, to)| to == table) {
        Some((from, to)) => definition.replacen(
            &format!(" ON {} FOR EACH ROW ", quote(&from.name)),
            &format!(" ON {} FOR EACH ROW ", quote(&to.name)),
            1,
        ),
        None => definition.to_owned(),
    }
}

/// The trigger after which one runs.
fn follows(trigger: &Trigger) -> Option<String> {
    let (_, rest) = trigger.definition.split_once(" FOR EACH ROW FOLLOWS `")?;
    let (name, _) = rest.split_once("` ")?;
    Some(name.replace("``", "`"))
}
