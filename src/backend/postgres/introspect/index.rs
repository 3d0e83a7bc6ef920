//! Indexes, key by key.

use std::collections::BTreeMap;

use super::bare::bare;
use super::column::COLLATION;
use super::relation::{Kind, NAMESPACE, Relations, USER_SCHEMA, name, numbers, some};
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::{Query, Row};
use crate::schema::{Index, IndexKey, KeyPart, Name, Nulls};

/// What a constraint has to know of its index.
#[derive(Default)]
pub(super) struct Inside {
    pub(super) include: Vec<String>,
    pub(super) nulls_not_distinct: bool,
}

/// What was read besides the indexes of the tables.
#[derive(Default)]
pub(super) struct Indexes {
    /// By the number of the index.
    pub(super) inside: BTreeMap<i64, Inside>,
    /// Those whose making failed.
    pub(super) invalid: Vec<Name>,
}

/// Fills in the indexes; those inside of constraints are returned.
pub(super) fn read(
    session: &mut dyn Session,
    relations: &mut Relations,
    version: (u32, u32, u32),
) -> Result<Indexes, DatabaseError> {
    let mut keys = keys(session, relations)?;
    let nulls = if version.0 >= 15 {
        "i.indnullsnotdistinct::text"
    } else {
        "'false'"
    };
    let query = Query::new(format!(
        "SELECT i.indexrelid::text, i.indrelid::text, {NAMESPACE}, c.relname::text, m.amname::text, \
         i.indisunique::text, i.indkey::text, i.indnkeyatts::text, \
         pg_get_expr(i.indpred, i.indrelid), array_to_string(c.reloptions, ', '), d.description, \
         {nulls}, (o.oid IS NOT NULL)::text, i.indisvalid::text, c.relispartition::text, \
         c.relkind::text \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = c.relam \
         LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.conrelid = i.indrelid \
         AND o.contype IN ('p', 'u', 'x') \
         LEFT JOIN pg_description d ON d.objoid = c.oid \
         AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0 \
         WHERE {USER_SCHEMA} ORDER BY i.indexrelid"
    ));
    let mut indexes = Indexes::default();
    for row in session.rows(&query)? {
        let (Some(number), Some(table)) = (row.integer(0), row.integer(1)) else {
            continue;
        };
        let Some(relation) = relations.get_mut(&table) else {
            continue;
        };
        let own = numbers(row.text(6));
        let count = row
            .integer(7)
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(own.len());
        let include = relation.columns(own.get(count..).unwrap_or_default());
        let nulls_not_distinct = row.is_true(11);
        if row.is_true(12) {
            let inside = Inside {
                include,
                nulls_not_distinct,
            };
            indexes.inside.insert(number, inside);
            continue;
        }
        if row.is_true(14) || relation.foreign {
            continue;
        }
        // The index of a whole is invalid as long as a partition lacks its part of it.
        if !row.is_true(13) && row.text(15) != "I" {
            indexes.invalid.push(name(&row, 2));
            continue;
        }
        let index = Index {
            name: row.text(3).to_owned(),
            unique: row.is_true(5),
            method: some(&row, 4).filter(|method| method != "btree"),
            keys: keys.remove(&number).unwrap_or_default(),
            include,
            predicate: row.optional(8).map(|text| bare(text).to_owned()),
            nulls_not_distinct,
            options: some(&row, 9),
            comment: some(&row, 10),
        };
        match relation.kind {
            Kind::Table => relation.table.indexes.push(index),
            Kind::View | Kind::MaterializedView => relation.view.indexes.push(index),
            Kind::Other => {}
        }
    }
    Ok(indexes)
}

fn keys(
    session: &mut dyn Session,
    relations: &Relations,
) -> Result<BTreeMap<i64, Vec<IndexKey>>, DatabaseError> {
    // An index has columns of its own, whose types tell the collation that an expression has anyway.
    let query = Query::new(format!(
        "SELECT i.indexrelid::text, i.indrelid::text, k.attnum::text, k.option::text, \
         CASE WHEN k.attnum = 0 THEN pg_get_indexdef(i.indexrelid, k.n::integer, false) END, \
         {COLLATION}, \
         CASE WHEN NOT p.opcdefault OR a.attoptions IS NOT NULL THEN \
         CASE WHEN pg_opclass_is_visible(p.oid) THEN '' ELSE quote_ident(pn.nspname) || '.' END \
         || quote_ident(p.opcname) END, array_to_string(a.attoptions, ', ') \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[], i.indoption::int2[], \
         i.indcollation::oid[]) WITH ORDINALITY AS k (attnum, class, option, coll, n) \
         JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attnum = k.n \
         JOIN pg_type t ON t.oid = a.atttypid JOIN pg_opclass p ON p.oid = k.class \
         JOIN pg_namespace pn ON pn.oid = p.opcnamespace \
         LEFT JOIN pg_attribute b ON b.attrelid = i.indrelid AND b.attnum = k.attnum AND k.attnum > 0 \
         LEFT JOIN pg_collation l ON l.oid = k.coll \
         AND k.coll <> coalesce(b.attcollation, t.typcollation) \
         LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace \
         WHERE {USER_SCHEMA} AND k.n <= i.indnkeyatts ORDER BY i.indexrelid, k.n"
    ));
    let mut keys: BTreeMap<i64, Vec<IndexKey>> = BTreeMap::new();
    for row in session.rows(&query)? {
        let relation = row.integer(1).and_then(|number| relations.get(&number));
        let (Some(number), Some(relation)) = (row.integer(0), relation) else {
            continue;
        };
        let column = row
            .integer(2)
            .and_then(|number| relation.numbers.get(&number));
        let part = match column {
            Some(column) => KeyPart::Column(column.clone()),
            None => KeyPart::Expression(bare(row.text(4)).to_owned()),
        };
        keys.entry(number).or_default().push(key(part, &row));
    }
    Ok(keys)
}

fn key(part: KeyPart, row: &Row) -> IndexKey {
    let option = row.integer(3).unwrap_or_default();
    let (descending, first) = (option & 1 != 0, option & 2 != 0);
    let nulls = match (descending, first) {
        (false, true) => Some(Nulls::First),
        (true, false) => Some(Nulls::Last),
        (false, false) | (true, true) => None,
    };
    let operators = some(row, 6).map(|class| match some(row, 7) {
        Some(options) => format!("{class} ({options})"),
        None => class,
    });
    IndexKey {
        part,
        descending,
        nulls,
        collation: some(row, 5),
        operators,
        length: None,
    }
}
