//! Statements, collected by when they can run.

use std::collections::{BTreeMap, BTreeSet};

use super::again::Again;
use crate::schema::change::{Decisions, Difference};

/// What happens when, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Setting,
    Space,
    Rename,
    DropTrigger,
    /// Views, and routines that cannot wait.
    DropDefinition,
    DropForeignKey,
    DropTable,
    DropKey,
    DropIndex,
    DropGenerated,
    /// Routines that tables use and that cannot wait.
    DropUsed,
    RenamePart,
    Type,
    Table,
    AddColumn,
    AlterColumn,
    DropColumn,
    AddGenerated,
    Key,
    Check,
    Index,
    Option,
    ForeignKey,
    Definition,
    Trigger,
    Comment,
    DropRoutine,
    DropDomain,
    DropType,
    DropSpace,
}

/// The statements so far, and what everybody looks up.
pub(super) struct Plan<'a> {
    pub(super) difference: &'a Difference,
    pub(super) decisions: &'a Decisions,
    pub(super) again: &'a Again,
    phases: BTreeMap<Phase, Vec<String>>,
    remarks: BTreeSet<String>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        difference: &'a Difference,
        decisions: &'a Decisions,
        again: &'a Again,
    ) -> Self {
        Self {
            difference,
            decisions,
            again,
            phases: BTreeMap::new(),
            remarks: BTreeSet::new(),
        }
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, phase: Phase, statement: impl Into<String>) {
        let statements = self.phases.entry(phase).or_default();
        let statement = statement.into();
        // What several changes ask for is done once.
        if !statements.contains(&statement) {
            statements.push(statement);
        }
    }

    /// Says something to whoever reads the file.
    pub(super) fn remark(&mut self, remark: impl Into<String>) {
        self.remarks.insert(remark.into());
    }

    /// All statements in their order, and the remarks.
    pub(super) fn into_parts(self) -> (Vec<String>, Vec<String>) {
        (
            self.phases.into_values().flatten().collect(),
            self.remarks.into_iter().collect(),
        )
    }
}
