//! Whether a migration reaches the schema it is for, and comes back.

use super::error::ProofError;
use super::replay::Workbench;
use crate::backend::Direction;
use crate::executor::ExecuteError;
use crate::migration::{Execution, Origin, Script, Step};
use crate::schema::Schema;
use crate::schema::change::{Change, diff};

/// A migration that is to be tried before it is written.
#[derive(Clone, Debug)]
pub struct Trial<'a> {
    /// The step forwards; its `down` is the way back.
    pub step: &'a Step,
    /// What the scratch database holds now.
    pub from: &'a Schema,
    /// What it should hold afterwards.
    pub to: &'a Schema,
}

/// What is wrong with a migration.
#[derive(Debug)]
pub struct Flaw {
    /// Where it shows.
    pub stage: Stage,
    /// What it is.
    pub problem: Problem,
}

/// A part of the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Applying.
    Up,
    /// Reverting.
    Down,
    /// Applying once more.
    Again,
}

/// What went wrong.
#[derive(Debug)]
pub enum Problem {
    /// A statement failed.
    Fails(Box<ExecuteError>),
    /// The schema is another one: what would lead from there to where it should be.
    Differs(Vec<Change>),
}

/// Applies, reverts and applies again, comparing the schema after each; stops at the first flaw.
///
/// The database is left where that is; without a flaw it is at the schema the migration is for.
///
/// # Errors
/// The scratch database itself failed, or Ctrl-C was pressed.
pub fn prove(trial: &Trial<'_>, workbench: &mut Workbench<'_>) -> Result<Option<Flaw>, ProofError> {
    let up = trial.step;
    let mut stages = vec![(Stage::Up, up.clone(), trial.to)];
    if let Some(down) = &up.down {
        let down = Step {
            direction: Direction::Down,
            execution: Execution::Run,
            script: Script {
                text: down.clone(),
                origin: beside(&up.script.origin),
            },
            down: None,
            ..up.clone()
        };
        stages.push((Stage::Down, down, trial.from));
        stages.push((Stage::Again, up.clone(), trial.to));
    }
    for (stage, step, wanted) in stages {
        let direction = step.direction;
        match workbench.run(direction, vec![step]) {
            Ok(()) => {}
            Err(error) if workbench.interrupt.is_seen() => return Err(error.into()),
            Err(error) => {
                let problem = Problem::Fails(Box::new(error));
                return Ok(Some(Flaw { stage, problem }));
            }
        }
        let found = workbench.database.introspect()?;
        let changes = diff(&found, wanted);
        if !changes.is_empty() {
            let problem = Problem::Differs(changes);
            return Ok(Some(Flaw { stage, problem }));
        }
    }
    Ok(None)
}

/// Where the way back will be written.
fn beside(up: &Origin) -> Origin {
    match up {
        Origin::File(path) => Origin::File(path.with_file_name("down.sql")),
        Origin::History => Origin::History,
        Origin::Nowhere => Origin::Nowhere,
    }
}
