//! The statements of a difference, in their order.

use std::collections::BTreeMap;

use super::alter::{Altered, alter_table};
use super::code::Code;
use super::column::quote;
use super::constraint::{drop_check, foreign_key, quote_name};
use super::create::create;
use super::implied::gives_way;
use super::index::clause;
use super::order::needed_first;
use super::references::{Ends, References, Treatments};
use super::treatment::treatments;
use super::{implied, rename};
use crate::ddl::{DdlError, Script};
use crate::schema::change::{Change, Decisions, Difference, diff};
use crate::schema::{ForeignKey, Schema, Table};
use crate::sql::{Product, Server};

/// Writes the statements that lead from one schema to another.
///
/// What makes the rest possible comes first (code that would be in the way, names, foreign keys), then
/// what is new, what changes, what is lost, and at last the code that needs all that.
pub(in crate::ddl) fn write(
    server: Server,
    difference: &Difference,
    decisions: &Decisions,
) -> Result<Script, DdlError> {
    refuse(&difference.changes)?;
    let from = implied::with(&difference.from);
    let to = implied::with(&difference.to);
    let renames = &rename::of_what_is_there(&difference.renames, &from);
    let mut base = Difference::between(from.clone(), to.clone(), renames.clone()).base;
    rename::follow(server, renames, &mut base);
    let changes = diff(&base, &to);
    let freed = free_checks(server, &mut base, &to);
    let treatments: Treatments = base
        .tables
        .iter()
        .filter_map(|before| {
            let after = to.table(&before.name)?;
            let treatments = treatments(server, before, after, decisions);
            Some((before.name.clone(), treatments))
        })
        .collect();
    let created = parents_first(
        to.tables
            .iter()
            .filter(|table| base.table(&table.name).is_none()),
    );
    let mut dropped = parents_first(
        base.tables
            .iter()
            .filter(|table| to.table(&table.name).is_none()),
    );
    dropped.reverse();
    let names = to
        .tables
        .iter()
        .flat_map(|table| {
            let keys = table.foreign_keys.iter();
            keys.filter_map(|key| Some((key.name.as_deref()?, &table.name)))
        })
        .collect();
    let ends = Ends {
        names: &names,
        base: &base,
        to: &to,
        treatments: &treatments,
    };
    let mut references = ends.references(&created);
    leave_early(ends, &dropped, &mut references);

    let code = Code::of(&changes, renames, &base, &to);
    let mut statements = code.first;
    statements.extend(rename::tables(renames));
    statements.extend(rename::columns(server, renames, &from, &base));
    statements.extend(freed);
    for (name, keys) in &references.early {
        let clauses: Vec<_> = keys.iter().map(|key| drop_key(key)).collect();
        statements.extend(
            base.table(name)
                .and_then(|table| alter_table(table, &clauses)),
        );
    }
    for table in &created {
        let keys = references.added.get(&table.name);
        statements.push(create(server, table, keys.map_or(&[], Vec::as_slice)));
    }
    let nothing = BTreeMap::new();
    for before in &base.tables {
        let Some(after) = to.table(&before.name) else {
            continue;
        };
        let altered = Altered {
            server,
            base: before,
            to: after,
            treatments: treatments.get(&before.name).unwrap_or(&nothing),
            dropped: references.dropped.remove(&before.name).unwrap_or_default(),
            added: references.added.remove(&before.name).unwrap_or_default(),
        };
        statements.extend(altered.statements(decisions));
    }
    for (name, keys) in &references.late {
        let table = to.table(name);
        statements.extend(table.and_then(|table| alter_table(table, &late(table, keys))));
    }
    for table in &dropped {
        statements.push(format!("DROP TABLE {}", quote_name(&table.name)));
    }
    statements.extend(code.last);
    Ok(Script {
        statements,
        transactional: true,
        remarks: Vec::new(),
    })
}

/// Lets the foreign keys of tables that are dropped go early, where they would be in the way.
fn leave_early<'a>(ends: Ends<'a>, dropped: &[&'a Table], references: &mut References<'a>) {
    for (at, table) in dropped.iter().enumerate() {
        // A table that refers to one that is dropped before it, or that changes meanwhile, or that has
        // a name which another key gets.
        let early: Vec<_> = table
            .foreign_keys
            .iter()
            .filter(|key| {
                let earlier = &dropped[..at];
                earlier.iter().any(|one| one.name == key.parent)
                    || ends.is_taken(&table.name, key)
                    || ends.to.table(&key.parent).is_some()
                        && !ends.is_settled(&key.parent, &key.parent_columns)
            })
            .collect();
        if !early.is_empty() {
            references.early.insert(&table.name, early);
        }
    }
}

/// Drops the checks whose names other tables get, where a name is there once in a database.
fn free_checks(server: Server, base: &mut Schema, to: &Schema) -> Vec<String> {
    if server.product != Product::Mysql {
        return Vec::new();
    }
    let mut names = BTreeMap::new();
    for table in &to.tables {
        for check in &table.checks {
            names.insert(check.name.as_deref(), &table.name);
        }
    }
    let mut statements = Vec::new();
    for table in &mut base.tables {
        let (taken, kept): (Vec<_>, Vec<_>) = table.checks.drain(..).partition(|check| {
            let other = names.get(&check.name.as_deref());
            other.is_some_and(|other| **other != table.name)
        });
        table.checks = kept;
        let clauses: Vec<_> = taken
            .iter()
            .map(|check| drop_check(server, check.name.as_deref().unwrap_or_default()))
            .collect();
        statements.extend(alter_table(table, &clauses));
    }
    statements
}

fn drop_key(key: &ForeignKey) -> String {
    let name = key.name.as_deref().unwrap_or_default();
    format!("DROP FOREIGN KEY {}", quote(name))
}

/// What adds foreign keys to a table that is otherwise as it will be.
fn late(table: &Table, keys: &[&ForeignKey]) -> Vec<String> {
    let mut clauses = Vec::new();
    let indexes: Vec<_> = table
        .indexes
        .iter()
        .filter(|index| keys.iter().any(|key| gives_way(table, index, key)))
        .collect();
    for index in &indexes {
        clauses.push(format!("DROP INDEX {}", quote(&index.name)));
    }
    for index in indexes {
        clauses.push(format!("ADD {}", clause(index)));
    }
    clauses.extend(keys.iter().map(|key| format!("ADD {}", foreign_key(key))));
    clauses
}

/// Tables in an order in which what is referred to comes first.
fn parents_first<'a>(tables: impl Iterator<Item = &'a Table>) -> Vec<&'a Table> {
    let tables: Vec<_> = tables.collect();
    let order = needed_first(tables.len(), |at| {
        let keys = tables[at].foreign_keys.iter();
        keys.filter_map(|key| tables.iter().position(|table| table.name == key.parent))
            .collect()
    });
    order.into_iter().map(|at| tables[at]).collect()
}

/// Refuses what these servers do not have.
fn refuse(changes: &[Change]) -> Result<(), DdlError> {
    for change in changes {
        let foreign = match change {
            Change::Namespace(_) => "a migration stays in the database of its connection",
            Change::Extension(_)
            | Change::Enum(_)
            | Change::Domain(_)
            | Change::Sequence(_)
            | Change::Exclusion { .. } => "this kind of server has no such thing",
            Change::Unique { .. } => "declare it as a unique index",
            Change::Table(_)
            | Change::RenameTable { .. }
            | Change::RenameColumn { .. }
            | Change::TableComment { .. }
            | Change::TableOptions { .. }
            | Change::Column { .. }
            | Change::PrimaryKey { .. }
            | Change::Check { .. }
            | Change::ForeignKey { .. }
            | Change::Index { .. }
            | Change::Trigger { .. }
            | Change::View(_)
            | Change::Routine(_) => continue,
        };
        return Err(DdlError::NoWay {
            what: change.describe(),
            hint: foreign.to_owned(),
        });
    }
    Ok(())
}
