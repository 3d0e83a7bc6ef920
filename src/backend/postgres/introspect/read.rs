//! Puts together what the queries answer.

use super::relation::{Kind, USER_SCHEMA};
use super::{column, constraint, definition, index, relation, sequence, type_, unmanaged};
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::schema::Schema;

/// Reads the schema over an open connection to a server of that version.
pub(in crate::backend::postgres) fn read(
    session: &mut dyn Session,
    version: (u32, u32, u32),
) -> Result<Schema, DatabaseError> {
    let mut relations = relation::read(session)?;
    column::read(session, &mut relations)?;
    let sequences = sequence::read(session, &mut relations)?;
    let indexes = index::read(session, &mut relations, version)?;
    let checks = constraint::read(session, &mut relations, &indexes, version)?;
    definition::views(session, &mut relations)?;
    let view_triggers = definition::triggers(session, &mut relations)?;
    let mut schema = Schema {
        sequences,
        enums: type_::enums(session)?,
        domains: type_::domains(session, checks)?,
        routines: definition::routines(session)?,
        unmanaged: unmanaged::read(
            session,
            vec![
                ("invalid indexes", indexes.invalid),
                ("triggers on views", view_triggers),
            ],
        )?,
        ..Schema::default()
    };
    beside(session, &mut schema)?;
    for relation in relations.into_values() {
        match relation.kind {
            _ if relation.foreign => {}
            Kind::Table => schema.tables.push(relation.table),
            Kind::View | Kind::MaterializedView => schema.views.push(relation.view),
            Kind::Other => {}
        }
    }
    schema.sort();
    Ok(schema)
}

/// Extensions and namespaces. `plpgsql` and `public` are in every database.
fn beside(session: &mut dyn Session, schema: &mut Schema) -> Result<(), DatabaseError> {
    let query = Query::new(format!(
        "SELECT 'extension', extname::text FROM pg_extension WHERE extname <> 'plpgsql' \
         UNION ALL SELECT 'namespace', n.nspname::text FROM pg_namespace n \
         WHERE {USER_SCHEMA} AND n.nspname <> 'public' \
         AND n.nspname IS DISTINCT FROM current_schema() \
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass \
         AND e.objid = n.oid AND e.deptype = 'e')"
    ));
    for row in session.rows(&query)? {
        let list = match row.text(0) {
            "extension" => &mut schema.extensions,
            _ => &mut schema.namespaces,
        };
        list.push(row.text(1).to_owned());
    }
    Ok(())
}
