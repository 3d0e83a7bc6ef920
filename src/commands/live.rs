//! Facts from the live database, for questions: as far as it can be reached, and quickly.

use std::time::Duration;

use crate::backend::{self, Access, Database, Query};
use crate::context::Context;
use crate::schema::Name;
use crate::settings::Connection;

/// No question waits longer for a fact.
const PATIENCE: Duration = Duration::from_secs(2);

/// A connection that is made when the first fact is wanted. What it cannot tell is left out.
pub(super) struct Live<'a> {
    context: &'a Context,
    connection: &'a Connection,
    database: Option<Box<dyn Database>>,
    is_tried: bool,
}

impl<'a> Live<'a> {
    pub(super) fn new(context: &'a Context, connection: &'a Connection) -> Self {
        Self {
            context,
            connection,
            database: None,
            is_tried: false,
        }
    }

    /// How many rows a table has.
    pub(super) fn rows(&mut self, table: &Name) -> Option<String> {
        self.count(table, "", "row")
    }

    /// How many rows hold NULL in a column.
    pub(super) fn nulls(&mut self, table: &Name, column: &str) -> Option<String> {
        self.where_column(table, column, "IS NULL", "row")
    }

    /// How many rows hold a value in a column.
    pub(super) fn values(&mut self, table: &Name, column: &str) -> Option<String> {
        self.where_column(table, column, "IS NOT NULL", "value")
    }

    fn where_column(&mut self, table: &Name, column: &str, is: &str, what: &str) -> Option<String> {
        let dialect = self.database()?.dialect();
        let condition = format!(" WHERE {} {is}", dialect.quote_identifier(column));
        self.count(table, &condition, what)
    }

    fn count(&mut self, table: &Name, condition: &str, what: &str) -> Option<String> {
        let name = self.connection.name.clone();
        let database = self.database()?;
        let dialect = database.dialect();
        let mut quoted = String::new();
        if let Some(namespace) = &table.namespace {
            quoted.push_str(&dialect.quote_identifier(namespace));
            quoted.push('.');
        }
        quoted.push_str(&dialect.quote_identifier(&table.name));
        let text = dialect.text_type();
        let query = format!("SELECT CAST(count(*) AS {text}) FROM {quoted}{condition}");
        // A table that is not there yet has no rows to tell of.
        let rows = database.rows(&Query::new(query)).ok()?;
        let number = usize::try_from(rows.first()?.integer(0)?).ok()?;
        Some(format!(
            "{} in `{name}` now",
            crate::ui::count(number, what)
        ))
    }

    fn database(&mut self) -> Option<&mut Box<dyn Database>> {
        if !self.is_tried {
            self.is_tried = true;
            self.database = self.open();
        }
        self.database.as_mut()
    }

    fn open(&self) -> Option<Box<dyn Database>> {
        let environment = self.context.settings().ok()?.environment();
        let url = self.connection.url().ok()?;
        let mut database = backend::open(url, Access::Read, &environment).ok()?;
        database.limit(Some(PATIENCE), Some(PATIENCE)).ok()?;
        Some(database)
    }
}
