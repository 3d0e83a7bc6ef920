//! Statements that hold semicolons of their own: routines, triggers, rules.

use super::SplitProblem;
use super::mysql::Compound;
use super::postgres::Routine;
use super::sqlite::Trigger;
use crate::sql::Dialect;
use crate::sql::lexer::Token;

/// Whether the rest of a statement must be looked at, or is known to end at the next semicolon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    /// What follows may hold semicolons.
    On,
    /// The next semicolon ends the statement.
    Off,
}

/// Follows the tokens of one statement to tell which semicolon ends it.
pub(super) enum Body {
    Sqlite(Trigger),
    Postgres(Routine),
    Mysql(Compound),
}

impl Body {
    pub(super) fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite(Trigger::default()),
            Dialect::Postgres => Self::Postgres(Routine::default()),
            Dialect::Mysql => Self::Mysql(Compound::default()),
        }
    }

    /// Takes the next token that is neither white space nor a comment nor a semicolon.
    pub(super) fn take(&mut self, token: Token, text: &str) -> Result<Watch, SplitProblem> {
        match self {
            Self::Sqlite(trigger) => Ok(trigger.take(token, text)),
            Self::Postgres(routine) => routine.take(token, text),
            Self::Mysql(compound) => Ok(compound.take(token, text)),
        }
    }

    /// Takes a semicolon, and says whether the statement ends with it.
    pub(super) fn ends_here(&mut self) -> bool {
        match self {
            Self::Sqlite(trigger) => trigger.ends_here(),
            Self::Postgres(routine) => routine.ends_here(),
            Self::Mysql(compound) => compound.ends_here(),
        }
    }

    /// At the end of the file: what is still open, and the byte at which it was opened.
    pub(super) fn unclosed(&self) -> Option<(&'static str, usize)> {
        match self {
            Self::Sqlite(trigger) => trigger.unclosed(),
            Self::Postgres(routine) => routine.unclosed(),
            Self::Mysql(compound) => compound.unclosed(),
        }
    }
}

/// A word in lower case, to be matched against keywords; no keyword is longer than the buffer.
pub(super) struct Keyword {
    bytes: [u8; 16],
    length: usize,
}

impl Keyword {
    pub(super) fn new(word: &str) -> Self {
        let mut bytes = [0; 16];
        let length = if word.len() <= bytes.len() {
            word.len()
        } else {
            0
        };
        bytes[..length].copy_from_slice(&word.as_bytes()[..length]);
        bytes.make_ascii_lowercase();
        Self { bytes, length }
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}
