//! Which way a graph is shown, and which rows are then joined.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::migration::{Graph, Node, Version};

/// Which migration stands above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The newest: lines lead down to what is followed.
    NewestFirst,
    /// The oldest: lines lead down to what follows.
    OldestFirst,
}

/// For each of the rows, those below that it is joined with; of what is not shown, none.
///
/// The first goes straight down: one of the same folder, and the one that comes soonest.
#[must_use]
pub fn next_rows(graph: &Graph, nodes: &[&Node], order: Order) -> Vec<Vec<usize>> {
    let rows: HashMap<&Version, usize> = nodes
        .iter()
        .enumerate()
        .map(|(row, node)| (&node.version, row))
        .collect();
    nodes
        .iter()
        .map(|node| {
            let mut next: Vec<&Node> = match order {
                Order::NewestFirst => graph.parents(node).collect(),
                Order::OldestFirst => graph.children(node).collect(),
            };
            match order {
                Order::NewestFirst => {
                    next.sort_by_key(|other| {
                        (other.folder != node.folder, Reverse(&other.version))
                    });
                }
                Order::OldestFirst => {
                    next.sort_by_key(|other| (other.folder != node.folder, &other.version));
                }
            }
            next.iter()
                .filter_map(|other| rows.get(&other.version).copied())
                .collect()
        })
        .collect()
}
