//! What happens while a plan runs, for whoever shows it, and the sum of it afterwards.

use std::time::Duration;

use super::drift::Drifted;
use crate::backend::{Blocker, Direction};
use crate::migration::{Execution, Version};
use crate::schema::manifest::Fingerprint;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// A migration begins.
    StepStarted {
        /// Which one, from 0.
        index: usize,
        /// Of how many.
        steps: usize,
        /// The directory's name.
        name: &'a str,
        /// Which way.
        direction: Direction,
        /// How many statements it has.
        statements: usize,
    },
    /// A statement is sent.
    StatementStarted {
        /// Which one of the migration, from 0.
        index: usize,
        /// Its text.
        text: &'a str,
    },
    /// A statement succeeded.
    StatementFinished {
        /// Which one of the migration, from 0.
        index: usize,
        /// Its text.
        text: &'a str,
        /// How long the server took.
        elapsed: Duration,
    },
    /// A migration is done and recorded.
    StepFinished(&'a StepReport),
    /// A lock was not to be had, and the migration is going to be tried again.
    Locked {
        /// Whether another session and this one waited for each other.
        is_deadlock: bool,
        /// Who has it, as far as the server tells.
        blockers: &'a [Blocker],
        /// How long the others are left alone first.
        pause: Duration,
        /// The how manieth time it is, from 1.
        number: u32,
        /// How often it may be tried again.
        most: u32,
    },
    /// Something was said on the side; where the server said it, the text says so.
    Notice(&'a str),
    /// Something is not as it could be.
    Warning(&'a str),
}

/// Looks on.
pub trait Observer {
    /// Something happened.
    fn on(&mut self, event: &Event<'_>);
}

/// One migration that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReport {
    /// The version.
    pub version: Version,
    /// The directory's name.
    pub name: String,
    /// Which way.
    pub direction: Direction,
    /// Whether its SQL was executed.
    pub execution: Execution,
    /// How many statements were executed.
    pub statements: usize,
    /// How long it took.
    pub elapsed: Duration,
    /// The schema it led to, where that was looked at.
    pub schema: Option<Fingerprint>,
    /// How that differs from the schema before the migration was applied, for one that was reverted; nothing
    /// where that is not known.
    pub left: Option<Drifted>,
}

/// Everything that was run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In order.
    pub steps: Vec<StepReport>,
    /// How long all of it took.
    pub elapsed: Duration,
}
