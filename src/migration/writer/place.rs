//! Gives a finished directory its name among the migrations, or finds out that it cannot have it.

use std::ffi::OsStr;
use std::fs;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::WriteError;
use super::staging::sync_directory;
use crate::migration::outside::refuse_outside;
use crate::migration::version::Version;

/// Creates the folder of the migrations unless it is there.
pub(super) fn create_folder(directory: &Path) -> Result<(), WriteError> {
    refuse_outside(directory)?;
    if directory.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(directory).map_err(|error| {
        match directory.ancestors().find(|a| a.is_file()) {
            Some(file) => WriteError::InTheWay {
                path: file.to_owned(),
            },
            None => WriteError::io("create", directory, error),
        }
    })?;
    if let Some(parent) = directory.parent() {
        sync_directory(parent);
    }
    Ok(())
}

/// Refuses a name that would not be a directory among the migrations.
///
/// Names also come from the database, which others can write to.
pub(super) fn check_name(name: &str) -> Result<(), WriteError> {
    let is_unsafe = |c: char| c.is_control() || matches!(c, '/' | '\\');
    if name.is_empty() || name.starts_with('.') || name.contains(is_unsafe) {
        return Err(WriteError::Name {
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// Refuses a version that a directory has already, other than the one that is `own`.
pub(super) fn check_free(
    directory: &Path,
    name: &str,
    version: &Version,
    own: Option<&str>,
) -> Result<(), WriteError> {
    let entries =
        fs::read_dir(directory).map_err(|error| WriteError::io("read", directory, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| WriteError::io("read", directory, error))?;
        let file_name = entry.file_name();
        let found = file_name.to_string_lossy();
        if found.starts_with('.') || own == Some(&*found) {
            continue;
        }
        // Diesel passes over plain files, so only a directory takes a version.
        if entry.path().is_dir() {
            if Version::of_directory(&found) == *version {
                return Err(WriteError::VersionTaken {
                    version: version.clone(),
                    name: found.into_owned(),
                });
            }
        } else if file_name == OsStr::new(name) {
            return Err(WriteError::InTheWay { path: entry.path() });
        }
    }
    Ok(())
}

/// Moves a directory to its name, one program at a time.
pub(super) fn publish(from: &Path, directory: &Path, name: &str) -> Result<PathBuf, WriteError> {
    let _lock = lock(directory);
    rename(from, directory, name)
}

/// Moves a directory to its name, and back again if another program took the version meanwhile.
pub(super) fn rename(from: &Path, directory: &Path, name: &str) -> Result<PathBuf, WriteError> {
    let version = Version::of_directory(name);
    let own = from.file_name().and_then(OsStr::to_str);
    let path = directory.join(name);
    check_free(directory, name, &version, own)?;
    fs::rename(from, &path).map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            let path = from.to_owned();
            WriteError::Missing { path }
        } else {
            WriteError::io("create", &path, error)
        }
    })?;
    // Without a lock two programs may both have found the version free. Whoever renames second
    // sees the other one here, so at most one directory stays.
    if let Err(taken) = check_free(directory, name, &version, Some(name)) {
        fs::rename(&path, from).map_err(|error| WriteError::io("take back", &path, error))?;
        return Err(taken);
    }
    sync_directory(directory);
    Ok(path)
}

/// Locks the folder until the file is dropped, or the program dies; gives nothing where folders have
/// no locks, as on Windows and on some network drives.
pub(in crate::migration) fn lock(directory: &Path) -> Option<File> {
    let folder = File::open(directory).ok()?;
    folder.lock().ok()?;
    Some(folder)
}
