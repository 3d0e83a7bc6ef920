//! Differences of indexes.

use super::super::{Index, Name};
use super::change::Change;
use super::matching::pair;

/// The indexes of a table or materialized view that differ. Those with another name and nothing else are
/// renamed.
pub(super) fn diff(table: &Name, from: &[Index], to: &[Index], changes: &mut Vec<Change>) {
    let bare = |index: &Index| Index {
        name: String::new(),
        comment: None,
        ..index.clone()
    };
    let edits = pair(
        from,
        to,
        |index| index.name.clone(),
        |a, b| bare(a) == bare(b),
    );
    changes.extend(edits.into_iter().map(|edit| Change::Index {
        table: table.clone(),
        edit,
    }));
}
