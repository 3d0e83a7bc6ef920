//! Where the boxes of a picture stand: what is referred to on the left, what refers on the right, and
//! how the lines run between them.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{columns, parts};

/// Between two columns of boxes, where the lines run.
const COLUMN_GAP: i32 = 90;
/// Between two boxes of a column.
pub(super) const BOX_GAP: i32 = 28;
/// Between a line that passes a column and what is next to it.
const LINE_GAP: i32 = 14;
/// Between parts of the picture that no line connects.
const PART_GAP: i32 = 56;
/// The width that boxes without lines fill.
const ROW_WIDTH: i32 = 1100;
/// How often the order within the columns, and then the heights, are mended.
const SWEEPS: usize = 8;

/// The width and height of a box.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) width: i32,
    pub(super) height: i32,
}

/// The left upper corner of a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Corner {
    pub(super) x: i32,
    pub(super) y: i32,
}

/// Where a line passes a column between two of its boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pass {
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) y: i32,
}

/// A picture, arranged.
pub(super) struct Arrangement {
    /// Of each box.
    pub(super) corners: Vec<Corner>,
    /// Of each link, the columns it passes, from the child on. Links to one parent pass together.
    pub(super) passes: Vec<Vec<Pass>>,
}

/// Places boxes; `links` are pairs of child and parent. No two boxes overlap.
pub(super) fn arrange(sizes: &[Size], links: &[(usize, usize)]) -> Arrangement {
    let distinct: BTreeSet<(usize, usize)> = links
        .iter()
        .copied()
        .filter(|(child, parent)| child != parent)
        .collect();
    let (alone, parts): (Vec<_>, Vec<_>) = parts(sizes.len(), &distinct)
        .into_iter()
        .partition(|part| part.len() == 1);
    let mut arrangement = Arrangement {
        corners: vec![Corner::default(); sizes.len()],
        passes: vec![Vec::new(); links.len()],
    };
    let mut top = 0;
    let mut width = ROW_WIDTH;
    for part in parts {
        let mut grid = Grid::new(&part, &distinct, sizes);
        grid.sort();
        let (right, bottom) = grid.place(top, links, &mut arrangement);
        width = width.max(right);
        top = bottom + PART_GAP;
    }
    place_rows(&alone.concat(), sizes, top, width, &mut arrangement.corners);
    arrangement
}

/// One part in columns: boxes, and between them the places where lines pass.
struct Grid {
    columns: Vec<Vec<Item>>,
    /// What is connected with each item in the column to its left, and to its right.
    left: BTreeMap<Item, BTreeSet<Item>>,
    right: BTreeMap<Item, BTreeSet<Item>>,
    sizes: BTreeMap<usize, Size>,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Box(usize),
    /// The lines to a parent, in that column.
    Lines {
        parent: usize,
        column: usize,
    },
}

impl Grid {
    fn new(part: &[usize], links: &BTreeSet<(usize, usize)>, sizes: &[Size]) -> Self {
        let boxes = columns(part, links, sizes);
        let column_of: BTreeMap<usize, usize> = boxes
            .iter()
            .enumerate()
            .flat_map(|(column, boxes)| boxes.iter().map(move |one| (*one, column)))
            .collect();
        let mut grid = Self {
            columns: boxes
                .iter()
                .map(|boxes| boxes.iter().copied().map(Item::Box).collect())
                .collect(),
            left: BTreeMap::new(),
            right: BTreeMap::new(),
            sizes: part.iter().map(|one| (*one, sizes[*one])).collect(),
        };
        for (child, parent) in links.iter().filter(|(child, _)| part.contains(child)) {
            let (from, to) = (column_of[parent], column_of[child]);
            let mut before = Item::Box(*parent);
            for column in from + 1..to {
                let passing = Item::Lines {
                    parent: *parent,
                    column,
                };
                if !grid.columns[column].contains(&passing) {
                    grid.columns[column].push(passing);
                }
                grid.connect(before, passing);
                before = passing;
            }
            if from < to {
                grid.connect(before, Item::Box(*child));
            }
        }
        grid
    }

    fn connect(&mut self, left: Item, right: Item) {
        self.left.entry(right).or_default().insert(left);
        self.right.entry(left).or_default().insert(right);
    }

    fn height(&self, item: Item) -> i32 {
        match item {
            Item::Box(one) => self.sizes[&one].height,
            Item::Lines { .. } => 0,
        }
    }

    /// Orders each column so that what is connected stands at the same height.
    fn sort(&mut self) {
        for sweep in 0..SWEEPS {
            let last = self.columns.len().saturating_sub(1);
            let (order, side): (Vec<usize>, _) = if sweep % 2 == 0 {
                ((1..=last).collect(), &self.left)
            } else {
                ((0..last).rev().collect(), &self.right)
            };
            for index in order {
                let positions = positions(&self.columns);
                let mut column = self.columns[index].clone();
                column.sort_by_cached_key(|item| {
                    let near = neighbours(*item, side);
                    let places: Vec<_> = near.iter().filter_map(|one| positions.get(one)).collect();
                    match places.len() {
                        0 => positions[item],
                        number => places.into_iter().sum::<usize>() / number,
                    }
                });
                self.columns[index] = column;
            }
        }
    }

    /// Writes where everything is; returns the right and the lower edge.
    fn place(
        &self,
        top: i32,
        links: &[(usize, usize)],
        arrangement: &mut Arrangement,
    ) -> (i32, i32) {
        let heights = self.heights();
        let mut bottom = top;
        let mut x = 0;
        let mut edges = Vec::new();
        for column in &self.columns {
            let widths = column.iter().map(|item| match item {
                Item::Box(one) => self.sizes[one].width,
                Item::Lines { .. } => 0,
            });
            let width = widths.max().unwrap_or_default();
            for item in column {
                let y = top + heights[item];
                if let Item::Box(one) = item {
                    arrangement.corners[*one] = Corner { x, y };
                }
                bottom = bottom.max(y + self.height(*item));
            }
            edges.push((x, x + width));
            x += width + COLUMN_GAP;
        }
        for ((child, parent), passes) in links.iter().zip(&mut arrangement.passes) {
            let Some(to) = self.column_of(*child) else {
                continue;
            };
            let from = self.column_of(*parent).unwrap_or(to);
            let columns = (from + 1..to).rev();
            *passes = columns
                .map(|column| {
                    let passing = Item::Lines {
                        parent: *parent,
                        column,
                    };
                    let (left, right) = edges[column];
                    Pass {
                        left,
                        right,
                        y: top + heights[&passing],
                    }
                })
                .collect();
        }
        (x - COLUMN_GAP, bottom)
    }

    fn column_of(&self, one: usize) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.contains(&Item::Box(one)))
    }

    /// The upper edge of each item: as near to what it is connected with as the others let it be.
    fn heights(&self) -> BTreeMap<Item, i32> {
        let total = |column: &[Item]| -> i32 {
            let own: i32 = column.iter().map(|item| self.height(*item)).sum();
            let gaps: i32 = column.windows(2).map(|two| gap(two[0], two[1])).sum();
            own + gaps
        };
        let limit = self.columns.iter().map(|column| total(column)).max();
        let limit = limit.unwrap_or_default();
        let mut heights = BTreeMap::new();
        for column in &self.columns {
            let mut y = (limit - total(column)) / 2;
            for (index, item) in column.iter().enumerate() {
                heights.insert(*item, y);
                y += self.height(*item);
                y += column.get(index + 1).map_or(0, |next| gap(*item, *next));
            }
        }
        for sweep in 0..SWEEPS {
            let side = if sweep % 2 == 0 {
                &self.left
            } else {
                &self.right
            };
            for column in &self.columns {
                let wanted: Vec<i32> = column
                    .iter()
                    .map(|item| self.wanted(*item, side, &heights))
                    .collect();
                self.settle(column, &wanted, limit, &mut heights);
            }
        }
        heights
    }

    /// The upper edge at which an item would be level with what it is connected with.
    fn wanted(
        &self,
        item: Item,
        side: &BTreeMap<Item, BTreeSet<Item>>,
        heights: &BTreeMap<Item, i32>,
    ) -> i32 {
        let near = neighbours(item, side);
        let middles = near.iter().map(|one| heights[one] + self.height(*one) / 2);
        match i32::try_from(near.len()) {
            Ok(number) if number > 0 => middles.sum::<i32>() / number - self.height(item) / 2,
            _ => heights[&item],
        }
    }

    /// Puts the items of a column where they want to be, without overlaps and not below the limit.
    fn settle(
        &self,
        column: &[Item],
        wanted: &[i32],
        limit: i32,
        heights: &mut BTreeMap<Item, i32>,
    ) {
        let mut free = 0;
        for (index, (item, wanted)) in column.iter().zip(wanted).enumerate() {
            let y = free.max(*wanted);
            heights.insert(*item, y);
            free = y + self.height(*item);
            free += column.get(index + 1).map_or(0, |next| gap(*item, *next));
        }
        let mut free = limit;
        for (index, item) in column.iter().enumerate().rev() {
            let y = heights[item].min(free - self.height(*item));
            heights.insert(*item, y);
            let above = index.checked_sub(1).map(|above| column[above]);
            free = y - above.map_or(0, |above| gap(above, *item));
        }
    }
}

/// What is connected with an item on that side.
fn neighbours(item: Item, side: &BTreeMap<Item, BTreeSet<Item>>) -> Vec<Item> {
    side.get(&item).into_iter().flatten().copied().collect()
}

/// The space between two items, one below the other.
fn gap(above: Item, below: Item) -> i32 {
    match (above, below) {
        (Item::Box(_), Item::Box(_)) => BOX_GAP,
        (Item::Lines { .. }, _) | (_, Item::Lines { .. }) => LINE_GAP,
    }
}

/// Where each item stands in its column, in thousandths of it.
fn positions(columns: &[Vec<Item>]) -> BTreeMap<Item, usize> {
    columns
        .iter()
        .flat_map(|column| {
            let number = column.len().max(1);
            let at = move |index: usize| (2 * index + 1) * 500 / number;
            column
                .iter()
                .enumerate()
                .map(move |(index, one)| (*one, at(index)))
        })
        .collect()
}

/// Puts boxes in rows of that width.
fn place_rows(boxes: &[usize], sizes: &[Size], top: i32, width: i32, corners: &mut [Corner]) {
    let (mut x, mut y, mut highest) = (0, top, 0);
    for one in boxes {
        let size = sizes[*one];
        if x > 0 && x + size.width > width {
            x = 0;
            y += highest + BOX_GAP;
            highest = 0;
        }
        corners[*one] = Corner { x, y };
        x += size.width + BOX_GAP;
        highest = highest.max(size.height);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn square(number: usize) -> Vec<Size> {
        let size = Size {
            width: 100,
            height: 60,
        };
        vec![size; number]
    }

    #[test]
    fn what_refers_stands_right_of_what_it_refers_to() {
        let corners = arrange(&square(3), &[(1, 0), (2, 1)]).corners;
        assert!(corners[0].x < corners[1].x && corners[1].x < corners[2].x);
    }

    #[test]
    fn a_circle_is_placed_too() {
        let arrangement = arrange(&square(3), &[(0, 1), (1, 2), (2, 0), (1, 1)]);
        assert_eq!(arrangement.corners.len(), 3);
    }

    #[test]
    fn a_long_line_passes_what_stands_between() {
        let arrangement = arrange(&square(3), &[(1, 0), (2, 1), (2, 0)]);
        let [pass] = arrangement.passes[2].as_slice() else {
            panic!("one column is between");
        };
        let between = arrangement.corners[1];
        assert_eq!(pass.left, between.x);
        assert!(pass.y <= between.y || pass.y >= between.y + 60);
    }

    proptest! {
        #[test]
        fn no_two_boxes_overlap_and_no_line_passes_through_one(
            sizes in prop::collection::vec((40..300_i32, 20..400_i32), 1..24),
            links in prop::collection::vec((0..24_usize, 0..24_usize), 0..40),
        ) {
            let sizes: Vec<_> = sizes
                .into_iter()
                .map(|(width, height)| Size { width, height })
                .collect();
            let links: Vec<_> = links
                .into_iter()
                .map(|(child, parent)| (child % sizes.len(), parent % sizes.len()))
                .collect();
            let Arrangement { corners, passes } = arrange(&sizes, &links);
            for pass in passes.iter().flatten() {
                for (corner, size) in corners.iter().zip(&sizes) {
                    let clear = pass.y <= corner.y
                        || pass.y >= corner.y + size.height
                        || pass.right <= corner.x
                        || pass.left >= corner.x + size.width;
                    prop_assert!(clear, "{pass:?} {corner:?}");
                }
            }
            for (one, a) in corners.iter().enumerate() {
                for (other, b) in corners.iter().enumerate().skip(one + 1) {
                    let apart = a.x + sizes[one].width <= b.x
                        || b.x + sizes[other].width <= a.x
                        || a.y + sizes[one].height <= b.y
                        || b.y + sizes[other].height <= a.y;
                    prop_assert!(apart, "{one} and {other}");
                }
            }
        }
    }
}
