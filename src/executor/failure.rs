//! One migration failed: where, why, and what is left of it.

use std::fmt;
use std::path::PathBuf;

use crate::backend::{Blocker, BrokenReference, Cause, DatabaseError, Direction, ErrorClass, Stop};
use crate::error::{Explain, Kind, Signal};
use crate::executor::snippet::Snippet;
use crate::migration::{Origin, file_name};

/// How hints about a server name the command that failed.
const SAME_COMMAND: &str = "run the same command again";

/// More sessions that hold a lock are not told.
const MOST_BLOCKERS: usize = 3;

/// A migration that failed or was stopped.
#[derive(Debug)]
pub struct StepFailure {
    /// The directory's name.
    pub name: String,
    /// Which way it ran.
    pub direction: Direction,
    /// Where its SQL came from.
    pub origin: Origin,
    /// The place in that text; `None` outside of the statements.
    pub snippet: Option<Snippet>,
    /// Which statement, from 1, and of how many; `None` outside of the statements.
    pub statement: Option<(usize, usize)>,
    /// What of it stays.
    pub committed: Committed,
    /// How many migrations before it in this run are done.
    pub done: usize,
    /// Who had the lock that it could not have, as far as the server tells.
    pub blockers: Vec<Blocker>,
    /// What became of other things it left behind, in sentences.
    pub left: Vec<String>,
    /// What to type to go on.
    pub again: String,
    /// Whether the journal tells the next run where to go on.
    pub is_journalled: bool,
    /// Whether it was tried on a database that is thrown away.
    pub is_on_scratch: bool,
    /// Why.
    pub fault: StepFault,
}

/// Why a migration failed, as the end of a sentence.
#[derive(Debug, thiserror::Error)]
pub enum StepFault {
    /// The server refused.
    #[error(transparent)]
    Database(DatabaseError),
    /// Ctrl-C, or another signal that asks to end.
    #[error("stopped by {0}")]
    Interrupted(Signal),
    /// Another run may be at work.
    #[error("the lock on the database was lost, so another run may be at work")]
    LockLost,
    /// The file begins a transaction and does not end it.
    #[error("it begins a transaction and does not end it, so that was rolled back")]
    OpenTransaction,
    /// Indexes that were to be there are there and cannot be used.
    #[error("{}", invalid(.0))]
    InvalidIndexes(Vec<String>),
    /// Rows would refer to rows that are gone.
    #[error("{}", broken(.0))]
    BrokenReferences(Vec<BrokenReference>),
}

impl From<Cause> for StepFault {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Database(error) => Self::Database(error),
            Cause::Stopped(Stop::Interrupted(signal)) => Self::Interrupted(signal),
            Cause::Stopped(Stop::LockLost) => Self::LockLost,
            Cause::OpenTransaction => Self::OpenTransaction,
            Cause::BrokenReferences(broken) => Self::BrokenReferences(broken),
        }
    }
}

fn invalid(indexes: &[String]) -> String {
    let names: Vec<_> = indexes.iter().map(|name| format!("`{name}`")).collect();
    match &*names {
        [one] => format!("index {one} is there, but it is invalid"),
        _ => format!("indexes {} are there, but invalid", names.join(", ")),
    }
}

fn broken(references: &[BrokenReference]) -> String {
    let list: Vec<_> = references
        .iter()
        .map(|broken| {
            let rows = if broken.rows == 1 { "row" } else { "rows" };
            format!(
                "{} {rows} of `{}` would refer to missing rows of `{}`",
                broken.rows, broken.table, broken.parent
            )
        })
        .collect();
    list.join("; ")
}

/// What stays of a failed migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// Nothing: its transaction was rolled back, or nothing had run.
    Nothing,
    /// The first statements stay.
    Statements {
        /// How many.
        count: usize,
        /// Of how many.
        total: usize,
    },
    /// All statements stay, but the migration is not recorded.
    AllButRecord,
    /// Everything, the record too: the connection was lost when the server had done all it was asked for.
    All,
    /// The connection was lost before the server answered, and the server cannot be asked now.
    Unknown(InQuestion),
}

/// What is not known of a migration whose connection was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InQuestion {
    /// Whether it was committed: everything, or nothing.
    Whole,
    /// Whether one statement is in effect.
    Statement {
        /// How many before it are.
        count: usize,
        /// Which one, from 1.
        number: usize,
        /// Of how many.
        total: usize,
    },
    /// Whether it is recorded; its statements are in effect.
    Record,
}

impl StepFailure {
    /// Whether the file has anything to do with it: a lock or a read-only server is not its fault.
    fn is_about_file(&self) -> bool {
        match &self.fault {
            StepFault::Database(error) => match error.class {
                ErrorClass::Statement
                | ErrorClass::Duplicate
                | ErrorClass::Permission
                | ErrorClass::Full
                | ErrorClass::TimedOut
                | ErrorClass::Lost => true,
                ErrorClass::ReadOnly
                | ErrorClass::Locked
                | ErrorClass::Deadlock
                | ErrorClass::LockLost
                | ErrorClass::NotADatabase => false,
            },
            StepFault::LockLost => false,
            StepFault::Interrupted(_)
            | StepFault::OpenTransaction
            | StepFault::InvalidIndexes(_)
            | StepFault::BrokenReferences(_) => true,
        }
    }

    /// Whether it is told where in the file: of a deadlock, too, for the order of what it locks is its own.
    fn has_place(&self) -> bool {
        let is_deadlock = matches!(&self.fault, StepFault::Database(error) if error.class == ErrorClass::Deadlock);
        is_deadlock || self.is_about_file()
    }

    /// Whether a part of it stays, and the journal says which.
    #[must_use]
    pub fn is_half_way(&self) -> bool {
        match self.committed {
            Committed::Nothing
            | Committed::All
            | Committed::Unknown(InQuestion::Whole | InQuestion::Record) => false,
            Committed::Statements { .. }
            | Committed::AllButRecord
            | Committed::Unknown(InQuestion::Statement { .. }) => self.is_journalled,
        }
    }

    /// What to do about the server. The same steps once more would lead further than they were to.
    fn about_server(&self, error: &DatabaseError) -> Vec<String> {
        let mut hints = error.hints();
        if self.done > 0 {
            for hint in &mut hints {
                *hint = hint.replace(SAME_COMMAND, &format!("run: {}", self.again));
            }
        }
        hints
    }

    /// What is to be done on a database that is thrown away.
    fn on_scratch(&self) -> String {
        let command = self.again.as_str();
        match self.fault {
            StepFault::Database(_) => format!("fix the file, then run: {command}"),
            StepFault::Interrupted(_)
            | StepFault::LockLost
            | StepFault::OpenTransaction
            | StepFault::InvalidIndexes(_)
            | StepFault::BrokenReferences(_) => format!("to try again: {command}"),
        }
    }

    /// Where it failed, as it follows the verb: `at up.sql:2:5`.
    #[must_use]
    pub fn place(&self) -> String {
        let file: PathBuf = match &self.origin {
            Origin::File(path) => path.clone(),
            Origin::Nowhere => return "at its record".to_owned(),
            Origin::History => {
                return match &self.snippet {
                    Some(at) => format!(
                        "at line {} of the recorded {}",
                        at.line,
                        file_name(self.direction)
                    ),
                    None => format!("at the recorded {}", file_name(self.direction)),
                };
            }
        };
        match &self.snippet {
            Some(at) => format!("at {}:{}:{}", file.display(), at.line, at.column),
            None if self.committed == Committed::AllButRecord => {
                format!("after the last statement of {}", file.display())
            }
            None => format!("at {}", file.display()),
        }
    }
}

impl fmt::Display for StepFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match (&self.fault, self.direction) {
            (StepFault::Interrupted(_), Direction::Up) => "was stopped",
            (StepFault::Interrupted(_), Direction::Down) => "was stopped while being reverted",
            (_, Direction::Up) => "failed",
            (_, Direction::Down) => "could not be reverted",
        };
        write!(f, "migration `{}` {verb}", self.name)?;
        if !self.has_place() {
            return Ok(());
        }
        write!(f, " {}", self.place())?;
        match self.statement {
            Some((statement, total)) if total > 1 => {
                write!(f, " (statement {statement} of {total})")
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl std::error::Error for StepFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.fault)
    }
}

impl Explain for StepFailure {
    fn kind(&self) -> Kind {
        match self.fault {
            StepFault::Interrupted(_) => Kind::Cancelled,
            StepFault::Database(_)
            | StepFault::LockLost
            | StepFault::InvalidIndexes(_)
            | StepFault::OpenTransaction
            | StepFault::BrokenReferences(_) => Kind::Failure,
        }
    }

    fn details(&self) -> Vec<String> {
        let mut details = match (&self.snippet, &self.fault) {
            (Some(snippet), StepFault::Database(_)) if self.has_place() => snippet.render(),
            (_, _) => Vec::new(),
        };
        if let StepFault::Database(error) = &self.fault {
            details.extend(error.details());
        }
        details.extend(self.blockers.iter().take(MOST_BLOCKERS).map(
            |blocker| match &blocker.object {
                Some(object) => format!("`{object}` is locked by {blocker}"),
                None => format!("the lock was held by {blocker}"),
            },
        ));
        details.extend(self.left.iter().cloned());
        // What is there of it is gone with the database.
        if self.is_on_scratch && self.committed != Committed::Nothing {
            return details;
        }
        details.push(match self.committed {
            Committed::Nothing => "nothing of it was committed".to_owned(),
            Committed::Statements { count, total } => format!(
                "{} of {total} {} in effect and cannot be rolled back; it is {}",
                first(count),
                if count == 1 { "is" } else { "are" },
                unrecorded(self.direction),
            ),
            Committed::All => format!(
                "the connection was lost at the end, but all of it is in effect, and it is {}",
                recorded(self.direction)
            ),
            Committed::Unknown(InQuestion::Whole) => {
                "the connection was lost before the server answered: either all of it was committed, or nothing"
                    .to_owned()
            }
            Committed::Unknown(InQuestion::Record) => format!(
                "all its statements are in effect; whether it is {} is not known",
                recorded(self.direction)
            ),
            Committed::Unknown(InQuestion::Statement {
                count,
                number,
                total,
            }) => {
                let before = match count {
                    0 => String::new(),
                    1 => format!("{} of {total} is in effect; ", first(count)),
                    _ => format!("{} of {total} are in effect; ", first(count)),
                };
                format!(
                    "{before}whether statement {number} is in effect too is not known; it is {}",
                    unrecorded(self.direction)
                )
            }
            Committed::AllButRecord => format!(
                "all its statements are in effect, but it is {}",
                unrecorded(self.direction)
            ),
        });
        match self.done {
            0 => {}
            1 => details.push("the migration before it is committed".to_owned()),
            done => details.push(format!("the {done} migrations before it are committed")),
        }
        details
    }

    fn hints(&self) -> Vec<String> {
        let command = self.again.as_str();
        let verb = match self.direction {
            Direction::Up => "manage migrate",
            Direction::Down => "manage downgrade",
        };
        let mut hints = Vec::new();
        match (&self.fault, self.committed) {
            (StepFault::Interrupted(_) | StepFault::LockLost, Committed::Nothing) => {
                hints.push(format!("to go on: {command}"));
            }
            (StepFault::InvalidIndexes(names), _) => {
                let rebuild: Vec<_> = names
                    .iter()
                    .map(|name| format!("REINDEX INDEX CONCURRENTLY {name}"))
                    .collect();
                let record = if self.is_journalled {
                    command.to_owned()
                } else {
                    format!("{verb} --fake {}", self.name)
                };
                hints.push(format!(
                    "make it valid: {}; then record the migration, running nothing again: {record}",
                    rebuild.join("; "),
                ));
            }
            (_, Committed::All) => hints.push(format!("to go on: {command}")),
            (_, Committed::Unknown(InQuestion::Whole | InQuestion::Record)) => {
                hints.push("look when the server is up: manage showmigrations".to_owned());
            }
            (_, Committed::Unknown(InQuestion::Statement { number, .. })) if self.is_journalled => {
                hints.push(format!(
                    "when the server is up, see whether statement {number} is in effect, and go on: manage resume"
                ));
            }
            (_, Committed::Unknown(InQuestion::Statement { number, .. })) => hints.push(format!(
                "look whether statement {number} is in effect; undo by hand what is (or take it out of the file), then run: {command}"
            )),
            (fault, Committed::Statements { count, .. }) if self.is_journalled => {
                let next = count + 1;
                let goes_on = format!("{command}  (it goes on at statement {next})");
                let hint = match fault {
                    StepFault::Interrupted(_) | StepFault::LockLost => format!("to go on: {goes_on}"),
                    StepFault::Database(error) => {
                        let causes = match Blocker::way_out(&self.blockers) {
                            Some(end) => vec![end],
                            None => error.hints(),
                        };
                        let first = if causes.is_empty() { "fix the file, " } else { "" };
                        hints.extend(causes);
                        format!("{first}then run: {goes_on}")
                    }
                    StepFault::InvalidIndexes(_)
                    | StepFault::OpenTransaction
                    | StepFault::BrokenReferences(_) => format!("fix the file, then run: {goes_on}"),
                };
                hints.push(hint);
            }
            (_, Committed::Statements { .. }) if self.is_on_scratch => hints.push(self.on_scratch()),
            (_, Committed::Statements { .. }) => hints.push(format!(
                "undo by hand what is in effect (or take those statements out of the file), then run: {command}"
            )),
            (StepFault::Database(error), Committed::AllButRecord) if self.is_journalled => {
                hints.extend(error.hints());
                hints.push(format!("to record it, running nothing again: {command}"));
            }
            (_, Committed::AllButRecord) => hints.push(format!(
                "record it without running it again: {verb} --fake {}",
                self.name
            )),
            (StepFault::Database(_), Committed::Nothing) if !self.blockers.is_empty() => {
                let end = Blocker::way_out(&self.blockers);
                hints.extend(end.map(|end| format!("{end}, then run: {command}")));
            }
            (StepFault::Database(error), Committed::Nothing)
                if error.class != ErrorClass::Statement && error.class != ErrorClass::Duplicate =>
            {
                hints.extend(self.about_server(error));
            }
            // The statements ran; recording them is what failed, and took them back.
            (StepFault::Database(error), Committed::Nothing) if self.statement.is_none() => {
                hints.extend(error.hints());
                hints.push("then run the same command again".to_owned());
            }
            (StepFault::Database(_), Committed::Nothing) => {
                hints.push(match self.origin {
                    Origin::File(_) => format!("fix the file, then run: {command}"),
                    Origin::Nowhere => format!("then run again: {command}"),
                    Origin::History => format!(
                        "the recorded SQL does not fit this database any more; bring the migration's files back, then run: {command}"
                    ),
                });
            }
            (StepFault::OpenTransaction, Committed::Nothing) => hints.push(format!(
                "end the file with `COMMIT;`, then run: {command}"
            )),
            (StepFault::BrokenReferences(_), Committed::Nothing) => hints.push(format!(
                "delete or mend those rows in the same file, then run: {command}"
            )),
        }
        hints
    }
}

fn first(count: usize) -> String {
    match count {
        1 => "statement 1".to_owned(),
        count => format!("statements 1 to {count}"),
    }
}

fn recorded(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "recorded as applied",
        Direction::Down => "not recorded as applied any more",
    }
}

fn unrecorded(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "not recorded as applied",
        Direction::Down => "still recorded as applied",
    }
}
