//! Why a migration could not be written.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::Explain;
use crate::migration::metadata::MetadataProblem;
use crate::migration::version::Version;

/// Why a migration could not be written; the migrations are as they were, but for [`Self::Partly`].
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A directory has this version, perhaps since a moment ago.
    #[error("version `{version}` is taken by `{name}`")]
    VersionTaken {
        /// The version that was to be written.
        version: Version,
        /// The directory that has it.
        name: String,
    },
    /// A file stands where a directory has to be.
    #[error("`{}` is in the way", .path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
    },
    /// The directory to be moved is not there, or no longer.
    #[error("`{}` does not exist", .path.display())]
    Missing {
        /// The directory.
        path: PathBuf,
    },
    /// The name cannot be that of a migration's directory.
    #[error("`{}` cannot be the name of a migration", .name.escape_debug())]
    Name {
        /// The name.
        name: String,
    },
    /// A link leads out of the project.
    #[error("`{}` leads out of the project, to `{}`", .path.display(), .target.display())]
    Outside {
        /// The file or folder.
        path: PathBuf,
        /// Where it really is.
        target: PathBuf,
    },
    /// The file would hold no statement.
    #[error("{file} would be empty")]
    Empty {
        /// `up.sql` or `down.sql`.
        file: &'static str,
    },
    /// A metadata.toml that may have to be mended cannot be read.
    #[error("cannot read `{}`", place(.path, .problem))]
    Metadata {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        problem: MetadataProblem,
    },
    /// A folder or a file is not as it was when the change was worked out.
    #[error("`{}` was changed meanwhile", .path.display())]
    Changed {
        /// The folder or file.
        path: PathBuf,
    },
    /// A change failed half way, and what was done of it could not all be taken back.
    #[error("the change stopped half way")]
    Partly {
        /// What is done, a line for each step.
        left: Vec<String>,
        /// Why it stopped.
        source: Box<WriteError>,
    },
    /// The file system refused.
    #[error("cannot {action} `{}`", .path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl WriteError {
    /// Tells what was tried where.
    pub(in crate::migration) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}

impl Explain for WriteError {
    fn details(&self) -> Vec<String> {
        match self {
            Self::Partly { left, .. } => left.clone(),
            Self::VersionTaken { .. }
            | Self::InTheWay { .. }
            | Self::Missing { .. }
            | Self::Name { .. }
            | Self::Outside { .. }
            | Self::Empty { .. }
            | Self::Metadata { .. }
            | Self::Changed { .. }
            | Self::Io { .. } => Vec::new(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::VersionTaken { .. } => {
                vec!["run the command again: it takes the next free version".to_owned()]
            }
            Self::InTheWay { path } => {
                vec![format!("move it away: mv {0} {0}.old", path.display())]
            }
            Self::Missing { .. } => vec!["see what there is: manage showmigrations".to_owned()],
            Self::Name { .. } => {
                vec!["a name has a version, `_` and words: 2026-11-20-101500_add_users".to_owned()]
            }
            Self::Outside { target, .. } => vec![format!(
                "put a copy of {} in the place of the link",
                target.display()
            )],
            Self::Empty { .. } => {
                vec![
                    "write at least one statement; SELECT 1; does nothing on every database"
                        .to_owned(),
                ]
            }
            Self::Metadata { problem, .. } => problem.hints(),
            Self::Changed { .. } => vec!["nothing was changed; run the command again".to_owned()],
            Self::Partly { source, .. } => {
                let mut hints = vec!["see what is left to be mended: manage check".to_owned()];
                hints.extend(source.hints());
                hints
            }
            Self::Io { path, source, .. } => io_hint(path, source.kind()).into_iter().collect(),
        }
    }
}

/// Names the place of a problem as an editor takes it.
fn place(path: &Path, problem: &MetadataProblem) -> String {
    match problem.position() {
        Some((line, column)) => format!("{}:{line}:{column}", path.display()),
        None => path.display().to_string(),
    }
}

/// What helps against the refusals that a person can do something about.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a system has many refusals, and few of them can be helped"
)]
fn io_hint(path: &Path, kind: io::ErrorKind) -> Option<String> {
    // What has to be writable is the directory that the file is in.
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new(".")).display();
    match kind {
        io::ErrorKind::PermissionDenied => Some(format!(
            "allow yourself to write there: chmod u+rwx {parent}"
        )),
        io::ErrorKind::ReadOnlyFilesystem => Some(format!(
            "{parent} is mounted read-only; write migrations where you develop, and commit them"
        )),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Some("free some space on the disk, then run the command again".to_owned())
        }
        io::ErrorKind::InvalidFilename => Some("choose a shorter name".to_owned()),
        _ => None,
    }
}
