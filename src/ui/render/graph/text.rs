//! `history` on the screen: a list, or a graph where lines have parted.

use super::drawing::Drawing;
use super::letters::{Letters, fits, in_letters, width_beside};
use super::view::View;
use crate::migration::{Graph, Node};
use crate::ui::style::{Meaning, paint};
use crate::ui::words;

/// Migrations one below the other, and lines between them where it is more than one line.
///
/// `next` says which rows below each is joined with. Text that is wider than `width` is told on a line
/// of its own.
#[must_use]
pub fn history(
    view: &View<'_>,
    nodes: &[&Node],
    drawing: &Drawing,
    letters: Letters,
    width: Option<usize>,
) -> Vec<String> {
    if drawing.is_line() {
        return nodes
            .iter()
            .flat_map(|node| {
                let mut lines = entry(view, node, None).into_iter();
                let first = lines.next().map(|line| format!(" {line}"));
                first
                    .into_iter()
                    .chain(lines.map(|line| format!("   {line}")))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    in_letters(drawing, letters, |index| {
        let (Some(node), Some(row)) = (nodes.get(index), drawing.rows.get(index)) else {
            return Vec::new();
        };
        let room = width.map(|width| width.saturating_sub(width_beside(row)));
        entry(view, node, room)
    })
    .into_iter()
    .map(|line| format!(" {line}"))
    .collect()
}

/// The name with what there is to say about it, and details below.
pub(in crate::ui::render) fn entry(
    view: &View<'_>,
    node: &Node,
    room: Option<usize>,
) -> Vec<String> {
    let mark = match view.is_applied(node) {
        None => String::new(),
        Some(true) => format!("{} ", paint(Meaning::Done, "[X]")),
        Some(false) => format!("{} ", paint(Meaning::Pending, "[ ]")),
    };
    let remarks = match view.remarks(node) {
        said if said.is_empty() => said,
        said => format!("({said})"),
    };
    let plain = format!(
        "{}{}  {remarks}",
        if mark.is_empty() { "" } else { "[X] " },
        node.name
    );
    let remarks_painted = paint(Meaning::Faint, &remarks);
    let mut lines = Vec::new();
    if remarks.is_empty() {
        lines.push(format!("{mark}{}", node.name));
    } else if fits(&plain, room) {
        lines.push(format!("{mark}{}  {remarks_painted}", node.name));
    } else {
        lines.push(format!("{mark}{}", node.name));
        lines.push(format!("  {remarks_painted}"));
    }
    lines.extend(
        view.details(node)
            .iter()
            .map(|line| format!("  {}", paint(Meaning::Faint, line))),
    );
    lines
}

/// The line above a history: the connection, its folders, and how many migrations and heads there are.
#[must_use]
pub fn history_heading(connection: &str, place: &str, graph: &Graph, shown: usize) -> String {
    let total = graph.nodes().len();
    let mut sum = words::count(total, "migration");
    if shown != total {
        sum = format!("{shown} of {sum}");
    }
    let heads = graph.heads().count();
    if heads > 1 {
        sum.push_str(", ");
        sum.push_str(&words::count(heads, "head"));
    }
    heading(connection, place, &sum)
}

fn heading(connection: &str, place: &str, sum: &str) -> String {
    format!(
        "{}  {}",
        paint(Meaning::Name, connection),
        paint(Meaning::Faint, &format!("{place}  {sum}"))
    )
}

/// A heading and a list of migrations.
#[must_use]
pub fn nodes(connection: &str, place: &str, sum: &str, view: &View<'_>, nodes: &[&Node]) -> String {
    let mut lines = vec![heading(connection, place, sum)];
    for node in nodes {
        lines.extend(
            entry(view, node, None)
                .iter()
                .map(|line| format!(" {line}")),
        );
    }
    lines.join("\n")
}

/// Every place where lines part, with what they part into; without a migration it is the beginning.
#[must_use]
pub fn branches(
    connection: &str,
    place: &str,
    view: &View<'_>,
    points: &[(Option<&Node>, Vec<&Node>)],
) -> String {
    let sum = match points.len() {
        0 => "no branch point".to_owned(),
        number => words::count(number, "branch point"),
    };
    let mut lines = vec![heading(connection, place, &sum)];
    for (point, children) in points {
        match point {
            Some(point) => {
                lines.extend(
                    entry(view, point, None)
                        .iter()
                        .map(|line| format!(" {line}")),
                );
            }
            None => lines.push(" base".to_owned()),
        }
        for child in children {
            let mut entry = entry(view, child, None).into_iter();
            lines.extend(entry.next().map(|line| format!("   -> {line}")));
            lines.extend(entry.map(|line| format!("      {line}")));
        }
    }
    lines.join("\n")
}
