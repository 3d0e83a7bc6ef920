//! Targets within a branch: `billing@head`.

use super::{Target, TargetError};
use crate::migration::graph::{Graph, Node};

impl Target {
    /// Takes a target apart at its `@`: the migrations of the branch before it, and the target behind
    /// it. Without an `@` there is no branch; with nothing behind it, its head is meant.
    ///
    /// # Errors
    /// No branch is called so.
    pub fn branch<'a>(
        &self,
        graph: &'a Graph,
    ) -> Result<Option<(Vec<&'a Node>, Self)>, TargetError> {
        let Some((name, rest)) = self.0.split_once('@') else {
            return Ok(None);
        };
        let Some(nodes) = graph.branch(name) else {
            return Err(TargetError::UnknownBranch {
                name: name.to_owned(),
                known: graph
                    .branch_names()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            });
        };
        let target = if rest.trim().is_empty() {
            Self::head()
        } else {
            Self(rest.to_owned())
        };
        Ok(Some((nodes, target)))
    }
}
