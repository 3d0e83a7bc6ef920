//! The orders in which branches are tried.

use std::collections::BTreeSet;

use crate::migration::{Graph, Version};

/// Up to so many branches, every order is tried.
const EVERY: usize = 3;

/// One order of the migrations of all branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What it is made by.
    pub lead: Lead,
    /// The migrations, as they run.
    pub versions: Vec<Version>,
}

/// What an order is made by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// One branch after the other: their places in the list.
    Branches(Vec<usize>),
    /// Versions, whatever branch they are of.
    Versions,
}

/// One branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its newest migration.
    pub head: Version,
    /// The migrations that lead to the head and that not every branch follows, in version order; those of
    /// other folders too.
    pub versions: Vec<Version>,
}

/// The branches that lead to heads.
#[must_use]
pub fn sides(graph: &Graph, heads: &[Version]) -> Vec<Side> {
    let reached: Vec<BTreeSet<Version>> = heads
        .iter()
        .map(|head| {
            let mut all = graph.ancestors([head]);
            all.insert(head.clone());
            all
        })
        .collect();
    let is_shared = |version: &Version| reached.iter().all(|all| all.contains(version));
    heads
        .iter()
        .zip(&reached)
        .map(|(head, all)| Side {
            head: head.clone(),
            versions: all
                .iter()
                .filter(|version| !is_shared(version))
                .cloned()
                .collect(),
        })
        .collect()
}

/// The migrations to apply before the branches, in version order: what all branches follow, and what sorts
/// before the first of them, whose line it may be of. Other lines that are newer are left out.
#[must_use]
pub fn before(graph: &Graph, sides: &[Side]) -> Vec<Version> {
    let own: BTreeSet<&Version> = sides.iter().flat_map(|one| &one.versions).collect();
    let followed = graph.ancestors(sides.iter().map(|side| &side.head));
    let first = own.first().copied();
    graph
        .nodes()
        .iter()
        .map(|node| &node.version)
        .filter(|version| !own.contains(version))
        .filter(|version| followed.contains(*version) || first.is_none_or(|first| *version < first))
        .cloned()
        .collect()
}

/// The orders to try; those that come to the same are there once. The first is that of the list.
pub(super) fn orders(branches: &[Side]) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    let mut add = |order: Order| {
        if orders.iter().all(|one| one.versions != order.versions) {
            orders.push(order);
        }
    };
    let turns = |first: usize| -> Vec<usize> {
        let mut turn: Vec<usize> = (0..branches.len()).collect();
        turn.rotate_left(first);
        turn
    };
    for first in 0..branches.len() {
        add(by_branches(branches, turns(first)));
    }
    for first in 0..branches.len() {
        let mut turn = turns(first);
        turn.reverse();
        add(by_branches(branches, turn));
    }
    add(by_versions(branches));
    orders
}

/// Whether `orders` leaves no order of so many branches out.
#[must_use]
pub fn is_every_order(branches: usize) -> bool {
    branches <= EVERY
}

/// What branches share is applied with the first of them.
fn by_branches(branches: &[Side], turn: Vec<usize>) -> Order {
    let mut versions: Vec<Version> = Vec::new();
    for version in turn.iter().flat_map(|branch| &branches[*branch].versions) {
        if !versions.contains(version) {
            versions.push(version.clone());
        }
    }
    Order {
        lead: Lead::Branches(turn),
        versions,
    }
}

fn by_versions(branches: &[Side]) -> Order {
    let mut versions: Vec<Version> = branches
        .iter()
        .flat_map(|branch| branch.versions.clone())
        .collect();
    versions.sort();
    versions.dedup();
    Order {
        lead: Lead::Versions,
        versions,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::Declaration;

    fn branch(versions: &[&str]) -> Side {
        let versions: Vec<_> = versions.iter().map(|one| Version::parse(one)).collect();
        Side {
            head: versions.last().unwrap().clone(),
            versions,
        }
    }

    fn told(branches: &[&[&str]]) -> Vec<String> {
        let branches: Vec<_> = branches.iter().map(|one| branch(one)).collect();
        orders(&branches)
            .into_iter()
            .map(|order| {
                let versions: Vec<_> = order.versions.iter().map(Version::as_str).collect();
                let lead = match order.lead {
                    Lead::Branches(turn) => format!("{turn:?}"),
                    Lead::Versions => "versions".to_owned(),
                };
                format!("{lead} {}", versions.join(" "))
            })
            .collect()
    }

    #[test]
    fn what_all_follow_comes_before_the_branches() {
        let declared = |folder, version: &str, follows: Option<&[&str]>| Declaration {
            version: Version::parse(version),
            name: version.to_owned(),
            path: version.into(),
            folder,
            depends_on: follows.map(|all| all.iter().map(|one| Version::parse(one)).collect()),
            labels: Vec::new(),
        };
        let graph = Graph::of(
            vec![
                declared(0, "1", None),
                declared(1, "2", None),
                declared(0, "3", Some(&["1"])),
                // Of another folder, and between two of a branch.
                declared(1, "4", Some(&["2", "3"])),
                declared(0, "5", Some(&["4"])),
                declared(0, "6", Some(&["1"])),
                declared(1, "7", None),
            ],
            vec!["a".to_owned(), "b".to_owned()],
        );
        let sides = sides(&graph, &[Version::parse("5"), Version::parse("6")]);
        let told = |versions: &[Version]| {
            let all: Vec<_> = versions.iter().map(Version::as_str).collect();
            all.join(" ")
        };
        // Nothing says that the other branch needs what is in the other folder.
        assert_eq!(told(&sides[0].versions), "2 3 4 5");
        assert_eq!(told(&sides[1].versions), "6");
        assert_eq!(told(&before(&graph, &sides)), "1");
    }

    #[test]
    fn two_branches_are_tried_both_ways() {
        assert_eq!(told(&[&["1"], &["2"]]), ["[0, 1] 1 2", "[1, 0] 2 1"]);
        assert_eq!(
            told(&[&["1", "2"], &["3"]]),
            ["[0, 1] 1 2 3", "[1, 0] 3 1 2"]
        );
    }

    #[test]
    fn branches_that_interleave_are_tried_in_the_order_of_versions_too() {
        assert_eq!(
            told(&[&["1", "3"], &["2", "4"]]),
            ["[0, 1] 1 3 2 4", "[1, 0] 2 4 1 3", "versions 1 2 3 4"]
        );
    }

    #[test]
    fn three_branches_are_tried_in_every_order() {
        assert_eq!(
            told(&[&["1"], &["2"], &["3"]]),
            [
                "[0, 1, 2] 1 2 3",
                "[1, 2, 0] 2 3 1",
                "[2, 0, 1] 3 1 2",
                "[2, 1, 0] 3 2 1",
                "[0, 2, 1] 1 3 2",
                "[1, 0, 2] 2 1 3",
            ]
        );
    }

    #[test]
    fn what_two_of_three_share_is_applied_once() {
        assert_eq!(
            told(&[&["1", "2"], &["1", "3"], &["4"]]),
            [
                "[0, 1, 2] 1 2 3 4",
                "[1, 2, 0] 1 3 4 2",
                "[2, 0, 1] 4 1 2 3",
                "[2, 1, 0] 4 1 3 2",
                "[0, 2, 1] 1 2 4 3",
                "[1, 0, 2] 1 3 2 4",
            ]
        );
    }

    #[test]
    fn of_more_branches_every_two_are_tried_both_ways_and_each_comes_first() {
        let branches: Vec<Side> = ["1", "2", "3", "4", "5"].map(|one| branch(&[one])).into();
        let orders = orders(&branches);
        assert_eq!(orders.len(), 10);
        let place = |order: &Order, version: &str| {
            let version = Version::parse(version);
            order
                .versions
                .iter()
                .position(|one| *one == version)
                .unwrap()
        };
        for a in ["1", "2", "3", "4", "5"] {
            assert!(orders.iter().any(|order| place(order, a) == 0));
            assert!(orders.iter().any(|order| place(order, a) == 4));
            for b in ["1", "2", "3", "4", "5"] {
                let is_before = |order: &Order| place(order, a) < place(order, b);
                assert!(a == b || orders.iter().any(is_before));
            }
        }
        assert!(is_every_order(3) && !is_every_order(4));
    }
}
