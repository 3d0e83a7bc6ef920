//! Versions that were squashed into another one.

use super::Graph;
use crate::migration::version::Version;

impl Graph {
    /// The migration that one was squashed into, if it was.
    #[must_use]
    pub fn replacement(&self, version: &Version) -> Option<&Version> {
        self.replaced.get(version)
    }

    /// The versions that were squashed into a migration, sorted; its own is not among them.
    pub fn replaced_by<'a>(&'a self, by: &'a Version) -> impl Iterator<Item = &'a Version> {
        self.replaced
            .iter()
            .filter(move |(_, other)| *other == by)
            .map(|(version, _)| version)
    }
}
