//! A table that both sides have.

use std::collections::BTreeSet;

use crate::models::error::ModelsError;
use crate::models::models::{ModelColumn, ModelTable};
use crate::schema::Table;
use crate::sql::Dialect;

use super::laying::Laying;
use super::strict;
use super::{dropped, key, row_id};

impl Laying<'_> {
    /// Lays a model over its table.
    pub(super) fn lay(&mut self, table: &mut Table, model: &ModelTable) -> Result<(), ModelsError> {
        let before = table.clone();
        let mut stated = BTreeSet::new();
        for column in &model.columns {
            match position(self.dialect(), &before, model, column) {
                Some(at) => {
                    stated.insert(before.columns[at].name.clone());
                    table.columns[at] =
                        self.lay_column(&before, &before.columns[at], model, column)?;
                }
                None if is_row_id(self.dialect(), &before, column) => {}
                None => {
                    let mut added = self.new_column(model, column)?;
                    added.sql_type = strict::fitted(&before, added.sql_type);
                    self.new_columns
                        .insert((table.name.clone(), added.name.clone()));
                    table.columns.push(added);
                }
            }
        }
        let gone: BTreeSet<String> = before
            .columns
            .iter()
            .map(|column| column.name.clone())
            .filter(|name| !stated.contains(name))
            .collect();
        if !gone.is_empty() {
            dropped::from_table(table, &gone, self.dialect());
            self.dropped.insert(table.name.clone(), gone);
        }
        key::lay(table, model, self);
        Ok(())
    }
}

/// Which column of the table a column of the model is.
pub(super) fn position(
    dialect: Dialect,
    table: &Table,
    model: &ModelTable,
    column: &ModelColumn,
) -> Option<usize> {
    let exact = table.columns.iter().position(|one| one.name == column.name);
    if exact.is_some() || dialect == Dialect::Postgres {
        return exact;
    }
    // Neither SQLite nor MySQL has two columns that differ by case alone.
    table.columns.iter().position(|one| {
        one.name.to_lowercase() == column.name.to_lowercase() && model.column(&one.name).is_none()
    })
}

/// Whether it is the number of the row of SQLite, which is no column.
fn is_row_id(dialect: Dialect, table: &Table, column: &ModelColumn) -> bool {
    dialect == Dialect::Sqlite
        && table.primary_key.is_none()
        && row_id::of_table(table) == Some(&column.name)
}
