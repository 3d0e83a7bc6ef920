//! What every row of the old table becomes in the new one.

use super::spelling::quoted;
use super::table::row_number;
use super::zero::zero;
use crate::schema::change::Decisions;
use crate::schema::{Column, Table};

/// The columns that are written, and what each gets.
#[derive(Debug, Default)]
pub(super) struct Copy {
    pub(super) columns: Vec<String>,
    pub(super) values: Vec<String>,
}

/// Works out the copy.
pub(super) fn copy(base: &Table, to: &Table, decisions: &Decisions) -> Copy {
    let mut copy = Copy::default();
    if let Some((target, value)) = row_numbers(base, to) {
        copy.add(target, value);
    }
    for column in to.columns.iter().filter(|one| one.generated.is_none()) {
        let key = (to.name.clone(), column.name.clone());
        let fill = decisions.fills.get(&key);
        let value = match (decisions.casts.get(&key), old(base, to, column)) {
            (Some(cast), before) => Some(filled(cast.clone(), before, column, fill)),
            (None, Some(before)) => {
                let value = converted(before, column, to);
                Some(filled(value, Some(before), column, fill))
            }
            (None, None) => match (fill, is_row_number(column, to)) {
                (Some(fill), _) => Some(fill.clone()),
                // A number that SQLite gives, or the row's own, which is in the list already.
                (None, true) => None,
                (None, false) => column
                    .is_required()
                    .then(|| zero(&column.sql_type).to_owned()),
            },
        };
        if let Some(value) = value {
            copy.add(quoted(&column.name), value);
        }
    }
    if copy.columns.is_empty()
        && let Some(column) = to.columns.iter().find(|one| one.generated.is_none())
    {
        // Nothing is kept but that there is a row.
        let value = column.default.clone().unwrap_or_else(|| "NULL".to_owned());
        copy.add(quoted(&column.name), value);
    }
    copy
}

impl Copy {
    fn add(&mut self, column: String, value: String) {
        self.columns.push(column);
        self.values.push(value);
    }
}

/// The column that it was. Names that differ in case are one name to SQLite.
fn old<'a>(base: &'a Table, to: &Table, column: &Column) -> Option<&'a Column> {
    base.column(&column.name).or_else(|| {
        base.columns.iter().find(|before| {
            before.name.eq_ignore_ascii_case(&column.name) && to.column(&before.name).is_none()
        })
    })
}

/// The old value; SQLite converts it to the new type by itself, but for what a strict table refuses.
fn converted(before: &Column, column: &Column, to: &Table) -> String {
    let name = quoted(&before.name);
    let (old, new) = (before.sql_type.as_str(), column.sql_type.as_str());
    let is_refused = to.options.strict
        && old != new
        && (new == "BLOB" || (new == "TEXT" && old.contains("BLOB")));
    if is_refused {
        format!("CAST({name} AS {new})")
    } else {
        name
    }
}

/// Puts a decided value in the place of NULL, where there may be one and must not be.
fn filled(
    value: String,
    before: Option<&Column>,
    column: &Column,
    fill: Option<&String>,
) -> String {
    match fill {
        Some(fill) if !column.nullable && before.is_none_or(|before| before.nullable) => {
            format!("COALESCE({value}, {fill})")
        }
        _ => value,
    }
}

fn is_row_number(column: &Column, table: &Table) -> bool {
    row_number(table).is_some_and(|number| number.name == column.name)
}

/// Keeps the numbers of rows, which SQLite would give anew: other programs may hold on to them.
fn row_numbers(base: &Table, to: &Table) -> Option<(String, String)> {
    if base.options.without_rowid || to.options.without_rowid {
        return None;
    }
    let value = row_number(base).map_or_else(|| hidden(&[base]), |one| Some(quoted(&one.name)));
    match (row_number(base), row_number(to)) {
        // A column of that name is copied like the others.
        (_, Some(number)) if old(base, to, number).is_some() => None,
        (_, Some(number)) => Some((quoted(&number.name), value?)),
        (Some(_), None) => Some((hidden(&[to])?, value?)),
        (None, None) => {
            let word = hidden(&[base, to])?;
            Some((word.clone(), word))
        }
    }
}

/// A word for the number of a row that is no column of these tables.
fn hidden(tables: &[&Table]) -> Option<String> {
    ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|word| {
            !tables
                .iter()
                .flat_map(|table| &table.columns)
                .any(|column| column.name.eq_ignore_ascii_case(word))
        })
        .map(str::to_owned)
}
