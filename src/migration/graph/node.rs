//! One migration of the graph.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::migration::version::Version;

/// What the files of a migration say about its place in the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The version.
    pub version: Version,
    /// The directory's name.
    pub name: String,
    /// The directory.
    pub path: PathBuf,
    /// Which of the connection's folders it lies in, from 0.
    pub folder: usize,
    /// The migrations it follows; without it, the one before it in its folder.
    pub depends_on: Option<Vec<Version>>,
    /// The names of the branch that begins here.
    pub labels: Vec<String>,
}

/// A migration with its edges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The version.
    pub version: Version,
    /// The directory's name.
    pub name: String,
    /// The directory.
    pub path: PathBuf,
    /// Which of the connection's folders it lies in, from 0.
    pub folder: usize,
    /// The migrations it follows, as they are written; `None` where nothing is.
    pub depends_on: Option<Vec<Version>>,
    /// The labels written into it.
    pub labels: Vec<String>,
    /// Its own labels and those of every migration it follows, sorted.
    pub branches: Arc<[String]>,
    /// The nodes it follows, by index, sorted.
    pub(super) parents: Vec<usize>,
    /// The nodes that follow it, by index, sorted.
    pub(super) children: Vec<usize>,
    /// Whether nothing of its own folder follows it.
    pub(super) is_head: bool,
}

impl Node {
    /// Whether something that it says it follows is not among what it follows here: that is a fault.
    pub(super) fn is_cut(&self) -> bool {
        let said: BTreeSet<_> = self.depends_on.iter().flatten().collect();
        self.depends_on.is_some() && said.len() > self.parents.len()
    }

    /// A migration that follows others, before anything follows it.
    pub(super) fn new(declaration: Declaration, parents: Vec<usize>) -> Self {
        Self {
            version: declaration.version,
            name: declaration.name,
            path: declaration.path,
            folder: declaration.folder,
            depends_on: declaration.depends_on,
            labels: declaration.labels,
            branches: Arc::new([]),
            parents,
            children: Vec::new(),
            is_head: true,
        }
    }
}
