//! Laws of targets within a branch, and of the routes to them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use diesel_manage::backend::Direction;
use diesel_manage::executor::{self, KnownMigration};
use diesel_manage::migration::{Declaration, Graph, Position, Target, TargetError, Version};
use proptest::collection::vec;
use proptest::prelude::*;

/// A graph and what is applied of it: with every migration all that it follows.
#[derive(Clone, Debug)]
struct World {
    graph: Graph,
    known: BTreeMap<Version, KnownMigration>,
}

impl World {
    fn applied(&self) -> BTreeSet<Version> {
        let applied = self.known.iter().filter(|(_, one)| one.applied);
        applied.map(|(version, _)| version.clone()).collect()
    }

    fn is_whole(&self, applied: &BTreeSet<Version>) -> bool {
        self.graph.ancestors(applied).is_subset(applied)
    }

    fn branch(&self, name: &str) -> Vec<Version> {
        let nodes = self.graph.branch(name).expect("a branch");
        nodes.iter().map(|node| node.version.clone()).collect()
    }
}

fn world() -> impl Strategy<Value = World> {
    let one = (
        0_usize..2,
        proptest::option::of(vec(0_usize..12, 0..3)),
        prop_oneof![3 => Just(""), 1 => Just("a"), 1 => Just("b")],
        any::<bool>(),
    );
    vec(one, 1..12).prop_map(|all| {
        let version = |place: usize| Version::parse(&format!("{place:04}"));
        let declarations = all
            .iter()
            .enumerate()
            .map(|(place, (folder, follows, label, _))| Declaration {
                version: version(place),
                name: format!("{place:04}_m{place}"),
                path: PathBuf::from(format!("{place:04}_m{place}")),
                folder: *folder,
                depends_on: follows.as_ref().map(|list| {
                    let list = list.iter().filter(|other| **other < place);
                    list.map(|other| version(*other)).collect()
                }),
                labels: (!label.is_empty())
                    .then(|| (*label).to_owned())
                    .into_iter()
                    .collect(),
            })
            .collect();
        let graph = Graph::of(declarations, vec!["first".to_owned(), "second".to_owned()]);
        let chosen: Vec<Version> = (0..all.len())
            .filter(|place| all[*place].3)
            .map(version)
            .collect();
        let mut applied = graph.ancestors(&chosen);
        applied.extend(chosen);
        let known = graph
            .nodes()
            .iter()
            .map(|node| {
                let one = KnownMigration {
                    name: node.name.clone(),
                    applied: applied.contains(&node.version),
                    on_disk: true,
                };
                (node.version.clone(), one)
            })
            .collect();
        World { graph, known }
    })
}

fn target(text: &str) -> Target {
    Target::parse(text).expect("a target")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_head_of_a_branch_brings_the_branch_and_what_it_follows(world in world()) {
        for name in world.graph.branch_names() {
            let route = executor::route(&target(&format!("{name}@head")), &world.known, &world.graph)
                .expect("there is a way");
            prop_assert_eq!(route.direction, Direction::Up);
            prop_assert!(route.versions.is_sorted());
            let branch = world.branch(name);
            let mut wanted = world.graph.ancestors(&branch);
            wanted.extend(branch);
            let applied = world.applied();
            let missing: Vec<Version> = wanted.difference(&applied).cloned().collect();
            prop_assert_eq!(&route.versions, &missing);
            // At no moment is anything applied before what it follows.
            let mut now = applied;
            for version in route.versions {
                now.insert(version);
                prop_assert!(world.is_whole(&now));
            }
        }
    }

    #[test]
    fn the_base_of_a_branch_takes_the_branch_and_what_follows_it(world in world()) {
        for name in world.graph.branch_names() {
            let route = executor::route_back(&target(&format!("{name}@base")), &world.known, &world.graph)
                .expect("there is a way");
            prop_assert_eq!(route.direction, Direction::Down);
            prop_assert!(route.versions.iter().rev().is_sorted());
            let branch = world.branch(name);
            let mut unwanted = world.graph.descendants(&branch);
            unwanted.extend(branch);
            let mut now = world.applied();
            let mut gone: Vec<Version> = unwanted.intersection(&now).cloned().collect();
            gone.reverse();
            prop_assert_eq!(&route.versions, &gone);
            for version in route.versions {
                now.remove(&version);
                prop_assert!(world.is_whole(&now));
            }
        }
    }

    #[test]
    fn any_way_within_a_branch_leaves_nothing_without_what_it_follows(
        world in world(),
        rest in prop_oneof![
            Just("head".to_owned()), Just("base".to_owned()), Just(String::new()),
            "[+-][1-4]", "000[0-9]", "0[0-9]", "head~[1-3]",
        ],
    ) {
        for name in world.graph.branch_names() {
            let whole = target(&format!("{name}@{rest}"));
            for way in [executor::route, executor::route_back] {
                let Ok(route) = way(&whole, &world.known, &world.graph) else { continue };
                let mut now = world.applied();
                for version in route.versions {
                    let changed = match route.direction {
                        Direction::Up => now.insert(version),
                        Direction::Down => now.remove(&version),
                    };
                    prop_assert!(changed);
                    prop_assert!(world.is_whole(&now));
                }
            }
            // A place within a branch is the base or one of its own.
            if let Ok(Position::Migration(version)) = executor::position(&whole, &world.known, &world.graph) {
                prop_assert!(world.branch(name).contains(&version));
            }
        }
        let unknown = executor::position(&target(&format!("nobody@{rest}")), &world.known, &world.graph);
        let is_unknown = matches!(unknown, Err(TargetError::UnknownBranch { .. }));
        prop_assert!(is_unknown);
    }
}
