//! Laws of the graph.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use diesel_manage::migration::{Declaration, Fault, Graph, Node, Version};
use proptest::collection::vec;
use proptest::prelude::*;

/// What a generated migration says about itself; its version is its place.
#[derive(Clone, Debug)]
struct Said {
    folder: usize,
    depends_on: Option<Vec<usize>>,
    labels: Vec<String>,
}

fn version(place: usize) -> Version {
    Version::parse(&format!("{place:04}"))
}

fn name(place: usize) -> String {
    format!("{place:04}_m")
}

fn declarations(said: &[Said]) -> Vec<Declaration> {
    said.iter()
        .enumerate()
        .map(|(place, said)| Declaration {
            version: version(place),
            name: name(place),
            path: PathBuf::from(format!("{}/{}", said.folder, name(place))),
            folder: said.folder,
            depends_on: said
                .depends_on
                .as_ref()
                .map(|list| list.iter().map(|place| version(*place)).collect()),
            labels: said.labels.clone(),
        })
        .collect()
}

fn graph(said: &[Said]) -> Graph {
    Graph::of(declarations(said), Vec::new())
}

/// Migrations that say anything: of themselves, of later ones, of ones that are not there.
fn wild() -> impl Strategy<Value = Vec<Said>> {
    (1_usize..14).prop_flat_map(|count| {
        let one = (
            0_usize..3,
            prop_oneof![
                2 => Just(None),
                3 => vec(0..count + 2, 0..4).prop_map(Some),
            ],
            prop_oneof![
                4 => Just(Vec::new()),
                1 => vec("[ab]", 1..3),
            ],
        )
            .prop_map(|(folder, depends_on, labels)| Said {
                folder,
                depends_on,
                labels,
            });
        vec(one, count)
    })
}

/// The same in one or two folders, with dependencies on earlier ones alone.
fn tame() -> impl Strategy<Value = Vec<Said>> {
    (wild(), 1_usize..3).prop_map(|(mut said, folders)| {
        for (place, one) in said.iter_mut().enumerate() {
            one.folder %= folders;
            if let Some(list) = &mut one.depends_on {
                list.retain(|dependency| *dependency < place);
            }
        }
        said
    })
}

/// What each follows as it says, whichever way that leads, in the plainest way to find it.
fn edges(said: &[Said]) -> Vec<BTreeSet<usize>> {
    (0..said.len())
        .map(|place| match &said[place].depends_on {
            Some(list) => list.iter().copied().filter(|d| *d < said.len()).collect(),
            None => (0..place)
                .rev()
                .find(|before| said[*before].folder == said[place].folder)
                .into_iter()
                .collect(),
        })
        .collect()
}

/// For each migration all that it follows, directly or not.
fn closure(edges: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let mut all = edges.to_vec();
    loop {
        let wider: Vec<BTreeSet<usize>> = all
            .iter()
            .map(|reached| {
                let further = reached.iter().flat_map(|other| all[*other].clone());
                reached.iter().copied().chain(further).collect()
            })
            .collect();
        if wider == all {
            return all;
        }
        all = wider;
    }
}

fn honest(said: &[Said]) -> Vec<BTreeSet<usize>> {
    let mut edges = edges(said);
    for (place, parents) in edges.iter_mut().enumerate() {
        parents.retain(|parent| *parent < place);
    }
    edges
}

fn versions(places: impl IntoIterator<Item = usize>) -> BTreeSet<Version> {
    places.into_iter().map(version).collect()
}

fn of_nodes<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> BTreeSet<Version> {
    nodes.into_iter().map(|node| node.version.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_order_of_versions_is_an_order_of_the_graph(said in wild()) {
        let graph = graph(&said);
        let edges = honest(&said);
        for (place, node) in graph.nodes().iter().enumerate() {
            prop_assert_eq!(&node.version, &version(place));
            prop_assert!(graph.parents(node).all(|parent| parent.version < node.version));
            prop_assert!(graph.children(node).all(|child| child.version > node.version));
            prop_assert_eq!(of_nodes(graph.parents(node)), versions(edges[place].clone()));
        }
    }

    #[test]
    fn an_edge_is_kept_or_is_told_as_one_fault(said in wild()) {
        let graph = graph(&said);
        let edges = edges(&said);
        let reached = closure(&edges);
        let in_a_circle = |a: usize, b: usize| reached[a].contains(&b) && reached[b].contains(&a);
        let mut order = Vec::new();
        let mut unknown = Vec::new();
        let mut circles = BTreeSet::new();
        for (place, parents) in edges.iter().enumerate() {
            for parent in parents {
                if in_a_circle(place, *parent) {
                    let group: BTreeSet<usize> = (0..said.len())
                        .filter(|other| in_a_circle(place, *other) || *other == place)
                        .collect();
                    circles.insert(group);
                } else if *parent > place {
                    order.push((name(place), name(*parent)));
                }
            }
            let listed: BTreeSet<usize> = said[place].depends_on.iter().flatten().copied().collect();
            unknown.extend(listed.into_iter().filter(|d| *d >= said.len()).map(|d| (name(place), version(d))));
        }
        let mut told_order = Vec::new();
        let mut told_unknown = Vec::new();
        let mut told_circles = Vec::new();
        for fault in graph.faults() {
            match fault {
                Fault::Unknown { name, dependency, .. } => told_unknown.push((name.clone(), dependency.clone())),
                Fault::Order { name, dependency, .. } => told_order.push((name.clone(), dependency.clone())),
                Fault::Cycle { names, .. } => told_circles.push(names.clone()),
            }
            prop_assert!(!fault.finding().message.is_empty());
        }
        told_order.sort();
        told_unknown.sort();
        prop_assert_eq!(told_order, order);
        prop_assert_eq!(told_unknown, unknown);
        // One walk through each group, along edges that are there.
        prop_assert_eq!(told_circles.len(), circles.len());
        for names in told_circles {
            let places: Vec<usize> = names.iter().map(|name| name[..4].parse().expect("a number")).collect();
            let group = circles.iter().find(|group| group.contains(&places[0])).expect("a circle");
            prop_assert_eq!(Some(&places[0]), group.first());
            prop_assert!(places.iter().all(|place| group.contains(place)));
            for (at, place) in places.iter().enumerate() {
                let next = places[(at + 1) % places.len()];
                prop_assert!(edges[next].contains(place), "{} does not follow {}", next, place);
            }
            prop_assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len());
        }
    }

    #[test]
    fn ancestors_and_descendants_are_two_views_of_one_thing(said in wild()) {
        let graph = graph(&said);
        let reached = closure(&honest(&said));
        for (place, all) in reached.iter().enumerate() {
            prop_assert_eq!(graph.ancestors([&version(place)]), versions(all.clone()));
            let after = (0..said.len()).filter(|other| reached[*other].contains(&place));
            prop_assert_eq!(graph.descendants([&version(place)]), versions(after));
        }
        let everything = versions(0..said.len());
        let followed = reached.iter().flatten().copied();
        prop_assert_eq!(graph.ancestors(&everything), versions(followed));
    }

    #[test]
    fn a_head_is_followed_by_nothing_of_its_folder(said in wild()) {
        let graph = graph(&said);
        let reached = closure(&honest(&said));
        let heads = (0..said.len()).filter(|place| {
            !(0..said.len()).any(|other| said[other].folder == said[*place].folder && reached[other].contains(place))
        });
        prop_assert_eq!(of_nodes(graph.heads()), versions(heads));
        // Every folder that has migrations has a head, and its highest version is one.
        for folder in 0..3 {
            let highest = (0..said.len()).rev().find(|place| said[*place].folder == folder);
            prop_assert!(highest.is_none_or(|place| graph.heads().any(|head| head.version == version(place))));
        }
        let followed: BTreeSet<usize> = honest(&said).into_iter().flatten().collect();
        prop_assert_eq!(of_nodes(graph.last()), versions((0..said.len()).filter(|p| !followed.contains(p))));
        prop_assert_eq!(
            of_nodes(graph.roots()),
            versions((0..said.len()).filter(|p| honest(&said)[*p].is_empty()))
        );
    }

    #[test]
    fn a_tip_is_followed_by_none_of_those_that_are_asked_about(
        said in wild(),
        chosen in vec(any::<bool>(), 14),
    ) {
        let graph = graph(&said);
        let reached = closure(&honest(&said));
        let chosen: Vec<usize> = (0..said.len()).filter(|place| chosen[*place]).collect();
        let tips = chosen.iter().copied().filter(|place| {
            !chosen.iter().any(|other| {
                said[*other].folder == said[*place].folder && reached[*other].contains(place)
            })
        });
        let asked = versions(chosen.iter().copied());
        prop_assert_eq!(of_nodes(graph.tips(&asked.iter().collect())), versions(tips));
    }

    #[test]
    fn labels_are_inherited_within_a_folder(said in wild()) {
        let graph = graph(&said);
        let edges: Vec<BTreeSet<usize>> = honest(&said)
            .into_iter()
            .enumerate()
            .map(|(place, parents)| parents.into_iter().filter(|p| said[*p].folder == said[place].folder).collect())
            .collect();
        let reached = closure(&edges);
        for (place, node) in graph.nodes().iter().enumerate() {
            let lineage = reached[place].iter().chain([&place]);
            let labels: BTreeSet<&String> = lineage.flat_map(|other| &said[*other].labels).collect();
            prop_assert_eq!(node.branches.iter().collect::<Vec<_>>(), labels.into_iter().collect::<Vec<_>>());
        }
        for label in graph.branch_names() {
            let branch = graph.branch(label).expect("it is a name");
            let with = graph.nodes().iter().filter(|node| node.branches.iter().any(|own| own == label));
            prop_assert_eq!(of_nodes(branch), of_nodes(with));
        }
        prop_assert!(graph.branch("nobody").is_none());
    }

    #[test]
    fn branches_hold_what_is_not_shared(said in tame()) {
        let graph = graph(&said);
        let reached = closure(&honest(&said));
        let mut lines: BTreeMap<(usize, Vec<String>), BTreeSet<usize>> = BTreeMap::new();
        for head in graph.heads() {
            let place: usize = head.version.as_str().parse().expect("a number");
            lines.entry((head.folder, head.branches.to_vec())).or_default().insert(place);
        }
        lines.retain(|_, heads| heads.len() > 1);
        let divergences = graph.divergences();
        prop_assert_eq!(divergences.len(), lines.len());
        for divergence in divergences {
            let heads: BTreeSet<Version> = divergence.heads().cloned().collect();
            let ((folder, _), places) = lines
                .iter()
                .find(|(_, places)| versions(places.iter().copied()) == heads)
                .expect("heads of one line");
            let own = |places: &BTreeSet<usize>| -> BTreeSet<usize> {
                places.iter().copied().filter(|place| said[*place].folder == *folder).collect()
            };
            let sides: Vec<BTreeSet<usize>> = places
                .iter()
                .map(|head| own(&reached[*head].iter().copied().chain([*head]).collect()))
                .collect();
            let all: BTreeSet<usize> = sides.iter().flatten().copied().collect();
            let shared: BTreeSet<usize> =
                all.iter().copied().filter(|place| sides.iter().all(|side| side.contains(place))).collect();
            prop_assert_eq!(divergence.fork.clone(), shared.last().map(|place| version(*place)));
            for (branch, side) in divergence.branches.iter().zip(&sides) {
                let versions: Vec<Version> = side.difference(&shared).map(|place| version(*place)).collect();
                prop_assert_eq!(&branch.versions, &versions);
                // A head is its own branch's last, and on no other branch.
                prop_assert_eq!(branch.versions.last(), Some(&branch.head));
            }
            for place in 0..said.len() {
                prop_assert_eq!(
                    divergence.concerns(&version(place)),
                    all.contains(&place) && !shared.contains(&place)
                );
            }
            if let [one, other] = divergence.branches.as_slice() {
                prop_assert!(one.versions.iter().all(|version| !other.versions.contains(version)));
            }
        }
    }

    #[test]
    fn who_follows_every_head_joins_them(said in tame()) {
        let before = graph(&said);
        let mut joined = said.clone();
        let folders: BTreeSet<usize> = said.iter().map(|one| one.folder).collect();
        for folder in folders {
            let heads = before.heads().filter(|head| head.folder == folder);
            joined.push(Said {
                folder,
                depends_on: Some(heads.map(|head| head.version.as_str().parse().expect("a number")).collect()),
                labels: Vec::new(),
            });
        }
        let after = graph(&joined);
        prop_assert_eq!(after.divergences(), vec![]);
        prop_assert!(after.heads().count() <= 2);
    }

    #[test]
    fn the_order_of_declarations_says_nothing(said in wild(), seed in any::<u64>()) {
        let straight = graph(&said);
        let mut shuffled = declarations(&said);
        shuffled.sort_by_key(|one| {
            let number: u64 = one.version.as_str().parse().expect("a number");
            number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left((seed % 64) as u32) ^ seed
        });
        let shuffled = Graph::of(shuffled, Vec::new());
        prop_assert_eq!(straight.nodes(), shuffled.nodes());
        prop_assert_eq!(straight.faults(), shuffled.faults());
    }
}
