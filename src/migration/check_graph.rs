//! Everything that can be said about a graph from the files alone.

use super::files::read_sql;
use super::finding::{Finding, Severity};
use super::graph::{Fault, Graph, Node};
use crate::backend::Direction;
use crate::sql::{self, Dialect};

/// Lists what is wrong or odd about dependencies, labels and merges.
#[must_use]
pub fn check_graph(graph: &Graph, dialect: Dialect) -> Vec<Finding> {
    let mut findings: Vec<_> = graph.faults().iter().map(Fault::finding).collect();
    findings.extend(graph.label_findings());
    for node in graph.nodes() {
        if graph.parents(node).count() > 1 {
            findings.extend(redundant(graph, node));
            findings.extend(merge_with_changes(graph, node, dialect));
        }
    }
    findings
}

/// A dependency that another one has already.
fn redundant(graph: &Graph, node: &Node) -> Option<Finding> {
    let parents: Vec<&Node> = graph.parents(node).collect();
    let before = graph.ancestors(parents.iter().map(|parent| &parent.version));
    let first = parents
        .iter()
        .find(|parent| before.contains(&parent.version))?;
    Some(Finding::new(
        Severity::Note,
        "redundant-dependency",
        node.path.join("metadata.toml"),
        format!(
            "`{}` depends on `{}`, which another dependency comes after",
            node.name, first.name
        ),
        "take it out of `depends_on`; nothing changes by that",
    ))
}

/// A merge that also does something. It is right under `diesel` too, and yet nobody looks for a change
/// there.
fn merge_with_changes(graph: &Graph, node: &Node, dialect: Dialect) -> Option<Finding> {
    let joined = graph.joined(node).len();
    if joined < 2 {
        return None;
    }
    let file = read_sql(&node.path, Direction::Up).ok()?;
    let script = sql::split(&file.text, dialect).ok()?;
    let statement = script
        .statements
        .iter()
        .find(|statement| !statement.text.eq_ignore_ascii_case("select 1"))?;
    let (line, column) = (statement.line, statement.column);
    Some(
        Finding::new(
            Severity::Note,
            "merge-with-changes",
            file.path.clone(),
            format!(
                "`{}` joins {joined} branches, and changes something as well",
                node.name
            ),
            "nothing needs to be done if that is meant; a migration after it is easier to find",
        )
        .at(line, column),
    )
}
