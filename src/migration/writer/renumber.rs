//! Gives a migration another version, and mends those that depend on it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::staging::Staging;
use super::{WriteError, place};
use crate::migration::metadata::edit_depends_on;
use crate::migration::version::{Spelling, Version};

/// What happens to migrations that depend on the one whose version changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependents {
    /// They depend on it under its new version.
    Mend,
    /// They stay as they are, for another migration keeps the old version.
    Leave,
}

/// A migration that has a new version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renumbered {
    /// Where the migration is now.
    pub path: PathBuf,
    /// The metadata.toml files that now name the new version, sorted.
    pub mended: Vec<PathBuf>,
}

/// Renames a migration's directory to a new version; the name after the version stays.
///
/// The dependents' files are read, edited and written aside before anything changes, so that what
/// can fail fails early; if a step fails after that, the ones before it are taken back.
pub fn renumber(
    directory: &Path,
    name: &str,
    version: &Spelling,
    dependents: Dependents,
) -> Result<Renumbered, WriteError> {
    place::check_name(name)?;
    let from = directory.join(name);
    if !from.is_dir() {
        return Err(WriteError::Missing { path: from });
    }
    let new_name = match name.split_once('_') {
        Some((_, slug)) => format!("{version}_{slug}"),
        None => version.to_string(),
    };
    place::check_free(directory, &new_name, &version.version(), Some(name))?;
    let edits = match dependents {
        Dependents::Mend => edits(directory, name, &version.version())?,
        Dependents::Leave => Vec::new(),
    };
    let staging = stage(directory, &new_name, &edits)?;
    let path = place::publish(&from, directory, &new_name)?;
    if let Some(staging) = &staging
        && let Err(error) = exchange(staging, &edits)
    {
        // The first error is the one to tell; what cannot be taken back shows in `check`.
        let _ = fs::rename(&path, &from);
        return Err(error);
    }
    Ok(Renumbered {
        path,
        mended: edits.into_iter().map(|edit| edit.path).collect(),
    })
}

/// A metadata.toml that names the old version.
struct Edit {
    path: PathBuf,
    before: String,
    after: String,
}

/// Finds every migration that depends on the version of `name`, and what its file has to say instead.
fn edits(directory: &Path, name: &str, to: &Version) -> Result<Vec<Edit>, WriteError> {
    let old = Version::of_directory(name);
    let entries =
        fs::read_dir(directory).map_err(|error| WriteError::io("read", directory, error))?;
    let mut edits = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| WriteError::io("read", directory, error))?;
        let other = entry.file_name();
        if other.to_string_lossy().starts_with('.') || other == *name {
            continue;
        }
        let path = entry.path().join("metadata.toml");
        let before = match fs::read_to_string(&path) {
            Ok(before) => before,
            Err(error) if is_absent(&error) => continue,
            Err(error) => return Err(WriteError::io("read", &path, error)),
        };
        match edit_depends_on(&before, &old, to) {
            Ok(Some(after)) => edits.push(Edit {
                path,
                before,
                after,
            }),
            Ok(None) => {}
            Err(problem) => return Err(WriteError::Metadata { path, problem }),
        }
    }
    edits.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(edits)
}

/// Whether there is no such file, or no directory that could hold it.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Writes the edited files aside.
fn stage(directory: &Path, name: &str, edits: &[Edit]) -> Result<Option<Staging>, WriteError> {
    if edits.is_empty() {
        return Ok(None);
    }
    let staging = Staging::create(directory, name)?;
    for (index, edit) in edits.iter().enumerate() {
        staging.write(&index.to_string(), &edit.after)?;
    }
    Ok(Some(staging))
}

/// Puts the edited files in place of the old ones, all or none.
fn exchange(staging: &Staging, edits: &[Edit]) -> Result<(), WriteError> {
    for (index, edit) in edits.iter().enumerate() {
        if let Err(error) = fs::rename(staging.path().join(index.to_string()), &edit.path) {
            for done in &edits[..index] {
                let _ = fs::write(&done.path, &done.before);
            }
            return Err(WriteError::io("write", &edit.path, error));
        }
    }
    Ok(())
}
