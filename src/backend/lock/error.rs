//! Why a lock could not be taken, or is no longer ours.

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
        path: std::path::PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// What stands in the place of that file is a link, a pipe or a folder.
    #[error("`{}` is no plain file, so it cannot be the lock on the database", .0.display())]
    NotPlain(std::path::PathBuf),
    /// The thread that was to keep it could not be started.
    #[error("cannot start what keeps the lock on the database")]
    Thread(#[source] std::io::Error),
    /// When it was to be given back, it was gone.
    #[error("the lock on the database was not ours any more when all was done")]
    Gone,
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
            | Self::NotPlain(_)
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
            | Self::NotPlain(_)
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
            Self::NotPlain(path) => vec![format!(
                "find out what it is: ls -l {}; then move it away",
                path.display()
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
