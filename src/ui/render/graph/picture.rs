//! The graph for documents: Mermaid, Graphviz, SVG.

use unicode_width::UnicodeWidthStr;

use super::drawing::Drawing;
use super::order::{Order, next_rows};
use super::view::View;
use crate::migration::Node;
use crate::models::picture::{escaped, quoted};

/// Draws migrations as a flowchart of Mermaid, which Markdown on many sites shows.
///
/// Nodes have numbers for names, so no migration's name can mean something in the language.
#[must_use]
pub fn mermaid(view: &View<'_>, nodes: &[&Node]) -> String {
    let nodes = oldest_first(nodes);
    let mut lines = vec!["flowchart TD".to_owned()];
    let mut heads = Vec::new();
    let mut pending = Vec::new();
    for (number, node) in nodes.iter().enumerate() {
        let text = match view.remarks(node) {
            none if none.is_empty() => quoted(&node.name),
            remarks => {
                let remarks = quoted(&remarks);
                let name = quoted(&node.name);
                format!(
                    "{}<br/>{}",
                    name.trim_end_matches('"'),
                    remarks.trim_start_matches('"')
                )
            }
        };
        lines.push(format!("    m{number}[{text}]"));
        if view.graph.is_head(node) {
            heads.push(format!("m{number}"));
        }
        if view.is_applied(node) == Some(false) {
            pending.push(format!("m{number}"));
        }
    }
    for (from, to) in edges(view, &nodes) {
        lines.push(format!("    m{from} --> m{to}"));
    }
    if !heads.is_empty() {
        lines.push("    classDef head stroke-width:3px".to_owned());
        lines.push(format!("    class {} head", heads.join(",")));
    }
    if !pending.is_empty() {
        lines.push("    classDef pending stroke-dasharray:4 3".to_owned());
        lines.push(format!("    class {} pending", pending.join(",")));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Draws migrations as a digraph of Graphviz; nodes have numbers for names there too.
#[must_use]
pub fn dot(view: &View<'_>, nodes: &[&Node]) -> String {
    let nodes = oldest_first(nodes);
    let mut lines = vec![
        "digraph migrations {".to_owned(),
        "    node [shape=box, style=\"rounded\", fontname=\"Helvetica\", fontsize=11];".to_owned(),
    ];
    for (number, node) in nodes.iter().enumerate() {
        let remarks = match view.remarks(node) {
            none if none.is_empty() => none,
            remarks => format!("<BR/><FONT POINT-SIZE=\"9\">{}</FONT>", escaped(&remarks)),
        };
        let mut attributes = vec![format!("label=<{}{remarks}>", escaped(&node.name))];
        if view.graph.is_head(node) {
            attributes.push("penwidth=2".to_owned());
        }
        if view.is_applied(node) == Some(false) {
            attributes.push("style=\"rounded,dashed\"".to_owned());
        }
        lines.push(format!("    m{number} [{}];", attributes.join(", ")));
    }
    for (from, to) in edges(view, &nodes) {
        lines.push(format!("    m{from} -> m{to};"));
    }
    lines.push("}\n".to_owned());
    lines.join("\n")
}

/// In the order in which they are applied, which is also the one in which they are read.
fn oldest_first<'a>(nodes: &[&'a Node]) -> Vec<&'a Node> {
    let mut nodes = nodes.to_vec();
    nodes.sort_by(|a, b| a.version.cmp(&b.version));
    nodes
}

/// From what comes first to what follows it, by number.
fn edges(view: &View<'_>, nodes: &[&Node]) -> Vec<(usize, usize)> {
    next_rows(view.graph, nodes, Order::OldestFirst)
        .iter()
        .enumerate()
        .flat_map(|(from, all)| all.iter().map(move |to| (from, *to)))
        .collect()
}

/// The height of a row.
const ROW: usize = 28;
/// The width of a lane.
const LANE: usize = 20;
/// Half the size of a migration's mark.
const RADIUS: usize = 6;
/// The width of a letter, of a font in which all have the same.
const LETTER: usize = 8;
/// Round the whole picture.
const MARGIN: usize = 24;

/// Lanes beside each other, as they can be told apart on white.
const COLOURS: [&str; 6] = [
    "#2f6fb0", "#b0562f", "#3c8c50", "#8a4fa3", "#a3842b", "#2b8f96",
];

const STYLE: &str = "\
  <style>
    text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2933; }
    .head { font-weight: bold; }
    .remark { fill: #627282; font-weight: normal; }
    .line { fill: none; stroke-width: 2; }
    .node { stroke-width: 2; }
  </style>";

/// Draws the lanes of a drawing as SVG, as `history` shows them on a terminal.
#[must_use]
pub fn svg(view: &View<'_>, nodes: &[&Node], drawing: &Drawing) -> String {
    let left = drawing.width().max(1) * LANE + RADIUS;
    let texts: Vec<(String, String)> = nodes
        .iter()
        .map(|node| (node.name.clone(), view.remarks(node)))
        .collect();
    let widest = texts
        .iter()
        .map(|(name, remarks)| {
            name.width()
                + if remarks.is_empty() {
                    0
                } else {
                    remarks.width() + 4
                }
        })
        .max()
        .unwrap_or_default();
    let width = left + widest * LETTER + 2 * MARGIN;
    let height = drawing.rows.len() * ROW + 2 * MARGIN;
    let mut lines = vec![
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">"
        ),
        STYLE.to_owned(),
        format!("  <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>"),
    ];
    for (at, row) in drawing.rows.iter().enumerate() {
        for link in &row.links {
            lines.push(line(&drawing.way(at, link), link.colour));
        }
    }
    for ((at, row), (node, (name, remarks))) in drawing
        .rows
        .iter()
        .enumerate()
        .zip(nodes.iter().zip(&texts))
    {
        let colour = COLOURS[row.colour % COLOURS.len()];
        let fill = if view.is_applied(node) == Some(false) {
            "#ffffff"
        } else {
            colour
        };
        lines.push(format!(
            "  <circle class=\"node\" cx=\"{}\" cy=\"{}\" r=\"{RADIUS}\" stroke=\"{colour}\" fill=\"{fill}\"/>",
            x(row.column),
            y(at)
        ));
        let class = if view.graph.is_head(node) {
            " class=\"head\""
        } else {
            ""
        };
        let remarks = if remarks.is_empty() {
            String::new()
        } else {
            format!(" <tspan class=\"remark\">({})</tspan>", escaped(remarks))
        };
        lines.push(format!(
            "  <text{class} x=\"{}\" y=\"{}\">{}{remarks}</text>",
            MARGIN + left,
            y(at) + 4,
            escaped(name)
        ));
    }
    lines.push("</svg>\n".to_owned());
    lines.join("\n")
}

fn x(column: usize) -> usize {
    MARGIN + column * LANE
}

fn y(row: usize) -> usize {
    MARGIN + row * ROW + ROW / 2
}

/// Through places, each of which is entered from above and left for the next column within one row.
fn line(way: &[(usize, usize)], colour: usize) -> String {
    let mut parts = Vec::new();
    for (number, places) in way.windows(2).enumerate() {
        let [(row, column), (end, next)] = [places[0], places[1]];
        let (from, to, top, bottom) = (x(column), x(next), y(row), y(end));
        if number == 0 {
            parts.push(format!("M{from} {top}"));
        }
        if from != to {
            let (middle, turned) = (top + ROW / 2, y(row + 1));
            parts.push(format!("C{from} {middle} {to} {middle} {to} {turned}"));
        }
        if from == to || end > row + 1 {
            parts.push(format!("L{to} {bottom}"));
        }
    }
    format!(
        "  <path class=\"line\" stroke=\"{}\" d=\"{}\"/>",
        COLOURS[colour % COLOURS.len()],
        parts.join(" ")
    )
}
