//! Keys, checks and foreign keys.

use std::collections::BTreeMap;

use super::bare::bare;
use super::index::{Indexes, Inside};
use super::relation::{Relation, Relations, USER_SCHEMA, numbers, some};
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::{Query, Row};
use crate::schema::{Action, Check, Deferral, Exclusion, ForeignKey, Match, PrimaryKey, Unique};

/// Fills in the constraints of tables; those of domains are returned by the number of the domain.
pub(super) fn read(
    session: &mut dyn Session,
    relations: &mut Relations,
    indexes: &Indexes,
    version: (u32, u32, u32),
) -> Result<BTreeMap<i64, Vec<Check>>, DatabaseError> {
    let set = if version.0 >= 15 {
        "o.confdelsetcols::text"
    } else {
        "NULL"
    };
    let query = Query::new(format!(
        "SELECT o.conrelid::text, o.contypid::text, o.conname::text, o.contype::text, \
         (o.condeferrable::int + o.condeferred::int)::text, o.convalidated::text, \
         o.connoinherit::text, o.conkey::text, o.confrelid::text, o.confkey::text, \
         o.confdeltype::text, o.confupdtype::text, o.confmatchtype::text, {set}, o.conindid::text, \
         CASE o.contype WHEN 'c' THEN pg_get_expr(o.conbin, o.conrelid) \
         WHEN 'x' THEN pg_get_constraintdef(o.oid) END, d.description, \
         (o.coninhcount > 0)::text \
         FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace \
         LEFT JOIN pg_description d ON d.objoid = o.oid \
         AND d.classoid = 'pg_constraint'::regclass AND d.objsubid = 0 \
         WHERE o.contype IN ('p', 'u', 'c', 'x', 'f') AND o.conparentid = 0 AND {USER_SCHEMA} \
         ORDER BY o.oid"
    ));
    let mut domains: BTreeMap<i64, Vec<Check>> = BTreeMap::new();
    let nothing = Inside::default();
    for row in session.rows(&query)? {
        let domain = row.integer(1).unwrap_or_default();
        if domain != 0 {
            domains.entry(domain).or_default().push(check(&row));
            continue;
        }
        let Some(number) = row.integer(0) else {
            continue;
        };
        if row.text(3) == "f" {
            let Some(key) = foreign_key(&row, relations, number) else {
                continue;
            };
            if let Some(relation) = relations.get_mut(&number) {
                relation.table.foreign_keys.push(key);
            }
            continue;
        }
        let Some(relation) = relations.get_mut(&number) else {
            continue;
        };
        if relation.is_partition() && row.is_true(17) {
            continue;
        }
        let inside = row
            .integer(14)
            .and_then(|index| indexes.inside.get(&index))
            .unwrap_or(&nothing);
        own(relation, inside, &row);
    }
    Ok(domains)
}

/// Adds a constraint that concerns its own table only.
fn own(relation: &mut Relation, inside: &Inside, row: &Row) {
    let name = Some(row.text(2).to_owned());
    let columns = relation.columns(&numbers(row.text(7)));
    let comment = some(row, 16);
    match row.text(3) {
        // The columns of `INCLUDE` are among those of the constraint in no version.
        "p" => {
            relation.table.primary_key = Some(PrimaryKey {
                name,
                columns,
                deferral: deferral(row),
                written: None,
                conflict: None,
                comment,
            });
        }
        "u" => relation.table.uniques.push(Unique {
            name,
            columns,
            include: inside.include.clone(),
            nulls_not_distinct: inside.nulls_not_distinct,
            deferral: deferral(row),
            written: None,
            conflict: None,
            comment,
        }),
        "c" => relation.table.checks.push(check(row)),
        "x" => relation.table.exclusions.push(Exclusion {
            name: row.text(2).to_owned(),
            definition: row.text(15).to_owned(),
            comment,
        }),
        _ => {}
    }
}

fn check(row: &Row) -> Check {
    Check {
        name: Some(row.text(2).to_owned()),
        expression: bare(row.text(15)).to_owned(),
        not_valid: !row.is_true(5),
        no_inherit: row.is_true(6),
        not_enforced: false,
        comment: some(row, 16),
    }
}

fn deferral(row: &Row) -> Deferral {
    match row.text(4) {
        "2" => Deferral::Deferred,
        "1" => Deferral::Deferrable,
        _ => Deferral::Immediate,
    }
}

fn foreign_key(row: &Row, relations: &Relations, number: i64) -> Option<ForeignKey> {
    let relation = relations.get(&number)?;
    let parent = relations.get(&row.integer(8)?)?;
    let set = relation.columns(&numbers(row.text(13)));
    let action = |code: &str, set: Vec<String>| match code {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull(set),
        "d" => Action::SetDefault(set),
        _ => Action::NoAction,
    };
    Some(ForeignKey {
        name: Some(row.text(2).to_owned()),
        columns: relation.columns(&numbers(row.text(7))),
        parent: parent.name.clone(),
        parent_columns: parent.columns(&numbers(row.text(9))),
        on_delete: action(row.text(10), set),
        on_update: action(row.text(11), Vec::new()),
        matching: if row.text(12) == "f" {
            Match::Full
        } else {
            Match::Simple
        },
        deferral: deferral(row),
        not_valid: !row.is_true(5),
        comment: some(row, 16),
    })
}
