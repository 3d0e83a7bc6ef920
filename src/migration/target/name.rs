//! Finds a migration by its directory, its version or its name, whole or in part.

use super::{KEYWORDS, Known, TargetError};
use crate::migration::version::Version;

/// How many characters the start of a name must have.
const PREFIX_MIN: usize = 3;
/// How many guesses are worth reading.
const GUESSES: usize = 3;

/// Finds the one migration that a text names, by the first rule that gives any.
pub(super) fn find(text: &str, known: &[Known<'_>]) -> Result<Option<Version>, TargetError> {
    if let Some(version) = find_whole(text, known)? {
        return Ok(Some(version));
    }
    if length_of(text) < PREFIX_MIN {
        return Ok(None);
    }
    for rule in [starts_directory_or_version, starts_name] {
        if let Some(version) = only(text, known, rule)? {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

/// Finds the one migration whose directory, version or name is the text.
pub(super) fn find_whole(text: &str, known: &[Known<'_>]) -> Result<Option<Version>, TargetError> {
    for rule in [is_directory, is_version, is_name] {
        if let Some(version) = only(text, known, rule)? {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

/// Whether a text can only be a version, so that its dashes mean nothing; a leading one is a sign.
pub(super) fn is_digits_and_dashes(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// Says that nothing is named so, and what may have been meant.
pub(super) fn unknown(text: &str, known: &[Known<'_>]) -> TargetError {
    let lower = text.to_lowercase();
    let words = KEYWORDS
        .iter()
        .map(|(word, _)| (strsim::jaro_winkler(word, &lower), *word));
    let names = known
        .iter()
        .map(|known| (likeness(&lower, known), known.name));
    let mut guesses: Vec<(f64, &str)> = words
        .chain(names)
        .filter(|(score, _)| *score >= 0.8)
        .collect();
    // Newer migrations are named more often; the sort keeps them first among equals.
    guesses.reverse();
    guesses.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    // Dates all look alike, so only what is about as near as the nearest is worth telling.
    let best = guesses.first().map_or(0.0, |(score, _)| *score);
    guesses.retain(|(score, _)| *score > best - 0.05);
    let nearest = guesses
        .into_iter()
        .take(GUESSES)
        .map(|(_, name)| name.to_owned())
        .collect();
    TargetError::Unknown {
        text: text.to_owned(),
        nearest,
    }
}

/// Applies one rule; two directories with one version are one place, so they do not compete.
fn only(
    text: &str,
    known: &[Known<'_>],
    rule: fn(&str, &Known<'_>) -> bool,
) -> Result<Option<Version>, TargetError> {
    let mut found: Vec<&Known<'_>> = known.iter().filter(|known| rule(text, known)).collect();
    found.dedup_by_key(|known| known.version);
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.version.clone())),
        several => Err(TargetError::Ambiguous {
            text: text.to_owned(),
            candidates: several.iter().map(|known| known.name.to_owned()).collect(),
        }),
    }
}

fn is_directory(text: &str, known: &Known<'_>) -> bool {
    if known.name == text {
        return true;
    }
    // The version may stand without its dashes before the name, as in Diesel's table.
    match (text.split_once('_'), name_part(known)) {
        (Some((_, name)), Some(own)) => {
            name == own && Version::of_directory(text) == *known.version
        }
        (Some(_) | None, Some(_) | None) => false,
    }
}

fn is_version(text: &str, known: &Known<'_>) -> bool {
    text == known.version.as_str()
        || text == version_part(known)
        || (is_digits_and_dashes(text) && Version::parse(text) == *known.version)
}

fn is_name(text: &str, known: &Known<'_>) -> bool {
    name_part(known) == Some(text)
}

fn starts_directory_or_version(text: &str, known: &Known<'_>) -> bool {
    if known.name.starts_with(text) || known.version.as_str().starts_with(text) {
        return true;
    }
    match (text.split_once('_'), name_part(known)) {
        (None, _) => {
            is_digits_and_dashes(text)
                && known
                    .version
                    .as_str()
                    .starts_with(Version::parse(text).as_str())
        }
        (Some((_, name)), Some(own)) => {
            own.starts_with(name) && Version::of_directory(text) == *known.version
        }
        (Some(_), None) => false,
    }
}

fn starts_name(text: &str, known: &Known<'_>) -> bool {
    name_part(known).is_some_and(|name| name.starts_with(text))
}

/// What stands after the first `_`, if anything does.
fn name_part<'a>(known: &Known<'a>) -> Option<&'a str> {
    known
        .name
        .split_once('_')
        .map(|(_, name)| name)
        .filter(|name| !name.is_empty())
}

/// The version as the directory spells it.
fn version_part<'a>(known: &Known<'a>) -> &'a str {
    known
        .name
        .split_once('_')
        .map_or(known.name, |(version, _)| version)
}

/// How many characters of a text count: those that are left of a version without its dashes.
fn length_of(text: &str) -> usize {
    if is_digits_and_dashes(text) {
        Version::parse(text).as_str().len()
    } else {
        text.chars().count()
    }
}

/// How much a text looks like a migration, from 0 to 1.
fn likeness(text: &str, known: &Known<'_>) -> f64 {
    if is_digits_and_dashes(text) {
        // What was typed may be the start of a version, so it is compared with no more than that.
        let digits = Version::parse(text);
        let start: String = known
            .version
            .as_str()
            .chars()
            .take(digits.as_str().len())
            .collect();
        return strsim::normalized_damerau_levenshtein(digits.as_str(), &start);
    }
    let name = name_part(known).unwrap_or(known.name).to_lowercase();
    if text.chars().count() >= PREFIX_MIN && name.contains(text) {
        return 1.0;
    }
    strsim::jaro_winkler(&name, text).max(strsim::jaro_winkler(&known.name.to_lowercase(), text))
}
