//! Puts things into an order in which what is needed comes first.

/// The order of `count` things, where `needs` tells what the one at a place needs. What goes round in a
/// circle comes in the order it had.
pub(super) fn needed_first(count: usize, needs: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    fn visit(
        at: usize,
        needs: &impl Fn(usize) -> Vec<usize>,
        seen: &mut [bool],
        order: &mut Vec<usize>,
    ) {
        if std::mem::replace(&mut seen[at], true) {
            return;
        }
        for other in needs(at) {
            visit(other, needs, seen, order);
        }
        order.push(at);
    }
    let mut seen = vec![false; count];
    let mut order = Vec::with_capacity(count);
    for at in 0..count {
        visit(at, &needs, &mut seen, &mut order);
    }
    order
}
