//! Views and triggers, which are texts that mention tables.
//!
//! SQLite looks into them, and rewrites them, when something is renamed or a column is dropped. What
//! would be in the way, or be rewritten, goes before and comes back afterwards as it shall be.

use super::mention::{mentions_any, names};
use super::order::dependencies_first;
use super::spelling::quoted;
use super::tables::{Tables, Way};
use crate::schema::change::{Change, Difference};
use crate::schema::{Name, Trigger, View};

/// What goes before everything else, and comes after it.
#[derive(Debug, Default)]
pub(super) struct Programs<'a> {
    pub(super) drops: Vec<String>,
    pub(super) creates: Vec<String>,
    /// The owners of the triggers that are there meanwhile.
    staying_triggers: Vec<&'a Name>,
    has_staying_views: bool,
}

impl<'a> Programs<'a> {
    /// Works it out.
    pub(super) fn of(difference: &'a Difference, tables: &Tables<'_>) -> Self {
        let mut touched = touched(difference);
        let looks_into = !touched.is_empty()
            || tables.steps.iter().any(|step| match &step.way {
                Way::InPlace(statements) => statements
                    .iter()
                    .any(|statement| statement.contains(" DROP COLUMN ")),
                Way::Create | Way::Rebuild(_) => false,
            });
        if looks_into {
            touched.extend(tables.dropped.iter().map(|table| table.name.name.clone()));
        }
        let gone = gone_views(difference, &touched, looks_into);
        let mut programs = Self {
            has_staying_views: gone.len() < difference.base.views.len(),
            ..Self::default()
        };
        let mut in_the_way = InTheWay {
            looks_into,
            names: touched,
        };
        if looks_into {
            let names = gone.iter().map(|view| view.name.name.clone());
            in_the_way.names.extend(names);
        }
        let gone_triggers = programs.drop_triggers(difference, tables, &gone, &in_the_way);
        // Views that read others first, so that none is ever without what it reads.
        programs.drops.extend(
            in_order(&gone)
                .iter()
                .rev()
                .map(|view| format!("DROP VIEW {}", quoted(&view.name.name))),
        );
        let is_gone = |view: &View| gone.iter().any(|other| other.name == view.name);
        let is_new = |view: &View| {
            is_gone(view)
                || !difference
                    .base
                    .views
                    .iter()
                    .any(|one| one.name == view.name)
        };
        let views: Vec<&View> = difference
            .to
            .views
            .iter()
            .filter(|view| is_new(view))
            .collect();
        programs
            .creates
            .extend(in_order(&views).iter().map(|view| create_view(view)));
        for (owner, triggers) in owners(&difference.to.tables, &difference.to.views) {
            let all = tables.makes(owner) || views.iter().any(|view| view.name == *owner);
            let back = triggers.iter().filter(|trigger| {
                all || gone_triggers.contains(&trigger.name.as_str())
                    || is_changed(difference, owner, trigger)
            });
            programs
                .creates
                .extend(back.map(|trigger| trigger.definition.clone()));
        }
        programs
    }

    /// Whether something is there that SQLite would look into when this table is renamed.
    pub(super) fn stand_by(&self, table: &Name) -> bool {
        self.has_staying_views || self.staying_triggers.iter().any(|owner| *owner != table)
    }

    fn drop_triggers(
        &mut self,
        difference: &'a Difference,
        tables: &Tables<'_>,
        gone: &[&View],
        in_the_way: &InTheWay,
    ) -> Vec<&'a str> {
        let mut names = Vec::new();
        for (owner, triggers) in owners(&difference.base.tables, &difference.base.views) {
            for trigger in triggers {
                let mentions = mentions_any(&trigger.definition, &in_the_way.names);
                if gone.iter().any(|view| view.name == *owner) {
                    continue;
                }
                let goes_with_owner = tables.drops(owner) || tables.makes(owner);
                let changes = !difference
                    .to
                    .tables
                    .iter()
                    .find(|table| table.name == *owner)
                    .map(|table| &table.triggers)
                    .or_else(|| {
                        let view = difference.to.views.iter().find(|view| view.name == *owner);
                        view.map(|view| &view.triggers)
                    })
                    .is_some_and(|after| after.contains(trigger));
                if mentions || (changes && (in_the_way.looks_into || !goes_with_owner)) {
                    self.drops
                        .push(format!("DROP TRIGGER {}", quoted(&trigger.name)));
                    names.push(trigger.name.as_str());
                } else if !tables.drops(owner) {
                    self.staying_triggers.push(owner);
                }
            }
        }
        names
    }
}

/// When a text cannot stay.
struct InTheWay {
    /// Whether SQLite looks into every text.
    looks_into: bool,
    /// What it must not mention.
    names: Vec<String>,
}

/// The tables that get another name, or whose columns do, by both names.
fn touched(difference: &Difference) -> Vec<String> {
    let renames = &difference.renames;
    let tables = renames.tables.iter().flat_map(|(from, to)| [from, to]);
    let columns = renames.columns.iter().map(|column| &column.table);
    let mut names: Vec<String> = tables
        .chain(columns)
        .map(|name| name.name.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The views that go: for good, to be changed, or for as long as they would be in the way.
fn gone_views<'a>(
    difference: &'a Difference,
    touched: &[String],
    looks_into: bool,
) -> Vec<&'a View> {
    let changes = |view: &View| {
        difference.changes.iter().any(|change| {
            let Change::View(edit) = change else {
                return false;
            };
            let only_comment = edit.before().is_some_and(|before| {
                edit.after().is_some_and(|after| {
                    (&before.definition, &before.options) == (&after.definition, &after.options)
                })
            });
            !only_comment && edit.before().is_some_and(|before| before.name == view.name)
        })
    };
    let views = &difference.base.views;
    let mut gone: Vec<bool> = views
        .iter()
        .map(|view| changes(view) || mentions_any(&view.definition, touched))
        .collect();
    // What reads a view that is not there would be found broken.
    let mut names: Vec<String> = Vec::new();
    loop {
        if !looks_into {
            break;
        }
        let now: Vec<String> = views
            .iter()
            .zip(&gone)
            .filter(|(_, gone)| **gone)
            .map(|(view, _)| view.name.name.clone())
            .collect();
        if now.len() == names.len() {
            break;
        }
        names = now;
        for (view, gone) in views.iter().zip(&mut gone) {
            *gone |= mentions_any(&view.definition, &names);
        }
    }
    views
        .iter()
        .zip(gone)
        .filter_map(|(view, gone)| gone.then_some(view))
        .collect()
}

fn is_changed(difference: &Difference, owner: &Name, trigger: &Trigger) -> bool {
    difference.changes.iter().any(|change| {
        matches!(change, Change::Trigger { table, edit }
            if table == owner && edit.after() == Some(trigger))
    })
}

/// Views, those that are read before those that read them.
fn in_order<'a>(views: &[&'a View]) -> Vec<&'a View> {
    let own: Vec<String> = views
        .iter()
        .map(|view| view.name.name.to_ascii_lowercase())
        .collect();
    let mentioned: Vec<_> = views.iter().map(|view| names(&view.definition)).collect();
    dependencies_first(views.len(), |one, other| {
        one != other && mentioned[one].contains(&own[other])
    })
    .into_iter()
    .map(|at| views[at])
    .collect()
}

fn create_view(view: &View) -> String {
    let options = view
        .options
        .as_ref()
        .map(|options| format!(" {options}"))
        .unwrap_or_default();
    format!(
        "CREATE VIEW {}{options} AS {}",
        quoted(&view.name.name),
        view.definition
    )
}

fn owners<'a>(
    tables: &'a [crate::schema::Table],
    views: &'a [View],
) -> impl Iterator<Item = (&'a Name, &'a Vec<Trigger>)> {
    let tables = tables.iter().map(|table| (&table.name, &table.triggers));
    let views = views.iter().map(|view| (&view.name, &view.triggers));
    tables.chain(views)
}
