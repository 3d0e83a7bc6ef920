//! From the YAML reader's errors to ours.
//!
//! The reader reports what serde found in serde's words, with a position. The words are taken
//! apart here, because they repeat values, and a value may be a password.

use super::error::{ReaderError, SettingsError};
use super::nearest::{nearest, synonym};
use super::place::Place;
use super::position;
use super::value::MERGE_KEY;

/// Puts an error in our words; `file` is how to call the file.
pub(crate) fn translate(error: &serde_yaml::Error, text: &str, file: &str) -> SettingsError {
    let position = error
        .location()
        .map(|location| (location.line(), location.column()));
    let place = Place {
        file: file.to_owned(),
        position,
    };
    let message = error.to_string();
    unknown_key(&message, &place)
        .or_else(|| duplicate_key(&message, text, &place))
        .or_else(|| wrong_type(&message, &place))
        .unwrap_or_else(|| syntax(&message, text, place))
}

/// ``unknown field `databse`, expected one of `url`, `driver` at line 4 column 5``.
fn unknown_key(message: &str, place: &Place) -> Option<SettingsError> {
    let (_, rest) = message.split_once("unknown field `")?;
    let (key, expected) = rest.rsplit_once("`, expected ")?;
    let known: Vec<String> = expected
        .split('`')
        .skip(1)
        .step_by(2)
        // Neither the merge key nor the second spelling of a key is worth a word.
        .filter(|word| *word != MERGE_KEY && !word.contains('-'))
        .map(str::to_owned)
        .collect();
    let foreign = synonym(key).filter(|word| known.iter().any(|known| known == word));
    let suggestion = foreign.or_else(|| nearest(key, &known)).map(str::to_owned);
    let key = key.to_owned();
    Some(SettingsError::UnknownKey {
        key,
        place: place.clone(),
        suggestion,
        known,
    })
}

/// ``duplicate field `url` at line 3 column 5``, where the position is the mapping's.
fn duplicate_key(message: &str, text: &str, place: &Place) -> Option<SettingsError> {
    let (_, rest) = message.split_once("duplicate field `")?;
    let (key, place) = match position::of_duplicate(text) {
        Some((key, position)) => (
            key,
            Place {
                position: Some(position),
                ..place.clone()
            },
        ),
        // The key stands there in two spellings.
        None => (
            rest.split('`').next().unwrap_or(rest).to_owned(),
            place.clone(),
        ),
    };
    Some(SettingsError::DuplicateKey { key, place })
}

/// `connections.main: invalid type: sequence, expected a mapping at line 3 column 5`.
fn wrong_type(message: &str, place: &Place) -> Option<SettingsError> {
    let (path, rest) = ["invalid type: ", "invalid value: "]
        .into_iter()
        .find_map(|phrase| message.split_once(phrase))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    // The beginning alone: after it comes the value.
    let found = [
        ("string", "a text"),
        ("sequence", "a list"),
        ("map", "a mapping"),
        ("unit value", "empty"),
        ("integer", "a number"),
        ("floating point", "a number"),
        ("boolean", "a boolean"),
        ("enum", "a value with a tag"),
    ]
    .into_iter()
    .find_map(|(word, ours)| found.starts_with(word).then_some(ours))
    .unwrap_or("something else");
    let expected = expected
        .rsplit_once(" at line ")
        .map_or(expected, |(before, _)| before);
    let key = path.strip_suffix(": ").unwrap_or(path);
    Some(SettingsError::WrongType {
        key: if key.is_empty() {
            place.file.clone()
        } else {
            key.to_owned()
        },
        expected: expected.to_owned(),
        found,
        place: place.clone(),
    })
}

fn syntax(message: &str, text: &str, place: Place) -> SettingsError {
    let line = place
        .position
        .and_then(|(line, _)| text.lines().nth(line - 1))
        .unwrap_or_default();
    let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
    let hint = if indent.contains('\t') {
        Some("indent with spaces, not with tabs")
    } else if line.contains("${") && line.contains(['{', '[']) {
        Some("put values that hold `${...}` in quotes where they stand inside `{ }` or `[ ]`")
    } else if message.contains("cannot start any token") || message.contains("not allowed") {
        Some("put the value in quotes if it holds a special character such as `@`, `%`, `:` or `#`")
    } else if message.contains("more than one document") {
        Some("keep one document, and write the others as profiles: settings.<profile>.yaml")
    } else if message.contains("recursion limit") {
        Some("check that no `<<` merges a mapping into itself")
    } else {
        None
    };
    // The reader tells the position in its own way, at the end of its first sentence.
    let own = place
        .position
        .map(|(line, column)| format!(" at line {line} column {column}"));
    let message = own.map_or_else(|| message.to_owned(), |own| message.replacen(&own, "", 1));
    SettingsError::Syntax {
        place,
        source: ReaderError(message),
        hint,
    }
}
