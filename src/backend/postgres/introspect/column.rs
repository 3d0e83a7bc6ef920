//! Columns of tables and views.

use super::bare::bare;
use super::default::spelled;
use super::relation::{Kind, Relations, USER_SCHEMA, some};
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::schema::{Auto, Column, Generated, Sequence, SqlType};

/// Fills in the columns, in their order.
pub(super) fn read(
    session: &mut dyn Session,
    relations: &mut Relations,
) -> Result<(), DatabaseError> {
    let query = Query::new(format!(
        "SELECT a.attrelid::text, a.attnum::text, a.attname::text, \
         format_type(a.atttypid, a.atttypmod), a.attnotnull::text, \
         pg_get_expr(f.adbin, f.adrelid), a.attidentity::text, a.attgenerated::text, \
         {COLLATION}, d.description \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         JOIN pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum \
         LEFT JOIN pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation \
         LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace \
         LEFT JOIN pg_description d ON d.objoid = a.attrelid AND d.objsubid = a.attnum \
         AND d.classoid = 'pg_class'::regclass \
         WHERE c.relkind IN ('r', 'p', 'v', 'm') AND {USER_SCHEMA} \
         ORDER BY a.attrelid, a.attnum"
    ));
    for row in session.rows(&query)? {
        let relation = row.integer(0).and_then(|number| relations.get_mut(&number));
        let (Some(relation), Some(number)) = (relation, row.integer(1)) else {
            continue;
        };
        let expression = row.optional(5).map(|text| bare(text).to_owned());
        let (default, generated) = match row.text(7) {
            "" => (expression.map(|text| spelled(&text, row.text(3))), None),
            how => {
                let generated = expression.map(|expression| Generated {
                    expression,
                    stored: how == "s",
                });
                (None, generated)
            }
        };
        let auto = match row.text(6) {
            "" => None,
            how => Some(Auto::Identity {
                always: how == "a",
                sequence: Sequence::default(),
            }),
        };
        let column = Column {
            name: row.text(2).to_owned(),
            sql_type: SqlType::new(row.text(3)),
            nullable: !row.is_true(4),
            default,
            generated,
            auto,
            collation: some(&row, 8),
            comment: some(&row, 9),
            ..Column::default()
        };
        relation.numbers.insert(number, column.name.clone());
        match relation.kind {
            Kind::Table => relation.table.columns.push(column),
            Kind::View | Kind::MaterializedView => relation.view.columns.push(column),
            Kind::Other => {}
        }
    }
    Ok(())
}

/// A collation as SQL: the server's own and those that are found without it have no namespace.
pub(super) const COLLATION: &str = "CASE WHEN pg_collation_is_visible(l.oid) \
    THEN quote_ident(l.collname) \
    ELSE quote_ident(ln.nspname) || '.' || quote_ident(l.collname) END";
