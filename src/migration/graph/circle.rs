//! Migrations that wait for each other.

use std::collections::VecDeque;

/// What turns in circles: groups in which everybody waits for everybody else.
pub(super) struct Circles {
    /// One walk through each group: every migration is followed by the next, and the first follows the
    /// last. The lowest of the group stands first.
    pub(super) found: Vec<Vec<usize>>,
    /// The number of the group that a migration is in.
    group: Vec<Option<usize>>,
}

impl Circles {
    /// Whether both are in one group.
    pub(super) fn joins(&self, one: usize, other: usize) -> bool {
        self.group
            .get(one)
            .is_some_and(|group| group.is_some() && self.group.get(other) == Some(group))
    }
}

/// Finds them. `edges` are the indices that each migration follows.
pub(super) fn circles(edges: &[Vec<usize>]) -> Circles {
    let mut circles = Circles {
        found: Vec::new(),
        group: Vec::new(),
    };
    // No circle without an edge that does not lead to an earlier migration.
    let is_plain = |(index, parents): (usize, &Vec<usize>)| parents.iter().all(|p| *p < index);
    if edges.iter().enumerate().all(is_plain) {
        return circles;
    }
    circles.group = vec![None; edges.len()];
    let mut groups: Vec<Vec<usize>> = groups(edges)
        .into_iter()
        .filter(|group| group.len() > 1 || edges[group[0]].contains(&group[0]))
        .collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    for (number, group) in groups.iter().enumerate() {
        for index in group {
            circles.group[*index] = Some(number);
        }
    }
    circles.found = groups
        .iter()
        .map(|group| shortest(edges, &circles.group, group[0]))
        .collect();
    circles
}

/// Where a walk stands in a migration.
struct Visit {
    index: usize,
    /// How many of its edges were walked.
    walked: usize,
}

/// Tarjan's strongly connected components, on a stack of our own: a chain may be long.
fn groups(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut order: Vec<Option<usize>> = vec![None; edges.len()];
    let mut lowest = vec![0; edges.len()];
    let mut is_open = vec![false; edges.len()];
    let mut open = Vec::new();
    let mut groups = Vec::new();
    let mut next = 0;
    for start in 0..edges.len() {
        let mut visits = Vec::new();
        if order[start].is_none() {
            visits.push(Visit {
                index: start,
                walked: 0,
            });
        }
        while let Some(visit) = visits.last_mut() {
            let index = visit.index;
            if visit.walked == 0 {
                order[index] = Some(next);
                lowest[index] = next;
                next += 1;
                open.push(index);
                is_open[index] = true;
            }
            if let Some(parent) = edges[index].get(visit.walked).copied() {
                visit.walked += 1;
                match order[parent] {
                    None => visits.push(Visit {
                        index: parent,
                        walked: 0,
                    }),
                    Some(number) if is_open[parent] => lowest[index] = lowest[index].min(number),
                    Some(_) => {}
                }
                continue;
            }
            visits.pop();
            if let Some(below) = visits.last() {
                lowest[below.index] = lowest[below.index].min(lowest[index]);
            }
            if Some(lowest[index]) == order[index] {
                let begin = open.iter().rposition(|other| *other == index);
                let group = open.split_off(begin.unwrap_or_default());
                for member in &group {
                    is_open[*member] = false;
                }
                groups.push(group);
            }
        }
    }
    groups
}

/// The shortest way from a migration back to itself within its group.
fn shortest(edges: &[Vec<usize>], group: &[Option<usize>], start: usize) -> Vec<usize> {
    let mut came_from: Vec<Option<usize>> = vec![None; edges.len()];
    let mut open = VecDeque::from([start]);
    while let Some(index) = open.pop_front() {
        for parent in &edges[index] {
            if *parent == start {
                let mut way = vec![index];
                while let Some(before) = way.last().and_then(|last| came_from[*last]) {
                    way.push(before);
                }
                // From the last that was reached down to the start; the start comes first.
                way.rotate_right(1);
                return way;
            }
            if group[*parent] == group[start] && came_from[*parent].is_none() {
                came_from[*parent] = Some(index);
                open.push_back(*parent);
            }
        }
    }
    vec![start]
}
