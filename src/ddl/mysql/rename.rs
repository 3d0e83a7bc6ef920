//! Names that change.

use super::alter::alter_table;
use super::column::{definition, quote};
use super::constraint::{check, drop_check, quote_name};
use super::implied::is_numbered;
use super::rows::stand_in;
use crate::schema::change::{RenamedColumn, Renames};
use crate::schema::{Check, Name, Schema, Table};
use crate::sql::{Product, Server};

/// The renames of what is there: a name that nothing has is nobody's to change.
pub(super) fn of_what_is_there(renames: &Renames, from: &Schema) -> Renames {
    let mut there = renames.clone();
    there.tables.retain(|(old, _)| from.table(old).is_some());
    there.columns.retain(|one| {
        let table = from.table(old_name(renames, &one.table));
        table.is_some_and(|table| table.column(&one.from).is_some())
    });
    there
}

/// What a table was called before the renames.
fn old_name<'a>(renames: &'a Renames, name: &'a Name) -> &'a Name {
    let mut tables = renames.tables.iter();
    tables
        .find(|(_, to)| to == name)
        .map_or(name, |(from, _)| from)
}

/// Does to a schema what the server does beside a rename: names that follow another's.
pub(super) fn follow(server: Server, renames: &Renames, base: &mut Schema) {
    for (from, to) in &renames.tables {
        let Some(table) = base.table_mut(to) else {
            continue;
        };
        for key in &mut table.foreign_keys {
            if let Some(name) = &mut key.name
                && is_numbered(name, &from.name)
            {
                *name = format!("{}{}", to.name, &name[from.name.len()..]);
            }
        }
    }
    if server.product == Product::Mariadb {
        for RenamedColumn { table, from, to } in &renames.columns {
            let Some(table) = base.table_mut(table) else {
                continue;
            };
            for one in &mut table.checks {
                if one.name.as_ref() == Some(from) {
                    one.name = Some(to.clone());
                }
            }
        }
    }
    base.sort();
}

/// The statement that renames tables: one for all, which takes effect as a whole.
pub(super) fn tables(renames: &Renames) -> Option<String> {
    let mut waiting: Vec<(Name, Name)> = renames.tables.clone();
    let mut steps = Vec::new();
    while !waiting.is_empty() {
        let free = waiting
            .iter()
            .position(|(_, to)| !waiting.iter().any(|(from, _)| from == to));
        let at = free.unwrap_or_else(|| {
            // A circle: one steps aside.
            let (from, _) = waiting[0].clone();
            let taken = |name: &str| waiting.iter().any(|(from, _)| from.name == name);
            let aside = from.sibling(stand_in(&from.name, "__old", taken));
            steps.push((from, aside.clone()));
            waiting[0].0 = aside;
            waiting
                .iter()
                .position(|(_, to)| !waiting.iter().any(|(from, _)| from == to))
                .unwrap_or(0)
        });
        steps.push(waiting.remove(at));
    }
    let steps: Vec<_> = steps
        .iter()
        .map(|(from, to)| format!("{} TO {}", quote_name(from), quote_name(to)))
        .collect();
    (!steps.is_empty()).then(|| format!("RENAME TABLE {}", steps.join(", ")))
}

/// The statements that rename columns, one a table.
pub(super) fn columns(
    server: Server,
    renames: &Renames,
    from: &Schema,
    base: &Schema,
) -> Vec<String> {
    let mut names: Vec<&Name> = renames.columns.iter().map(|one| &one.table).collect();
    names.sort();
    names.dedup();
    let statement = |name: &Name| {
        let after = base.table(name)?;
        let before = from.table(old_name(renames, name))?;
        let own: Vec<_> = renames
            .columns
            .iter()
            .filter(|one| one.table == *name)
            .collect();
        alter_table(after, &of_table(server, before, after, &own))
    };
    names.into_iter().filter_map(statement).collect()
}

fn of_table(
    server: Server,
    before: &Table,
    after: &Table,
    renamed: &[&RenamedColumn],
) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut last = Vec::new();
    // MySQL refuses where a check or a computed column mentions the old name.
    if server.product == Product::Mysql {
        let mentions = |expression: &str| {
            renamed
                .iter()
                .any(|one| expression.contains(&quote(&one.from)))
        };
        let checks: Vec<&Check> = before
            .checks
            .iter()
            .filter(|one| mentions(&one.expression))
            .collect();
        for one in checks {
            clauses.push(drop_check(server, one.name.as_deref().unwrap_or_default()));
            last.extend(
                after
                    .checks
                    .iter()
                    .filter(|other| other.name == one.name)
                    .map(|other| format!("ADD {}", check(other))),
            );
        }
    }
    for one in renamed {
        let new = after.column(&one.to);
        clauses.push(match new.filter(|_| !renames_columns(server)) {
            Some(column) => format!(
                "CHANGE COLUMN {} {}",
                quote(&one.from),
                definition(server, after, column)
            ),
            None => format!("RENAME COLUMN {} TO {}", quote(&one.from), quote(&one.to)),
        });
    }
    clauses.extend(last);
    clauses
}

fn renames_columns(server: Server) -> bool {
    match server.product {
        Product::Mariadb => server.version >= (10, 5, 2),
        Product::Mysql | Product::Sqlite | Product::Postgres => server.version >= (8, 0, 0),
    }
}
