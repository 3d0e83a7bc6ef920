//! Why a run ended early.

use crate::backend::{DatabaseError, Direction, LockError};
use crate::error::{Explain, Kind, Signal};
use crate::executor::failure::StepFailure;
use crate::sql::SplitError;

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// Somebody else applied or reverted something since the plan was made.
    #[error("another process changed what is applied since this plan was made")]
    Stale,
    /// Somebody else ran the same migration at the same time and was first.
    #[error("another process {} `{name}` at the same moment", done(*.direction))]
    Overtaken {
        /// The directory's name.
        name: String,
        /// Which way.
        direction: Direction,
        /// How many statements of ours stay.
        committed: usize,
    },
    /// A file cannot be split into statements.
    #[error("migration `{name}` cannot be read")]
    Split {
        /// The directory's name.
        name: String,
        /// Where and why.
        #[source]
        source: SplitError,
    },
    /// The lock is not ours any more, as was seen between two migrations.
    #[error("the lock on the database was lost, so another run may be at work")]
    LockLost {
        /// How many migrations of this run are done.
        done: usize,
    },
    /// Whether the lock is still ours could not be asked.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A signal asked to end before the first migration began.
    #[error("stopped by {signal}")]
    Interrupted {
        /// Which one.
        signal: Signal,
        /// What to type to go on.
        again: String,
    },
    /// A migration failed.
    #[error(transparent)]
    Step(Box<StepFailure>),
    /// What an unfinished migration made could not be taken back to its end.
    #[error("`{name}` could not be taken back: {sql}")]
    TakeBack {
        /// The directory's name.
        name: String,
        /// What was refused.
        sql: String,
        /// Why.
        #[source]
        source: DatabaseError,
    },
    /// The server refused outside of a migration.
    #[error("cannot read or write what is recorded about migrations")]
    Database(#[from] DatabaseError),
}

fn done(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "applied",
        Direction::Down => "reverted",
    }
}

impl Explain for ExecuteError {
    fn kind(&self) -> Kind {
        match self {
            Self::Step(failure) => failure.kind(),
            Self::Lock(error) => error.kind(),
            Self::Interrupted { .. } => Kind::Cancelled,
            Self::Stale
            | Self::Overtaken { .. }
            | Self::LockLost { .. }
            | Self::Split { .. }
            | Self::TakeBack { .. }
            | Self::Database(_) => Kind::Failure,
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Step(failure) => failure.details(),
            Self::Database(error) => error.details(),
            Self::Lock(error) => error.details(),
            Self::LockLost { done } if *done > 0 => {
                vec![format!("migrations committed before: {done}")]
            }
            Self::LockLost { .. } | Self::Stale => vec!["nothing was run".to_owned()],
            Self::Interrupted { .. } => vec!["no migration was begun".to_owned()],
            Self::Overtaken { committed: 0, .. } => {
                vec!["nothing of ours was committed".to_owned()]
            }
            Self::Overtaken { committed, .. } => vec![format!(
                "the first {committed} statements of ours are in effect too, and cannot be rolled back"
            )],
            Self::TakeBack { .. } => {
                vec!["what stood above it is taken back; the rest is still in effect".to_owned()]
            }
            Self::Split { .. } => Vec::new(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Lock(error) => error.hints(),
            Self::Stale | Self::Overtaken { .. } | Self::LockLost { .. } => {
                vec!["look again: manage showmigrations".to_owned()]
            }
            Self::Interrupted { again, .. } => vec![format!("to go on: {again}")],
            Self::Split { source, .. } => source.hints(),
            Self::Step(failure) => failure.hints(),
            Self::TakeBack { .. } => vec![
                "see to what the server says, then run the same command again: it goes on from there"
                    .to_owned(),
            ],
            Self::Database(error) => error.hints(),
        }
    }
}
