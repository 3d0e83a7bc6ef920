//! What a merge joins.

use super::{Graph, Node};

impl Graph {
    /// The branches of its own folder that a migration joins, by their last migrations; fewer than two
    /// where it is no merge. A dependency that another one has already is no branch.
    #[must_use]
    pub fn joined<'a>(&'a self, node: &'a Node) -> Vec<&'a Node> {
        let before = self.ancestors(self.parents(node).map(|parent| &parent.version));
        self.parents(node)
            .filter(|parent| parent.folder == node.folder && !before.contains(&parent.version))
            .collect()
    }
}
