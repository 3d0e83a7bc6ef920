//! A drawing in letters, with lines of text beside each migration.

use unicode_width::UnicodeWidthStr;

use super::drawing::{Drawing, Row};
use crate::settings::Environment;
use crate::ui::style::paint_lane;

/// Which letters lines are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Letters {
    /// Lines and rounded corners.
    #[default]
    Boxes,
    /// What every terminal and every file can hold.
    Ascii,
}

impl Letters {
    /// Lines, unless the locale is one that cannot hold them.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .filter_map(|name| environment.variables.get(name))
            .find(|value| !value.is_empty());
        let holds = locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        if holds { Self::Boxes } else { Self::Ascii }
    }

    fn node(self) -> char {
        match self {
            Self::Boxes => '●',
            Self::Ascii => '*',
        }
    }

    /// The letter with lines to those sides.
    fn lines(self, sides: Sides) -> char {
        let Sides {
            up,
            down,
            left,
            right,
        } = sides;
        match self {
            Self::Boxes => match (up, down, left, right) {
                (true, true, true, true) => '┼',
                (true, true, true, false) => '┤',
                (true, true, false, true) => '├',
                (true, false, true, true) => '┴',
                (false, true, true, true) => '┬',
                (true, false, true, false) => '╯',
                (true, false, false, true) => '╰',
                (false, true, true, false) => '╮',
                (false, true, false, true) => '╭',
                (false, false, true | false, true) | (false, false, true, false) => '─',
                (true, true | false, false, false) | (false, true, false, false) => '│',
                (false, false, false, false) => ' ',
            },
            Self::Ascii => match (up, down, left || right) {
                (true, true, true) => '+',
                (true, false, true) => '\'',
                (false, true, true) => '.',
                (false, false, true) => '-',
                (true, true | false, false) | (false, true, false) => '|',
                (false, false, false) => ' ',
            },
        }
    }
}

/// The sides of a letter that a line comes to.
#[derive(Clone, Copy, Default)]
struct Sides {
    up: bool,
    down: bool,
    left: bool,
    right: bool,
}

/// A letter, and the colour of the lane it belongs to.
type Cell = (char, Option<usize>);

/// One line of text for a column of letters and the space behind it.
const STEP: usize = 2;

/// The drawing with lines of text beside each row, given from its width on.
///
/// The text of a row gets as many lines as it has; lanes run on beside them.
#[must_use]
pub fn in_letters(
    drawing: &Drawing,
    letters: Letters,
    text: impl Fn(usize) -> Vec<String>,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, row) in drawing.rows.iter().enumerate() {
        let text = text(index);
        let mut cells = vec![node(row, letters)];
        cells.extend(turn(row, letters));
        while cells.len() < text.len() {
            cells.push(lanes(&row.below, letters));
        }
        // All text of a migration begins in one column.
        let width = cells.iter().take(text.len()).map(Vec::len).max();
        let width = width.unwrap_or_default();
        for (at, cells) in cells.iter().enumerate() {
            let mut line = painted(cells);
            if let Some(text) = text.get(at).filter(|text| !text.is_empty()) {
                line.push_str(&" ".repeat(width.saturating_sub(cells.len()) + 1));
                line.push_str(text);
            }
            lines.push(line);
        }
    }
    lines
}

/// How wide the letters beside a row's text are.
pub(super) fn width_beside(row: &Row) -> usize {
    let columns = row.beside.len().max(row.below.len()).max(row.column + 1);
    columns * STEP
}

/// The line with the migration on it.
fn node(row: &Row, letters: Letters) -> Vec<Cell> {
    let width = row.beside.len().max(row.column + 1);
    let mut cells = Vec::with_capacity(width * STEP);
    for column in 0..width {
        let lane = row.beside.get(column).copied().flatten();
        cells.push(if column == row.column {
            (letters.node(), Some(row.colour))
        } else {
            vertical(lane, letters)
        });
        cells.push((' ', None));
    }
    trimmed(cells)
}

/// The line on which a migration's lines find their lanes, where one has to leave its column.
fn turn(row: &Row, letters: Letters) -> Option<Vec<Cell>> {
    let (first, last) = row.reach()?;
    let width = row.below.len().max(row.beside.len()).max(last + 1);
    let link_at = |column: usize| row.links.iter().find(|link| link.column == column);
    // On its way from the migration, a line has the colour of the lane it goes to, the nearest first.
    let colour_over = |column: usize| {
        if column < row.column {
            row.links.iter().rev().find(|link| link.column <= column)
        } else {
            row.links.iter().find(|link| link.column > column)
        }
        .map(|link| link.colour)
        .or_else(|| row.beside.get(row.gathers?).copied().flatten())
    };
    let mut cells = Vec::with_capacity(width * STEP);
    for column in 0..width {
        let inside = first <= column && column <= last;
        let lane = row.beside.get(column).copied().flatten();
        let cell = match link_at(column) {
            _ if !inside => vertical(lane, letters),
            _ if row.gathers == Some(column) => {
                let sides = Sides {
                    up: true,
                    left: true,
                    ..Sides::default()
                };
                (letters.lines(sides), lane)
            }
            found if column == row.column || found.is_some() => {
                let sides = Sides {
                    up: column == row.column || found.is_some_and(|link| link.joins),
                    down: found.is_some(),
                    left: first < column,
                    right: column < last,
                };
                let colour = found.map_or(row.colour, |link| link.colour);
                (letters.lines(sides), Some(colour))
            }
            // A lane that is passed stays whole, so that it does not look as if it were joined.
            _ if lane.is_some() => vertical(lane, letters),
            _ => (across(letters), colour_over(column)),
        };
        cells.push(cell);
        cells.push(if inside && column < last {
            (across(letters), colour_over(column))
        } else {
            (' ', None)
        });
    }
    Some(trimmed(cells))
}

/// Lanes that only go on.
fn lanes(below: &[Option<usize>], letters: Letters) -> Vec<Cell> {
    let cells = below
        .iter()
        .flat_map(|lane| [vertical(*lane, letters), (' ', None)]);
    trimmed(cells.collect())
}

fn vertical(lane: Option<usize>, letters: Letters) -> Cell {
    let is_there = lane.is_some();
    let sides = Sides {
        up: is_there,
        down: is_there,
        ..Sides::default()
    };
    (letters.lines(sides), lane)
}

fn across(letters: Letters) -> char {
    letters.lines(Sides {
        left: true,
        right: true,
        ..Sides::default()
    })
}

fn trimmed(mut cells: Vec<Cell>) -> Vec<Cell> {
    while cells.last().is_some_and(|(letter, _)| *letter == ' ') {
        cells.pop();
    }
    cells
}

/// Letters of one colour are painted together.
fn painted(cells: &[Cell]) -> String {
    cells
        .chunk_by(|a, b| a.1 == b.1)
        .map(|run| {
            let text: String = run.iter().map(|(letter, _)| *letter).collect();
            match run.first().and_then(|(_, colour)| *colour) {
                Some(colour) => paint_lane(colour, &text),
                None => text,
            }
        })
        .collect()
}

/// Whether a text fits.
pub(super) fn fits(text: &str, width: Option<usize>) -> bool {
    width.is_none_or(|width| text.width() <= width)
}
