//! Runs migrations on a scratch database, as they would run on a real one.

use super::elsewhere;
use super::error::ProofError;
use crate::backend::{Database, Direction};
use crate::executor::{Event, ExecuteError, Executor, Interrupt, Observer, Preparation};
use crate::history::{Identity, Memory};
use crate::migration::{Directory, Execution, Plan, Route, Step, Version};

/// A scratch database with what it takes to run migrations on it.
pub struct Workbench<'a> {
    /// The scratch database.
    pub database: &'a mut dyn Database,
    /// Who is at work; recorded there and gone with it.
    pub identity: &'a Identity,
    /// Watches for Ctrl-C.
    pub interrupt: &'a Interrupt,
    /// What to type again when a file was mended.
    pub again: &'a str,
    /// The connection's own database, which nothing here may touch.
    pub own: Option<&'a str>,
}

impl Workbench<'_> {
    /// Runs steps whatever was applied before.
    ///
    /// # Errors
    /// A statement failed, or Ctrl-C was pressed.
    pub fn run(&mut self, direction: Direction, steps: Vec<Step>) -> Result<(), ExecuteError> {
        let memory = Memory::read(self.database)?;
        let plan = Plan {
            direction,
            base: memory.ledger.versions(),
            steps,
        };
        Executor::new(self.database, self.identity, self.interrupt)
            .again(self.again)
            .impatient()
            .without_journal()
            .run(&plan, &mut Silent)?;
        Ok(())
    }

    /// The steps of a route, read and checked.
    ///
    /// # Errors
    /// Files that cannot run, cannot be reverted, or lead to another database.
    pub fn steps(&mut self, directory: &Directory, route: &Route) -> Result<Vec<Step>, ProofError> {
        let memory = Memory::read(self.database)?;
        let (plan, _) = Preparation {
            directory,
            memory: &memory,
            dialect: self.database.dialect(),
            capabilities: self.database.capabilities(),
            execution: Execution::Run,
        }
        .plan(route, self.database)?;
        match elsewhere::first(&plan.steps, self.database.dialect(), self.own) {
            Some(elsewhere) => Err(ProofError::Elsewhere(elsewhere)),
            None => Ok(plan.steps),
        }
    }
}

/// Nobody looks on at a rehearsal.
struct Silent;

impl Observer for Silent {
    fn on(&mut self, _: &Event<'_>) {}
}

/// Applies all migrations of a directory that come before a version, or all of them.
///
/// # Errors
/// Files that cannot run, or a statement that failed.
pub fn replay(
    directory: &Directory,
    before: Option<&Version>,
    workbench: &mut Workbench<'_>,
) -> Result<(), ProofError> {
    let versions = directory
        .entries()
        .iter()
        .map(|entry| &entry.version)
        .filter(|version| before.is_none_or(|before| *version < before))
        .cloned()
        .collect::<Vec<_>>();
    replay_these(directory, &versions, workbench)
}

/// Applies these migrations of a directory, in the order they stand in.
///
/// # Errors
/// Files that cannot run, or a statement that failed.
pub fn replay_these(
    directory: &Directory,
    versions: &[Version],
    workbench: &mut Workbench<'_>,
) -> Result<(), ProofError> {
    let route = Route {
        direction: Direction::Up,
        versions: versions.to_vec(),
    };
    let steps = workbench.steps(directory, &route)?;
    workbench.run(Direction::Up, steps)?;
    Ok(())
}
