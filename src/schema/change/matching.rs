//! Pairs the elements of two lists.

use std::collections::BTreeMap;

use super::edit::Edit;

/// Pairs what has one key in both lists; then what is left, where `alike` says that it is the same
/// under another name. Equal pairs are no difference. In the order: dropped, altered, added.
pub(super) fn pair<T, K>(
    from: &[T],
    to: &[T],
    key: impl Fn(&T) -> K,
    alike: impl Fn(&T, &T) -> bool,
) -> Vec<Edit<T>>
where
    T: Clone + PartialEq,
    K: Ord,
{
    let mut wanted: BTreeMap<K, Vec<&T>> = BTreeMap::new();
    for one in to {
        wanted.entry(key(one)).or_default().push(one);
    }
    // The equal ones first: keys of what has no name may repeat.
    let mut unequal = Vec::new();
    for one in from {
        let found = wanted.entry(key(one)).or_default();
        match found.iter().position(|other| *other == one) {
            Some(at) => drop(found.remove(at)),
            None => unequal.push(one),
        }
    }
    let mut lost = Vec::new();
    let mut altered = Vec::new();
    for one in unequal {
        let found = wanted.entry(key(one)).or_default();
        if found.is_empty() {
            lost.push(one);
        } else {
            altered.push(alter(one, found.remove(0)));
        }
    }
    let mut gained: Vec<&T> = wanted.into_values().flatten().collect();
    lost.retain(|one| {
        let Some(at) = gained.iter().position(|other| alike(one, other)) else {
            return true;
        };
        let other = gained.remove(at);
        if other != *one {
            altered.push(alter(one, other));
        }
        false
    });
    lost.into_iter()
        .cloned()
        .map(Edit::Drop)
        .chain(altered)
        .chain(gained.into_iter().cloned().map(Edit::Add))
        .collect()
}

fn alter<T: Clone>(from: &T, to: &T) -> Edit<T> {
    Edit::Alter {
        from: from.clone(),
        to: to.clone(),
    }
}
