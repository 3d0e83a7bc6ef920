//! Puts what uses something after what it uses.

use std::collections::BTreeMap;

/// The nodes with what each uses before it; in their own order where that leaves a choice. Where they
/// use each other in a circle, the first of them comes first.
pub(super) fn sorted<K: Ord + Clone>(nodes: &[K], uses: impl Fn(&K) -> Vec<K>) -> Vec<K> {
    let places: BTreeMap<&K, usize> = nodes
        .iter()
        .enumerate()
        .map(|(at, key)| (key, at))
        .collect();
    let before: Vec<Vec<usize>> = nodes
        .iter()
        .map(|node| {
            let mut own: Vec<usize> = uses(node)
                .iter()
                .filter_map(|key| places.get(key).copied())
                .collect();
            own.sort_unstable();
            own.dedup();
            own
        })
        .collect();
    let mut seen = vec![false; nodes.len()];
    let mut sorted = Vec::with_capacity(nodes.len());
    for start in 0..nodes.len() {
        // A stack of our own: a chain of thousands must not be a recursion.
        let mut stack = vec![(start, 0)];
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        while let Some((at, next)) = stack.pop() {
            match before[at].get(next) {
                Some(&used_at) => {
                    stack.push((at, next + 1));
                    if !std::mem::replace(&mut seen[used_at], true) {
                        stack.push((used_at, 0));
                    }
                }
                None => sorted.push(nodes[at].clone()),
            }
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_comes_first_and_circles_end() {
        let uses = |node: &char| match node {
            'a' => vec!['c'],
            'b' => vec!['d'],
            'd' => vec!['b'],
            _ => Vec::new(),
        };
        assert_eq!(sorted(&['a', 'b', 'c', 'd'], uses), ['c', 'a', 'd', 'b']);
    }
}
