//! Why nothing could be set up.

use std::io;
use std::path::PathBuf;

use crate::error::{Explain, Kind};

/// Why nothing could be set up.
#[derive(Debug, thiserror::Error)]
pub(super) enum InitError {
    #[error("`{}` exists already", .0.display())]
    Exists(PathBuf),
    #[error("`{}` is in the way", .0.display())]
    InTheWay(PathBuf),
    #[error("SQLite is a file: it has no host and no user")]
    NoServer,
    #[error("the URL holds no password for --password-variable to stand for")]
    NoPassword,
    #[error("`{0}` cannot be the name of one more connection")]
    SameName(String),
    #[error("cannot write `{}`", .path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Explain for InitError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoServer | Self::NoPassword | Self::SameName(_) => Kind::Usage,
            Self::Exists(_) | Self::InTheWay(_) | Self::Write { .. } => Kind::Failure,
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Exists(path) => vec![format!(
                "nothing is overwritten; edit `{}`, or move it away first",
                path.display()
            )],
            Self::InTheWay(_) => {
                vec!["move it away, or name another folder: --migrations DIR".to_owned()]
            }
            Self::NoServer => {
                vec!["leave out --host and --username, or name another --driver".to_owned()]
            }
            Self::NoPassword => vec!["leave out --password-variable".to_owned()],
            Self::SameName(_) => vec!["give each its own: --multi=main,reports".to_owned()],
            Self::Write { path, .. } => vec![format!("check the rights of `{}`", path.display())],
        }
    }
}
