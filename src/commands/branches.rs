//! `manage branches`: where lines of migrations part.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::each::each;
use super::files::Files;
use super::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::{Graph, Node};
use crate::settings::Connection;
use crate::ui::{self, View};

/// Show where lines of migrations part, and into what
///
/// No database is needed. With -v also what each follows, its branches, its folder and what it is for.
#[derive(clap::Args, Debug)]
pub(crate) struct Branches {}

impl Command for Branches {
    const NAME: &'static str = "branches";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| one(context, connection))
    }
}

fn one(context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
    let files = Files::look(context, connection)?;
    let graph = &files.graph;
    let points = points(graph);
    let verbose = context.ui.is_verbose();
    let descriptions = if verbose || context.ui.is_json() {
        let shown = points
            .iter()
            .flat_map(|(point, children)| point.iter().chain(children));
        Files::descriptions(shown.copied())
    } else {
        BTreeMap::new()
    };
    let nothing = BTreeSet::new();
    let view = View {
        graph,
        applied: None,
        current: &nothing,
        descriptions: &descriptions,
        verbose,
    };
    let name = &files.connection.name;
    if context.ui.is_json() {
        let all: Vec<Value> = points
            .iter()
            .map(|(point, children)| {
                let children: Vec<Value> = children.iter().map(|node| view.json(node)).collect();
                json!({ "point": point.map(|node| view.json(node)), "children": children })
            })
            .collect();
        let labels: Vec<&str> = graph.branch_names().into_iter().collect();
        let json = json!({ "connection": name, "names": labels, "branches": all });
        context.ui.answer(&json.to_string());
    } else {
        context
            .ui
            .answer(&ui::branches(name, &files.place(), &view, &points));
    }
    Ok(Outcome::Done)
}

/// Every migration that several of its own folder follow, newest first, and those; at last the
/// beginnings of folders that have more than one, for those part before the first.
fn points(graph: &Graph) -> Vec<(Option<&Node>, Vec<&Node>)> {
    let mut points: Vec<(Option<&Node>, Vec<&Node>)> = graph
        .branch_points()
        .rev()
        .map(|point| {
            let children = graph.children(point);
            let own = children.filter(|child| child.folder == point.folder);
            (Some(point), own.collect())
        })
        .collect();
    let mut roots: BTreeMap<usize, Vec<&Node>> = BTreeMap::new();
    for node in graph.nodes() {
        if graph
            .parents(node)
            .all(|parent| parent.folder != node.folder)
        {
            roots.entry(node.folder).or_default().push(node);
        }
    }
    points.extend(
        roots
            .into_values()
            .filter(|roots| roots.len() > 1)
            .map(|roots| (None, roots)),
    );
    points
}
