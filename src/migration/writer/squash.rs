//! Puts one migration in the place of several, which move to a dot-directory: nothing is deleted.

use std::fs;
use std::path::{Path, PathBuf};

use super::staging::{Staging, sync_directory};
use super::undo::{Step, Undo};
use super::{WriteError, place};
use crate::migration::metadata::Metadata;
use crate::migration::outside::refuse_outside;
use crate::migration::version::Version;

/// Where squashed migrations are kept; Diesel passes over it.
pub(super) const ARCHIVE: &str = ".squashed";

/// The migration that takes the place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The folder of the migrations.
    pub directory: PathBuf,
    /// The name of its directory.
    pub name: String,
    /// The SQL that applies it.
    pub up: String,
    /// The SQL that reverts it, if it can be.
    pub down: Option<String>,
    /// What stands in its metadata.toml.
    pub metadata: Metadata,
}

/// What became of a squash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Squashed {
    /// The new migration.
    pub path: PathBuf,
    /// Where the old ones are now.
    pub archive: PathBuf,
    /// The metadata.toml files of others that now name its version, sorted.
    pub mended: Vec<PathBuf>,
}

/// A metadata.toml that has to say something else afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The file.
    pub path: PathBuf,
    /// What it says.
    pub before: String,
    /// What it has to say.
    pub after: String,
}

/// Writes a migration in the place of the named ones of its folder, the last of which has its version.
///
/// Everything is written aside before anything moves; if a step fails, the ones before it are taken back.
pub fn replace(
    successor: &Successor,
    members: &[String],
    mended: Vec<Mended>,
) -> Result<Squashed, WriteError> {
    let Successor {
        directory: folder,
        name,
        ..
    } = successor;
    place::check_name(name)?;
    refuse_outside(folder)?;
    for one in &mended {
        refuse_outside(one.path.parent().unwrap_or(folder))?;
    }
    for member in members {
        let path = folder.join(member);
        if !path.is_dir() {
            return Err(WriteError::Missing { path });
        }
    }
    let last = members.last().map(String::as_str);
    place::check_free(folder, name, &Version::of_directory(name), last)?;
    let staging = Staging::create(folder, name)?;
    staging.write("up.sql", &successor.up)?;
    if let Some(down) = &successor.down {
        staging.write("down.sql", down)?;
    }
    staging.write("metadata.toml", &successor.metadata.render())?;
    staging.finish();
    let aside = stage(folder, &format!("{name}.others"), &mended)?;

    // Nobody else may take what is half done for what a killed program left.
    let _lock = place::lock(folder);
    let archive = archive(folder, name)?;
    let noted = Undo::note(folder, &steps(folder, name, members, &archive, &mended));
    let _noted = noted.inspect_err(|_| {
        let _ = fs::remove_dir(&archive);
    })?;
    // The others first: the version that they name from now on is the last one's, which is there all the time.
    if let Some(aside) = &aside {
        exchange(aside, &mended)?;
    }
    let mut moves = Moves {
        archive: Some(archive.clone()),
        made: Vec::new(),
    };
    let outcome = members
        .iter()
        .try_for_each(|member| moves.make(&folder.join(member), &archive.join(member)))
        .and_then(|()| place::rename(staging.path(), folder, name));
    let path = match outcome {
        Ok(path) => path,
        Err(error) => {
            // The first error is the one to tell.
            for one in &mended {
                let _ = fs::write(&one.path, &one.before);
            }
            return Err(error);
        }
    };
    staging.published();
    moves.keep();
    sync_directory(&archive);
    sync_directory(folder);
    Ok(Squashed {
        path,
        archive,
        mended: mended.into_iter().map(|edit| edit.path).collect(),
    })
}

/// What is going to be changed in the folder.
fn steps(
    folder: &Path,
    name: &str,
    members: &[String],
    archive: &Path,
    mended: &[Mended],
) -> Vec<Step> {
    let name_of = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    // Those of other folders are right before the squash too.
    let here = mended.iter().filter_map(|one| {
        let directory = one.path.parent()?;
        (directory.parent() == Some(folder)).then(|| Step::Edit {
            directory: name_of(directory),
            before: Some(one.before.clone()),
            after: one.after.clone(),
        })
    });
    let last = Step::Archive {
        members: members.to_vec(),
        archive: name_of(archive),
        name: name.to_owned(),
    };
    here.chain([last]).collect()
}

/// Writes the mended files aside.
fn stage(folder: &Path, name: &str, mended: &[Mended]) -> Result<Option<Staging>, WriteError> {
    if mended.is_empty() {
        return Ok(None);
    }
    let staging = Staging::create(folder, name)?;
    for (index, one) in mended.iter().enumerate() {
        staging.write(&index.to_string(), &one.after)?;
    }
    Ok(Some(staging))
}

/// Puts the mended files in place of the old ones, all or none.
fn exchange(staging: &Staging, mended: &[Mended]) -> Result<(), WriteError> {
    for (index, one) in mended.iter().enumerate() {
        if let Err(error) = fs::rename(staging.path().join(index.to_string()), &one.path) {
            for done in &mended[..index] {
                let _ = fs::write(&done.path, &done.before);
            }
            return Err(WriteError::io("write", &one.path, error));
        }
    }
    Ok(())
}

/// A directory of its own for each squash, also if one of this name was there before.
fn archive(folder: &Path, name: &str) -> Result<PathBuf, WriteError> {
    let all = folder.join(ARCHIVE);
    refuse_outside(&all)?;
    let mut path = all.join(name);
    let mut number = 2;
    while path.exists() {
        path = all.join(format!("{name}-{number}"));
        number += 1;
    }
    fs::create_dir_all(&path).map_err(|error| WriteError::io("create", &path, error))?;
    Ok(path)
}

/// Directories on the move; they go back unless they are kept.
struct Moves {
    archive: Option<PathBuf>,
    made: Vec<(PathBuf, PathBuf)>,
}

impl Moves {
    fn make(&mut self, from: &Path, to: &Path) -> Result<(), WriteError> {
        fs::rename(from, to).map_err(|error| WriteError::io("move", from, error))?;
        self.made.push((from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn keep(mut self) {
        self.archive = None;
        self.made.clear();
    }
}

impl Drop for Moves {
    fn drop(&mut self) {
        for (from, to) in self.made.drain(..).rev() {
            // What cannot be taken back shows in `check`.
            let _ = fs::rename(&to, &from);
        }
        if let Some(archive) = &self.archive {
            let _ = fs::remove_dir(archive);
        }
    }
}
