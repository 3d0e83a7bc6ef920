//! A diagram as SVG, for a browser or a document.

use unicode_width::UnicodeWidthStr;

use crate::schema::Schema;

use super::arrange::{Arrangement, Corner, Pass, Size, arrange};
use super::diagram::{Diagram, Link, Row, TableBox};
use super::text::escaped;

/// The height of a line of text.
const LINE: i32 = 20;
/// The width of a character, of a font in which all have the same.
const LETTER: i32 = 8;
/// Between the border and what is in it.
const PADDING: i32 = 10;
/// Between the parts of a row.
const GAP: i32 = 16;
/// Round the whole picture.
const MARGIN: i32 = 24;
/// The marks at the ends of a line.
const MARK: i32 = 12;

const STYLE: &str = "\
  <style>
    text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2933; }
    .title { font-weight: bold; }
    .type, .mark { fill: #627282; }
    .box { fill: #ffffff; stroke: #9aa9b8; }
    .head { fill: #dbe7f3; stroke: #9aa9b8; }
    .link { fill: none; stroke: #52697f; stroke-width: 1.2; }
    .ring { fill: #ffffff; stroke: #52697f; stroke-width: 1.2; }
  </style>";

/// Draws a schema as SVG.
#[must_use]
pub fn svg(schema: &Schema) -> String {
    let diagram = Diagram::of(schema);
    let sizes: Vec<_> = diagram.boxes.iter().map(size).collect();
    let pairs: Vec<_> = diagram
        .links
        .iter()
        .map(|link| (link.child, link.parent))
        .collect();
    let Arrangement { corners, passes } = arrange(&sizes, &pairs);
    let placed = || corners.iter().zip(&sizes);
    // A line that turns round needs room on the right.
    let turns = diagram.links.iter().any(|link| {
        let (child, parent) = ends(link, &corners, &sizes);
        child.side == parent.side
    });
    let room = if turns { 3 * MARK } else { 0 };
    let right = placed().map(|(corner, size)| corner.x + size.width + room);
    let bottom = placed().map(|(corner, size)| corner.y + size.height);
    let (right, bottom) = (right.max().unwrap_or(0), bottom.max().unwrap_or(0));
    let (width, height) = (right + 2 * MARGIN, bottom + 2 * MARGIN);
    let mut lines = vec![
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"{0} {0} {width} {height}\">",
            -MARGIN
        ),
        STYLE.to_owned(),
        format!(
            "  <rect x=\"{0}\" y=\"{0}\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>",
            -MARGIN
        ),
    ];
    for (link, passes) in diagram.links.iter().zip(&passes) {
        lines.push(line(link, passes, &corners, &sizes));
    }
    for ((corner, size), one) in placed().zip(&diagram.boxes) {
        lines.push(boxed(one, *corner, *size));
    }
    lines.push("</svg>\n".to_owned());
    lines.join("\n")
}

fn letters(text: &str) -> i32 {
    i32::try_from(text.width()).unwrap_or(i32::MAX / LETTER) * LETTER
}

fn type_text(row: &Row) -> String {
    let null = if row.nullable { " null" } else { "" };
    format!("{}{null}", row.sql_type)
}

/// The widths of names and of types.
fn widths(one: &TableBox) -> (i32, i32) {
    let names = one.rows.iter().map(|row| letters(&row.name));
    let types = one.rows.iter().map(|row| letters(&type_text(row)));
    (
        names.max().unwrap_or_default(),
        types.max().unwrap_or_default(),
    )
}

fn size(one: &TableBox) -> Size {
    let (names, types) = widths(one);
    let marks = one.rows.iter().map(|row| letters(&row.marks().join(" ")));
    let marks = marks.max().unwrap_or_default();
    let rows = names + types + GAP + if marks > 0 { marks + GAP } else { 0 };
    let number = i32::try_from(one.rows.len()).unwrap_or(i32::MAX / LINE);
    Size {
        width: rows.max(letters(&one.title)) + 2 * PADDING,
        height: (number + 1) * LINE + 8,
    }
}

fn boxed(one: &TableBox, corner: Corner, size: Size) -> String {
    let Corner { x, y } = corner;
    let (names, types) = widths(one);
    let text = |class: &str, x: i32, row: i32, text: &str| {
        let y = y + row * LINE + 15 + if row > 0 { 4 } else { 0 };
        format!(
            "  <text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(text)
        )
    };
    let mut lines = vec![
        format!(
            "  <rect class=\"box\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\"/>",
            size.width, size.height
        ),
        format!(
            "  <rect class=\"head\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{LINE}\"/>",
            size.width
        ),
        text("title", x + PADDING, 0, &one.title),
    ];
    for (row, number) in one.rows.iter().zip(1..) {
        let x = x + PADDING;
        lines.push(text("name", x, number, &row.name));
        lines.push(text("type", x + names + GAP, number, &type_text(row)));
        let marks = row.marks().join(" ");
        if !marks.is_empty() {
            lines.push(text("mark", x + names + types + 2 * GAP, number, &marks));
        }
    }
    lines.join("\n")
}

/// Where a line leaves a box.
#[derive(Clone, Copy)]
struct End {
    x: i32,
    y: i32,
    /// 1 on the right side of the box, -1 on the left.
    side: i32,
}

impl End {
    /// The point that far from the box.
    fn at(self, distance: i32) -> i32 {
        self.x + self.side * distance
    }
}

/// The ends of a line: at the sides that face each other, or else both on the right.
fn ends(link: &Link, corners: &[Corner], sizes: &[Size]) -> (End, End) {
    let end = |number: usize, row: usize, side: i32| {
        let row = i32::try_from(row).unwrap_or_default();
        let width = if side > 0 { sizes[number].width } else { 0 };
        End {
            x: corners[number].x + width,
            y: corners[number].y + (row + 1) * LINE + 4 + LINE / 2,
            side,
        }
    };
    let both = |(child, parent)| {
        (
            end(link.child, link.child_row, child),
            end(link.parent, link.parent_row, parent),
        )
    };
    [(-1, 1), (1, -1)]
        .into_iter()
        .map(both)
        .find(|(child, parent)| (parent.x - child.x) * child.side > 0)
        .unwrap_or_else(|| both((1, 1)))
}

/// A line from the column that refers to the one it refers to, with a crow's foot where many may be.
fn line(link: &Link, passes: &[Pass], corners: &[Corner], sizes: &[Size]) -> String {
    let (child, parent) = ends(link, corners, sizes);
    let (from, to) = (child.at(MARK), parent.at(MARK));
    let mut way = vec![format!("M{} {} L{from} {}", child.x, child.y, child.y)];
    if child.side == parent.side {
        let far = from.max(to) + 2 * MARK;
        way.push(format!(
            "C{far} {} {far} {} {to} {}",
            child.y, parent.y, parent.y
        ));
    } else {
        let mut point = (from, child.y);
        for pass in passes {
            way.push(curve(point, (pass.right, pass.y)));
            way.push(format!("L{} {}", pass.left, pass.y));
            point = (pass.left, pass.y);
        }
        way.push(curve(point, (to, parent.y)));
    }
    way.push(format!("L{} {}", parent.x, parent.y));
    let child_mark = if link.is_single {
        bar(child)
    } else {
        let End { x, y, .. } = child;
        format!("M{x} {} L{from} {y} L{x} {}", y - 6, y + 6)
    };
    let mut parts = vec![
        path(&way.join(" ")),
        path(&format!("{child_mark} {}", bar(parent))),
    ];
    if !link.is_required {
        parts.push(format!(
            "  <circle class=\"ring\" cx=\"{to}\" cy=\"{}\" r=\"3\"/>",
            parent.y
        ));
    }
    parts.join("\n")
}

fn path(way: &str) -> String {
    format!("  <path class=\"link\" d=\"{way}\"/>")
}

/// The mark for one.
fn bar(end: End) -> String {
    let x = end.at(MARK / 2);
    format!("M{x} {} L{x} {}", end.y - 5, end.y + 5)
}

/// A line from one point to another that is level at both ends.
fn curve((x, y): (i32, i32), (to_x, to_y): (i32, i32)) -> String {
    let half = (to_x - x) / 2;
    let bend = if half < 0 {
        half.min(-MARK)
    } else {
        half.max(MARK)
    };
    format!("C{} {y} {} {to_y} {to_x} {to_y}", x + bend, to_x - bend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::picture::diagram::samples;

    #[test]
    fn every_table_is_a_box_and_every_foreign_key_a_line() {
        insta::assert_snapshot!(svg(&samples::library()), @r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="940" height="336" viewBox="-24 -24 940 336">
        <style>
            text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2933; }
            .title { font-weight: bold; }
            .type, .mark { fill: #627282; }
            .box { fill: #ffffff; stroke: #9aa9b8; }
            .head { fill: #dbe7f3; stroke: #9aa9b8; }
            .link { fill: none; stroke: #52697f; stroke-width: 1.2; }
            .ring { fill: #ffffff; stroke: #52697f; stroke-width: 1.2; }
          </style>
          <rect x="-24" y="-24" width="940" height="336" fill="#ffffff"/>
          <path class="link" d="M278 87 L266 87 C233 87 233 92 200 92 L188 92"/>
          <path class="link" d="M278 81 L266 87 L278 93 M194 87 L194 97"/>
          <circle class="ring" cx="200" cy="92" r="3"/>
          <path class="link" d="M562 127 L574 127 C598 127 598 67 574 67 L562 67"/>
          <path class="link" d="M562 121 L574 127 L562 133 M568 62 L568 72"/>
          <circle class="ring" cx="574" cy="67" r="3"/>
          <path class="link" d="M652 54 L640 54 C607 54 607 67 574 67 L562 67"/>
          <path class="link" d="M646 49 L646 59 M568 62 L568 72"/>
          <path class="link" d="M652 150 L640 150 C607 150 607 67 574 67 L562 67"/>
          <path class="link" d="M652 144 L640 150 L652 156 M568 62 L568 72"/>
          <rect class="box" x="0" y="58" width="188" height="68"/>
          <rect class="head" x="0" y="58" width="188" height="20"/>
          <text class="title" x="10" y="73">authors</text>
          <text class="name" x="10" y="97">id</text>
          <text class="type" x="58" y="97">integer</text>
          <text class="mark" x="162" y="97">PK</text>
          <text class="name" x="10" y="117">name</text>
          <text class="type" x="58" y="117">varchar(80)</text>
          <rect class="box" x="278" y="33" width="284" height="108"/>
          <rect class="head" x="278" y="33" width="284" height="20"/>
          <text class="title" x="288" y="48">books</text>
          <text class="name" x="288" y="72">id</text>
          <text class="type" x="376" y="72">integer</text>
          <text class="mark" x="536" y="72">PK</text>
          <text class="name" x="288" y="92">author_id</text>
          <text class="type" x="376" y="92">integer null</text>
          <text class="mark" x="536" y="92">FK</text>
          <text class="name" x="288" y="112">price</text>
          <text class="type" x="376" y="112">numeric(10,2) null</text>
          <text class="name" x="288" y="132">sequel_of</text>
          <text class="type" x="376" y="132">integer null</text>
          <text class="mark" x="536" y="132">FK</text>
          <rect class="box" x="652" y="0" width="204" height="68"/>
          <rect class="head" x="652" y="0" width="204" height="20"/>
          <text class="title" x="662" y="15">covers</text>
          <text class="name" x="662" y="39">id</text>
          <text class="type" x="734" y="39">integer</text>
          <text class="mark" x="806" y="39">PK</text>
          <text class="name" x="662" y="59">book_id</text>
          <text class="type" x="734" y="59">integer</text>
          <text class="mark" x="806" y="59">FK UK</text>
          <rect class="box" x="652" y="96" width="180" height="88"/>
          <rect class="head" x="652" y="96" width="180" height="20"/>
          <text class="title" x="662" y="111">loans</text>
          <text class="name" x="662" y="135">id</text>
          <text class="type" x="734" y="135">integer</text>
          <text class="mark" x="806" y="135">PK</text>
          <text class="name" x="662" y="155">book_id</text>
          <text class="type" x="734" y="155">integer</text>
          <text class="mark" x="806" y="155">FK</text>
          <text class="name" x="662" y="175">state</text>
          <text class="type" x="734" y="175">enum</text>
          <rect class="box" x="0" y="240" width="140" height="48"/>
          <rect class="head" x="0" y="240" width="140" height="20"/>
          <text class="title" x="10" y="255">shelves</text>
          <text class="name" x="10" y="279">id</text>
          <text class="type" x="42" y="279">integer</text>
          <text class="mark" x="114" y="279">PK</text>
        </svg>
        "##);
    }

    #[test]
    fn odd_names_are_text() {
        let drawn = svg(&samples::odd());
        assert!(drawn.contains(">2 &lt;b&gt;&amp;amp;</text>"));
        assert!(drawn.contains(">a b</text>"));
        assert!(drawn.contains("billing.in&quot;voice%s\\</text>"));
    }

    #[test]
    fn an_empty_schema_is_an_empty_picture() {
        assert!(svg(&Schema::default()).contains("width=\"48\" height=\"48\""));
    }
}
