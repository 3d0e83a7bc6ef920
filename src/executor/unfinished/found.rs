//! What of an unfinished migration is in effect.

use super::effect::Effect;
use super::undo;
use crate::backend::{Database, Direction};
use crate::executor::execute::ExecuteError;
use crate::history::{JournalRun, JournalState, Ledger, statement_checksum};
use crate::migration::Step;
use crate::sql::{self, Dialect, Mark, Statement};

/// A migration that was begun and not recorded. Statements are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// What the journal tells.
    pub run: JournalRun,
    /// How it ended.
    pub halt: Halt,
    /// How many statements the file has now.
    pub statements: usize,
    /// The first statement in effect that says something else now.
    pub changed: Option<Changed>,
    /// What the statements in effect left in a session that is gone, and later ones may need.
    pub lost: Option<String>,
    /// Whether it is recorded in the meantime, by somebody else.
    pub is_recorded: bool,
    /// What takes it back, last first; or why that cannot be said.
    pub undo: Result<Vec<(usize, String)>, String>,
}

/// How an unfinished run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// Between two statements.
    Between,
    /// The server refused a statement, and nothing of that is in effect.
    Refused {
        /// Which one.
        statement: usize,
        /// What the server said, unless that has to be kept secret.
        error: Option<String>,
    },
    /// In the middle of a statement.
    InDoubt(Doubt),
}

/// A statement that may be in effect or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Which one.
    pub statement: usize,
    /// The last one that is in doubt with it: under `LOCK TABLES` nothing is noted.
    pub through: usize,
    /// What it looks like, on one line.
    pub summary: String,
    /// What the database says about it.
    pub effect: Effect,
    /// What takes away a part of it that is of no use, before it is run again.
    pub sweep: Option<String>,
    /// What the server said when it refused, and may have done a part of it.
    pub error: Option<String>,
}

/// A statement in effect whose text is another one now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Which one.
    pub statement: usize,
    /// As it was run, where that is kept.
    pub before: Option<String>,
    /// As it is now; nothing if the file ends before it.
    pub now: Option<String>,
}

/// Characters of a statement that are worth reading in a line.
const WIDTH: usize = 70;

impl Unfinished {
    /// Finds out what is in effect, by the journal, the file as it is now, and the catalogue. Nothing is
    /// written.
    ///
    /// # Errors
    /// The file cannot be split, or what the server says.
    pub fn find(
        run: &JournalRun,
        step: &Step,
        ledger: &Ledger,
        database: &mut dyn Database,
    ) -> Result<Self, ExecuteError> {
        let dialect = database.dialect();
        let statements = sql::split(&step.script.text, dialect)
            .map_err(|source| ExecuteError::Split {
                name: step.name.clone(),
                source,
            })?
            .statements;
        let halt = halt(run, &statements, database)?;
        let in_effect = in_effect(run, &halt);
        let changed = changed(run, &statements, in_effect, dialect);
        let lost = lost(&statements, in_effect, dialect);
        let undo = match (&changed, run.direction) {
            (Some(_), _) => Err("its file says something else now".to_owned()),
            (None, Direction::Down) => Err("what it reverts is gone".to_owned()),
            (None, Direction::Up) => match &halt {
                Halt::InDoubt(Doubt {
                    effect: Effect::Unknown(_),
                    ..
                }) => Err("it is not known whether a statement is in effect".to_owned()),
                Halt::InDoubt(_) | Halt::Between | Halt::Refused { .. } => {
                    undo::reverses(&statements[..in_effect.min(statements.len())], dialect)
                }
            },
        };
        Ok(Self {
            run: run.clone(),
            halt,
            statements: statements.len(),
            changed,
            lost,
            is_recorded: is_recorded(run, ledger),
            undo,
        })
    }

    /// Whether a run can go on without asking: nothing is in doubt, and what is in effect is what the
    /// file says.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        let is_known = match &self.halt {
            Halt::Between | Halt::Refused { .. } => true,
            // The server said that it failed, and what it left agrees.
            Halt::InDoubt(doubt) => {
                doubt.error.is_some()
                    && match doubt.effect {
                        Effect::NotInEffect(_) | Effect::Repeatable => true,
                        Effect::InEffect(_) | Effect::Unknown(_) => false,
                    }
            }
        };
        is_known && self.changed.is_none() && self.lost.is_none() && !self.is_recorded
    }

    /// How many statements, from the first, are believed to be in effect.
    #[must_use]
    pub fn in_effect(&self) -> usize {
        in_effect(&self.run, &self.halt)
    }

    /// Where to go on, if the database tells whether what is in doubt is in effect.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        match &self.halt {
            Halt::Between | Halt::Refused { .. } => Some(self.run.done),
            Halt::InDoubt(doubt) => match doubt.effect {
                Effect::InEffect(_) => Some(doubt.through + 1),
                Effect::NotInEffect(_) | Effect::Repeatable => Some(doubt.statement),
                Effect::Unknown(_) => None,
            },
        }
    }
}

fn in_effect(run: &JournalRun, halt: &Halt) -> usize {
    match halt {
        Halt::InDoubt(doubt) if is_in_effect(&doubt.effect) => doubt.through + 1,
        Halt::InDoubt(_) | Halt::Between | Halt::Refused { .. } => run.done,
    }
}

fn is_in_effect(effect: &Effect) -> bool {
    match effect {
        Effect::InEffect(_) => true,
        Effect::NotInEffect(_) | Effect::Repeatable | Effect::Unknown(_) => false,
    }
}

/// A statement on one line, without what nobody should see.
pub(super) fn shown(text: &str, dialect: Dialect) -> String {
    if sql::keeps_secret(text, dialect) {
        return "(a statement with a password)".to_owned();
    }
    sql::summary(text, dialect, WIDTH)
}

/// Diesel's table says what is applied: with its row written or deleted, the run has nothing to finish.
fn is_recorded(run: &JournalRun, ledger: &Ledger) -> bool {
    ledger.contains(&run.version) == (run.direction == Direction::Up)
}

fn halt(
    run: &JournalRun,
    statements: &[Statement<'_>],
    database: &mut dyn Database,
) -> Result<Halt, ExecuteError> {
    let Some(statement) = run.statement else {
        return Ok(Halt::Between);
    };
    let error = run.error.clone();
    match run.state {
        JournalState::Done | JournalState::Stopped => return Ok(Halt::Between),
        JournalState::Failed => return Ok(Halt::Refused { statement, error }),
        JournalState::Started | JournalState::Broken => {}
    }
    let dialect = database.dialect();
    // The text that was run, not what may stand there now.
    let as_run = |at: &Statement<'_>| {
        run.checksums.get(&statement).map(String::as_str)
            == Some(statement_checksum(at.text, dialect).as_str())
    };
    let text = run.text(statement).or_else(|| {
        let at = statements.get(statement)?;
        as_run(at).then_some(at.text)
    });
    let through = match text {
        Some(text) if dialect == Dialect::Mysql && sql::locks_tables(text) => statements
            .iter()
            .skip(statement + 1)
            .position(|statement| sql::unlocks_tables(statement.text))
            .map_or(statements.len().saturating_sub(1), |more| statement + more),
        Some(_) | None => statement,
    };
    let before = &statements[..statement.min(statements.len())];
    let (effect, broken) = match text {
        None => (
            Effect::Unknown("its text is not known any more".to_owned()),
            None,
        ),
        Some(_) if through > statement => (
            Effect::Unknown("nothing can be noted under LOCK TABLES".to_owned()),
            None,
        ),
        Some(text) => Effect::of(text, before, database)?,
    };
    let sweep = broken.and_then(|object| {
        let mark = Mark {
            object,
            appears: true,
        };
        undo::reverse(&mark, dialect)
    });
    Ok(Halt::InDoubt(Doubt {
        statement,
        through: through.max(statement),
        summary: text.map_or_else(
            || "(its text is not known)".to_owned(),
            |text| shown(text, dialect),
        ),
        effect,
        sweep,
        error,
    }))
}

fn changed(
    run: &JournalRun,
    statements: &[Statement<'_>],
    in_effect: usize,
    dialect: Dialect,
) -> Option<Changed> {
    (0..in_effect).find_map(|index| {
        let noted = run.checksums.get(&index);
        let now = statements.get(index);
        let is_same = match (noted, now) {
            (Some(noted), Some(now)) => statement_checksum(now.text, dialect) == *noted,
            // Under `LOCK TABLES` nothing is noted.
            (None, Some(_)) => true,
            (_, None) => false,
        };
        (!is_same).then(|| Changed {
            statement: index,
            before: run.text(index).map(|text| shown(text, dialect)),
            now: now.map(|now| shown(now.text, dialect)),
        })
    })
}

/// What only the session knew that is gone.
fn lost(statements: &[Statement<'_>], in_effect: usize, dialect: Dialect) -> Option<String> {
    let (index, thing) = sql::again(statements, in_effect, dialect).lost?;
    Some(format!(
        "statement {} made {thing}, which is gone with its session and is needed later",
        index + 1
    ))
}
