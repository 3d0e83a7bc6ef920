//! The version of a migration: what Diesel records of it and what orders it.

use std::fmt;

use chrono::NaiveDateTime;

mod spelling;

pub use spelling::{Spelling, VersionError};

/// Identifies a migration, in the normalised form that Diesel writes into its table.
///
/// Versions are compared as text, as Diesel compares them: `0001` < `10` < `2` < `20260101000000`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(String);

impl Version {
    /// How many characters a version may have: Diesel's table holds it in a `VARCHAR(50)`.
    pub const MAX_LENGTH: usize = 50;

    /// Takes the version out of a directory's name: what stands before the first `_`, without dashes.
    ///
    /// This never fails, as it never fails in Diesel: a directory `foo` has the version `foo`.
    pub fn of_directory(name: &str) -> Self {
        let version = name.split_once('_').map_or(name, |(version, _)| version);
        Self::parse(version)
    }

    /// Normalises a version that somebody typed: the dashes are dropped.
    pub fn parse(text: &str) -> Self {
        Self(text.replace('-', ""))
    }

    /// Takes a version exactly as Diesel's table has it.
    ///
    /// A row that holds a dash belongs to no directory; dropping the dash would make it look as if it did.
    pub fn recorded(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment the version stands for, when it starts with one as the versions of `diesel` do.
    pub fn date(&self) -> Option<NaiveDateTime> {
        // Without the check, signs and spaces would count as parts of a date.
        let digits = self.0.get(..14)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok()
    }

    /// Whether the version sorts where its author expects it and fits into Diesel's table.
    pub fn is_sortable(&self) -> bool {
        self.problems().is_empty()
    }

    /// What is wrong with the version; Diesel itself takes any.
    pub fn problems(&self) -> Vec<VersionProblem> {
        let length = self.0.chars().count();
        if length == 0 {
            return vec![VersionProblem::Empty];
        }
        let mut problems = Vec::new();
        if length > Self::MAX_LENGTH {
            problems.push(VersionProblem::TooLong { length });
        }
        if let Some(character) = self.0.chars().find(|c| !c.is_ascii_digit()) {
            problems.push(VersionProblem::NotDigits { character });
        } else if self.sorts_after_dates() {
            problems.push(VersionProblem::AfterDates);
        }
        problems
    }

    /// Whether a short number sorts after every date of this century, as `3` does and `0003` does not.
    fn sorts_after_dates(&self) -> bool {
        self.0.len() < 14 && self.0.as_str() >= "21"
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing that is wrong with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionProblem {
    /// Nothing stands before the first `_`.
    #[error("the version is empty: nothing stands before the first `_`")]
    Empty,
    /// PostgreSQL refuses it, and MySQL does so only when the migration's SQL is already committed.
    #[error(
        "the version has {length} characters; Diesel's table holds {}",
        Version::MAX_LENGTH
    )]
    TooLong {
        /// How many characters it has.
        length: usize,
    },
    /// It sorts after every date, or between unexpected neighbours.
    #[error("the version holds `{}`; only digits sort as dates do", .character.escape_debug())]
    NotDigits {
        /// The first character that is not a digit.
        character: char,
    },
    /// It is a short number that is greater than a date, because versions are compared as text.
    #[error(
        "the version sorts after every date of this century, because versions are compared as text"
    )]
    AfterDates,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str) -> String {
        Version::of_directory(name).to_string()
    }

    #[test]
    fn a_directory_has_the_version_that_diesel_gives_it() {
        assert_eq!(version("2026-11-20-101500_add_users"), "20261120101500");
        assert_eq!(version("2024-01-01-000000-0000_a"), "202401010000000000");
        assert_eq!(
            version("00000000000000_diesel_initial_setup"),
            "00000000000000"
        );
        assert_eq!(version("foo"), "foo");
        assert_eq!(version("foo-bar"), "foobar");
        assert_eq!(version("_a"), "");
        assert_eq!(version(""), "");
        assert_eq!(version("1__b-c"), "1");
    }

    #[test]
    fn versions_are_ordered_as_text() {
        let mut versions: Vec<Version> = [
            "2",
            "20260101000000",
            "10",
            "202601010000000000",
            "0001",
            "a",
        ]
        .map(Version::parse)
        .to_vec();
        versions.sort();
        let sorted: Vec<&str> = versions.iter().map(Version::as_str).collect();
        assert_eq!(
            sorted,
            [
                "0001",
                "10",
                "2",
                "20260101000000",
                "202601010000000000",
                "a"
            ]
        );
    }

    #[test]
    fn a_recorded_version_keeps_its_dashes() {
        assert_eq!(Version::recorded("2026-01").as_str(), "2026-01");
        assert_eq!(Version::parse("2026-01").as_str(), "202601");
    }

    #[test]
    fn a_date_is_read_from_versions_of_diesel_only() {
        let date = |text: &str| Version::parse(text).date().map(|date| date.to_string());
        assert_eq!(
            date("2026-11-20-101500").as_deref(),
            Some("2026-11-20 10:15:00")
        );
        assert_eq!(
            date("2026-11-20-101500-00ff").as_deref(),
            Some("2026-11-20 10:15:00")
        );
        assert_eq!(date("00000000000000"), None);
        assert_eq!(date("20261120"), None);
        assert_eq!(date("+2026112010150"), None);
        assert_eq!(date("2026112010150é"), None);
    }

    #[test]
    fn problems_name_what_sorts_wrongly_or_does_not_fit() {
        let problems = |text: &str| Version::parse(text).problems();
        assert_eq!(problems("20260101000000"), []);
        assert_eq!(problems("00000000000000"), []);
        assert_eq!(problems("0001"), []);
        assert_eq!(problems(""), [VersionProblem::Empty]);
        assert_eq!(problems("3"), [VersionProblem::AfterDates]);
        assert_eq!(
            problems("20260101a"),
            [VersionProblem::NotDigits { character: 'a' }]
        );
        assert_eq!(problems(&"1".repeat(50)), []);
        assert_eq!(
            problems(&"1".repeat(51)),
            [VersionProblem::TooLong { length: 51 }]
        );
        assert_eq!(
            problems(&"é".repeat(51)),
            [
                VersionProblem::TooLong { length: 51 },
                VersionProblem::NotDigits { character: 'é' }
            ],
        );
        assert_eq!(
            VersionProblem::TooLong { length: 51 }.to_string(),
            "the version has 51 characters; Diesel's table holds 50",
        );
        assert_eq!(
            VersionProblem::NotDigits { character: '\n' }.to_string(),
            "the version holds `\\n`; only digits sort as dates do"
        );
    }
}
