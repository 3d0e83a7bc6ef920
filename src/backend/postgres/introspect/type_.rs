//! Enum types and domains.

use std::collections::BTreeMap;

use super::bare::bare;
use super::column::COLLATION;
use super::relation::{NAMESPACE, USER_SCHEMA, name, some};
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::schema::{Check, Domain, EnumType, SqlType};

/// Reads the enum types; one without values is one too.
pub(super) fn enums(session: &mut dyn Session) -> Result<Vec<EnumType>, DatabaseError> {
    let query = Query::new(format!(
        "SELECT {NAMESPACE}, t.typname::text, v.enumlabel::text, d.description \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
         LEFT JOIN pg_enum v ON v.enumtypid = t.oid \
         LEFT JOIN pg_description d ON d.objoid = t.oid \
         AND d.classoid = 'pg_type'::regclass AND d.objsubid = 0 \
         LEFT JOIN pg_depend e ON e.classid = 'pg_type'::regclass AND e.objid = t.oid \
         AND e.deptype = 'e' \
         WHERE t.typtype = 'e' AND e.objid IS NULL AND {USER_SCHEMA} \
         ORDER BY t.oid, v.enumsortorder"
    ));
    let mut enums: Vec<EnumType> = Vec::new();
    for row in session.rows(&query)? {
        let own = name(&row, 0);
        if enums.last().is_none_or(|last| last.name != own) {
            enums.push(EnumType {
                name: own,
                values: Vec::new(),
                comment: some(&row, 3),
            });
        }
        if let (Some(last), Some(value)) = (enums.last_mut(), row.optional(2)) {
            last.values.push(value.to_owned());
        }
    }
    Ok(enums)
}

/// Reads the domains, given their checks.
pub(super) fn domains(
    session: &mut dyn Session,
    mut checks: BTreeMap<i64, Vec<Check>>,
) -> Result<Vec<Domain>, DatabaseError> {
    let query = Query::new(format!(
        "SELECT t.oid::text, {NAMESPACE}, t.typname::text, \
         format_type(t.typbasetype, t.typtypmod), t.typnotnull::text, \
         pg_get_expr(t.typdefaultbin, 0), {COLLATION}, d.description \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
         JOIN pg_type b ON b.oid = t.typbasetype \
         LEFT JOIN pg_collation l ON l.oid = t.typcollation AND t.typcollation <> b.typcollation \
         LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace \
         LEFT JOIN pg_description d ON d.objoid = t.oid \
         AND d.classoid = 'pg_type'::regclass AND d.objsubid = 0 \
         LEFT JOIN pg_depend e ON e.classid = 'pg_type'::regclass AND e.objid = t.oid \
         AND e.deptype = 'e' \
         WHERE t.typtype = 'd' AND e.objid IS NULL AND {USER_SCHEMA} ORDER BY t.oid"
    ));
    let domain = |row: &crate::backend::query::Row| Domain {
        name: name(row, 1),
        base: SqlType::new(row.text(3)),
        nullable: !row.is_true(4),
        default: row.optional(5).map(|text| bare(text).to_owned()),
        collation: some(row, 6),
        checks: row
            .integer(0)
            .and_then(|number| checks.remove(&number))
            .unwrap_or_default(),
        comment: some(row, 7),
    };
    Ok(session.rows(&query)?.iter().map(domain).collect())
}
