//! A graph as lanes: which column each migration stands in, and where its lines go.
//!
//! A value without letters or colours, so that the text on a terminal and the SVG are the same picture.

/// A graph, drawn from above to below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// One for each migration, in the order they were given.
    pub rows: Vec<Row>,
}

/// One migration, and the lines that leave it downwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The column it stands in.
    pub column: usize,
    /// Its colour: lanes that are one line have one.
    pub colour: usize,
    /// The lanes beside it, by column; its own is none.
    pub beside: Vec<Option<usize>>,
    /// The lines to what it is joined with below, one for each, in the order of the columns.
    pub links: Vec<Link>,
    /// The column, further right, of a lane that ends in this one's: both lead to the same place.
    pub gathers: Option<usize>,
    /// The lanes below it, by column, after its lines have found theirs.
    pub below: Vec<Option<usize>>,
}

/// A line from a migration to a lane, and down that lane to another migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The row it ends in.
    pub row: usize,
    /// The column it goes down.
    pub column: usize,
    /// The lane's colour.
    pub colour: usize,
    /// Whether the lane was there already, coming from further above.
    pub joins: bool,
}

impl Drawing {
    /// Draws rows, each of which is joined with rows below it: `next[row]`, the most important first.
    ///
    /// What points at a row that is not below is left out.
    #[must_use]
    pub fn of(next: &[Vec<usize>]) -> Self {
        // By column, the colour of the line that goes down there; no two lines have one end.
        let mut lanes: Vec<Option<usize>> = Vec::new();
        // By row, the column of the line that ends there.
        let mut waiting: Vec<Option<usize>> = vec![None; next.len()];
        let mut colours = 0;
        let mut ended = None;
        let mut rows = Vec::with_capacity(next.len());
        for (row, targets) in next.iter().enumerate() {
            let column = waiting[row].unwrap_or_else(|| {
                // Right below the end of another line, it would look like its continuation.
                (0..=lanes.len() + 1)
                    .find(|column| is_free(&lanes, *column) && Some(*column) != ended)
                    .unwrap_or_default()
            });
            let own = lanes.get(column).copied().flatten();
            let colour = own.unwrap_or_else(|| take(&mut colours));
            put(&mut lanes, column, None);
            let beside = lanes.clone();
            let mut links: Vec<Link> = Vec::new();
            for target in targets {
                let is_below = *target > row && *target < next.len();
                if !is_below || links.iter().any(|link| link.row == *target) {
                    continue;
                }
                let joined = waiting[*target];
                let to = joined.unwrap_or_else(|| nearest_free(&lanes, column));
                let lane = match lanes.get(to).copied().flatten() {
                    Some(lane) => lane,
                    None if to == column => colour,
                    None => take(&mut colours),
                };
                put(&mut lanes, to, Some(lane));
                waiting[*target] = Some(to);
                links.push(Link {
                    row: *target,
                    column: to,
                    colour: lane,
                    joins: joined.is_some(),
                });
            }
            let gathers = gather(column, &mut links);
            if let (Some(from), [link]) = (gathers, links.as_slice()) {
                put(&mut lanes, from, None);
                put(&mut lanes, column, Some(colour));
                waiting[link.row] = Some(column);
            }
            links.sort_by_key(|link| link.column);
            ended = links.is_empty().then_some(column);
            while lanes.last().is_some_and(Option::is_none) {
                lanes.pop();
            }
            rows.push(Row {
                column,
                colour,
                beside,
                links,
                gathers,
                below: lanes.clone(),
            });
        }
        Self { rows }
    }

    /// Whether it is one line from the first row to the last, which needs no picture.
    #[must_use]
    pub fn is_line(&self) -> bool {
        let last = self.rows.len().saturating_sub(1);
        self.rows.iter().enumerate().all(|(at, row)| {
            at == last || matches!(row.links.as_slice(), [only] if only.row == at + 1)
        })
    }

    /// Where a line leaves its row, changes its column and ends: rows and columns.
    #[must_use]
    pub fn way(&self, row: usize, link: &Link) -> Vec<(usize, usize)> {
        let mut way = vec![(row, self.rows[row].column)];
        let mut column = link.column;
        for (at, passed) in self.rows.iter().enumerate().take(link.row).skip(row + 1) {
            if passed.gathers == Some(column) {
                way.push((at, column));
                column = passed.column;
            }
        }
        way.push((link.row, column));
        way
    }

    /// How many columns it has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows
            .iter()
            .map(|row| row.below.len().max(row.beside.len()).max(row.column + 1))
            .max()
            .unwrap_or_default()
    }
}

impl Row {
    /// Whether one of its lines goes down its own column.
    #[must_use]
    pub fn goes_straight(&self) -> bool {
        self.links.iter().any(|link| link.column == self.column)
    }

    /// The outermost columns that its lines reach, if any leaves its own.
    #[must_use]
    pub fn reach(&self) -> Option<(usize, usize)> {
        let first = self.links.first()?.column.min(self.column);
        let last = self.links.last()?.column.max(self.column);
        let last = self.gathers.map_or(last, |column| last.max(column));
        (first < last).then_some((first, last))
    }
}

/// Instead of going over to a lane on the right, a migration's only line has that lane come over to it:
/// what goes on stays on the left.
fn gather(column: usize, links: &mut [Link]) -> Option<usize> {
    match links {
        [only] if only.joins && only.column > column => {
            let from = only.column;
            only.column = column;
            Some(from)
        }
        _ => None,
    }
}

fn is_free(lanes: &[Option<usize>], column: usize) -> bool {
    lanes.get(column).is_none_or(Option::is_none)
}

/// The free column with the shortest way; to the right where two are as near.
fn nearest_free(lanes: &[Option<usize>], column: usize) -> usize {
    (0..=lanes.len().max(column + 1))
        .filter(|candidate| is_free(lanes, *candidate))
        .min_by_key(|candidate| (candidate.abs_diff(column), *candidate < column))
        .unwrap_or(lanes.len())
}

fn put(lanes: &mut Vec<Option<usize>>, column: usize, lane: Option<usize>) {
    if lanes.len() <= column {
        lanes.resize(column + 1, None);
    }
    lanes[column] = lane;
}

fn take(colours: &mut usize) -> usize {
    let colour = *colours;
    *colours += 1;
    colour
}
