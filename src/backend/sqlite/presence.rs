//! Whether one thing is in the catalogue of SQLite.

use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::presence::Presence;
use crate::backend::query::Query;
use crate::sql::Object;

/// Asks; a file that is attached is not looked into.
pub(super) fn presence(
    session: &mut dyn Session,
    object: &Object,
) -> Result<Presence, DatabaseError> {
    let named = |kind: &str, name: &str| {
        Query::new(
            "SELECT '1' FROM main.sqlite_schema WHERE type = {} AND name = {} COLLATE NOCASE",
        )
        .text(kind)
        .text(name)
    };
    let (owner, query) = match object {
        Object::Table(name) => (name, named("table", &name.name)),
        Object::View(name) => (name, named("view", &name.name)),
        Object::Index(_, name) => (name, named("index", &name.name)),
        Object::Trigger(name) => (name, named("trigger", &name.name)),
        Object::Column(table, column) => (
            table,
            Query::new(
                "SELECT '1' FROM pragma_table_info({}, 'main') WHERE name = {} COLLATE NOCASE",
            )
            .text(table.name.as_str())
            .text(column.as_str()),
        ),
        Object::Constraint(..)
        | Object::Routine(_)
        | Object::Database(_)
        | Object::EnumValue(..) => return Ok(Presence::Unknown),
    };
    if owner
        .schema
        .as_ref()
        .is_some_and(|schema| !schema.eq_ignore_ascii_case("main"))
    {
        return Ok(Presence::Unknown);
    }
    Ok(Presence::of(!session.rows(&query)?.is_empty()))
}
