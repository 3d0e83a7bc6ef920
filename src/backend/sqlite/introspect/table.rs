//! A table, from the pragmas and its statement.

use super::catalogue::{Catalogue, Entry};
use super::create_table::{ColumnClause, CreateTable, parse};
use super::expression::{normal, normal_text, type_name};
use super::{foreign_key, index};
use crate::backend::query::Row;
use crate::schema::{
    Auto, Check, Column, Generated, Name, PrimaryKey, SqlType, Table, TableOptions,
};

/// Puts a table together.
pub(super) fn table(entry: &Entry, catalogue: &Catalogue) -> Table {
    let rows = catalogue.columns(&entry.name);
    let names: Vec<String> = rows.iter().map(|row| row.text(1).to_owned()).collect();
    let statement = parse(&entry.sql);
    let mut columns: Vec<Column> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| column(row, clause(&statement, &names, at), &names))
        .collect();
    let indexes = index::indexes(catalogue, entry, &columns);
    let primary_key = primary_key(rows, &statement, &indexes);
    if let (Some(key), false) = (&primary_key, entry.without_rowid)
        && indexes.primary_key.is_none()
        && let Some(alias) = columns
            .iter_mut()
            .find(|one| key.columns.contains(&one.name))
    {
        // It is the row's number, which is never NULL.
        alias.nullable = false;
        alias.auto = statement.autoincrement.then_some(Auto::Increment);
    }
    Table {
        name: Name::new(entry.name.as_str()),
        primary_key,
        uniques: index::uniques(&indexes, &statement),
        checks: statement
            .checks
            .iter()
            .map(|check| Check {
                name: check.name.clone(),
                expression: normal(&check.expression, &names),
                ..Check::default()
            })
            .collect(),
        foreign_keys: foreign_key::foreign_keys(catalogue, &entry.name, &statement, &names),
        indexes: indexes.plain,
        options: TableOptions {
            strict: entry.strict,
            without_rowid: entry.without_rowid,
            ..TableOptions::default()
        },
        columns,
        ..Table::default()
    }
}

/// What the statement says of a column. Where it was not understood, the columns are not as many.
fn clause<'s, 'a>(
    statement: &'s CreateTable<'a>,
    names: &[String],
    at: usize,
) -> Option<&'s ColumnClause<'a>> {
    let found = statement.columns.get(at)?;
    if found.name.eq_ignore_ascii_case(&names[at]) {
        return Some(found);
    }
    statement
        .columns
        .iter()
        .find(|column| column.name.eq_ignore_ascii_case(&names[at]))
}

fn column(row: &Row, clause: Option<&ColumnClause<'_>>, names: &[String]) -> Column {
    const VIRTUAL: &str = "2";
    const STORED: &str = "3";
    let generated = match (row.text(6), clause.and_then(|one| one.generated.as_ref())) {
        (kind @ (VIRTUAL | STORED), Some(expression)) => Some(Generated {
            expression: normal(expression, names),
            stored: kind == STORED,
        }),
        _ => None,
    };
    Column {
        name: row.text(1).to_owned(),
        sql_type: SqlType(type_name(row.text(2))),
        nullable: !row.is_true(3),
        default: row
            .optional(4)
            .filter(|_| generated.is_none())
            .map(|text| normal_text(text, &[]))
            .filter(|text| text != "NULL"),
        generated,
        collation: clause
            .and_then(|one| one.collation.as_deref())
            .and_then(collation),
        null_conflict: clause.and_then(|one| one.null_conflict.clone()),
        ..Column::default()
    }
}

/// A collation by its usual spelling; none for the one that everything has.
pub(super) fn collation(name: &str) -> Option<String> {
    let known = ["BINARY", "NOCASE", "RTRIM"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    Some(known.unwrap_or(name).to_owned()).filter(|name| name != "BINARY")
}

fn primary_key(
    rows: &[Row],
    statement: &CreateTable<'_>,
    indexes: &index::Indexes,
) -> Option<PrimaryKey> {
    let mut columns: Vec<(i64, String)> = rows
        .iter()
        .filter_map(|row| Some((row.integer(5)?, row.text(1).to_owned())))
        .filter(|(place, _)| *place > 0)
        .collect();
    columns.sort();
    if columns.is_empty() {
        return None;
    }
    let clause = statement.primary_key.as_ref();
    Some(PrimaryKey {
        name: clause.and_then(|clause| clause.name.clone()),
        columns: columns.into_iter().map(|(_, name)| name).collect(),
        conflict: clause.and_then(|clause| clause.conflict.clone()),
        written: indexes
            .primary_key
            .as_ref()
            .and_then(|keys| keys.written.clone()),
        ..PrimaryKey::default()
    })
}
