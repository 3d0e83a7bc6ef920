//! Why heads cannot be joined.

use crate::error::{Explain, Kind};
use crate::ui;

/// Why heads cannot be joined.
#[derive(Debug, thiserror::Error)]
pub(super) enum MergeError {
    /// One alone was named.
    #[error("`{0}` alone cannot be merged")]
    Alone(String),
    /// A target names the place before the first migration.
    #[error("`{0}` is no migration")]
    Base(String),
    /// Something follows it.
    #[error("`{name}` is no head: `{follower}` follows it")]
    NotAHead {
        /// What was named.
        name: String,
        /// What follows it.
        follower: String,
        /// The heads that follow it in the end.
        heads: Vec<String>,
    },
    /// One of them follows the other.
    #[error("`{later}` follows `{earlier}` already")]
    Follows {
        /// The one that follows.
        later: String,
        /// The one that is followed.
        earlier: String,
    },
    /// A merge lies in one folder, and so does what follows it.
    #[error("`{one}` and `{other}` lie in different folders, whose migrations go on side by side")]
    Folders {
        /// A head.
        one: String,
        /// A head of another folder.
        other: String,
    },
    /// One version for several migrations.
    #[error("{0} merges are to be written, and one version is given")]
    OneVersion(usize),
    /// Which of two folders is applied is not known.
    #[error("version {version} is used by more than one folder: {}", list(.names))]
    Duplicate {
        /// The version.
        version: String,
        /// The folders.
        names: Vec<String>,
    },
}

fn list(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    ui::list(&quoted, 5)
}

impl Explain for MergeError {
    fn kind(&self) -> Kind {
        match self {
            Self::Alone(_) | Self::Base(_) | Self::OneVersion(_) => Kind::Usage,
            Self::NotAHead { .. }
            | Self::Follows { .. }
            | Self::Folders { .. }
            | Self::Duplicate { .. } => Kind::Failure,
        }
    }

    fn details(&self) -> Vec<String> {
        vec!["nothing was written".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Alone(_) | Self::Base(_) => vec![
                "name two heads or more, or none to join what has parted: manage merge".to_owned(),
                "see the heads: manage heads".to_owned(),
            ],
            Self::NotAHead { name, heads, .. } => {
                let mut hints: Vec<_> = heads
                    .iter()
                    .map(|head| format!("name the head instead: {head}"))
                    .collect();
                hints.push(format!("join `{name}` all the same: --splice"));
                hints
            }
            Self::Follows { .. } => {
                vec!["leave the earlier one out; see the heads: manage heads".to_owned()]
            }
            Self::Folders { other, .. } => vec![format!(
                "to have the next migration of one folder follow the other: manage makemigrations --depends-on {other}"
            )],
            Self::OneVersion(_) => {
                vec![
                    "name the heads that it is for: manage merge HEAD HEAD --version VERSION"
                        .to_owned(),
                ]
            }
            Self::Duplicate { .. } => {
                vec![
                    "give one of them a new version: manage migrate --on-duplicate renumber"
                        .to_owned(),
                ]
            }
        }
    }
}
