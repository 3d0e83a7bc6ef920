//! The number that every row of SQLite has, and that `diesel` takes for the key of a table without one.

use crate::models::models::ModelTable;
use crate::schema::Table;

/// What it may be called, where no column has that name: the first of these.
const NAMES: [&str; 3] = ["rowid", "oid", "_rowid_"];

/// What it is called in a table.
pub(super) fn of_table(table: &Table) -> Option<&'static str> {
    NAMES.into_iter().find(|name| table.column(name).is_none())
}

/// Whether a model's key is no column but that number.
pub(super) fn is_key_of(model: &ModelTable) -> bool {
    let [key] = model.primary_key.as_slice() else {
        return false;
    };
    let is_next = NAMES
        .into_iter()
        .find(|name| name == key || model.column(name).is_none())
        .is_some_and(|name| name == key);
    is_next && model.columns.len() > 1
}
