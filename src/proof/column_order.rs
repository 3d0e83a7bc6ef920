//! What a comparison of schemas does not see: the order of columns.

use crate::schema::{Name, Schema, Table};

/// Tables with the same columns in another order.
pub(super) fn reordered(found: &Schema, wanted: &Schema) -> Vec<Name> {
    let names = |table: &Table| -> Vec<String> {
        table.columns.iter().map(|one| one.name.clone()).collect()
    };
    wanted
        .tables
        .iter()
        .filter(|table| {
            found.table(&table.name).is_some_and(|other| {
                let (mut a, mut b) = (names(other), names(table));
                let same_order = a == b;
                a.sort();
                b.sort();
                !same_order && a == b
            })
        })
        .map(|table| table.name.clone())
        .collect()
}
