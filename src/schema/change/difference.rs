//! All that is different between two schemas.

use std::collections::BTreeMap;

use super::super::{Name, Schema};
use super::change::Change;
use super::rename::{Renames, renamed};
use super::{object, table};

/// The way from one schema to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it starts.
    pub from: Schema,
    /// What gets another name, before anything else.
    pub renames: Renames,
    /// `from` with the renames done.
    pub base: Schema,
    /// Where it ends.
    pub to: Schema,
    /// First the renames, then what leads from `base` to `to`; in no order that a server would accept.
    pub changes: Vec<Change>,
}

impl Difference {
    /// Compares two schemas, given what is called otherwise in the second.
    #[must_use]
    pub fn between(from: Schema, to: Schema, renames: Renames) -> Self {
        let base = renamed(&from, &renames);
        let mut changes = renames.changes();
        changes.extend(diff(&base, &to));
        Self {
            from,
            renames,
            base,
            to,
            changes,
        }
    }

    /// The way back.
    #[must_use]
    pub fn reverse(&self) -> Self {
        Self::between(self.to.clone(), self.from.clone(), self.renames.reverse())
    }

    /// Whether the schemas are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// What leads from one schema to another without renames.
#[must_use]
pub fn diff(from: &Schema, to: &Schema) -> Vec<Change> {
    let mut changes = Vec::new();
    object::types(from, to, &mut changes);
    table::diff(&from.tables, &to.tables, &mut changes);
    object::definitions(from, to, &mut changes);
    changes
}

/// What a difference does not say and a person decided. Names are those after the change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// What existing rows get in a column that is new and required, or instead of NULL in one that
    /// becomes required: an SQL expression, by table and column.
    pub fills: BTreeMap<(Name, String), String>,
    /// What a column's value becomes where the server would not convert it: an SQL expression, by table
    /// and column.
    pub casts: BTreeMap<(Name, String), String>,
    /// What becomes of a removed enum value: another value, by owner (`mood` for an enum type,
    /// `users.mood` for an enum column of MySQL) and value. A value that is itself new means a rename.
    pub enum_values: BTreeMap<(Name, String), String>,
}

impl Decisions {
    /// What is known of the way back: renamed enum values.
    #[must_use]
    pub fn reverse(&self) -> Self {
        Self {
            enum_values: self
                .enum_values
                .iter()
                .map(|((owner, old), new)| ((owner.clone(), new.clone()), old.clone()))
                .collect(),
            ..Self::default()
        }
    }
}
