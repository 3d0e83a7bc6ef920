//! Which boxes belong together, and in which column each stands.

use std::collections::{BTreeMap, BTreeSet};

use super::arrange::{BOX_GAP, Size};

/// A column that is higher is made two, unless the whole picture is that large.
const COLUMN_HEIGHT: i32 = 1000;

/// The boxes that lines connect, the largest part first.
pub(super) fn parts(number: usize, links: &BTreeSet<(usize, usize)>) -> Vec<Vec<usize>> {
    let mut neighbours: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (child, parent) in links {
        neighbours.entry(*child).or_default().push(*parent);
        neighbours.entry(*parent).or_default().push(*child);
    }
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    for start in 0..number {
        let mut part = BTreeSet::new();
        let mut pending = vec![start];
        while let Some(next) = pending.pop() {
            if seen.insert(next) {
                part.insert(next);
                pending.extend(neighbours.get(&next).into_iter().flatten());
            }
        }
        if !part.is_empty() {
            parts.push(part.into_iter().collect::<Vec<_>>());
        }
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

/// The boxes of a part, column by column from the left. A column that is too high is made several.
pub(super) fn columns(
    part: &[usize],
    links: &BTreeSet<(usize, usize)>,
    sizes: &[Size],
) -> Vec<Vec<usize>> {
    let depths = depths(part, &without_circles(part, links));
    let deepest = depths.values().copied().max().unwrap_or_default();
    let mut columns = vec![Vec::new(); deepest + 1];
    for one in part {
        columns[depths[one]].push(*one);
    }
    // What the others need stands nearest to them.
    for column in &mut columns {
        column.sort_by_cached_key(|one| {
            let children = links.iter().filter(|(_, parent)| parent == one);
            (children.count(), *one)
        });
    }
    let total: i32 = part.iter().map(|one| sizes[*one].height + BOX_GAP).sum();
    let limit = COLUMN_HEIGHT.max(total / 5);
    let mut split = Vec::new();
    for column in columns {
        let mut height = 0;
        let mut current = Vec::new();
        for one in column {
            let next = sizes[one].height + BOX_GAP;
            if height + next > limit && !current.is_empty() {
                split.push(std::mem::take(&mut current));
                height = 0;
            }
            height += next;
            current.push(one);
        }
        split.push(current);
    }
    split
}

/// The links without those that close a circle.
fn without_circles(part: &[usize], links: &BTreeSet<(usize, usize)>) -> BTreeSet<(usize, usize)> {
    let mut kept = BTreeSet::new();
    for (child, parent) in links.iter().filter(|(child, _)| part.contains(child)) {
        if !reaches(*parent, *child, &kept) {
            kept.insert((*child, *parent));
        }
    }
    kept
}

/// Whether links lead from one box to another.
fn reaches(from: usize, to: usize, links: &BTreeSet<(usize, usize)>) -> bool {
    let mut seen = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(next) = pending.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            let parents = links.range((next, 0)..=(next, usize::MAX));
            pending.extend(parents.map(|(_, parent)| *parent));
        }
    }
    false
}

/// How far each box is from the left: one further than what it refers to, and no further left than
/// what refers to it needs.
fn depths(part: &[usize], links: &BTreeSet<(usize, usize)>) -> BTreeMap<usize, usize> {
    let mut depths: BTreeMap<usize, usize> = part.iter().map(|one| (*one, 0)).collect();
    // Without circles this ends after as many rounds as the longest way has steps.
    loop {
        let mut changed = false;
        for (child, parent) in links {
            let least = depths[parent] + 1;
            if depths[child] < least {
                depths.insert(*child, least);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    for one in part {
        let refers = links.iter().any(|(child, _)| child == one);
        let nearest = links
            .iter()
            .filter(|(_, parent)| parent == one)
            .map(|(child, _)| depths[child])
            .min();
        if let (false, Some(nearest)) = (refers, nearest) {
            depths.insert(*one, nearest - 1);
        }
    }
    depths
}
