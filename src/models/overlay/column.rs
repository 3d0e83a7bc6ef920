//! A column that both sides have.

use crate::models::error::ModelsError;
use crate::models::models::{ModelColumn, ModelTable};
use crate::schema::{Auto, Column, Sequence, SqlType, Table};
use crate::sql::Dialect;

use super::alike::Alike;
use super::default;
use super::laying::Laying;
use super::strict;

impl Laying<'_> {
    /// The column as its model wants it: with the type and the nullability that are stated, and all else as
    /// it is.
    pub(super) fn lay_column(
        &self,
        table: &Table,
        column: &Column,
        model: &ModelTable,
        stated: &ModelColumn,
    ) -> Result<Column, ModelsError> {
        let mut wanted = column.clone();
        let stays_key = model.primary_key == [stated.name.clone()];
        if is_row_number(self.dialect(), table, column) && stays_key && self.is_whole_number(stated)
        {
            // It never is NULL, and holds 64 bits, whatever it is called.
            return Ok(wanted);
        }
        match self.alike(table, column, stated) {
            Alike::Same => {}
            Alike::Length(length) => {
                let sql_type = match resized(&column.sql_type, length) {
                    Some(sql_type) => sql_type,
                    None => self.sql_type(model, stated)?,
                };
                self.retype(&mut wanted, sql_type);
            }
            Alike::Other => {
                let sql_type = strict::fitted(table, self.sql_type(model, stated)?);
                if !strict::is_one(table, &sql_type, &column.sql_type) {
                    self.retype(&mut wanted, sql_type);
                }
            }
        }
        wanted.nullable = stated.diesel_type.is_nullable();
        Ok(wanted)
    }

    /// Gives a column another type, and leaves what is not possible with it.
    fn retype(&self, column: &mut Column, sql_type: SqlType) {
        let dialect = self.dialect();
        column.default = column
            .default
            .take()
            .and_then(|text| default::for_type(dialect, &text, &column.sql_type, &sql_type));
        let numbers = default::is_number(&sql_type, dialect);
        column.auto = column.auto.take().filter(|_| numbers);
        if let Some(Auto::Serial(sequence) | Auto::Identity { sequence, .. }) = &mut column.auto {
            widen(sequence, &sql_type);
        }
        if !default::is_text(&sql_type, dialect) {
            column.collation = None;
        }
        if !default::is_moment(&sql_type) {
            column.on_update = None;
        }
        column.sql_type = sql_type;
    }
}

/// Whether it is the number of its row on SQLite.
pub(super) fn is_row_number(dialect: Dialect, table: &Table, column: &Column) -> bool {
    let is_key = table
        .primary_key
        .as_ref()
        .is_some_and(|key| key.columns == [column.name.clone()]);
    dialect == Dialect::Sqlite
        && is_key
        && column.sql_type.as_str().eq_ignore_ascii_case("INTEGER")
        && !table.options.without_rowid
}

/// `character(36)` with another length.
fn resized(sql_type: &SqlType, length: u64) -> Option<SqlType> {
    let text = sql_type.as_str();
    let (open, close) = (text.find('(')?, text.rfind(')')?);
    let inside = text.get(open + 1..close)?;
    inside.parse::<u64>().ok()?;
    Some(SqlType(format!(
        "{}{length}{}",
        &text[..=open],
        &text[close..]
    )))
}

/// A sequence for another type: as far as that goes, if it went as far as the old one did.
fn widen(sequence: &mut Sequence, sql_type: &SqlType) {
    let Some(most) = greatest(sql_type) else {
        return;
    };
    if greatest(&sequence.sql_type) == Some(sequence.maximum) {
        sequence.maximum = most;
    }
    sequence.sql_type = sql_type.clone();
}

/// The greatest number of a type of PostgreSQL that a sequence can have.
pub(super) fn greatest(sql_type: &SqlType) -> Option<i64> {
    match sql_type.as_str() {
        "smallint" => Some(i64::from(i16::MAX)),
        "integer" => Some(i64::from(i32::MAX)),
        "bigint" => Some(i64::MAX),
        _ => None,
    }
}
