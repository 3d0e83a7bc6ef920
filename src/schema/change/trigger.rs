//! Differences of triggers.

use super::super::{Name, Trigger};
use super::change::Change;
use super::matching::pair;

/// The triggers of a table or view that differ.
pub(super) fn diff(table: &Name, from: &[Trigger], to: &[Trigger], changes: &mut Vec<Change>) {
    let edits = pair(from, to, |trigger| trigger.name.clone(), |_, _| false);
    changes.extend(edits.into_iter().map(|edit| Change::Trigger {
        table: table.clone(),
        edit,
    }));
}
