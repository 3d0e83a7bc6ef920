//! The migrations on disk: found by name, read only when needed.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::finding::{Finding, Severity};
use super::version::Version;
use super::writer::undo;
use crate::error::Explain;

/// Of a folder that a killed command left half changed.
const HALF_WAY: &str = "half-way";

/// One or several folders of migrations, as one sorted list.
///
/// Loading it reads names and asks for the size of each `up.sql`, never for its content, so that a
/// run with nothing to do costs the same whatever the migrations hold.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    folders: Vec<PathBuf>,
    entries: Vec<Entry>,
    findings: Vec<Finding>,
}

/// One migration on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The version, as Diesel reads it from the name.
    pub version: Version,
    /// The directory's name.
    pub name: String,
    /// The directory.
    pub path: PathBuf,
    /// Size and time of `up.sql`; together they tell whether it may have changed.
    pub stamp: Stamp,
}

impl Entry {
    /// The text of its `metadata.toml`, where it has one that can be read.
    #[must_use]
    pub fn metadata(&self) -> Option<String> {
        fs::read_to_string(self.path.join("metadata.toml")).ok()
    }
}

/// As much of the path of a folder of migrations as is the same on every machine: its last two names.
#[must_use]
pub fn home(folder: &Path) -> String {
    let names: Vec<_> = folder
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_string_lossy()),
            Component::Prefix(_)
            | Component::RootDir
            | Component::CurDir
            | Component::ParentDir => None,
        })
        .collect();
    names[names.len().saturating_sub(2)..].join("/")
}

/// What the file system says of a file without opening it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970; 0 where the file system cannot tell.
    pub modified: i64,
}

/// Two or more directories with one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The version they share.
    pub version: Version,
    /// The directories, by name.
    pub entries: Vec<Entry>,
}

impl Directory {
    /// Finds the migrations in the folders. A folder that is not there is empty.
    ///
    /// # Errors
    /// A folder that cannot be read. What is wrong inside is in [`Self::findings`].
    pub fn load(folders: &[PathBuf]) -> Result<Self, DirectoryError> {
        let mut directory = Self {
            folders: folders.to_vec(),
            ..Self::default()
        };
        for folder in folders {
            directory.load_folder(folder)?;
        }
        directory
            .entries
            .sort_by(|a, b| a.version.cmp(&b.version).then_with(|| a.name.cmp(&b.name)));
        Ok(directory)
    }

    /// A directory of given entries, for tests and for plans that need no disk.
    #[must_use]
    pub fn of(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            ..Self::default()
        }
    }

    /// The same folders with some of the migrations.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&Entry) -> bool) -> Self {
        Self {
            folders: self.folders.clone(),
            entries: self
                .entries
                .iter()
                .filter(|entry| keep(entry))
                .cloned()
                .collect(),
            findings: Vec::new(),
        }
    }

    fn load_folder(&mut self, folder: &Path) -> Result<(), DirectoryError> {
        let unreadable = |source| DirectoryError::Unreadable {
            folder: folder.to_owned(),
            source,
        };
        let listing = match fs::read_dir(folder) {
            Ok(listing) => listing,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(error)),
        };
        for item in listing {
            let item = item.map_err(unreadable)?;
            let kind = item.file_type().map_err(unreadable)?;
            let Ok(name) = item.file_name().into_string() else {
                self.findings.push(Finding::new(
                    Severity::Error,
                    "name-not-utf8",
                    item.path(),
                    "the name is not valid UTF-8",
                    "rename it",
                ));
                continue;
            };
            if undo::is_left_behind(folder, &name) {
                self.findings.push(Finding::new(
                    Severity::Error,
                    HALF_WAY,
                    folder,
                    "a command was killed in the middle of renaming or moving migrations here",
                    "take back what it had begun: manage migrate --plan",
                ));
                continue;
            }
            // Diesel skips these too.
            if name.starts_with('.') || kind.is_file() {
                continue;
            }
            self.load_entry(name, item.path());
        }
        Ok(())
    }

    fn load_entry(&mut self, name: String, path: PathBuf) {
        // Such a name would steer the terminal of whoever looks at it.
        if name.contains(char::is_control) {
            self.findings.push(Finding::new(
                Severity::Error,
                "control-character",
                path,
                "the folder's name holds a control character",
                "rename it",
            ));
            return;
        }
        let up = path.join("up.sql");
        let metadata = match fs::metadata(&up) {
            Ok(metadata) => metadata,
            Err(error) => {
                // Another program may have renamed it since the folder was listed.
                let is_gone = fs::symlink_metadata(&path)
                    .is_err_and(|gone| gone.kind() == io::ErrorKind::NotFound);
                if !is_gone {
                    self.findings.push(not_a_migration(&path, &error));
                }
                return;
            }
        };
        if !metadata.is_file() {
            self.findings.push(Finding::new(
                Severity::Error,
                "missing-up-sql",
                up,
                "`up.sql` is not a file",
                "put the migration's SQL into a file of that name",
            ));
            return;
        }
        let version = Version::of_directory(&name);
        if version.as_str().is_empty() {
            // Diesel would record an empty version, which is what a faulty client library records too.
            self.findings.push(Finding::new(
                Severity::Error,
                "empty-version",
                path,
                "the folder's name has no version: nothing stands before the first `_`",
                "rename it: a version, `_` and words, as in 2026-11-20-101500_add_users",
            ));
            return;
        }
        self.entries.push(Entry {
            version,
            name,
            path,
            stamp: Stamp::of(&metadata),
        });
    }

    /// The folders it was loaded from; new migrations go into the first.
    #[must_use]
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The migrations, sorted by version as Diesel sorts them: as text.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What Diesel would stumble over, or a person should know, found without opening a file.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The folders that a killed command left half changed; see [`super::take_back`].
    pub fn half_way(&self) -> impl Iterator<Item = &Path> {
        self.findings
            .iter()
            .filter(|finding| finding.code == HALF_WAY)
            .map(|finding| finding.path.as_path())
    }

    /// The migration with a version; the first of them by name if there are two.
    #[must_use]
    pub fn find(&self, version: &Version) -> Option<&Entry> {
        let index = self
            .entries
            .partition_point(|entry| entry.version < *version);
        self.entries
            .get(index)
            .filter(|entry| entry.version == *version)
    }

    /// Versions that more than one directory has. Diesel runs one of them and never the others.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Duplicate> {
        self.entries
            .chunk_by(|a, b| a.version == b.version)
            .filter(|entries| entries.len() > 1)
            .map(|entries| Duplicate {
                version: entries[0].version.clone(),
                entries: entries.to_vec(),
            })
            .collect()
    }
}

impl Stamp {
    /// Reads it from what the file system answered.
    #[must_use]
    pub fn of(metadata: &fs::Metadata) -> Self {
        Self {
            size: metadata.len(),
            modified: metadata
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .and_then(|since| i64::try_from(since.as_nanos()).ok())
                .unwrap_or_default(),
        }
    }
}

fn not_a_migration(path: &Path, error: &io::Error) -> Finding {
    match fs::metadata(path) {
        Err(_) => Finding::new(
            Severity::Error,
            "broken-link",
            path,
            format!("the link leads nowhere ({error})"),
            "remove the link, or mend what it points to",
        ),
        Ok(metadata) if !metadata.is_dir() => Finding::new(
            Severity::Note,
            "stray-file",
            path,
            "not a migration, ignored",
            "nothing needs to be done",
        ),
        Ok(_) if error.kind() == io::ErrorKind::NotFound => {
            let empty = fs::read_dir(path).is_ok_and(|mut listing| listing.next().is_none());
            let (code, message) = if empty {
                ("empty-folder", "the folder is empty; `diesel` stops at it")
            } else {
                (
                    "missing-up-sql",
                    "the folder has no `up.sql`; `diesel` stops at it",
                )
            };
            Finding::new(
                Severity::Error,
                code,
                path,
                message,
                "remove the folder, write its up.sql, or begin its name with a dot",
            )
        }
        Ok(_) => Finding::new(
            Severity::Error,
            "unreadable",
            path,
            format!("`up.sql` cannot be read ({error})"),
            "check the rights of the folder and the file",
        ),
    }
}

/// Why a folder of migrations could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The folder is there and cannot be read.
    #[error("cannot read the migrations folder `{}`", .folder.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Explain for DirectoryError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Unreadable { folder, .. } => vec![format!(
                "check the rights of `{}`, or name another folder under `migrations:`",
                folder.display()
            )],
        }
    }
}
