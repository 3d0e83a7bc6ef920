//! What a database consists of, read from `information_schema`.
//!
//! A fixed number of queries, each about one table of it and one database: those tables are not
//! indexed, and a server that has to join them opens every table many times. They are joined here.

mod column;
mod constraint;
mod definition;
mod expression;
mod index;
mod sight;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::{Query, Row};
use crate::schema::{Name, Schema, Table, Unmanaged};
use crate::sql::{Product, Server};

/// What is known while the answers are put together.
struct Reading<'a> {
    session: &'a mut dyn Session,
    server: Server,
    /// The database's own name, which the server puts before every name in a view.
    database: String,
    /// Its default collation.
    collation: String,
    schema: Schema,
    /// Whether triggers would be shown.
    sees_triggers: bool,
    /// What is not compared, by kind.
    unmanaged: BTreeMap<&'static str, Vec<Name>>,
}

/// Reads the database of the connection.
pub(super) fn introspect(
    session: &mut dyn Session,
    server: Server,
) -> Result<Schema, DatabaseError> {
    let own = session.rows(&Query::new(
        "SELECT SCHEMA_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA \
         WHERE SCHEMA_NAME = DATABASE()",
    ))?;
    let Some(own) = own.first() else {
        // A URL without a database: there is nothing in none.
        return Ok(Schema::default());
    };
    let mut reading = Reading {
        database: own.text(0).to_owned(),
        collation: own.text(1).to_owned(),
        session,
        server,
        schema: Schema::default(),
        sees_triggers: true,
        unmanaged: BTreeMap::new(),
    };
    reading.sight()?;
    reading.tables()?;
    reading.columns()?;
    reading.checks()?;
    reading.foreign_keys()?;
    reading.indexes()?;
    reading.views()?;
    reading.triggers()?;
    reading.routines()?;
    reading.events()?;
    Ok(reading.finish())
}

impl Reading<'_> {
    fn rows(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.session.rows(&Query::new(sql))
    }

    fn is_mariadb(&self) -> bool {
        self.server.product == Product::Mariadb
    }

    /// Whether the server is this version of its product, or a later one.
    fn is_at_least(&self, product: Product, version: (u32, u32, u32)) -> bool {
        self.server.product == product && self.server.version >= version
    }

    fn leave(&mut self, kind: &'static str, name: Name) {
        self.unmanaged.entry(kind).or_default().push(name);
    }

    /// The table of that name, if it is one that is compared.
    fn table(&mut self, name: &str) -> Option<&mut Table> {
        let at = self
            .schema
            .tables
            .binary_search_by(|table| table.name.name.as_str().cmp(name))
            .ok()?;
        self.schema.tables.get_mut(at)
    }

    fn finish(self) -> Schema {
        let mut schema = self.schema;
        for (kind, mut names) in self.unmanaged {
            names.sort();
            names.dedup();
            let kind = kind.to_owned();
            schema.unmanaged.push(Unmanaged { kind, names });
        }
        schema.sort();
        schema
    }
}
