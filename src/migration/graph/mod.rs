//! The graph of migrations: which follows which, as `depends_on` says.
//!
//! A migration without `depends_on` follows the one before it in its own folder, so what `diesel`
//! wrote is a chain. Every edge that is kept leads from a lower version to a higher one, which makes
//! Diesel's order, the order of versions, a valid order of the graph; an edge that does not is a
//! [`Fault`] and is left out.

mod build;
mod circle;
mod diverged;
mod fault;
mod joined;
mod label;
mod load;
mod node;
mod replaced;
#[cfg(test)]
mod tests;
mod walk;

pub use diverged::{Branch, Divergence};
pub use fault::Fault;
pub use label::LabelError;
pub use node::{Declaration, Node};

use std::collections::BTreeMap;

use super::version::Version;

/// All migrations of a directory, with their edges.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Sorted by version; one for each version.
    nodes: Vec<Node>,
    /// What the folders are called, where there are several.
    folders: Vec<String>,
    faults: Vec<Fault>,
    /// For each version that was squashed away, the one that it went into.
    replaced: BTreeMap<Version, Version>,
}
