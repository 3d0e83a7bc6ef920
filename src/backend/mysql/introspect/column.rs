//! Columns.

use super::Reading;
use super::expression::{readable, unescaped};
use super::table::filled;
use crate::backend::error::DatabaseError;
use crate::backend::query::Row;
use crate::schema::{Auto, Column, Generated, Name, SqlType};
use crate::sql::Dialect;

impl Reading<'_> {
    pub(super) fn columns(&mut self) -> Result<(), DatabaseError> {
        let mut rows = self.rows(
            "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, \
             COLLATION_NAME, COLUMN_COMMENT, GENERATION_EXPRESSION, \
             CAST(ORDINAL_POSITION AS CHAR) \
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()",
        )?;
        rows.sort_by(|a, b| (a.text(0), a.integer(9)).cmp(&(b.text(0), b.integer(9))));
        for row in rows {
            let column = self.column(&row);
            let table_name = row.text(0);
            if row.text(5).contains("INVISIBLE") && self.table(table_name).is_some() {
                let name = Name::within(table_name, column.name.clone());
                self.leave("invisible columns", name);
            }
            if let Some(table) = self.table(table_name) {
                let mut column = column;
                if column.collation == table.options.collation {
                    column.collation = None;
                }
                table.columns.push(column);
            } else if let Ok(at) = self
                .schema
                .views
                .binary_search_by(|view| view.name.name.as_str().cmp(table_name))
            {
                self.schema.views[at].columns.push(Column {
                    name: column.name,
                    sql_type: column.sql_type,
                    nullable: column.nullable,
                    ..Column::default()
                });
            }
        }
        Ok(())
    }

    fn column(&self, row: &Row) -> Column {
        let extra = row.text(5);
        let lower = extra.to_ascii_lowercase();
        let expression = filled(row.text(8)).map(|text| self.expression(&text));
        Column {
            name: row.text(1).to_owned(),
            sql_type: SqlType::new(row.text(2)),
            nullable: row.text(3) == "YES",
            default: if expression.is_some() {
                None
            } else {
                self.default(row, &lower)
            },
            generated: expression.map(|expression| Generated {
                expression,
                stored: lower.contains("stored") || lower.contains("persistent"),
            }),
            auto: lower.contains("auto_increment").then_some(Auto::Increment),
            collation: row.optional(6).map(str::to_owned),
            on_update: lower
                .find("on update ")
                .map(|at| &extra[at + "on update ".len()..])
                .map(|rest| rest.split(' ').next().unwrap_or(rest).to_owned()),
            null_conflict: None,
            comment: filled(row.text(7)),
        }
    }

    /// The default as an expression: MariaDB prints one, MySQL prints a bare value and says in `EXTRA`
    /// where it is more than that.
    fn default(&self, row: &Row, extra: &str) -> Option<String> {
        let default = row.optional(4)?;
        if self.is_mariadb() {
            return (!default.eq_ignore_ascii_case("null"))
                .then(|| readable(default, &self.database).0);
        }
        let kind = row.text(2).to_ascii_lowercase();
        let is = |kinds: &[&str]| kinds.iter().any(|one| kind.starts_with(one));
        let numeric = is(&[
            "tinyint",
            "smallint",
            "mediumint",
            "int",
            "bigint",
            "decimal",
            "float",
            "double",
            "bit",
            "year",
        ]);
        let clock = is(&["timestamp", "datetime"])
            && default
                .to_ascii_uppercase()
                .starts_with("CURRENT_TIMESTAMP");
        let binary = is(&["binary", "varbinary"]) && default.starts_with("0x");
        Some(if extra.contains("default_generated") {
            self.expression(default)
        } else if numeric || clock || binary {
            default.to_owned()
        } else {
            Dialect::Mysql.quote_literal(default)
        })
    }

    /// An expression as the server prints it, fit to be read again in any database.
    pub(super) fn expression(&self, text: &str) -> String {
        if self.is_mariadb() {
            readable(text, &self.database).0
        } else {
            readable(&unescaped(text), &self.database).0
        }
    }
}
