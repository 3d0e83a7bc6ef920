//! Sequences: those of columns go to their columns, the others to the schema.

use super::relation::{NAMESPACE, Relations, USER_SCHEMA, name};
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::schema::{Auto, Name, Sequence, SqlType};
use crate::sql::Dialect;

/// Reads all sequences and returns those that no column numbers itself with.
pub(super) fn read(
    session: &mut dyn Session,
    relations: &mut Relations,
) -> Result<Vec<Sequence>, DatabaseError> {
    let query = Query::new(format!(
        "SELECT {NAMESPACE}, c.relname::text, format_type(s.seqtypid, NULL), s.seqstart::text, \
         s.seqincrement::text, s.seqmin::text, s.seqmax::text, s.seqcache::text, s.seqcycle::text, \
         d.refobjid::text, d.refobjsubid::text, d.deptype::text, c.oid::regclass::text, \
         starts_with(c.relname::text, '__')::text \
         FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid \
         AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') \
         LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid \
         AND e.deptype = 'e' \
         WHERE e.objid IS NULL AND {USER_SCHEMA}"
    ));
    let number = |text: &str| text.parse().unwrap_or_default();
    let mut free = Vec::new();
    for row in session.rows(&query)? {
        let sequence = Sequence {
            name: name(&row, 0),
            sql_type: SqlType::new(row.text(2)),
            start: number(row.text(3)),
            increment: number(row.text(4)),
            minimum: number(row.text(5)),
            maximum: number(row.text(6)),
            cache: number(row.text(7)),
            cycle: row.is_true(8),
        };
        let owner = row.integer(9).and_then(|number| relations.get_mut(&number));
        let foreign = owner.as_ref().is_some_and(|owner| owner.foreign);
        let column = owner
            .zip(row.integer(10))
            .and_then(|(owner, number)| owner.column_mut(number));
        if row.text(11) == "i" {
            if let Some(column) = column
                && let Some(Auto::Identity { sequence: own, .. }) = &mut column.auto
            {
                *own = Sequence {
                    name: Name::default(),
                    ..sequence
                };
            }
            continue;
        }
        let next = format!(
            "nextval({}::regclass)",
            Dialect::Postgres.quote_literal(row.text(12))
        );
        match column {
            Some(column) if column.default.as_deref() == Some(&next) => {
                column.default = None;
                column.auto = Some(Auto::Serial(sequence));
            }
            Some(_) | None if foreign || row.is_true(13) => {}
            Some(_) | None => free.push(sequence),
        }
    }
    Ok(free)
}
