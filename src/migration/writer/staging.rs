//! The dot-directory in which a migration is put together.

use std::fs;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process;

use super::WriteError;

/// How many leftovers of dead runs are passed over before something else must be wrong.
const ATTEMPTS: usize = 1000;

/// A directory that is removed again unless it is published.
#[derive(Debug)]
pub(in crate::migration) struct Staging {
    path: PathBuf,
    is_published: bool,
}

impl Staging {
    /// Creates a directory of its own; one that a dead run left behind is not touched.
    pub(in crate::migration) fn create(directory: &Path, name: &str) -> Result<Self, WriteError> {
        let process = process::id();
        for attempt in 0..ATTEMPTS {
            let path = directory.join(format!(".manage-{name}.tmp-{process}-{attempt}"));
            match fs::create_dir(&path) {
                Ok(()) => {
                    return Ok(Self {
                        path,
                        is_published: false,
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(WriteError::io("create", &path, error)),
            }
        }
        Err(WriteError::InTheWay {
            path: directory.join(format!(".manage-{name}.tmp-{process}-0")),
        })
    }

    /// Where it is.
    pub(in crate::migration) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one file and waits until the disk has it.
    pub(in crate::migration) fn write(&self, file: &str, text: &str) -> Result<(), WriteError> {
        let path = self.path.join(file);
        File::create_new(&path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .map_err(|error| WriteError::io("write", &path, error))
    }

    /// Waits until the disk has the names of the files too.
    pub(super) fn finish(&self) {
        sync_directory(&self.path);
    }

    /// Keeps the directory, which now has its name.
    pub(super) fn published(mut self) {
        self.is_published = true;
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_published {
            // The error that brought us here says more than one about the leftovers, which are harmless.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Asks the disk to keep the names in a directory.
///
/// Some systems cannot open a directory and some file systems cannot sync one; the files are safe
/// all the same, so that is no failure.
pub(in crate::migration) fn sync_directory(path: &Path) {
    let _ = File::open(path).and_then(|directory| directory.sync_all());
}
