//! Whether one thing is in the catalogue of PostgreSQL.

use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::presence::Presence;
use crate::backend::query::Query;
use crate::sql::{Dialect, Object, ObjectName};

/// Asks; a name without a schema is found as the session would find it.
pub(super) fn presence(
    session: &mut dyn Session,
    object: &Object,
) -> Result<Presence, DatabaseError> {
    let query = match object {
        Object::Index(table, index) => match table {
            // It is made where its table is, whatever the path says.
            Some(table) if index.schema.is_none() => Query::new(
                "SELECT CAST(i.indisvalid AND i.indisready AS text) FROM pg_catalog.pg_index i \
                 JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
                 WHERE i.indrelid = to_regclass({}) AND c.relname = {}",
            )
            .text(regclass(table))
            .text(index.name.as_str()),
            Some(_) | None => Query::new(
                "SELECT CAST(i.indisvalid AND i.indisready AS text) FROM pg_catalog.pg_index i \
                 WHERE i.indexrelid = to_regclass({})",
            )
            .text(regclass(index)),
        },
        Object::Table(name) | Object::View(name) => {
            Query::new("SELECT 'true' WHERE to_regclass({}) IS NOT NULL").text(regclass(name))
        }
        Object::EnumValue(name, value) => Query::new(
            "SELECT 'true' FROM pg_catalog.pg_enum \
             WHERE enumtypid = CAST(to_regtype({}) AS oid) AND enumlabel = {}",
        )
        .text(regclass(name))
        .text(value.as_str()),
        Object::Database(name) => {
            Query::new("SELECT 'true' FROM pg_catalog.pg_database WHERE datname = {}")
                .text(name.as_str())
        }
        Object::Column(..) | Object::Constraint(..) | Object::Routine(_) | Object::Trigger(_) => {
            return Ok(Presence::Unknown);
        }
    };
    let rows = session.rows(&query)?;
    Ok(match rows.first() {
        None => Presence::Absent,
        Some(row) if row.is_true(0) => Presence::There,
        Some(_) => Presence::Invalid,
    })
}

fn regclass(name: &ObjectName) -> String {
    let quoted = |part: &str| Dialect::Postgres.quote_identifier(part);
    match &name.schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(&name.name)),
        None => quoted(&name.name),
    }
}
