//! Targets: how a person names a place among the migrations.
//!
//! The first rule that matches wins; a rule that matches several migrations is an error.
//!
//! 1. `head` = `latest`, `heads`, `base` = `zero`, `current`, `first`, in any case
//! 2. `+N`, `-N`: steps from where the database stands; a bare number is never a step
//! 3. a directory's name; a version, with or without its dashes; the name after the first `_`
//! 4. the start of a directory's name or version, then of a name: three characters or more, and unique
//! 5. `X~N`, `X-N`, `X+N`: N migrations before or after X, which is named by the rules 1, 3 and 4
//!
//! Before an `@` stands a branch, and the rest is found among its migrations alone: `billing@head`.

use std::fmt;
use std::str::FromStr;

use super::version::Version;

mod branch;
mod error;
mod name;
mod range;
mod stretch;

pub use error::TargetError;
pub use range::Range;

/// How many digits a step beside a name may have; more are part of a version.
const STEP_DIGITS: usize = 4;

/// A migration that a target may name. Lists of them are sorted by version.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its version.
    pub version: &'a Version,
    /// The name of its directory; the version again when the directory is gone.
    pub name: &'a str,
    /// Whether Diesel's table has it.
    pub applied: bool,
}

/// A place among the migrations: before all of them, or right after one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// Before the first migration.
    Base,
    /// After the migration with this version.
    Migration(Version),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => f.write_str("base"),
            Self::Migration(version) => version.fmt(f),
        }
    }
}

/// A target as it was typed; what it means depends on the migrations there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target(String);

impl Target {
    /// Takes any text but a blank one.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        if text.trim().is_empty() {
            return Err(TargetError::Empty);
        }
        Ok(Self(text.to_owned()))
    }

    /// The newest migration.
    pub fn head() -> Self {
        Self("head".to_owned())
    }

    /// Before the first migration.
    pub fn base() -> Self {
        Self("base".to_owned())
    }

    /// Where the database stands.
    pub fn current() -> Self {
        Self("current".to_owned())
    }

    /// The text as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Finds the place that is meant.
    pub fn resolve(&self, known: &[Known<'_>]) -> Result<Position, TargetError> {
        let text = self.0.as_str();
        if let Some(keyword) = Keyword::of(text) {
            return keyword.resolve(text, known);
        }
        if let Some(step) = Step::from_here(text) {
            return step.resolve_here(text, known);
        }
        if let Some(version) = name::find(text, known)? {
            return Ok(Position::Migration(version));
        }
        if let Some((left, step)) = Step::beside(text) {
            if let Some(start) = step.start(left, known)? {
                return step.resolve_beside(text, &start, known);
            }
            if step.sign != Sign::Minus {
                return Err(name::unknown(left, known));
            }
        }
        // A range that was typed where one place is wanted deserves a better answer than "unknown".
        if text.contains(':') {
            return Err(TargetError::RangeNotWanted {
                text: text.to_owned(),
            });
        }
        Err(name::unknown(text, known))
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        Self::parse(text)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The places that have a word of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keyword {
    Head,
    Base,
    Current,
    First,
}

/// Every word and what it means.
const KEYWORDS: [(&str, Keyword); 7] = [
    ("head", Keyword::Head),
    ("heads", Keyword::Head),
    ("latest", Keyword::Head),
    ("base", Keyword::Base),
    ("zero", Keyword::Base),
    ("current", Keyword::Current),
    ("first", Keyword::First),
];

/// Whether a text is one of the words, in any case.
pub(super) fn is_keyword(text: &str) -> bool {
    Keyword::of(text).is_some()
}

impl Keyword {
    fn of(text: &str) -> Option<Self> {
        KEYWORDS
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text))
            .map(|(_, keyword)| *keyword)
    }

    fn resolve(self, text: &str, known: &[Known<'_>]) -> Result<Position, TargetError> {
        match self {
            // With nothing to apply, the head is where everybody starts.
            Self::Head => Ok(place(known.last())),
            Self::Base => Ok(Position::Base),
            Self::Current => Ok(place(known.iter().rfind(|known| known.applied))),
            Self::First => match known.first() {
                Some(first) => Ok(place(Some(first))),
                None => Err(TargetError::NoMigrations {
                    text: text.to_owned(),
                }),
            },
        }
    }
}

/// The place right after a migration, or before all when there is none.
fn place(known: Option<&Known<'_>>) -> Position {
    known.map_or(Position::Base, |known| {
        Position::Migration(known.version.clone())
    })
}

/// Which way a step goes, as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
    Tilde,
}

impl Sign {
    fn of(character: char) -> Option<Self> {
        match character {
            '+' => Some(Self::Plus),
            '-' => Some(Self::Minus),
            '~' => Some(Self::Tilde),
            _ => None,
        }
    }
}

/// A number of migrations, forwards or backwards.
#[derive(Clone, Copy, Debug)]
struct Step {
    sign: Sign,
    /// More than there can be stands for any number that does not fit.
    count: usize,
}

impl Step {
    /// Reads `+N` or `-N`.
    ///
    /// The number may be of any length, for nothing else starts with a sign: `-20261120101500` is
    /// far too many steps, not a version.
    fn from_here(text: &str) -> Option<Self> {
        let sign = Sign::of(text.chars().next()?).filter(|sign| *sign != Sign::Tilde)?;
        let digits = &text[1..];
        is_number(digits).then(|| Self {
            sign,
            count: digits.parse().unwrap_or(usize::MAX),
        })
    }

    /// Reads `X~N`, `X-N` or `X+N`; the longest X is what stands before the last sign.
    fn beside(text: &str) -> Option<(&str, Self)> {
        let (index, sign) = text
            .char_indices()
            .rev()
            .find_map(|(i, c)| Some((i, Sign::of(c)?)))?;
        let (left, digits) = (&text[..index], &text[index + 1..]);
        if left.is_empty() || !is_number(digits) || digits.len() > STEP_DIGITS {
            return None;
        }
        Some((
            left,
            Self {
                sign,
                count: digits.parse().ok()?,
            },
        ))
    }

    /// Finds the X of a step beside it.
    fn start(self, left: &str, known: &[Known<'_>]) -> Result<Option<Position>, TargetError> {
        if let Some(keyword) = Keyword::of(left) {
            return keyword.resolve(left, known).map(Some);
        }
        // `2026-11-20` is a date that nothing has, never twenty before the only one of November.
        let version = if self.sign == Sign::Minus && name::is_digits_and_dashes(left) {
            name::find_whole(left, known)?
        } else {
            name::find(left, known)?
        };
        Ok(version.map(Position::Migration))
    }

    /// Counts from where the database stands: what is pending forwards, what is applied backwards.
    fn resolve_here(self, text: &str, known: &[Known<'_>]) -> Result<Position, TargetError> {
        let applied: Vec<&Known<'_>> = known.iter().filter(|known| known.applied).collect();
        let pending: Vec<&Known<'_>> = known.iter().filter(|known| !known.applied).collect();
        if self.count == 0 {
            return Ok(place(applied.last().copied()));
        }
        match self.sign {
            Sign::Plus => match pending.get(self.count - 1) {
                Some(known) => Ok(place(Some(known))),
                None => Err(TargetError::TooFarForward {
                    text: text.to_owned(),
                    pending: pending.len(),
                }),
            },
            Sign::Minus | Sign::Tilde => match applied.len().checked_sub(self.count) {
                Some(left) => Ok(place(applied[..left].last().copied())),
                None => Err(TargetError::TooFarBack {
                    text: text.to_owned(),
                    applied: applied.len(),
                }),
            },
        }
    }

    /// Counts in the order of versions, applied or not; base is one before the first.
    fn resolve_beside(
        self,
        text: &str,
        start: &Position,
        known: &[Known<'_>],
    ) -> Result<Position, TargetError> {
        let mut places = vec![Position::Base];
        places.extend(known.iter().map(|known| place(Some(known))));
        // One version in two directories is one place.
        places.dedup();
        let index = places
            .iter()
            .position(|place| place == start)
            .unwrap_or_default();
        let (found, available) = match self.sign {
            Sign::Plus => (index.checked_add(self.count), places.len() - 1 - index),
            Sign::Minus | Sign::Tilde => (index.checked_sub(self.count), index),
        };
        found
            .and_then(|index| places.get(index))
            .cloned()
            .ok_or_else(|| TargetError::TooFarBeside {
                text: text.to_owned(),
                start: start.clone(),
                side: match self.sign {
                    Sign::Plus => "after",
                    Sign::Minus | Sign::Tilde => "before",
                },
                available,
            })
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
