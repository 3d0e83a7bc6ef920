//! What stands before what.

/// Puts things after those they depend on, and otherwise leaves them in their order. Where they depend
/// on each other in a circle, one of them is first all the same.
pub(super) fn dependencies_first(
    count: usize,
    depends: impl Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let mut ordered = Vec::with_capacity(count);
    let mut state = vec![State::New; count];
    for first in 0..count {
        // Without recursion: a chain may be as long as there are tables.
        let mut path = vec![(first, 0)];
        while let Some((one, next)) = path.pop() {
            if next == 0 {
                if state[one] != State::New {
                    continue;
                }
                state[one] = State::Begun;
            }
            let found =
                (next..count).find(|other| state[*other] == State::New && depends(one, *other));
            if let Some(other) = found {
                path.push((one, other + 1));
                path.push((other, 0));
            } else {
                state[one] = State::Done;
                ordered.push(one);
            }
        }
    }
    ordered
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Begun,
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_depended_on_comes_first() {
        let order =
            |edges: &[(usize, usize)]| dependencies_first(4, |a, b| edges.contains(&(a, b)));
        assert_eq!(order(&[]), [0, 1, 2, 3]);
        assert_eq!(order(&[(0, 3), (3, 1), (2, 0)]), [1, 3, 0, 2]);
        assert_eq!(order(&[(0, 1), (1, 0), (3, 3)]), [1, 0, 2, 3]);
    }
}
