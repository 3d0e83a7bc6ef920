//! Primary keys and indexes.

use super::Reading;
use super::constraint::without_brackets;
use super::table::filled;
use crate::backend::error::DatabaseError;
use crate::backend::query::Row;
use crate::ddl::mysql::implied;
use crate::schema::{Index, IndexKey, PrimaryKey, Table};
use crate::sql::Product;

impl Reading<'_> {
    pub(super) fn indexes(&mut self) -> Result<(), DatabaseError> {
        let expression = if self.is_at_least(Product::Mysql, (8, 0, 13)) {
            "EXPRESSION"
        } else {
            "NULL"
        };
        let ignored = if self.is_at_least(Product::Mysql, (8, 0, 0)) {
            "CASE IS_VISIBLE WHEN 'NO' THEN 'INVISIBLE' END"
        } else if self.is_at_least(Product::Mariadb, (10, 6, 0)) {
            "CASE IGNORED WHEN 'YES' THEN 'IGNORED' END"
        } else {
            "NULL"
        };
        let mut rows = self.rows(&format!(
            "SELECT TABLE_NAME, INDEX_NAME, CAST(SEQ_IN_INDEX AS CHAR), CAST(NON_UNIQUE AS CHAR), \
             COLUMN_NAME, COLLATION, CAST(SUB_PART AS CHAR), INDEX_TYPE, INDEX_COMMENT, \
             CAST({expression} AS CHAR), CAST({ignored} AS CHAR) \
             FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()",
        ))?;
        rows.sort_by(|a, b| {
            (a.text(0), a.text(1), a.integer(2)).cmp(&(b.text(0), b.text(1), b.integer(2)))
        });
        for row in &rows {
            let expression = row
                .optional(9)
                .map(|text| without_brackets(&self.expression(text)));
            if let Some(table) = self.table(row.text(0)) {
                key(table, row, expression);
            }
        }
        for table in &mut self.schema.tables {
            implied::leave_out(table);
        }
        Ok(())
    }
}

fn key(table: &mut Table, row: &Row, expression: Option<String>) {
    let name = row.text(1);
    if name == "PRIMARY" {
        let key = table.primary_key.get_or_insert_with(PrimaryKey::default);
        key.columns.push(row.text(4).to_owned());
        return;
    }
    if table.indexes.last().is_none_or(|index| index.name != name) {
        let memory = table.options.engine.as_deref() == Some("MEMORY");
        let usual = if memory { "HASH" } else { "BTREE" };
        table.indexes.push(Index {
            name: name.to_owned(),
            unique: row.text(3) == "0",
            method: filled(row.text(7)).filter(|method| method != usual),
            options: row.optional(10).map(str::to_owned),
            comment: filled(row.text(8)),
            ..Index::default()
        });
    }
    let Some(index) = table.indexes.last_mut() else {
        return;
    };
    let whole = matches!(index.method.as_deref(), Some("FULLTEXT" | "SPATIAL"));
    index.keys.push(IndexKey {
        descending: row.text(5) == "D",
        length: row
            .integer(6)
            .filter(|_| !whole)
            .and_then(|length| u32::try_from(length).ok()),
        ..expression.map_or_else(|| IndexKey::column(row.text(4)), IndexKey::expression)
    });
}
