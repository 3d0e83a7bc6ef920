//! Whether one thing is in the catalogue of MySQL or MariaDB.

use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::presence::Presence;
use crate::backend::query::Query;
use crate::sql::{Object, ObjectName};

/// Asks; a name without a database is one of `within`, else of the session's.
pub(super) fn presence(
    session: &mut dyn Session,
    object: &Object,
    within: Option<&str>,
) -> Result<Presence, DatabaseError> {
    let (view, schema, conditions, name) = match object {
        Object::Table(name) | Object::View(name) => (
            "tables",
            "table_schema",
            vec![("table_name", name.name.as_str())],
            name,
        ),
        Object::Column(table, column) => (
            "columns",
            "table_schema",
            vec![("table_name", table.name.as_str()), ("column_name", column)],
            table,
        ),
        Object::Index(Some(table), index) => (
            "statistics",
            "table_schema",
            vec![
                ("table_name", table.name.as_str()),
                ("index_name", index.name.as_str()),
            ],
            table,
        ),
        Object::Constraint(table, constraint) => (
            "table_constraints",
            "table_schema",
            vec![
                ("table_name", table.name.as_str()),
                ("constraint_name", constraint),
            ],
            table,
        ),
        Object::Routine(name) => (
            "routines",
            "routine_schema",
            vec![("routine_name", name.name.as_str())],
            name,
        ),
        Object::Trigger(name) => (
            "triggers",
            "trigger_schema",
            vec![("trigger_name", name.name.as_str())],
            name,
        ),
        Object::Database(name) => {
            let query = Query::new(
                "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.schemata WHERE schema_name = {}",
            );
            return counted(session, &query.text(name.as_str()));
        }
        Object::Index(None, _) | Object::EnumValue(..) => return Ok(Presence::Unknown),
    };
    let tests: Vec<String> = conditions
        .iter()
        .map(|(column, _)| format!("AND {column} = {{}}"))
        .collect();
    let tests = tests.join(" ");
    let mut query = Query::new(format!(
        "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.{view} \
         WHERE {schema} = COALESCE({{}}, database()) {tests}"
    ))
    .text_or_null(namespace(name, within));
    for (_, value) in conditions {
        query = query.text(value);
    }
    counted(session, &query)
}

fn namespace(name: &ObjectName, within: Option<&str>) -> Option<String> {
    name.schema.clone().or_else(|| within.map(str::to_owned))
}

fn counted(session: &mut dyn Session, query: &Query) -> Result<Presence, DatabaseError> {
    let rows = session.rows(query)?;
    let count = rows.first().and_then(|row| row.integer(0));
    Ok(Presence::of(count.unwrap_or_default() > 0))
}
