//! The order in which migrations are lined up again.

/// The indices in a new order: what belongs together stays together, a migration comes after those it
/// follows, and otherwise the order stays. `follows` says for each which of them it follows.
pub(super) fn ordered(follows: &[&[usize]]) -> Vec<usize> {
    let groups = groups(follows);
    let mut open: Vec<usize> = (0..follows.len()).collect();
    let mut order = Vec::with_capacity(open.len());
    while let Some((place, index)) = open.iter().copied().enumerate().min_by_key(|(_, index)| {
        let waits = follows[*index].iter().any(|other| open.contains(other));
        (groups[*index], waits, *index)
    }) {
        open.remove(place);
        order.push(index);
    }
    order
}

/// For each the first of those that it is connected with.
fn groups(follows: &[&[usize]]) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..follows.len()).collect();
    for (index, others) in follows.iter().enumerate() {
        for other in *others {
            let (one, two) = (groups[index], groups[*other]);
            for group in &mut groups {
                if *group == one.max(two) {
                    *group = one.min(two);
                }
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_stays_together() {
        assert_eq!(ordered(&[&[], &[], &[0], &[1]]), [0, 2, 1, 3]);
        assert_eq!(ordered(&[&[], &[], &[0, 1]]), [0, 1, 2]);
    }

    #[test]
    fn one_comes_after_those_it_follows() {
        assert_eq!(ordered(&[&[1], &[]]), [1, 0]);
    }

    #[test]
    fn a_circle_has_an_order_too() {
        assert_eq!(ordered(&[&[1], &[0], &[]]), [0, 1, 2]);
    }
}
