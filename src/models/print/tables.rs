//! The tables that are printed, with the names and types they have in Rust.

use std::collections::{BTreeMap, BTreeSet};

use crate::models::{CustomType, DieselColumnType, Types, rust_name};
use crate::schema::{Column, Name, Schema, SqlType, Table};
use crate::settings::{ColumnSorting, PrintSchema};
use crate::sql::Dialect;

use super::print::LeftOut;

/// A table on its way to Rust.
pub(super) struct PrintedTable<'a> {
    pub(super) name: &'a Name,
    pub(super) rust_name: String,
    /// The columns of the primary key, by their names in Rust.
    pub(super) keys: Vec<String>,
    pub(super) columns: Vec<PrintedColumn>,
    pub(super) comment: Option<&'a str>,
}

/// A column on its way to Rust.
pub(super) struct PrintedColumn {
    pub(super) sql_name: String,
    pub(super) rust_name: String,
    pub(super) found: DieselColumnType,
    pub(super) comment: Option<String>,
}

impl PrintedTable<'_> {
    /// The name with its namespace: `billing.invoices`.
    pub(super) fn full_sql_name(&self) -> String {
        self.name.to_string()
    }

    /// The name in Rust of a column.
    pub(super) fn rust_column(&self, sql_name: &str) -> Option<&str> {
        self.columns
            .iter()
            .find(|column| column.sql_name == sql_name)
            .map(|column| column.rust_name.as_str())
    }

    /// The types to declare for it, in the order of the columns, each once.
    pub(super) fn customs(&self) -> Vec<&CustomType> {
        let mut seen = BTreeSet::new();
        self.columns
            .iter()
            .filter_map(|column| column.found.custom.as_ref())
            .filter(|custom| seen.insert(&custom.rust_name))
            .collect()
    }
}

/// The tables to print in the order of their names, and those that cannot be printed.
pub(super) fn all<'a>(
    schema: &'a Schema,
    dialect: Dialect,
    types: Types<'_>,
    options: &PrintSchema,
) -> (Vec<PrintedTable<'a>>, Vec<LeftOut>) {
    let mut wanted: Vec<_> = schema
        .tables
        .iter()
        .filter(|table| is_in(&table.name, options, dialect))
        .filter(|table| options.tables.takes(&table.name.name))
        .collect();
    wanted.sort_by_key(|table| &table.name.name);
    let sql_names = wanted.iter().map(|table| table.name.name.as_str());
    let rust_names = unique_names(sql_names, None);
    let mut tables = Vec::new();
    let mut left_out = Vec::new();
    for table in wanted {
        let rust_name = rust_names[table.name.name.as_str()].clone();
        match one(table, rust_name, schema, dialect, types, options) {
            Ok(printed) => tables.push(printed),
            Err(reason) => left_out.push(LeftOut {
                table: table.name.clone(),
                reason,
            }),
        }
    }
    (tables, left_out)
}

/// Whether the table is in the namespace that is printed.
pub(super) fn is_in(name: &Name, options: &PrintSchema, dialect: Dialect) -> bool {
    match (&name.namespace, &options.namespace) {
        (own, wanted) if own == wanted => true,
        // What Diesel calls the default.
        (None, Some(wanted)) => dialect == Dialect::Postgres && wanted == "public",
        _ => false,
    }
}

fn one<'a>(
    table: &'a Table,
    rust_name: String,
    schema: &Schema,
    dialect: Dialect,
    types: Types<'_>,
    options: &PrintSchema,
) -> Result<PrintedTable<'a>, String> {
    let keys = keys(table, schema, dialect);
    if keys.is_empty() {
        return Err("it has no primary key".to_owned());
    }
    let mut columns: Vec<_> = table.columns.iter().collect();
    let row_id = row_id(table, &keys);
    if let Some(row_id) = &row_id {
        columns.insert(0, row_id);
    }
    if options.column_sorting == ColumnSorting::Name {
        // MySQL sorts names without regard to case.
        match dialect {
            Dialect::Mysql => columns.sort_by_cached_key(|column| column.name.to_lowercase()),
            Dialect::Sqlite | Dialect::Postgres => columns.sort_by_key(|column| &column.name),
        }
    }
    let sql_names = columns.iter().map(|column| column.name.as_str());
    let names = unique_names(sql_names, Some(&rust_name));
    let columns = columns
        .iter()
        .map(|column| {
            Ok(PrintedColumn {
                sql_name: column.name.clone(),
                rust_name: names[column.name.as_str()].clone(),
                found: types
                    .of_column(table, column)
                    .map_err(|error| error.to_string())?,
                comment: column.comment.clone(),
            })
        })
        .collect::<Result<Vec<_>, String>>()?;
    let keys = keys
        .iter()
        .map(|key| names.get(key.as_str()).cloned().unwrap_or_default())
        .collect();
    Ok(PrintedTable {
        name: &table.name,
        rust_name,
        keys,
        columns,
        comment: table.comment.as_deref(),
    })
}

/// The columns of the primary key as `diesel` sees them; of a table of SQLite without one, its row
/// number; of a partition, that of the whole.
pub(super) fn keys(table: &Table, schema: &Schema, dialect: Dialect) -> Vec<String> {
    let mut whole = Some(table);
    while let Some(part) = whole.filter(|table| table.primary_key.is_none()) {
        let partition = part.options.partition_of.as_ref();
        whole = partition.and_then(|partition| schema.table(&partition.parent));
    }
    let declared = whole
        .and_then(|table| table.primary_key.as_ref())
        .map_or(&[][..], |key| &key.columns);
    match dialect {
        Dialect::Postgres | Dialect::Mysql => declared.to_vec(),
        Dialect::Sqlite if declared.is_empty() => ["rowid", "oid", "_rowid_"]
            .into_iter()
            .find(|alias| table.column(alias).is_none())
            .map(str::to_owned)
            .into_iter()
            .collect(),
        // In the order of the columns and not of the key.
        Dialect::Sqlite => table
            .columns
            .iter()
            .map(|column| &column.name)
            .filter(|name| declared.contains(name))
            .cloned()
            .collect(),
    }
}

/// The row number, where it is the key and no column.
fn row_id(table: &Table, keys: &[String]) -> Option<Column> {
    let key = keys.first().filter(|key| table.column(key).is_none())?;
    Some(Column {
        name: key.clone(),
        sql_type: SqlType::new("INTEGER"),
        ..Column::default()
    })
}

/// Names in Rust, no two of them the same. A name that needs no change is never taken by another.
fn unique_names<'a>(
    sql_names: impl Iterator<Item = &'a str>,
    table: Option<&str>,
) -> BTreeMap<&'a str, String> {
    let (same, changed): (Vec<_>, Vec<_>) = sql_names
        .map(|sql_name| (sql_name, rust_name(sql_name, table)))
        .partition(|(sql_name, rust_name)| sql_name == rust_name);
    let mut names: BTreeMap<_, _> = same.into_iter().collect();
    let mut taken: BTreeSet<String> = names.values().cloned().collect();
    for (sql_name, mut rust_name) in changed {
        while !taken.insert(rust_name.clone()) {
            rust_name.push('_');
        }
        names.insert(sql_name, rust_name);
    }
    names
}
