//! Why a lock could not be taken, or is no longer ours.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::holder::Holder;
use crate::backend::error::DatabaseError;
use crate::backend::open::OpenError;
use crate::error::{Explain, Kind};

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run has it, and kept it as long as we waited.
    #[error("another run is changing this database{}", by(.holder.as_deref()))]
    Busy {
        /// Who it is, as far as the server or the file tells.
        holder: Option<Box<Holder>>,
        /// How long we waited.
        waited: Duration,
    },
    /// A signal asked to end while we waited.
    #[error("stopped while waiting for another run")]
    Interrupted,
    /// The connection that was to hold it could not be opened.
    #[error("cannot connect to lock the database")]
    Open(#[from] OpenError),
    /// The server refused.
    #[error("cannot lock the database")]
    Database(#[from] DatabaseError),
    /// The file that is locked cannot be made or locked.
    #[error("cannot lock the file `{}`", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is there, and another user's.
    #[error("the lock of the database, `{}`, belongs to somebody else", .path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something else stands where the file has to be.
    #[error("the lock of the database has to be the file `{}`, and that is {what}", .path.display())]
    Strange {
        /// Where.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// The thread that was to keep it could not be started.
    #[error("cannot start what keeps the lock on the database")]
    Thread(#[source] std::io::Error),
    /// When it was to be given back, it was gone.
    #[error("the lock on the database was not ours any more when all was done")]
    Gone,
}

/// A path as it is typed in a shell.
fn typed(path: &Path) -> String {
    shell_words::quote(&path.display().to_string()).into_owned()
}

fn by(holder: Option<&Holder>) -> String {
    holder
        .map(ToString::to_string)
        .filter(|holder| !holder.is_empty())
        .map_or_else(String::new, |holder| format!(": {holder}"))
}

impl Explain for LockError {
    fn kind(&self) -> Kind {
        match self {
            Self::Interrupted => Kind::Cancelled,
            Self::Busy { .. }
            | Self::Open(_)
            | Self::Database(_)
            | Self::File { .. }
            | Self::NotOurs { .. }
            | Self::Strange { .. }
            | Self::Thread(_)
            | Self::Gone => Kind::Failure,
        }
    }

    fn details(&self) -> Vec<String> {
        let mut details = match self {
            Self::Database(error) => error.details(),
            Self::Open(error) => error.details(),
            Self::Gone => return Vec::new(),
            Self::Busy { .. }
            | Self::Interrupted
            | Self::File { .. }
            | Self::NotOurs { .. }
            | Self::Strange { .. }
            | Self::Thread(_) => Vec::new(),
        };
        details.push("nothing was run".to_owned());
        details
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Busy { .. } => vec![
                "wait longer: --lock-timeout 10m".to_owned(),
                "see who it is: manage lock status".to_owned(),
            ],
            Self::Interrupted | Self::Thread(_) => Vec::new(),
            Self::Gone => vec!["look again: manage showmigrations".to_owned()],
            Self::Open(error) => error.hints(),
            Self::Database(error) => error.hints(),
            Self::NotOurs { path, .. } => vec![format!(
                "a run of theirs left it, or is at work; if nobody is, have it taken away: rm {}",
                typed(path)
            )],
            Self::Strange { path, .. } => vec![format!(
                "put it elsewhere, then run the same command again: mv {0} {0}.old",
                typed(path)
            )],
            Self::File { .. } => {
                vec![
                    "the lock is a file beside the database: check that its folder may be written"
                        .to_owned(),
                ]
            }
        }
    }
}
