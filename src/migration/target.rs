//! Targets: how a person names a place among the migrations.
//!
//! The first rule that matches wins; a rule that matches several migrations is an error.
//!
//! 1. `head` = `latest`, `heads`, `base` = `zero`, `current`, `first`, in any case
//! 2. `+N`, `-N`: steps from where the database stands; a bare number is never a step
//! 3. a directory's name; a version, with or without its dashes; the name after the first `_`
//! 4. the start of a directory's name or version, then of a name: three characters or more, and unique
//! 5. `X~N`, `X-N`, `X+N`: N migrations before or after X, which is named by the rules 1, 3 and 4

use std::fmt;
use std::str::FromStr;

use super::version::Version;

mod error;
mod name;
mod range;

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
mod tests {
    use super::*;
    use crate::error::{Explain, Kind};

    const NAMES: [&str; 7] = [
        "0001_init",
        "1_one",
        "2026-01-01-120000_add_users",
        "2026-01-01-120000-0001_add_roles",
        "2026-02-01-120000_drop_users",
        "2026-11-05-120000-0000_add_index",
        "foo-bar_words",
    ];

    /// Resolves a target when the first `applied` migrations are applied.
    fn resolve(text: &str, applied: usize) -> Result<Position, TargetError> {
        resolve_among(text, &NAMES, |index| index < applied)
    }

    fn resolve_among(
        text: &str,
        names: &[&str],
        applied: impl Fn(usize) -> bool,
    ) -> Result<Position, TargetError> {
        let versions: Vec<Version> = names
            .iter()
            .map(|name| Version::of_directory(name))
            .collect();
        let known: Vec<Known<'_>> = versions
            .iter()
            .zip(names)
            .enumerate()
            .map(|(index, (version, name))| Known {
                version,
                name,
                applied: applied(index),
            })
            .collect();
        assert!(known.is_sorted_by_key(|known| known.version));
        Target::parse(text)?.resolve(&known)
    }

    fn found(text: &str) -> String {
        resolve(text, 3).map_or_else(|error| error.to_string(), |position| position.to_string())
    }

    /// The message, the details and the hints, as they reach the screen.
    fn refused(text: &str, applied: usize) -> String {
        let error = resolve(text, applied).unwrap_err();
        let mut lines = vec![error.to_string()];
        lines.extend(
            error
                .details()
                .into_iter()
                .map(|detail| format!("  {detail}")),
        );
        lines.extend(
            error
                .hints()
                .into_iter()
                .map(|hint| format!("hint: {hint}")),
        );
        lines.join("\n")
    }

    #[test]
    fn keywords_mean_places_in_any_case() {
        for word in ["head", "HEADS", "Latest"] {
            assert_eq!(found(word), "foobar");
        }
        for word in ["base", "Zero"] {
            assert_eq!(resolve(word, 3), Ok(Position::Base));
        }
        assert_eq!(found("First"), "0001");
        assert_eq!(found("current"), "20260101120000");
        assert_eq!(resolve("current", 0), Ok(Position::Base));
    }

    #[test]
    fn without_migrations_the_head_is_the_base() {
        let resolve = |text| resolve_among(text, &[], |_| false);
        assert_eq!(resolve("head"), Ok(Position::Base));
        assert_eq!(resolve("current"), Ok(Position::Base));
        assert_eq!(
            resolve("first"),
            Err(TargetError::NoMigrations {
                text: "first".into()
            })
        );
    }

    #[test]
    fn a_migration_is_named_by_directory_version_or_name() {
        assert_eq!(found("2026-01-01-120000_add_users"), "20260101120000");
        assert_eq!(found("20260101120000_add_users"), "20260101120000");
        assert_eq!(found("2026-01-01-120000"), "20260101120000");
        assert_eq!(found("20260101120000"), "20260101120000");
        assert_eq!(found("202601-01120000"), "20260101120000");
        assert_eq!(found("202601011200000001"), "202601011200000001");
        assert_eq!(found("1"), "1");
        assert_eq!(found("0001"), "0001");
        assert_eq!(found("foo-bar"), "foobar");
        assert_eq!(found("foobar"), "foobar");
        assert_eq!(found("add_roles"), "202601011200000001");
    }

    #[test]
    fn a_migration_is_named_by_the_start_of_any_of_these() {
        assert_eq!(found("2026-02"), "20260201120000");
        assert_eq!(found("202602"), "20260201120000");
        assert_eq!(found("2026-02-01-120000_dr"), "20260201120000");
        assert_eq!(found("20260201120000_dr"), "20260201120000");
        assert_eq!(found("dro"), "20260201120000");
        assert_eq!(found("2026-01-01-120000-0"), "202601011200000001");
        assert_eq!(found("000"), "0001");
    }

    #[test]
    fn a_start_that_fits_several_lists_them() {
        insta::assert_snapshot!(refused("add", 3), @"
        `add` matches 3 migrations
          2026-01-01-120000_add_users
          2026-01-01-120000-0001_add_roles
          2026-11-05-120000-0000_add_index
        hint: type more of it, or the whole name of the directory
        ");
        insta::assert_snapshot!(refused("2026-01", 3), @"
        `2026-01` matches 2 migrations
          2026-01-01-120000_add_users
          2026-01-01-120000-0001_add_roles
        hint: type more of it, or the whole name of the directory
        ");
        insta::assert_snapshot!(refused("2026-01~1", 3), @"
        `2026-01` matches 2 migrations
          2026-01-01-120000_add_users
          2026-01-01-120000-0001_add_roles
        hint: type more of it, or the whole name of the directory
        ");
    }

    #[test]
    fn two_directories_of_one_version_are_one_place() {
        let names = ["2026-01-01-000000_a_one", "20260101000000_a_two", "2027_b"];
        let resolve =
            |text| resolve_among(text, &names, |_| false).map(|position| position.to_string());
        assert_eq!(resolve("20260101000000").as_deref(), Ok("20260101000000"));
        assert_eq!(resolve("2026-01").as_deref(), Ok("20260101000000"));
        assert_eq!(resolve("20260101000000+1").as_deref(), Ok("2027"));
        assert_eq!(resolve("2027~2").as_deref(), Ok("base"));
    }

    #[test]
    fn a_number_without_sign_is_never_a_step() {
        insta::assert_snapshot!(refused("5", 3), @"
        no migration matches `5`
        hint: for a number of steps, write its sign: +5 or -5
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("1730111612", 3), @"
        no migration matches `1730111612`
        hint: see what there is: manage showmigrations
        ");
    }

    #[test]
    fn a_number_with_a_sign_is_never_a_version() {
        assert_eq!(found("-1"), "1");
        assert_eq!(resolve("-1", 2).unwrap().to_string(), "0001");
        insta::assert_snapshot!(refused("-0001000000", 3), @"
        `-0001000000` goes too far: 3 migrations are applied
        hint: to revert them all: manage downgrade base
        ");
        insta::assert_snapshot!(refused("-99999999999999999999999", 3), @"
        `-99999999999999999999999` goes too far: 3 migrations are applied
        hint: to revert them all: manage downgrade base
        ");
    }

    #[test]
    fn steps_count_pending_forwards_and_applied_backwards() {
        assert_eq!(found("+1"), "202601011200000001");
        assert_eq!(found("+4"), "foobar");
        assert_eq!(found("-2"), "0001");
        assert_eq!(found("-3"), "base");
        assert_eq!(found("+0"), "20260101120000");
        assert_eq!(found("-0"), "20260101120000");
    }

    #[test]
    fn steps_pass_over_a_pending_migration_in_the_middle() {
        let names = ["1_a", "2_b", "3_c", "4_d"];
        let resolve = |text| {
            resolve_among(text, &names, |index| index != 1 && index != 3)
                .unwrap()
                .to_string()
        };
        assert_eq!(resolve("current"), "3");
        assert_eq!(resolve("+1"), "2");
        assert_eq!(resolve("+2"), "4");
        assert_eq!(resolve("-1"), "1");
        assert_eq!(resolve("-2"), "base");
    }

    #[test]
    fn too_many_steps_tell_how_many_there_are() {
        insta::assert_snapshot!(refused("+5", 3), @"
        `+5` goes too far: 4 migrations are pending
        hint: to apply them all: manage migrate head
        ");
        insta::assert_snapshot!(refused("+1", 7), @"
        `+1` goes too far: no migration is pending
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("-4", 3), @"
        `-4` goes too far: 3 migrations are applied
        hint: to revert them all: manage downgrade base
        ");
        insta::assert_snapshot!(refused("-2", 1), @"
        `-2` goes too far: 1 migration is applied
        hint: to revert them all: manage downgrade base
        ");
        insta::assert_snapshot!(refused("-1", 0), @"
        `-1` goes too far: no migration is applied
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("add_users~4", 0), @"
        `add_users~4` goes too far: there are 3 steps before `20260101120000`
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("dro+3", 0), @"
        `dro+3` goes too far: there are 2 steps after `20260201120000`
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("head+1", 0), @"
        `head+1` goes too far: nothing comes after `foobar`
        hint: see what there is: manage showmigrations
        ");
    }

    #[test]
    fn steps_beside_a_migration_count_by_version() {
        assert_eq!(found("add_users~1"), "1");
        assert_eq!(found("add_users-1"), "1");
        assert_eq!(found("add_users+1"), "202601011200000001");
        assert_eq!(found("add_users~3"), "base");
        assert_eq!(found("head-1"), "202611051200000000");
        assert_eq!(found("base+1"), "0001");
        assert_eq!(found("CURRENT~1"), "1");
        assert_eq!(found("dro~0"), "20260201120000");
        assert_eq!(found("2026-02~1"), "202601011200000001");
        assert_eq!(found("2026-11-05-120000-0000-1"), "20260201120000");
        assert_eq!(found("202611051200000000-0001"), "20260201120000");
        assert_eq!(found("foo-bar-1"), "202611051200000000");
    }

    #[test]
    fn a_date_that_nothing_has_is_not_a_step_back_from_another() {
        insta::assert_snapshot!(refused("2026-11-04", 3), @"
        no migration matches `2026-11-04`
        hint: did you mean `2026-11-05-120000-0000_add_index`?
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("2026-11-2", 3), @"
        no migration matches `2026-11-2`
        hint: did you mean `2026-11-05-120000-0000_add_index`?
        hint: see what there is: manage showmigrations
        ");
    }

    #[test]
    fn an_unknown_name_is_answered_by_the_nearest() {
        insta::assert_snapshot!(refused("ad_users", 3), @"
        no migration matches `ad_users`
        hint: did you mean `2026-01-01-120000_add_users`?
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("users", 3), @"
        no migration matches `users`
        hint: did you mean `2026-02-01-120000_drop_users` or `2026-01-01-120000_add_users`?
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("haed", 3), @"
        no migration matches `haed`
        hint: did you mean `head`?
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("qqqqqq", 3), @"
        no migration matches `qqqqqq`
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("ad", 3), @"
        no migration matches `ad`
        hint: type three characters of its name or more
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("ad_users~1", 3), @"
        no migration matches `ad_users`
        hint: did you mean `2026-01-01-120000_add_users`?
        hint: see what there is: manage showmigrations
        ");
        insta::assert_snapshot!(refused("\u{7}\n", 3), @r"
        no migration matches `\u{7}\n`
        hint: type three characters of its name or more
        hint: see what there is: manage showmigrations
        ");
    }

    #[test]
    fn a_blank_target_is_refused() {
        assert_eq!(Target::parse(""), Err(TargetError::Empty));
        assert_eq!(Target::parse(" \t"), Err(TargetError::Empty));
        assert_eq!(TargetError::Empty.kind(), Kind::Usage);
    }

    #[test]
    fn a_range_has_two_ends_which_may_be_open() {
        let versions: Vec<Version> = NAMES
            .iter()
            .map(|name| Version::of_directory(name))
            .collect();
        let known: Vec<Known<'_>> = versions
            .iter()
            .zip(NAMES)
            .map(|(version, name)| Known {
                version,
                name,
                applied: false,
            })
            .collect();
        let resolve = |text: &str| {
            let (from, to) = Range::parse(text)?.resolve(&known)?;
            Ok::<_, TargetError>(format!("{from} {to}"))
        };
        assert_eq!(
            resolve("add_users:head~1").as_deref(),
            Ok("20260101120000 202611051200000000")
        );
        assert_eq!(
            resolve("add_users:").as_deref(),
            Ok("20260101120000 foobar")
        );
        assert_eq!(resolve(":add_users").as_deref(), Ok("base 20260101120000"));
        assert_eq!(resolve(":").as_deref(), Ok("base foobar"));
        assert_eq!(resolve("head:first").as_deref(), Ok("foobar 0001"));
        assert_eq!(
            resolve("head").unwrap_err(),
            TargetError::NotARange {
                text: "head".into()
            }
        );
        assert_eq!(
            resolve("a:b:c").unwrap_err(),
            TargetError::NotARange {
                text: "a:b:c".into()
            }
        );
        assert!(Range::is_range("a:b"));
        assert!(!Range::is_range("a"));
    }

    #[test]
    fn a_range_where_one_place_is_wanted_is_called_a_range() {
        insta::assert_snapshot!(refused("base:head", 3), @"
        `base:head` is a range, and one migration is wanted here
        hint: name one place, such as head, base, -1, or a version
        ");
    }
}
