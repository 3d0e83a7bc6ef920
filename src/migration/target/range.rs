//! Ranges: two targets with a colon between them.

use std::fmt;
use std::str::FromStr;

use super::{Known, Position, Target, TargetError};

/// Two targets, `a:b`; an end that is left open is the base or the head.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// Where it starts; base when it is open.
    pub from: Option<Target>,
    /// Where it ends; head when it is open.
    pub to: Option<Target>,
}

impl Range {
    /// Whether a text is meant as a range: it has a colon.
    pub fn is_range(text: &str) -> bool {
        text.contains(':')
    }

    /// Reads `a:b`, `a:`, `:b` or `:`.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let not_a_range = || TargetError::NotARange {
            text: text.to_owned(),
        };
        let (from, to) = text.split_once(':').ok_or_else(not_a_range)?;
        if to.contains(':') {
            return Err(not_a_range());
        }
        let end = |text: &str| {
            if text.trim().is_empty() {
                Ok(None)
            } else {
                Target::parse(text).map(Some)
            }
        };
        Ok(Self {
            from: end(from)?,
            to: end(to)?,
        })
    }

    /// Finds both places, in the order in which they were typed; the first may be the later one.
    pub fn resolve(&self, known: &[Known<'_>]) -> Result<(Position, Position), TargetError> {
        let from = match &self.from {
            Some(target) => target.resolve(known)?,
            None => Position::Base,
        };
        let to = match &self.to {
            Some(target) => target.resolve(known)?,
            None => Target::head().resolve(known)?,
        };
        Ok((from, to))
    }
}

impl FromStr for Range {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        Self::parse(text)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text =
            |end: &Option<Target>| end.as_ref().map_or_else(String::new, ToString::to_string);
        write!(f, "{}:{}", text(&self.from), text(&self.to))
    }
}
