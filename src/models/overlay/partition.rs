//! Partitions have the columns of the whole, whether the models name them or not.

use crate::schema::{Schema, Table};

use super::dropped;
use super::laying::Laying;

/// Makes partitions that no model names follow their parents.
pub(super) fn follow(schema: &mut Schema, laying: &Laying<'_>) {
    let parents: Vec<Table> = schema
        .tables
        .iter()
        .filter(|table| laying.scope.model(&table.name).is_some())
        .cloned()
        .collect();
    for table in &mut schema.tables {
        if laying.scope.model(&table.name).is_none()
            && let Some(partition) = &table.options.partition_of
            && let Some(after) = parents.iter().find(|one| one.name == partition.parent)
            && let Some(before) = laying.current.table(&partition.parent)
        {
            follow_one(table, before, after, laying);
        }
    }
}

fn follow_one(table: &mut Table, before: &Table, after: &Table, laying: &Laying<'_>) {
    if let Some(gone) = laying.dropped.get(&after.name) {
        dropped::from_table(table, gone, laying.dialect());
        if let (Some(own), Some(key)) = (&mut table.primary_key, &after.primary_key) {
            own.columns.clone_from(&key.columns);
        }
    }
    for column in &after.columns {
        match before.column(&column.name) {
            None => table.columns.push(column.clone()),
            Some(was) if was == column => {}
            Some(_) => {
                let own = table.columns.iter_mut().find(|own| own.name == column.name);
                if let Some(own) = own {
                    own.sql_type = column.sql_type.clone();
                    own.nullable = column.nullable;
                    own.collation.clone_from(&column.collation);
                }
            }
        }
    }
}
