//! What the tables of a scratch database hold, to see whether it is there again later.

use std::collections::{BTreeMap, BTreeSet};

use crate::backend::{Database, Query};
use crate::schema::{Name, Schema, Table};
use crate::sql::Dialect;

/// No more rows of a table are compared.
const MOST: usize = 1_000;

/// The rows of each table, as text, sorted. A table that cannot be read is left out.
pub type Contents = BTreeMap<Name, TableRows>;

/// The rows of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRows {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

/// A table whose rows are not what they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsDiffer {
    /// The table.
    pub table: Name,
    /// How many rows there were, and are.
    pub count: (usize, usize),
    /// Of the columns that both have, those whose values are not what they were, if the number of rows
    /// is the same.
    pub columns: Vec<String>,
}

/// Reads them. What a column computes is left out: it follows from the others.
#[must_use]
pub fn contents(schema: &Schema, database: &mut dyn Database) -> Contents {
    let tables: Vec<&Table> = schema
        .tables
        .iter()
        .filter(|table| table.options.partition_of.is_none())
        .collect();
    let mut contents = Contents::new();
    for some in tables.chunks(AT_ONCE) {
        let filled = filled(some, database);
        for (at, table) in some.iter().enumerate() {
            let rows = match &filled {
                Some(filled) if !filled.contains(&at) => Some(TableRows::none(table)),
                Some(_) | None => read(table, database),
            };
            contents.extend(rows.map(|rows| (table.name.clone(), rows)));
        }
    }
    contents
}

/// How many tables one query asks about.
const AT_ONCE: usize = 100;

/// Which of the tables have rows, by their places; `None` where that cannot be asked of all at once.
fn filled(tables: &[&Table], database: &mut dyn Database) -> Option<BTreeSet<usize>> {
    let dialect = database.dialect();
    let asked: Vec<_> = tables
        .iter()
        .enumerate()
        .map(|(at, table)| {
            let name = super::samples::quoted(dialect, &table.name);
            format!("SELECT '{at}' AS place FROM (SELECT 1 AS one) AS one WHERE EXISTS (SELECT 1 FROM {name})")
        })
        .collect();
    let rows = database.rows(&Query::new(asked.join(" UNION ALL "))).ok()?;
    Some(
        rows.iter()
            .filter_map(|row| usize::try_from(row.integer(0)?).ok())
            .collect(),
    )
}

/// The columns that hold what somebody wrote; what is computed follows from them.
fn written(table: &Table) -> Vec<String> {
    table
        .columns
        .iter()
        .filter(|column| column.generated.is_none())
        .map(|column| column.name.clone())
        .collect()
}

fn read(table: &Table, database: &mut dyn Database) -> Option<TableRows> {
    let dialect = database.dialect();
    let columns = written(table);
    if columns.is_empty() {
        return None;
    }
    let shown: Vec<_> = columns
        .iter()
        .map(|column| {
            let column = dialect.quote_identifier(column);
            match dialect {
                Dialect::Sqlite => format!("quote({column})"),
                Dialect::Postgres => format!("CAST({column} AS text)"),
                Dialect::Mysql => format!("QUOTE({column})"),
            }
        })
        .collect();
    let query = format!(
        "SELECT {} FROM {} LIMIT {MOST}",
        shown.join(", "),
        super::samples::quoted(dialect, &table.name)
    );
    let found = database.rows(&Query::new(query)).ok()?;
    let mut rows: Vec<Vec<Option<String>>> = found
        .iter()
        .map(|row| {
            (0..columns.len())
                .map(|at| row.optional(at).map(str::to_owned))
                .collect()
        })
        .collect();
    rows.sort();
    Some(TableRows { columns, rows })
}

/// The tables of `before` that are not the same now; what is in tables that were not there is theirs.
#[must_use]
pub fn differ(before: &Contents, now: &Contents) -> Vec<RowsDiffer> {
    before
        .iter()
        .filter_map(|(table, was)| {
            let is = now.get(table)?;
            let count = (was.rows.len(), is.rows.len());
            let columns: Vec<String> = if count.0 == count.1 {
                was.columns
                    .iter()
                    .filter(|column| {
                        is.columns.contains(column) && was.values(column) != is.values(column)
                    })
                    .cloned()
                    .collect()
            } else {
                Vec::new()
            };
            (count.0 != count.1 || !columns.is_empty()).then(|| RowsDiffer {
                table: table.clone(),
                count,
                columns,
            })
        })
        .collect()
}

impl TableRows {
    /// Given rows.
    #[cfg(test)]
    pub(super) fn of(columns: Vec<String>, rows: Vec<Vec<Option<String>>>) -> Self {
        Self { columns, rows }
    }

    /// The columns that were read.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    /// Whether there may be more rows than were read.
    pub(super) fn is_cut(&self) -> bool {
        self.rows.len() >= MOST
    }

    /// The rows with these columns alone, sorted.
    pub(super) fn only(&self, columns: &[&str]) -> Vec<Vec<Option<&str>>> {
        let places: Vec<Option<usize>> = columns
            .iter()
            .map(|column| self.columns.iter().position(|one| one == column))
            .collect();
        let mut rows: Vec<Vec<Option<&str>>> = self
            .rows
            .iter()
            .map(|row| {
                places
                    .iter()
                    .map(|place| place.and_then(|at| row.get(at)?.as_deref()))
                    .collect()
            })
            .collect();
        rows.sort();
        rows
    }

    /// Those of an empty table.
    fn none(table: &Table) -> Self {
        Self {
            columns: written(table),
            rows: Vec::new(),
        }
    }

    fn values(&self, column: &str) -> Vec<&Option<String>> {
        let at = self.columns.iter().position(|one| one == column);
        let mut values: Vec<_> = at
            .map(|at| self.rows.iter().filter_map(|row| row.get(at)).collect())
            .unwrap_or_default();
        values.sort();
        values
    }
}
