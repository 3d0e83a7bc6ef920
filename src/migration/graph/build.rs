//! From declarations to edges.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Graph;
use super::circle::{Circles, circles};
use super::fault::Fault;
use super::node::{Declaration, Node};
use super::walk::is_followed;

impl Graph {
    /// Makes the graph of declared migrations, in any order. Of several with one version the first
    /// counts. `folders` are the names of the folders, where there are several.
    #[must_use]
    pub fn of(mut declarations: Vec<Declaration>, folders: Vec<String>) -> Self {
        declarations.sort_by(|a, b| a.version.cmp(&b.version));
        declarations.dedup_by(|later, first| later.version == first.version);
        let (edges, unknown) = edges(&declarations);
        let circles = circles(&edges);
        let faults = faults(&declarations, &edges, unknown, &circles);
        let mut nodes: Vec<Node> = declarations
            .into_iter()
            .zip(edges)
            .enumerate()
            .map(|(index, (declaration, mut parents))| {
                parents.retain(|parent| *parent < index);
                Node::new(declaration, parents)
            })
            .collect();
        connect(&mut nodes);
        find_heads(&mut nodes);
        Self {
            nodes,
            folders,
            faults,
            replaced: BTreeMap::new(),
        }
    }
}

/// What each migration follows, by index and sorted, whichever way it leads; and the faults of those
/// that follow what is not there.
fn edges(declarations: &[Declaration]) -> (Vec<Vec<usize>>, Vec<Fault>) {
    let mut unknown = Vec::new();
    let mut last_of_folder: Vec<Option<usize>> = Vec::new();
    let edges = declarations
        .iter()
        .enumerate()
        .map(|(index, own)| {
            if last_of_folder.len() <= own.folder {
                last_of_folder.resize(own.folder + 1, None);
            }
            let before = last_of_folder[own.folder].replace(index);
            let Some(depends_on) = &own.depends_on else {
                return before.into_iter().collect();
            };
            let depends_on: BTreeSet<_> = depends_on.iter().collect();
            depends_on
                .into_iter()
                .filter_map(|dependency| {
                    let found =
                        declarations.binary_search_by(|other| other.version.cmp(dependency));
                    if found.is_err() {
                        unknown.push(Fault::Unknown {
                            name: own.name.clone(),
                            path: own.path.clone(),
                            dependency: dependency.clone(),
                        });
                    }
                    found.ok()
                })
                .collect()
        })
        .collect();
    (edges, unknown)
}

/// Everything wrong, by migration. A circle has an edge that leads to a later migration too; the fault
/// of the circle is enough for it.
fn faults(
    declarations: &[Declaration],
    edges: &[Vec<usize>],
    unknown: Vec<Fault>,
    circles: &Circles,
) -> Vec<Fault> {
    let mut faults = unknown;
    for (index, parents) in edges.iter().enumerate() {
        for parent in parents {
            if *parent > index && !circles.joins(index, *parent) {
                faults.push(Fault::Order {
                    name: declarations[index].name.clone(),
                    path: declarations[index].path.clone(),
                    dependency: declarations[*parent].name.clone(),
                });
            }
        }
    }
    faults.extend(circles.found.iter().map(|circle| {
        Fault::Cycle {
            path: declarations[circle[0]].path.clone(),
            names: circle
                .iter()
                .map(|index| declarations[*index].name.clone())
                .collect(),
        }
    }));
    faults
}

/// The edges the other way, and the labels along them. Most migrations have the labels of the one they
/// follow, and share its list.
fn connect(nodes: &mut [Node]) {
    for index in 0..nodes.len() {
        let (before, rest) = nodes.split_at_mut(index);
        let own = &mut rest[0];
        for parent in &own.parents {
            before[*parent].children.push(index);
        }
        // A dependency on another folder is no lineage.
        let mut lineage = own
            .parents
            .iter()
            .map(|parent| &before[*parent])
            .filter(|parent| parent.folder == own.folder);
        let first = lineage.next().map(|parent| Arc::clone(&parent.branches));
        let others: Vec<_> = lineage.map(|parent| Arc::clone(&parent.branches)).collect();
        own.branches = match first {
            Some(first)
                if others.iter().all(|other| *other == first)
                    && own.labels.iter().all(|label| first.contains(label)) =>
            {
                first
            }
            first => {
                let inherited = first.iter().chain(&others).flat_map(|list| list.iter());
                let all: BTreeSet<&String> = own.labels.iter().chain(inherited).collect();
                all.into_iter().cloned().collect()
            }
        };
    }
}

/// A head is followed by nothing of its own folder, not even by way of another folder.
fn find_heads(nodes: &mut [Node]) {
    for index in 0..nodes.len() {
        nodes[index].is_head = !is_followed(nodes, index, |_| true);
    }
}
