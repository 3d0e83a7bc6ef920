//! Reads what a SQLite database consists of.
//!
//! The pragmas say what a table is, in a query for all tables at once; what they leave out is read from
//! the statements that SQLite keeps.

mod catalogue;
mod create_table;
mod cursor;
mod definition;
mod expression;
mod foreign_key;
mod index;
mod program;
mod table;

use diesel::SqliteConnection;

use self::catalogue::Catalogue;
use crate::backend::error::DatabaseError;
use crate::schema::{Name, Schema, Unmanaged};

/// Reads the schema.
pub(super) fn schema(connection: &mut SqliteConnection) -> Result<Schema, DatabaseError> {
    let catalogue = Catalogue::read(connection)?;
    let mut schema = Schema {
        tables: catalogue
            .tables
            .iter()
            .map(|entry| table::table(entry, &catalogue))
            .collect(),
        unmanaged: unmanaged(&catalogue),
        ..Schema::default()
    };
    foreign_key::complete(&mut schema.tables);
    program::add(&mut schema, &catalogue);
    schema.sort();
    Ok(schema)
}

fn unmanaged(catalogue: &Catalogue) -> Vec<Unmanaged> {
    [
        ("shadow tables", &catalogue.shadows),
        ("virtual tables", &catalogue.virtuals),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(kind, names)| Unmanaged {
        kind: kind.to_owned(),
        names: names.iter().map(|name| Name::new(name.as_str())).collect(),
    })
    .collect()
}
