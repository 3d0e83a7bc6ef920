//! Why a migration cannot stand where it was asked to.

use std::path::PathBuf;

use crate::error::{Explain, Kind};
use crate::migration::{Graph, Node, Target};

/// What is wrong with a place.
#[derive(Debug, thiserror::Error)]
pub(super) enum PlaceError {
    /// `--dir` names no folder of the connection.
    #[error("`{}` is no folder of the connection's migrations", .asked.display())]
    Folder {
        asked: PathBuf,
        folders: Vec<PathBuf>,
    },
    /// Others follow it already.
    #[error("`{name}` is no head: {followers}")]
    NotAHead {
        name: String,
        followers: String,
        heads: Vec<String>,
    },
    /// The head lies in another folder than the one that was named.
    #[error("`{head}` is the head of another folder, `{folder}`")]
    OtherFolder {
        head: String,
        folder: String,
        target: String,
    },
    /// A step from where a database stands.
    #[error("`{0}` counts from where a database stands, and a new migration follows a migration")]
    Step(Target),
    /// Nothing can depend on the beginning.
    #[error("`{0}` is before all migrations, so there is nothing to depend on")]
    Base(Target),
    /// It would come too late.
    #[error("`{dependency}` comes after `{version}`, so that it cannot be depended on")]
    TooLate { dependency: String, version: String },
}

impl PlaceError {
    pub(super) fn not_a_head(graph: &Graph, node: &Node) -> Self {
        let followers: Vec<String> = graph
            .children(node)
            .filter(|child| child.folder == node.folder)
            .map(|child| format!("`{}`", child.name))
            .collect();
        let verb = if followers.len() == 1 {
            "follows it"
        } else {
            "follow it"
        };
        let after = graph.descendants([&node.version]);
        let heads = graph
            .heads()
            .filter(|head| head.folder == node.folder && after.contains(&head.version))
            .map(|head| head.name.clone())
            .collect();
        Self::NotAHead {
            name: node.name.clone(),
            followers: format!("{} {verb}", crate::ui::list(&followers, 3)),
            heads,
        }
    }
}

impl Explain for PlaceError {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Folder { folders, .. } => {
                let mut hints: Vec<String> = folders
                    .iter()
                    .map(|folder| format!("there is --dir {}", folder.display()))
                    .collect();
                hints.push("another one is added in the settings, under `migrations:`".to_owned());
                hints
            }
            Self::NotAHead { heads, .. } => heads
                .iter()
                .map(|head| format!("follow the head: --head {head}"))
                .chain(["begin a branch there on purpose: --splice --label NAME".to_owned()])
                .collect(),
            Self::OtherFolder { target, .. } => vec![
                format!("to come after it and stay in this folder: --depends-on {target}"),
                "to follow it in its own folder, leave out --dir".to_owned(),
            ],
            Self::Step(_) | Self::Base(_) => {
                vec!["name a migration: its folder's name or its version".to_owned()]
            }
            Self::TooLate { .. } => vec![
                "to write another migration, which can depend on it, leave out --update".to_owned(),
            ],
        }
    }
}
