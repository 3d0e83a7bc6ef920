//! Differences of columns. Their order is none: no server lets it be changed without a new table.

use super::super::Table;
use super::change::Change;
use super::matching::pair;

/// The columns that differ. Those of a partition are those of the whole.
pub(super) fn diff(from: &Table, to: &Table, changes: &mut Vec<Change>) {
    if to.options.partition_of.is_some() && from.options.partition_of.is_some() {
        return;
    }
    let edits = pair(
        &from.columns,
        &to.columns,
        |column| column.name.clone(),
        |_, _| false,
    );
    changes.extend(edits.into_iter().map(|edit| Change::Column {
        table: to.name.clone(),
        edit,
    }));
}
