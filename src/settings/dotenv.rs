//! The nearest `.env` file, read as `diesel` reads it, but without touching the environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::error::SettingsError;
use super::owner;
use super::place::{Place, shown_path};
use super::read::{LARGEST_SETTINGS, read_text};

/// The variables of a `.env` file. `Debug` is left out: they are secrets more often than not.
#[derive(Clone)]
pub(crate) struct DotEnv {
    /// The file.
    pub(crate) path: PathBuf,
    /// What it sets; the first of several lines for one name holds, as for `diesel`.
    pub(crate) variables: BTreeMap<String, String>,
}

/// Reads the `.env` of a folder or of its nearest parent that has one.
pub(crate) fn nearest(
    folder: &Path,
    named: Option<&Path>,
    environment: &Environment,
) -> Result<Option<DotEnv>, SettingsError> {
    let directory = &environment.directory;
    let found = folder
        .ancestors()
        .map(|parent| parent.join(".env"))
        .find(|path| path.is_file());
    let Some(path) = found else { return Ok(None) };
    owner::check(&path, named, environment)?;
    let text = read_text(&path, LARGEST_SETTINGS, directory)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut variables = BTreeMap::new();
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        let (name, value) = line.map_err(|error| SettingsError::DotEnv {
            place: Place {
                file: shown_path(&path, directory),
                position: position(text, &error),
            },
        })?;
        variables.entry(name).or_insert(value);
    }
    Ok(Some(DotEnv { path, variables }))
}

/// Where the text stops to make sense. The error knows the words at fault, which must not be
/// shown, and how far into them it came.
fn position(text: &str, error: &dotenvy::Error) -> Option<(usize, usize)> {
    let dotenvy::Error::LineParse(words, index) = error else {
        return None;
    };
    let start = text.find(words.as_str())?;
    // A quote that never ends is reported at the end of the file; its beginning is more use.
    let within = if *index + 1 >= words.len() { 0 } else { *index };
    let offset: usize = words.chars().take(within).map(char::len_utf8).sum();
    let before = &text[..start + offset];
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    Some((line, column))
}
