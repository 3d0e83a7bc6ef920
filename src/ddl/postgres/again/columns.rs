//! Columns that get another type, or are dropped and added.

use super::super::expression::mentions;
use super::super::type_name::is_close;
use super::Again;
use super::definitions::uses_what_goes;
use crate::schema::change::Difference;
use crate::schema::{Column, Name, Schema, Table};
use crate::sql::Server;

pub(super) fn find(again: &mut Again, server: Server, difference: &Difference) {
    for from in &difference.base.tables {
        let Some(to) = difference.to.table(&from.name) else {
            continue;
        };
        if from.options.partition_of.is_some() {
            continue;
        }
        of_table(again, server, from, to);
    }
    for set in [
        &mut again.retyped,
        &mut again.hard,
        &mut again.rebuilt,
        &mut again.dropped,
    ] {
        let inherited: Vec<_> = set
            .iter()
            .flat_map(|(table, column)| {
                partitions(&difference.base, table)
                    .into_iter()
                    .map(|partition| (partition, column.clone()))
            })
            .collect();
        set.extend(inherited);
    }
}

fn of_table(again: &mut Again, server: Server, from: &Table, to: &Table) {
    let part = |column: &Column| (from.name.clone(), column.name.clone());
    for old in &from.columns {
        let Some(new) = to.column(&old.name) else {
            again.dropped.insert(part(old));
            continue;
        };
        let replaced = again.is_replaced(new.sql_type.as_str());
        let retyped = old.sql_type != new.sql_type || old.collation != new.collation || replaced;
        let computed = match (&old.generated, &new.generated) {
            (Some(a), Some(b)) => a != b || retyped,
            (None, Some(_)) => true,
            (Some(_), None) => server.version.0 < 13,
            (None, None) => false,
        };
        if computed {
            again.rebuilt.insert(part(old));
        } else if retyped {
            again.retyped.insert(part(old));
            if replaced || !is_close(old.sql_type.as_str(), new.sql_type.as_str()) {
                again.hard.insert(part(old));
            }
        }
    }
    let changed = |column: &Column| {
        let part = part(column);
        again.retyped.contains(&part) || again.rebuilt.contains(&part)
    };
    let follow: Vec<_> = from
        .columns
        .iter()
        .filter(|column| {
            to.column(&column.name)
                .is_some_and(|to| to.generated.is_some())
        })
        .filter(|column| {
            column.generated.as_ref().is_some_and(|generated| {
                from.columns
                    .iter()
                    .any(|other| changed(other) && mentions(&generated.expression, &other.name))
            })
        })
        .map(part)
        .collect();
    again.rebuilt.extend(follow);
}

/// Generated columns follow the routines that they call; tells whether there were more of them.
pub(super) fn follow(again: &mut Again, difference: &Difference) -> bool {
    let before = again.rebuilt.len();
    for from in &difference.base.tables {
        let Some(to) = difference.to.table(&from.name) else {
            continue;
        };
        for column in &from.columns {
            let stays = to
                .column(&column.name)
                .is_some_and(|to| to.generated.is_some());
            if stays
                && column
                    .generated
                    .as_ref()
                    .is_some_and(|one| uses_what_goes(again, &one.expression))
            {
                again
                    .rebuilt
                    .insert((from.name.clone(), column.name.clone()));
            }
        }
    }
    again.rebuilt.len() > before
}

/// The partitions of a table, and theirs.
fn partitions(schema: &Schema, table: &Name) -> Vec<Name> {
    let mut found = Vec::new();
    let mut parents = vec![table.clone()];
    while let Some(parent) = parents.pop() {
        for table in &schema.tables {
            if table
                .options
                .partition_of
                .as_ref()
                .is_some_and(|part| part.parent == parent)
            {
                found.push(table.name.clone());
                parents.push(table.name.clone());
            }
        }
    }
    found
}
