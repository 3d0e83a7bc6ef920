//! What happens to each table, and in which order.

use std::collections::BTreeMap;

use super::in_place;
use super::order::dependencies_first;
use crate::schema::change::{Change, Decisions, Difference, Edit};
use crate::schema::{Index, Name, Table};

/// The tables that something happens to.
#[derive(Debug)]
pub(super) struct Tables<'a> {
    /// Those that go, children before their parents.
    pub(super) dropped: Vec<&'a Table>,
    /// Those that are there afterwards, parents before their children.
    pub(super) steps: Vec<Step<'a>>,
}

/// One table that is there afterwards.
#[derive(Debug)]
pub(super) struct Step<'a> {
    /// What it becomes.
    pub(super) to: &'a Table,
    /// How.
    pub(super) way: Way<'a>,
    /// The changes of its indexes.
    pub(super) indexes: Vec<&'a Edit<Index>>,
}

/// How a table becomes what it shall be.
#[derive(Debug)]
pub(super) enum Way<'a> {
    /// It is new.
    Create,
    /// By these statements.
    InPlace(Vec<String>),
    /// By a new table that gets the rows of this one.
    Rebuild(&'a Table),
}

impl<'a> Tables<'a> {
    /// Sorts the changes of a difference.
    pub(super) fn of(difference: &'a Difference, decisions: &Decisions) -> Self {
        let mut dropped = Vec::new();
        let mut steps = Vec::new();
        let mut changes: BTreeMap<&Name, Vec<&Change>> = BTreeMap::new();
        for change in &difference.changes {
            if let Change::Table(edit) = change {
                if let Some(table) = edit.before() {
                    dropped.push(table);
                }
                if let Some(table) = edit.after() {
                    steps.push(Step {
                        to: table,
                        way: Way::Create,
                        indexes: Vec::new(),
                    });
                }
            } else if let Some(table) = change.table() {
                changes.entry(table).or_default().push(change);
            }
        }
        for (name, changes) in changes {
            let (Some(base), Some(to)) = (difference.base.table(name), difference.to.table(name))
            else {
                continue;
            };
            let indexes = changes.iter().filter_map(|change| {
                if let Change::Index { edit, .. } = change {
                    Some(edit)
                } else {
                    None
                }
            });
            steps.push(Step {
                to,
                indexes: indexes.collect(),
                way: in_place::statements(base, to, &changes, decisions)
                    .map_or(Way::Rebuild(base), Way::InPlace),
            });
        }
        steps.sort_by(|a, b| a.to.name.cmp(&b.to.name));
        let drops = dependencies_first(dropped.len(), |one, other| {
            one != other && refers(dropped[other], dropped[one])
        });
        let order = dependencies_first(steps.len(), |one, other| {
            one != other && refers(steps[one].to, steps[other].to)
        });
        let mut steps: Vec<Option<Step<'_>>> = steps.into_iter().map(Some).collect();
        Self {
            dropped: drops.into_iter().map(|at| dropped[at]).collect(),
            steps: order
                .into_iter()
                .filter_map(|at| steps[at].take())
                .collect(),
        }
    }

    /// Whether a table goes.
    pub(super) fn drops(&self, name: &Name) -> bool {
        self.dropped.iter().any(|table| table.name == *name)
    }

    /// Whether a table is made, for the first time or anew.
    pub(super) fn makes(&self, name: &Name) -> bool {
        self.steps
            .iter()
            .any(|step| step.to.name == *name && step.is_made())
    }

    /// The tables that are made anew: before and after.
    pub(super) fn rebuilt(&self) -> impl Iterator<Item = (&'a Table, &'a Table)> {
        self.steps.iter().filter_map(|step| match step.way {
            Way::Rebuild(base) => Some((base, step.to)),
            Way::Create | Way::InPlace(_) => None,
        })
    }
}

impl Step<'_> {
    /// Whether a `CREATE TABLE` is part of it.
    pub(super) fn is_made(&self) -> bool {
        match self.way {
            Way::Create | Way::Rebuild(_) => true,
            Way::InPlace(_) => false,
        }
    }
}

/// Whether one table has a foreign key to another, or to itself.
pub(super) fn refers(child: &Table, parent: &Table) -> bool {
    child
        .foreign_keys
        .iter()
        .any(|key| key.parent.name.eq_ignore_ascii_case(&parent.name.name))
}
