//! When foreign keys go and come: no key may be there while what it is about changes.

use std::collections::BTreeMap;

use super::implied::serves;
use super::treatment::{Treatment, moves};
use crate::schema::{ForeignKey, Name, Schema, Table};

/// What is done to the columns of tables that stay, by table.
pub(super) type Treatments = BTreeMap<Name, BTreeMap<String, Treatment>>;

/// Foreign keys by the table they are of, and by when they go or come.
#[derive(Debug, Default)]
pub(super) struct References<'a> {
    /// Go before everything else.
    pub(super) early: BTreeMap<&'a Name, Vec<&'a ForeignKey>>,
    /// Go with the other changes of their table.
    pub(super) dropped: BTreeMap<&'a Name, Vec<&'a ForeignKey>>,
    /// Come with the table, or with the other changes of it.
    pub(super) added: BTreeMap<&'a Name, Vec<&'a ForeignKey>>,
    /// Come after everything else.
    pub(super) late: BTreeMap<&'a Name, Vec<&'a ForeignKey>>,
}

/// Both ends of the way.
#[derive(Clone, Copy)]
pub(super) struct Ends<'a> {
    pub(super) base: &'a Schema,
    pub(super) to: &'a Schema,
    pub(super) treatments: &'a Treatments,
    /// The table that has the foreign key of a name in the end.
    pub(super) names: &'a BTreeMap<&'a str, &'a Name>,
}

impl<'a> Ends<'a> {
    /// Plans the foreign keys. `created` are the new tables, in the order in which they are made.
    pub(super) fn references(self, created: &[&'a Table]) -> References<'a> {
        let mut plan = References::default();
        for (at, table) in created.iter().enumerate() {
            for key in &table.foreign_keys {
                let made = created[..=at].iter().any(|one| one.name == key.parent);
                let when = if made || self.is_settled(&key.parent, &key.parent_columns) {
                    &mut plan.added
                } else {
                    &mut plan.late
                };
                when.entry(&table.name).or_default().push(key);
            }
        }
        for before in &self.base.tables {
            let Some(after) = self.to.table(&before.name) else {
                continue;
            };
            self.of_table(before, after, created, &mut plan);
        }
        plan
    }

    fn of_table(
        self,
        before: &'a Table,
        after: &'a Table,
        created: &[&'a Table],
        plan: &mut References<'a>,
    ) {
        let stays = |key: &ForeignKey| {
            before.foreign_keys.contains(key)
                && after.foreign_keys.contains(key)
                && !self.is_touched(before, after, key)
        };
        let ready = |key: &ForeignKey| {
            created.iter().any(|one| one.name == key.parent)
                || self.is_settled(&key.parent, &key.parent_columns)
        };
        let adds = after
            .foreign_keys
            .iter()
            .any(|key| !stays(key) && ready(key));
        for key in before.foreign_keys.iter().filter(|key| !stays(key)) {
            let (old, new) = (self.base.table(&key.parent), self.to.table(&key.parent));
            let parent_stays = key.parent == before.name || old.is_some() && old == new;
            let settled = self.is_settled(&key.parent, &key.parent_columns);
            // One statement cannot both drop a key and add one.
            let now = adds
                || !parent_stays
                || !settled
                || after.foreign_keys.contains(key)
                || self.is_taken(&before.name, key);
            let when = if now {
                &mut plan.early
            } else {
                &mut plan.dropped
            };
            when.entry(&before.name).or_default().push(key);
        }
        for key in after.foreign_keys.iter().filter(|key| !stays(key)) {
            let when = if ready(key) {
                &mut plan.added
            } else {
                &mut plan.late
            };
            when.entry(&after.name).or_default().push(key);
        }
    }

    /// Whether another table gets a key of that name; no two keys of a database share one.
    pub(super) fn is_taken(self, table: &Name, key: &ForeignKey) -> bool {
        key.name
            .as_ref()
            .and_then(|name| self.names.get(name.as_str()))
            .is_some_and(|other| *other != table)
    }

    /// Whether what a key is about changes, at either end.
    fn is_touched(self, before: &Table, after: &Table, key: &ForeignKey) -> bool {
        let treatments = self.treatments.get(&before.name);
        before.options.engine != after.options.engine
            || key.columns.iter().any(|column| {
                let treatment = treatments.and_then(|treatments| treatments.get(column));
                moves(before, after, column, treatment)
            })
            || !self.is_settled(&key.parent, &key.parent_columns)
    }

    /// Whether columns and a key over them are there all the time, as they are.
    pub(super) fn is_settled(self, name: &Name, columns: &[String]) -> bool {
        if name.namespace.is_some() {
            return true;
        }
        let (Some(before), Some(after)) = (self.base.table(name), self.to.table(name)) else {
            return false;
        };
        let treatments = self.treatments.get(name);
        let treatment = |column: &String| treatments.and_then(|all| all.get(column));
        let by_primary = before.primary_key == after.primary_key
            && before
                .primary_key
                .as_ref()
                .is_some_and(|key| key.columns.starts_with(columns));
        before.options.engine == after.options.engine
            && (by_primary
                || before
                    .indexes
                    .iter()
                    .any(|index| serves(index, columns) && after.indexes.contains(index)))
            && !columns
                .iter()
                .any(|column| moves(before, after, column, treatment(column)))
    }
}
