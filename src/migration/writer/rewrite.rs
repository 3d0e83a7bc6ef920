//! Gives a migration other files, and another name if it is to have one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::staging::Staging;
use super::{Draft, WriteError, check, place};
use crate::migration::metadata::Metadata;
use crate::migration::outside::refuse_outside;

/// Writes the files of a migration that is there again; whatever else lies in its directory stays.
///
/// The new files are written aside first; if one of the steps after that fails, those before it are taken
/// back.
pub fn rewrite(old: &Path, draft: &Draft) -> Result<PathBuf, WriteError> {
    check(draft)?;
    if !old.is_dir() {
        return Err(WriteError::Missing {
            path: old.to_owned(),
        });
    }
    refuse_outside(old)?;
    let own = old.file_name().and_then(|name| name.to_str());
    let name = draft.name();
    place::check_name(&name)?;
    place::check_free(&draft.directory, &name, &draft.version.version(), own)?;
    let metadata = (draft.metadata != Metadata::absent()).then(|| draft.metadata.render());
    let files = [
        ("up.sql", Some(draft.up.as_str())),
        ("down.sql", draft.down.as_deref()),
        ("metadata.toml", metadata.as_deref()),
    ];
    let staging = Staging::create(&draft.directory, &name)?;
    for (file, text) in files {
        if let Some(text) = text {
            staging.write(file, text)?;
        }
    }
    let mut before = Vec::new();
    let exchanged = exchange(&staging, old, &files, &mut before).and_then(|()| {
        if own == Some(name.as_str()) {
            return Ok(old.to_owned());
        }
        place::publish(old, &draft.directory, &name)
    });
    if exchanged.is_err() {
        // The first error is the one to tell; what cannot be taken back shows in `check`.
        for (path, content) in before {
            let _ = match content {
                Some(content) => fs::write(path, content),
                None => fs::remove_file(path),
            };
        }
    }
    exchanged
}

/// Puts the new files in place of the old ones, and keeps what those held.
fn exchange(
    staging: &Staging,
    folder: &Path,
    files: &[(&str, Option<&str>)],
    before: &mut Vec<(PathBuf, Option<Vec<u8>>)>,
) -> Result<(), WriteError> {
    for (file, text) in files {
        let path = folder.join(file);
        let held = match fs::read(&path) {
            Ok(held) => Some(held),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(WriteError::io("read", &path, error)),
        };
        let is_there = held.is_some();
        before.push((path.clone(), held));
        if text.is_some() {
            fs::rename(staging.path().join(file), &path)
                .map_err(|error| WriteError::io("write", &path, error))?;
        } else if is_there {
            fs::remove_file(&path).map_err(|error| WriteError::io("remove", &path, error))?;
        }
    }
    Ok(())
}
