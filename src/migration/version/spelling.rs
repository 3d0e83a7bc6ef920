//! New versions: the next one after all that exist, and one that somebody asks for.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};

use super::Version;
use crate::error::{Explain, Kind};

/// Writes a version into a directory's name as `diesel` writes it.
const FORMAT: &str = "%Y-%m-%d-%H%M%S";

/// A new version as the name of its directory will spell it, such as `2026-11-20-101500`.
///
/// It is safe as a part of a path, and `Version::of_directory` reads the same version back from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling(String);

impl Spelling {
    /// The spelling as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The version that is spelled.
    pub fn version(&self) -> Version {
        Version::parse(&self.0)
    }

    /// The version of a directory that is there, as its name spells it.
    pub fn of_directory(name: &str) -> Self {
        let version = name.split_once('_').map_or(name, |(version, _)| version);
        Self(version.to_owned())
    }

    /// Checks a version that somebody asks for: it must be usable, new, and sort after the newest.
    pub fn given<'a>(
        text: &str,
        existing: impl IntoIterator<Item = &'a Version>,
    ) -> Result<Self, VersionError> {
        let asked = || text.to_owned();
        let version = Version::parse(text);
        if version.as_str().is_empty() {
            return Err(VersionError::Empty);
        }
        if let Some(character) = text
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && *c != '-')
        {
            return Err(VersionError::Character {
                asked: asked(),
                character,
            });
        }
        if text.starts_with('-') {
            // Every other command would read such a directory name as an option.
            return Err(VersionError::Character {
                asked: asked(),
                character: '-',
            });
        }
        // The dashes do not reach the database, but they do count in the directory's name.
        if text.len() > Version::MAX_LENGTH {
            return Err(VersionError::TooLong { length: text.len() });
        }
        let mut newest: Option<&Version> = None;
        for other in existing {
            // MySQL's collations do not tell upper from lower case.
            if other.as_str().eq_ignore_ascii_case(version.as_str()) {
                return Err(VersionError::Taken {
                    asked: asked(),
                    other: other.clone(),
                });
            }
            newest = newest.max(Some(other));
        }
        match newest {
            Some(newest) if *newest > version => Err(VersionError::NotNewest {
                asked: asked(),
                newest: newest.clone(),
            }),
            Some(_) | None => Ok(Self(asked())),
        }
    }
}

impl fmt::Display for Spelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Version {
    /// Chooses the version of a new migration: the present moment, or the least that sorts after all
    /// `existing` ones when the clock is behind them.
    ///
    /// A clock that lags, a colleague's clock that runs ahead, two migrations in one second and
    /// versions that are no dates must not put a new migration before an old one.
    pub fn next<'a>(
        existing: impl IntoIterator<Item = &'a Version>,
        now: DateTime<Utc>,
    ) -> Result<Spelling, VersionError> {
        let newest = existing.into_iter().max();
        let is_after =
            |spelling: &Spelling| newest.is_none_or(|newest| spelling.version() > *newest);
        if let Some(spelling) = spell(now.naive_utc()).filter(is_after) {
            return Ok(spelling);
        }
        let Some(newest) = newest else {
            // The clock tells a year that four digits cannot hold.
            return Ok(Spelling("0001".to_owned()));
        };
        let later = newest
            .date()
            .and_then(|date| date.checked_add_signed(TimeDelta::seconds(1)));
        if let Some(spelling) = later.and_then(spell).filter(is_after) {
            return Ok(spelling);
        }
        successor(newest.as_str())
            .map(Spelling)
            .ok_or_else(|| VersionError::NoneAfter {
                newest: newest.clone(),
            })
    }
}

/// Spells a moment, unless its year does not have four digits.
fn spell(date: NaiveDateTime) -> Option<Spelling> {
    (0..=9999)
        .contains(&date.year())
        .then(|| Spelling(date.format(FORMAT).to_string()))
}

/// Finds a short text that sorts after `newest`, which is no date: `foo` gives `foo1`, `0009` gives `0010`.
fn successor(newest: &str) -> Option<String> {
    let characters: Vec<char> = newest.chars().collect();
    let kept = characters.iter().take_while(|c| can_keep(**c)).count();
    let starts_with_dot = newest.starts_with('.');
    if kept == characters.len() && !starts_with_dot {
        if let Some(number) = increment(&characters) {
            return Some(number);
        }
        if kept < Version::MAX_LENGTH {
            return Some(format!("{newest}1"));
        }
    }
    // What cannot be made longer or kept is cut off, after a character that sorts higher.
    let kept = if starts_with_dot { 0 } else { kept };
    (0..=kept.min(Version::MAX_LENGTH - 1))
        .rev()
        .find_map(|index| {
            let cut = *characters.get(index)?;
            let above = ('0'..='9').chain('a'..='z').find(|c| *c > cut)?;
            let mut text: String = characters[..index].iter().collect();
            text.push(above);
            Some(text)
        })
}

/// Counts the number at the end one up, if it keeps its width and so its place in the order.
fn increment(characters: &[char]) -> Option<String> {
    if characters.len() > Version::MAX_LENGTH {
        return None;
    }
    let nines = characters.iter().rev().take_while(|c| **c == '9').count();
    let (last, head) = characters[..characters.len() - nines].split_last()?;
    let digit = last.to_digit(10).filter(|_| last.is_ascii_digit())?;
    let mut text: String = head.iter().collect();
    text.push(char::from_digit(digit + 1, 10)?);
    text.extend(std::iter::repeat_n('0', nines));
    Some(text)
}

/// Whether a character of an existing version may stand in a new one.
fn can_keep(character: char) -> bool {
    !character.is_control() && !matches!(character, '_' | '-' | '/' | '\\')
}

/// Why there is no such version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Nothing but dashes.
    #[error("the version is empty")]
    Empty,
    /// A character that ends the version, separates paths, or is unsafe in a file name.
    #[error("version `{}` cannot hold `{}` there", .asked.escape_debug(), .character.escape_debug())]
    Character {
        /// What was asked for.
        asked: String,
        /// The first character that is refused.
        character: char,
    },
    /// Diesel's table cannot hold it.
    #[error(
        "a version may have {} characters, this one has {length}",
        Version::MAX_LENGTH
    )]
    TooLong {
        /// How many characters it has.
        length: usize,
    },
    /// A migration has it already.
    #[error("version `{asked}` is taken by `{other}`")]
    Taken {
        /// What was asked for.
        asked: String,
        /// The version that exists.
        other: Version,
    },
    /// It would put a new migration before an old one.
    #[error("version `{asked}` sorts before `{newest}`, the newest")]
    NotNewest {
        /// What was asked for.
        asked: String,
        /// The newest version that exists.
        newest: Version,
    },
    /// The newest version leaves no room: fifty characters, each as high as `z`.
    #[error(
        "no version of {} characters sorts after `{newest}`",
        Version::MAX_LENGTH
    )]
    NoneAfter {
        /// The newest version that exists.
        newest: Version,
    },
}

impl Explain for VersionError {
    fn kind(&self) -> Kind {
        match self {
            Self::Empty
            | Self::Character { .. }
            | Self::TooLong { .. }
            | Self::Taken { .. }
            | Self::NotNewest { .. } => Kind::Usage,
            Self::NoneAfter { .. } => Kind::Failure,
        }
    }

    fn hints(&self) -> Vec<String> {
        let leave_out = "leave out --version to take the next one".to_owned();
        match self {
            Self::Character { .. } => {
                vec![
                    "use letters, digits, and dashes between them: --version 2026-11-20-101500"
                        .to_owned(),
                    leave_out,
                ]
            }
            Self::TooLong { .. } => {
                vec![
                    "write a date and a time: --version 2026-11-20-101500".to_owned(),
                    leave_out,
                ]
            }
            Self::Empty | Self::Taken { .. } => vec![leave_out],
            Self::NotNewest { newest, .. } => {
                vec![
                    leave_out,
                    format!("choose a version that sorts after {newest}, as text"),
                ]
            }
            Self::NoneAfter { newest } => {
                vec![format!(
                    "give the migration {newest} a shorter version, such as a date"
                )]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn next(existing: &[&str], moment: &str) -> String {
        let versions: Vec<Version> = existing
            .iter()
            .map(|name| Version::of_directory(name))
            .collect();
        Version::next(&versions, now(moment)).unwrap().to_string()
    }

    fn given(text: &str, existing: &[&str]) -> Result<String, String> {
        let versions: Vec<Version> = existing
            .iter()
            .map(|name| Version::of_directory(name))
            .collect();
        Spelling::given(text, &versions)
            .map(|spelling| spelling.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_next_version_is_the_present_moment() {
        let moment = "2026-11-20T10:15:00Z";
        assert_eq!(next(&[], moment), "2026-11-20-101500");
        assert_eq!(
            next(&["2026-11-20-101459_a", "0001_b"], moment),
            "2026-11-20-101500"
        );
        assert_eq!(
            next(&["2026-11-20-101459-ffff_a"], moment),
            "2026-11-20-101500"
        );
    }

    #[test]
    fn the_next_version_is_a_second_later_when_the_clock_is_not_ahead() {
        let moment = "2026-11-20T10:15:00Z";
        assert_eq!(next(&["2026-11-20-101500_a"], moment), "2026-11-20-101501");
        assert_eq!(
            next(&["2026-11-20-101500-0000_a"], moment),
            "2026-11-20-101501"
        );
        assert_eq!(next(&["202611201015001_a"], moment), "2026-11-20-101501");
        assert_eq!(next(&["2030-12-31-235959_a"], moment), "2031-01-01-000000");
        assert_eq!(next(&["2030-12-31-235960_a"], moment), "2031-01-01-000000");
        assert_eq!(
            next(&["2030-02-28-235959_a"], "1960-01-01T00:00:00Z"),
            "2030-03-01-000000"
        );
    }

    #[test]
    fn the_next_version_sorts_after_one_that_is_no_date() {
        let moment = "2026-11-20T10:15:00Z";
        assert_eq!(next(&["foo_a"], moment), "foo1");
        assert_eq!(next(&["foo1_a"], moment), "foo2");
        assert_eq!(next(&["foo9_a"], moment), "foo91");
        assert_eq!(next(&["foo19_a"], moment), "foo20");
        assert_eq!(next(&["3_a"], moment), "4");
        assert_eq!(next(&["99999999999999_a"], moment), "999999999999991");
        assert_eq!(next(&["9999-12-31-235959_a"], moment), "99991231235960");
        assert_eq!(next(&["été_a"], moment), "été1");
        assert_eq!(next(&["a\nb_a"], moment), "a0");
        assert_eq!(next(&["foo bar_a"], moment), "foo bar1");
        assert_eq!(
            next(&[&"a".repeat(50)], moment),
            format!("{}b", "a".repeat(49))
        );
        assert_eq!(
            next(&[&format!("{}9", "a".repeat(49))], moment),
            format!("{}a", "a".repeat(49))
        );
        assert_eq!(next(&[&format!("b{}", "z".repeat(60))], moment), "c");
        let recorded = [
            Version::recorded("x/y"),
            Version::recorded("x_y"),
            Version::recorded("x-y"),
        ];
        assert_eq!(
            Version::next(&recorded, now(moment)).unwrap().to_string(),
            "xa"
        );
    }

    #[test]
    fn a_year_of_five_digits_does_not_become_a_version() {
        let moment = DateTime::<Utc>::MAX_UTC;
        assert_eq!(Version::next(&[], moment).unwrap().as_str(), "0001");
        assert_eq!(
            Version::next(&[Version::parse("20260101000000")], moment)
                .unwrap()
                .as_str(),
            "2026-01-01-000001",
        );
    }

    #[test]
    fn there_is_none_after_fifty_of_the_last_letter() {
        let error = Version::next(
            &[Version::parse(&"z".repeat(50))],
            now("2026-11-20T10:15:00Z"),
        );
        assert_eq!(
            error,
            Err(VersionError::NoneAfter {
                newest: Version::parse(&"z".repeat(50))
            })
        );
    }

    #[test]
    fn a_given_version_is_taken_as_it_is_spelled() {
        assert_eq!(
            given("2026-11-20-101500", &["2026-11-19-000000_a"]),
            Ok("2026-11-20-101500".into())
        );
        assert_eq!(given("0002", &["0001_a"]), Ok("0002".into()));
        assert_eq!(given("v2", &[]), Ok("v2".into()));
    }

    #[test]
    fn a_given_version_that_is_unusable_is_refused() {
        let refused = |text: &str, existing: &[&str]| given(text, existing).unwrap_err();
        assert_eq!(refused("", &[]), "the version is empty");
        assert_eq!(refused("--", &[]), "the version is empty");
        assert_eq!(refused("1_2", &[]), "version `1_2` cannot hold `_` there");
        assert_eq!(refused("../x", &[]), "version `../x` cannot hold `.` there");
        assert_eq!(
            refused("a\nb", &[]),
            "version `a\\nb` cannot hold `\\n` there"
        );
        assert_eq!(refused("-1", &[]), "version `-1` cannot hold `-` there");
        assert_eq!(
            refused(&"1".repeat(51), &[]),
            "a version may have 50 characters, this one has 51",
        );
        assert_eq!(
            refused("2026-01-01", &["20260101_a", "20270101_b"]),
            "version `2026-01-01` is taken by `20260101`",
        );
        assert_eq!(refused("V1", &["v1_a"]), "version `V1` is taken by `v1`");
        assert_eq!(
            refused("9", &["10_a", "91_b"]),
            "version `9` sorts before `91`, the newest"
        );
    }

    #[test]
    fn a_refused_version_says_what_to_type() {
        let error = Spelling::given("1", &[Version::parse("2")]).unwrap_err();
        assert_eq!(
            error.hints(),
            [
                "leave out --version to take the next one",
                "choose a version that sorts after 2, as text"
            ],
        );
        assert_eq!(error.kind(), Kind::Usage);
    }
}
