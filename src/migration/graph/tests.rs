use std::path::PathBuf;

use super::{Declaration, Graph, Node};
use crate::migration::version::Version;

/// Migrations, one a word: `3`, `3<1,2` that follows others, `3<` that follows none, `3#label`, and
/// `b:3` in another folder.
fn graph(words: &str) -> Graph {
    let declarations = words
        .split_whitespace()
        .map(|word| {
            let (folder, word) = match word.split_once(':') {
                Some((folder, word)) => (usize::from(folder.as_bytes()[0] - b'a'), word),
                None => (0, word),
            };
            let (word, labels) = match word.split_once('#') {
                Some((word, label)) => (word, vec![label.to_owned()]),
                None => (word, Vec::new()),
            };
            let (version, depends_on) = match word.split_once('<') {
                Some((version, list)) => {
                    let list = list.split(',').filter(|one| !one.is_empty());
                    (version, Some(list.map(Version::parse).collect()))
                }
                None => (word, None),
            };
            Declaration {
                version: Version::parse(version),
                name: format!("{version}_m"),
                path: PathBuf::from(format!("{version}_m")),
                folder,
                depends_on,
                labels,
            }
        })
        .collect();
    Graph::of(declarations, Vec::new())
}

fn words<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> String {
    let versions: Vec<_> = nodes
        .into_iter()
        .map(|node| node.version.as_str())
        .collect();
    versions.join(" ")
}

fn faults(graph: &Graph) -> Vec<String> {
    let findings = graph.faults().iter().map(super::Fault::finding);
    findings.map(|finding| finding.message).collect()
}

/// Each divergence as `fork: branch | branch`.
fn divergences(graph: &Graph) -> Vec<String> {
    let text = |versions: &[Version]| {
        let versions: Vec<_> = versions.iter().map(Version::as_str).collect();
        versions.join(" ")
    };
    graph
        .divergences()
        .iter()
        .map(|divergence| {
            let fork = divergence.fork.as_ref().map_or("-", Version::as_str);
            let sides: Vec<_> = divergence
                .branches
                .iter()
                .map(|branch| text(&branch.versions))
                .collect();
            format!("{fork}: {}", sides.join(" | "))
        })
        .collect()
}

#[test]
fn what_says_nothing_is_a_chain_in_its_folder() {
    let graph = graph("1 b:2 3 b:4 5");
    assert_eq!(words(graph.heads()), "4 5");
    assert_eq!(words(graph.roots()), "1 2");
    assert_eq!(words(graph.parents(&graph.nodes()[4])), "3");
    assert_eq!(divergences(&graph), Vec::<String>::new());
}

#[test]
fn two_heads_of_one_line_have_diverged() {
    let parted = graph("1 2 3<2 4<2 5<4");
    assert_eq!(words(parted.heads()), "3 5");
    assert_eq!(words(parted.branch_points()), "2");
    assert_eq!(divergences(&parted), ["2: 3 | 4 5"]);
    assert_eq!(
        divergences(&graph("1 2 3<2 4<2 5<4 6<3,5")),
        Vec::<String>::new()
    );
}

#[test]
fn what_two_of_three_share_is_on_both_sides() {
    let parted = graph("1 2<1 3<2 4<2 5<1");
    assert_eq!(divergences(&parted), ["1: 2 3 | 2 4 | 5"]);
}

#[test]
fn lines_without_a_beginning_in_common_have_diverged_too() {
    assert_eq!(divergences(&graph("1 2< 3<1")), ["-: 2 | 1 3"]);
}

#[test]
fn labels_and_folders_keep_heads_apart() {
    assert_eq!(divergences(&graph("1 2<1 3<1#x")), Vec::<String>::new());
    assert_eq!(divergences(&graph("1 2<1 3<1#x 4<3 5<3")), ["3: 4 | 5"]);
    assert_eq!(divergences(&graph("1 b:2<1 b:3<1 4<1")), ["-: 2 | 3"]);
}

#[test]
fn what_another_folder_asks_for_is_on_no_side() {
    // 4 follows 2 of the other folder, which is not what has diverged.
    let parted = graph("1 b:2 3<1 4<1,2");
    assert_eq!(divergences(&parted), ["1: 3 | 4"]);
}

#[test]
fn a_migration_that_is_followed_by_way_of_another_folder_is_no_head() {
    let graph = graph("1 b:2<1 3<2");
    assert_eq!(words(graph.heads()), "2 3");
    assert_eq!(divergences(&graph), Vec::<String>::new());
}

#[test]
fn every_fault_is_told_once() {
    let one = graph("1 2<9,9 3<4 4<1");
    assert_eq!(
        faults(&one),
        [
            "`2_m` depends on 9, and no folder has this version",
            "`3_m` depends on `4_m`, which sorts after it; `diesel` would run it first",
        ]
    );
    assert_eq!(faults(&graph("1<1")), ["`1_m` depends on itself"]);
    assert_eq!(
        faults(&graph("1<3 2<1 3<2")),
        ["`1_m`, `2_m`, `3_m` depend on each other in a circle"]
    );
    // Two circles with a migration in common are one knot, told by the shortest way through it.
    assert_eq!(
        faults(&graph("1<2,3 2<1 3<1")),
        ["`1_m`, `2_m` depend on each other in a circle"]
    );
    // Who only waits for a circle is not in it.
    assert_eq!(
        faults(&graph("1<2 2<1 3<2 4<5 5<3")),
        [
            "`4_m` depends on `5_m`, which sorts after it; `diesel` would run it first",
            "`1_m`, `2_m` depend on each other in a circle",
        ]
    );
}

#[test]
fn of_one_version_twice_the_first_counts() {
    let declarations = ["a", "b"].map(|name| Declaration {
        version: Version::parse("1"),
        name: format!("1_{name}"),
        path: PathBuf::from(name),
        folder: 0,
        depends_on: None,
        labels: Vec::new(),
    });
    let graph = Graph::of(declarations.to_vec(), Vec::new());
    assert_eq!(graph.nodes().len(), 1);
    assert_eq!(graph.nodes()[0].name, "1_a");
}

#[test]
fn a_long_chain_or_circle_needs_no_deep_stack() {
    const LENGTH: usize = 5_000;
    let declared = |depends_on: &dyn Fn(usize) -> Option<Vec<usize>>| {
        let declarations = (0..LENGTH).map(|place| Declaration {
            version: Version::parse(&format!("{place:05}")),
            name: format!("{place:05}_m"),
            path: PathBuf::new(),
            folder: 0,
            depends_on: depends_on(place).map(|list| {
                list.iter()
                    .map(|place| Version::parse(&format!("{place:05}")))
                    .collect()
            }),
            labels: Vec::new(),
        });
        Graph::of(declarations.collect(), Vec::new())
    };
    let chain = declared(&|_| None);
    assert_eq!(chain.heads().count(), 1);
    let newest = &chain.nodes()[LENGTH - 1].version;
    assert_eq!(chain.ancestors([newest]).len(), LENGTH - 1);

    let circle = declared(&|place| Some(vec![(place + 1) % LENGTH]));
    assert_eq!(circle.faults().len(), 1);
    let backwards = declared(&|place| (place + 1 < LENGTH).then(|| vec![place + 1]));
    // The last says nothing, so it follows the one before, and that one follows it.
    assert_eq!(backwards.faults().len(), LENGTH - 1);

    let two_lines = declared(&|place| Some(place.checked_sub(2).into_iter().collect()));
    let divergences = two_lines.divergences();
    assert_eq!(divergences.len(), 1);
    assert_eq!(divergences[0].branches[0].versions.len(), LENGTH / 2);

    let fan = declared(&|place| Some((place > 0).then_some(0).into_iter().collect()));
    assert_eq!(fan.divergences()[0].branches.len(), LENGTH - 1);
}

#[test]
fn where_a_dependency_leads_nowhere_nobody_knows_what_is_parted() {
    for words in ["1 2<1 3<7", "1 2<3 3<1", "1 2<2 3"] {
        let graph = graph(words);
        assert_eq!(graph.heads().count(), 2, "{words}");
        assert_eq!(divergences(&graph), Vec::<String>::new(), "{words}");
    }
}
