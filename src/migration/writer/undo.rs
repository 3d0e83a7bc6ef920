//! What a change of several directories has begun, noted before it begins: who comes after a kill takes it back.
//!
//! A rename is one step for the file system, and several are not. Without the note a killed squash would leave a
//! folder that lacks migrations and looks whole.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::squash::ARCHIVE;
use super::staging::{Staging, sync_directory};
use super::{WriteError, place};
use crate::migration::outside::refuse_outside;

/// How the names of the dot-directories begin that hold a note.
const BEGINNING: &str = ".manage-undo.tmp-";

/// The file in it.
const STEPS: &str = "steps";

/// The longest note that is read.
const LONGEST: u64 = 16 * 1024 * 1024;

/// One step that is going to be made in a folder. There are only names in it, so that a note that came with
/// somebody's repository changes nothing but the migrations beside it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// A directory gets another name.
    Rename { from: String, to: String },
    /// The metadata.toml of a directory, as it is named before all renames, gets another text.
    Edit {
        directory: String,
        before: Option<String>,
        after: String,
    },
    /// Directories move to one of the archive, and then one of this name takes their place.
    Archive {
        members: Vec<String>,
        archive: String,
        name: String,
    },
}

impl Step {
    /// Refuses a name that leads anywhere else than into the folder.
    fn check(&self) -> Result<(), WriteError> {
        let names: Vec<&String> = match self {
            Self::Rename { from, to } => vec![from, to],
            Self::Edit { directory, .. } => vec![directory],
            Self::Archive {
                members,
                archive,
                name,
            } => members.iter().chain([archive, name]).collect(),
        };
        names
            .into_iter()
            .try_for_each(|name| place::check_name(name))
    }

    /// Whether it was made and nothing is to be done after it: all of the change is there.
    fn is_the_end(&self, folder: &Path) -> bool {
        match self {
            Self::Rename { .. } | Self::Edit { .. } => false,
            Self::Archive {
                members,
                archive,
                name,
            } => {
                let archive = folder.join(ARCHIVE).join(archive);
                let are_away = members.iter().all(|one| archive.join(one).is_dir());
                are_away && folder.join(name).is_dir()
            }
        }
    }
}

/// A note of what has been begun. It goes with its value: then all of it was done, or nothing.
pub(super) struct Undo {
    staging: Staging,
}

impl Undo {
    /// Notes the steps, before the first of them is made.
    pub(super) fn note(folder: &Path, steps: &[Step]) -> Result<Self, WriteError> {
        let staging = Staging::create(folder, "undo")?;
        let text = serde_json::to_string(steps)
            .map_err(|error| WriteError::io("write", staging.path(), error.into()))?;
        staging.write(STEPS, &text)?;
        staging.finish();
        sync_directory(folder);
        Ok(Self { staging })
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        // What is not removed with it is harmless without the file.
        let _ = fs::remove_file(self.staging.path().join(STEPS));
    }
}

/// Whether a directory of a folder is the note of a program that is no longer at work.
pub(in crate::migration) fn is_left_behind(folder: &Path, name: &str) -> bool {
    name.starts_with(BEGINNING)
        && folder.join(name).join(STEPS).is_file()
        && fs::File::open(folder).is_ok_and(|folder| folder.try_lock().is_ok())
}

/// Takes back what killed programs had begun in a folder of migrations, and says whether there was anything.
///
/// # Errors
/// The file system refuses; what is not taken back yet is still noted.
pub fn take_back(folder: &Path) -> Result<bool, WriteError> {
    refuse_outside(folder)?;
    let _lock = place::lock(folder);
    let listing = fs::read_dir(folder).map_err(|error| WriteError::io("read", folder, error))?;
    let mut changed = false;
    for item in listing {
        let item = item.map_err(|error| WriteError::io("read", folder, error))?;
        let is_note = item
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(BEGINNING));
        let is_directory = item.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_note || !is_directory {
            continue;
        }
        // A note that was not written to its end was followed by no step.
        let steps = read(&item.path().join(STEPS))?;
        for step in &steps {
            step.check()?;
        }
        if !steps.iter().any(|step| step.is_the_end(folder)) {
            for step in steps.iter().rev() {
                changed |= reverse(folder, &item.path(), step)?;
            }
        }
        sync_directory(folder);
        sweep(folder, &item.file_name())?;
    }
    Ok(changed)
}

/// Removes the dot-directories of the program that left a note, the note last.
fn sweep(folder: &Path, note: &OsStr) -> Result<(), WriteError> {
    let note = note.to_string_lossy();
    let process = note[BEGINNING.len()..]
        .split('-')
        .next()
        .unwrap_or_default();
    let own = format!(".tmp-{process}-");
    let listing = fs::read_dir(folder).map_err(|error| WriteError::io("read", folder, error))?;
    for name in listing.flatten().map(|item| item.file_name()) {
        let name = name.to_string_lossy();
        if name.starts_with(".manage-") && name.contains(&own) && name != note {
            // It is harmless.
            let _ = fs::remove_dir_all(folder.join(&*name));
        }
    }
    let path = folder.join(&*note);
    fs::remove_dir_all(&path).map_err(|error| WriteError::io("remove", &path, error))
}

/// The steps of a note; none of one that holds something else.
fn read(path: &Path) -> Result<Vec<Step>, WriteError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() && metadata.len() <= LONGEST => {}
        Ok(_) => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(WriteError::io("read", path, error)),
    }
    let text = fs::read(path).map_err(|error| WriteError::io("read", path, error))?;
    Ok(serde_json::from_slice(&text).unwrap_or_default())
}

/// Takes one step back, if it was made.
fn reverse(folder: &Path, note: &Path, step: &Step) -> Result<bool, WriteError> {
    match step {
        Step::Rename { from, to } => move_back(&folder.join(to), &folder.join(from)),
        Step::Edit {
            directory,
            before,
            after,
        } => {
            let path = folder.join(directory).join("metadata.toml");
            refuse_outside(&folder.join(directory))?;
            refuse_outside(&path)?;
            // What somebody has written since is theirs.
            if fs::read_to_string(&path).ok().as_ref() != Some(after) {
                return Ok(false);
            }
            match before {
                Some(before) => {
                    let aside = note.join("before");
                    fs::write(&aside, before).and_then(|()| fs::rename(&aside, &path))
                }
                None => fs::remove_file(&path),
            }
            .map_err(|error| WriteError::io("write", &path, error))?;
            Ok(true)
        }
        Step::Archive {
            members, archive, ..
        } => {
            let archive = folder.join(ARCHIVE).join(archive);
            refuse_outside(&archive)?;
            let mut changed = false;
            for member in members {
                changed |= move_back(&archive.join(member), &folder.join(member))?;
            }
            // One that is not empty is not only ours.
            let _ = fs::remove_dir(&archive);
            Ok(changed)
        }
    }
}

/// Moves a directory back, if it is there and its place is free.
fn move_back(now: &Path, before: &Path) -> Result<bool, WriteError> {
    if !now.is_dir() || before.exists() {
        return Ok(false);
    }
    fs::rename(now, before).map_err(|error| WriteError::io("move", now, error))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::mem;

    use tempfile::TempDir;

    use super::*;

    /// Every file of a folder and its text; a directory without files has none.
    fn tree(folder: &Path) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut open = vec![folder.to_owned()];
        while let Some(directory) = open.pop() {
            for item in fs::read_dir(&directory).unwrap().map(Result::unwrap) {
                let path = item.path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(folder).unwrap().display().to_string();
                    files.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        files
    }

    fn put(folder: &Path, file: &str, text: &str) {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// A folder, what is noted about a change of it, and the moves and edits of that change.
    struct Killed {
        folder: TempDir,
        steps: Vec<Step>,
        deeds: Vec<(&'static str, &'static str)>,
    }

    impl Killed {
        /// Leaves the folder as a program does that is killed after some of the deeds, and a draft with it.
        fn after(&self, deeds: usize) {
            let folder = self.folder.path();
            mem::forget(Undo::note(folder, &self.steps).unwrap());
            mem::forget(Staging::create(folder, "7_new").unwrap());
            for (from, to) in &self.deeds[..deeds] {
                if let Some(text) = to.strip_prefix('=') {
                    fs::write(folder.join(from), text).unwrap();
                } else {
                    fs::rename(folder.join(from), folder.join(to)).unwrap();
                }
            }
        }
    }

    fn rebase() -> Killed {
        let folder = TempDir::new().unwrap();
        for name in ["1_a", "2_b", "3_c"] {
            put(folder.path(), &format!("{name}/up.sql"), name);
        }
        put(folder.path(), "2_b/metadata.toml", "old");
        let rename = |from: &str, to: &str| Step::Rename {
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let edit = |directory: &str, before: Option<&str>| Step::Edit {
            directory: directory.to_owned(),
            before: before.map(str::to_owned),
            after: "new".to_owned(),
        };
        Killed {
            folder,
            steps: vec![
                edit("1_a", None),
                edit("2_b", Some("old")),
                rename("1_a", "4_a"),
                rename("2_b", "5_b"),
            ],
            deeds: vec![
                ("1_a/metadata.toml", "=new"),
                ("2_b/metadata.toml", "=new"),
                ("1_a", "4_a"),
                ("2_b", "5_b"),
            ],
        }
    }

    fn squash() -> Killed {
        let folder = TempDir::new().unwrap();
        for name in ["1_a", "2_b", "3_c", ".new"] {
            put(folder.path(), &format!("{name}/up.sql"), name);
        }
        put(folder.path(), "3_c/metadata.toml", "old");
        fs::create_dir_all(folder.path().join(".squashed/2_ab")).unwrap();
        Killed {
            folder,
            steps: vec![
                Step::Edit {
                    directory: "3_c".to_owned(),
                    before: Some("old".to_owned()),
                    after: "new".to_owned(),
                },
                Step::Archive {
                    members: texts(&["1_a", "2_b"]),
                    archive: "2_ab".to_owned(),
                    name: "2_ab".to_owned(),
                },
            ],
            deeds: vec![
                ("3_c/metadata.toml", "=new"),
                ("1_a", ".squashed/2_ab/1_a"),
                ("2_b", ".squashed/2_ab/2_b"),
                (".new", "2_ab"),
            ],
        }
    }

    #[test]
    fn whatever_a_killed_program_had_done_is_taken_back() {
        for (change, undone) in [(rebase as fn() -> Killed, 4), (squash, 3)] {
            for deeds in 0..=undone {
                let killed = change();
                let before = tree(killed.folder.path());
                killed.after(deeds);
                assert_eq!(take_back(killed.folder.path()).unwrap(), deeds > 0);
                assert_eq!(tree(killed.folder.path()), before, "after {deeds} deeds");
                assert!(!take_back(killed.folder.path()).unwrap());
            }
        }
    }

    #[test]
    fn a_squash_that_has_all_of_it_stays() {
        let killed = squash();
        killed.after(4);
        assert!(!take_back(killed.folder.path()).unwrap());
        let names: Vec<String> = tree(killed.folder.path()).into_keys().collect();
        assert_eq!(
            names,
            [
                ".squashed/2_ab/1_a/up.sql",
                ".squashed/2_ab/2_b/up.sql",
                "2_ab/up.sql",
                "3_c/metadata.toml",
                "3_c/up.sql"
            ]
        );
        assert_eq!(tree(killed.folder.path())["3_c/metadata.toml"], "new");
    }

    #[test]
    fn what_somebody_wrote_since_is_theirs() {
        let killed = rebase();
        killed.after(2);
        put(killed.folder.path(), "2_b/metadata.toml", "theirs");
        assert!(take_back(killed.folder.path()).unwrap());
        assert_eq!(tree(killed.folder.path())["2_b/metadata.toml"], "theirs");
    }

    #[test]
    fn a_note_names_nothing_outside_of_its_folder() {
        let outer = TempDir::new().unwrap();
        put(outer.path(), "secret/up.sql", "");
        let folder = outer.path().join("migrations");
        fs::create_dir(&folder).unwrap();
        let step = Step::Rename {
            from: "1_a".to_owned(),
            to: "../secret".to_owned(),
        };
        mem::forget(Undo::note(&folder, &[step]).unwrap());
        let error = take_back(&folder).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`../secret` cannot be the name of a migration"
        );
        assert!(outer.path().join("secret").is_dir());
    }

    #[test]
    fn a_note_without_its_end_was_followed_by_nothing() {
        let folder = TempDir::new().unwrap();
        put(
            folder.path(),
            ".manage-undo.tmp-1-0/steps",
            "[{\"rename\": {",
        );
        assert!(!take_back(folder.path()).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
