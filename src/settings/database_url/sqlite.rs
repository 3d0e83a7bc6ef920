//! The spellings of a SQLite database.

use std::path::{Component, Path, PathBuf};

use super::database_url::{SqliteLocation, SqliteUrl};
use super::problem::UrlProblem;
use super::query;
use crate::settings::place::shown_text;

const MEMORY: &str = ":memory:";

/// A plain path, in which no character has a meaning of its own.
pub(super) fn from_path(path: &str, folder: &Path) -> SqliteUrl {
    if path == MEMORY {
        SqliteUrl::memory()
    } else {
        SqliteUrl::file(absolute(path, folder))
    }
}

/// What follows `file:`, read as SQLite does.
pub(super) fn from_file_uri(rest: &str, folder: &Path) -> Result<SqliteUrl, UrlProblem> {
    let (path, parameters) = path_and_parameters(rest)?;
    let path = match path.strip_prefix("//") {
        None => path,
        Some(after) => {
            let (host, _) = after.split_once('/').unwrap_or((after, ""));
            if !matches!(host, "" | "localhost") {
                return Err(UrlProblem::FileOnHost);
            }
            after[host.len()..].to_owned()
        }
    };
    Ok(located(&path, parameters, folder))
}

/// What follows `sqlite:`.
///
/// Two slashes and a path are Diesel's and sqlx's form: the path is relative unless a third slash
/// starts it. `SQLAlchemy` writes three slashes before a relative path and four before an absolute
/// one. Both readings meet in `sqlite:///x`. Diesel's holds, since the program that is migrated
/// reads the same URL by it; but a URL with a Python driver is meant in that way, and a path of one
/// part is, too: nobody keeps a database in the root of the file system.
pub(super) fn from_sqlite_url(
    rest: &str,
    python: bool,
    folder: &Path,
    notices: &mut Vec<String>,
) -> Result<SqliteUrl, UrlProblem> {
    let (path, parameters) = path_and_parameters(rest)?;
    let Some(path) = path.strip_prefix("//") else {
        let url = located(&path, parameters, folder);
        if url.path().is_some() {
            notices.push("`sqlite:` is usually followed by `//`, and `diesel` needs it".to_owned());
        }
        return Ok(url);
    };
    let Some(after) = path.strip_prefix('/') else {
        return Ok(located(path, parameters, folder));
    };
    // After four slashes, what is left still starts with one.
    let is_plain =
        after.is_empty() || after == MEMORY || after.starts_with('/') || has_drive(after);
    let is_one_part = !after.contains(['/', '\\']) || after.starts_with('.');
    let path = if python || is_plain {
        after
    } else if is_one_part {
        let shown = shown_text(after);
        notices.push(format!(
            "the path after three slashes is read as a relative one, as SQLAlchemy does; `diesel` \
             would open /{shown}; write sqlite://{shown}"
        ));
        after
    } else {
        path
    };
    Ok(located(path, parameters, folder))
}

/// Splits at the `?`, drops what follows a `#` as SQLite does, and decodes.
fn path_and_parameters(rest: &str) -> Result<(String, Vec<(String, String)>), UrlProblem> {
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    Ok((
        query::decode(path, "characters of the path")?,
        query::parse(parameters)?,
    ))
}

fn located(path: &str, parameters: Vec<(String, String)>, folder: &Path) -> SqliteUrl {
    let in_memory = parameters
        .iter()
        .any(|(name, value)| name == "mode" && value == "memory");
    let location = if path.is_empty() || path == MEMORY || in_memory {
        SqliteLocation::Memory
    } else {
        SqliteLocation::File(absolute(path, folder))
    };
    SqliteUrl {
        location,
        parameters,
    }
}

/// Below `folder` unless absolute, without `.` in the middle.
fn absolute(path: &str, folder: &Path) -> PathBuf {
    let joined = if has_drive(path) {
        PathBuf::from(path)
    } else {
        folder.join(path)
    };
    joined
        .components()
        .filter(|part| *part != Component::CurDir)
        .collect()
}

/// Whether a path starts with a Windows drive.
pub(super) fn has_drive(path: &str) -> bool {
    let mut characters = path.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && characters.next() == Some(':')
        && matches!(characters.next(), Some('/' | '\\'))
}
