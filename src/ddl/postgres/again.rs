//! What stays as it is and yet has to be dropped and made again, because it depends on what changes.

mod columns;
mod definitions;
mod parts;

pub(super) use definitions::used;

use std::collections::BTreeSet;

use super::enum_type;
use super::routine::Key;
use super::type_name::is_of;
use crate::schema::Name;
use crate::schema::change::{Change, Decisions, Difference, Edit};
use crate::sql::Server;

/// A table, and something that belongs to it: a column, a constraint, an index, a trigger.
pub(super) type Part = (Name, String);

/// Everything that is dropped before the change and made again after it.
#[derive(Debug, Default)]
pub(super) struct Again {
    /// Enum types and domains of which a second one is made.
    pub(super) replaced: BTreeSet<Name>,
    /// Columns whose type changes.
    pub(super) retyped: BTreeSet<Part>,
    /// Those of them whose new type is not close to the old one.
    pub(super) hard: BTreeSet<Part>,
    /// Columns that are dropped and added.
    pub(super) rebuilt: BTreeSet<Part>,
    /// Columns that are dropped.
    dropped: BTreeSet<Part>,
    /// Columns whose default is.
    pub(super) defaults: BTreeSet<Part>,
    /// Constraints, by their names before.
    keys: BTreeSet<Part>,
    indexes: BTreeSet<Part>,
    triggers: BTreeSet<Part>,
    /// Views that are dropped early, whether they come again or not.
    pub(super) views: BTreeSet<Name>,
    /// Routines that are.
    pub(super) routines: BTreeSet<Key>,
}

impl Again {
    /// Finds out what depends on what. `forced` are enum types that cannot be changed in place.
    pub(super) fn of(
        server: Server,
        difference: &Difference,
        decisions: &Decisions,
        forced: &BTreeSet<Name>,
    ) -> Self {
        let mut again = Self {
            replaced: replaced(difference, decisions, forced),
            ..Self::default()
        };
        columns::find(&mut again, server, difference);
        loop {
            definitions::find(&mut again, difference);
            if !columns::follow(&mut again, difference) {
                break;
            }
        }
        parts::find(&mut again, difference);
        again
    }

    /// Whether the text of a type is a type that is made again, or an array of it.
    pub(super) fn is_replaced(&self, sql_type: &str) -> bool {
        self.replaced.iter().any(|name| is_of(sql_type, name))
    }

    /// Whether a column becomes another so that what depends on it cannot stay.
    pub(super) fn touches(&self, table: &Name, column: &str) -> bool {
        let part = (table.clone(), column.to_owned());
        self.hard.contains(&part) || self.rebuilt.contains(&part)
    }

    /// Whether a constraint has to be made again.
    pub(super) fn has_key(&self, table: &Name, name: &str) -> bool {
        self.keys.contains(&(table.clone(), name.to_owned()))
    }

    /// Whether an index has to be made again.
    pub(super) fn has_index(&self, table: &Name, name: &str) -> bool {
        self.indexes.contains(&(table.clone(), name.to_owned()))
    }

    /// Whether a trigger has to be made again.
    pub(super) fn has_trigger(&self, table: &Name, name: &str) -> bool {
        self.triggers.contains(&(table.clone(), name.to_owned()))
    }
}

/// Types that cannot be changed in place, and the domains on top of them.
fn replaced(
    difference: &Difference,
    decisions: &Decisions,
    forced: &BTreeSet<Name>,
) -> BTreeSet<Name> {
    let mut replaced = BTreeSet::new();
    for change in &difference.changes {
        if let Change::Enum(Edit::Alter { from, to }) = change
            && (forced.contains(&to.name) || enum_type::in_place(decisions, from, to).is_none())
        {
            replaced.insert(to.name.clone());
        }
        if let Change::Domain(Edit::Alter { from, to }) = change
            && (from.base != to.base || from.collation != to.collation)
        {
            replaced.insert(to.name.clone());
        }
    }
    loop {
        let more: Vec<Name> = difference
            .base
            .domains
            .iter()
            .filter(|domain| !replaced.contains(&domain.name))
            .filter(|domain| {
                replaced
                    .iter()
                    .any(|name| is_of(domain.base.as_str(), name))
            })
            .filter(|domain| {
                difference
                    .to
                    .domains
                    .iter()
                    .any(|to| to.name == domain.name)
            })
            .map(|domain| domain.name.clone())
            .collect();
        if more.is_empty() {
            return replaced;
        }
        replaced.extend(more);
    }
}
