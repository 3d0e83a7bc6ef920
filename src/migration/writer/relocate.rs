//! Renames migrations and mends their metadata.toml files, all of it or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::staging::{Staging, sync_directory};
use super::undo::{Step, Undo};
use super::{WriteError, place};
use crate::migration::metadata::set_depends_on;
use crate::migration::outside::refuse_outside;
use crate::migration::version::Version;

/// Changes to several migrations that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relocation {
    /// Directories that get another name, in the order in which that happens.
    pub renames: Vec<Rename>,
    /// Files that get another text.
    pub edits: Vec<Edit>,
    /// The migrations that each folder is expected to hold. Where it holds others, nothing is changed.
    pub seen: BTreeMap<PathBuf, BTreeSet<String>>,
}

/// A directory and the name it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The directory.
    pub from: PathBuf,
    /// Its new name.
    pub to: String,
}

/// A metadata.toml and the text it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The migration's directory as it is now.
    pub directory: PathBuf,
    /// The text as it is now, if there is a file.
    pub before: Option<String>,
    /// The text as it will be.
    pub after: String,
}

impl Edit {
    /// What makes a migration follow these versions; nothing where its file says so already.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn depends_on(directory: &Path, versions: &[Version]) -> Result<Option<Self>, WriteError> {
        let before = read(directory)?;
        match set_depends_on(before.as_deref(), versions) {
            Ok(after) if before.as_ref() == Some(&after) => Ok(None),
            Ok(after) => Ok(Some(Self {
                directory: directory.to_owned(),
                before,
                after,
            })),
            Err(problem) => Err(WriteError::Metadata {
                path: directory.join("metadata.toml"),
                problem,
            }),
        }
    }
}

/// The text of a migration's metadata.toml, if it has one.
fn read(directory: &Path) -> Result<Option<String>, WriteError> {
    let path = directory.join("metadata.toml");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(WriteError::io("read", &path, error)),
    }
}

/// Carries the changes out, one program at a time.
///
/// New texts are written aside before anything changes, so that what can fail fails early; if a step fails
/// after that, the ones before it are taken back.
///
/// # Errors
/// Somebody changed a folder or a file since, or the file system refuses.
pub fn relocate(relocation: &Relocation) -> Result<(), WriteError> {
    for rename in &relocation.renames {
        place::check_name(&rename.to)?;
        if !rename.from.is_dir() {
            return Err(WriteError::Missing {
                path: rename.from.clone(),
            });
        }
    }
    for edit in &relocation.edits {
        refuse_outside(&edit.directory)?;
    }
    let folders: BTreeSet<&Path> = relocation
        .renames
        .iter()
        .map(|rename| &rename.from)
        .chain(relocation.edits.iter().map(|edit| &edit.directory))
        .filter_map(|directory| directory.parent())
        .collect();
    // Always in the same order, so that two programs never wait for each other.
    let _locks: Vec<_> = folders.iter().map(|folder| place::lock(folder)).collect();
    for (folder, names) in &relocation.seen {
        if migrations(folder)? != *names {
            return Err(WriteError::Changed {
                path: folder.clone(),
            });
        }
    }
    let staged = stage(&relocation.edits)?;
    let noted = note(relocation, &folders)?;
    let mut done = Vec::new();
    let outcome = carry_out(relocation, &staged, &mut done);
    for folder in folders {
        sync_directory(folder);
    }
    let outcome = outcome.map_err(|error| take_back(done, error));
    drop(noted);
    outcome
}

/// Notes in each folder what is going to be changed there, for who comes after a kill.
fn note(relocation: &Relocation, folders: &BTreeSet<&Path>) -> Result<Vec<Undo>, WriteError> {
    let name = |path: &Path| -> String {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let note = |folder: &&Path| {
        let is_here = |path: &Path| path.parent() == Some(*folder);
        let edits = relocation.edits.iter();
        let edits = edits.filter(|edit| is_here(&edit.directory));
        let renames = relocation.renames.iter();
        let renames = renames.filter(|rename| is_here(&rename.from));
        let edits = edits.map(|edit| Step::Edit {
            directory: name(&edit.directory),
            before: edit.before.clone(),
            after: edit.after.clone(),
        });
        let renames = renames.map(|rename| Step::Rename {
            from: name(&rename.from),
            to: rename.to.clone(),
        });
        Undo::note(folder, &edits.chain(renames).collect::<Vec<_>>())
    };
    folders.iter().map(note).collect()
}

/// The migrations that a folder holds now.
fn migrations(folder: &Path) -> Result<BTreeSet<String>, WriteError> {
    let entries = fs::read_dir(folder).map_err(|error| WriteError::io("read", folder, error))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(|error| WriteError::io("read", folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().join("up.sql").is_file() {
            names.insert(name);
        }
    }
    Ok(names)
}

/// Writes the new texts into a dot-directory of each folder, named by their place in the list.
fn stage(edits: &[Edit]) -> Result<BTreeMap<PathBuf, Staging>, WriteError> {
    let mut staged = BTreeMap::new();
    for (index, edit) in edits.iter().enumerate() {
        if read(&edit.directory)? != edit.before {
            return Err(WriteError::Changed {
                path: edit.directory.join("metadata.toml"),
            });
        }
        let folder = edit.directory.parent().unwrap_or(Path::new("."));
        if !staged.contains_key(folder) {
            staged.insert(folder.to_owned(), Staging::create(folder, "edits")?);
        }
        if let Some(staging) = staged.get(folder) {
            staging.write(&index.to_string(), &edit.after)?;
        }
    }
    Ok(staged)
}

/// A step that was made.
enum Done<'a> {
    Renamed { from: &'a Path, to: PathBuf },
    Edited { path: PathBuf, edit: &'a Edit },
}

fn carry_out<'a>(
    relocation: &'a Relocation,
    staged: &BTreeMap<PathBuf, Staging>,
    done: &mut Vec<Done<'a>>,
) -> Result<(), WriteError> {
    for (index, edit) in relocation.edits.iter().enumerate() {
        let folder = edit.directory.parent().unwrap_or(Path::new("."));
        let path = edit.directory.join("metadata.toml");
        if let Some(staging) = staged.get(folder) {
            fs::rename(staging.path().join(index.to_string()), &path)
                .map_err(|error| WriteError::io("write", &path, error))?;
            done.push(Done::Edited { path, edit });
        }
    }
    for rename in &relocation.renames {
        let folder = rename.from.parent().unwrap_or(Path::new("."));
        if rename.from.file_name() == Some(OsStr::new(&rename.to)) {
            continue;
        }
        let to = place::rename(&rename.from, folder, &rename.to)?;
        done.push(Done::Renamed {
            from: &rename.from,
            to,
        });
    }
    Ok(())
}

/// Takes the steps back, the last one first, and tells what could not be.
fn take_back(done: Vec<Done<'_>>, error: WriteError) -> WriteError {
    let mut left = Vec::new();
    for step in done.into_iter().rev() {
        match step {
            Done::Renamed { from, to } => {
                if fs::rename(&to, from).is_err() {
                    left.push(format!(
                        "`{}` was renamed to `{}`",
                        from.display(),
                        to.display()
                    ));
                }
            }
            Done::Edited { path, edit } => {
                let undone = match &edit.before {
                    Some(before) => fs::write(&path, before),
                    None => fs::remove_file(&path),
                };
                if undone.is_err() {
                    left.push(format!("`{}` was changed", path.display()));
                }
            }
        }
    }
    if left.is_empty() {
        return error;
    }
    left.reverse();
    WriteError::Partly {
        left,
        source: Box::new(error),
    }
}
