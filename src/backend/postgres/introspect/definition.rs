//! What is kept by its definition: views, routines, triggers.

use super::relation::{Kind, NAMESPACE, Relations, USER_SCHEMA, name, some};
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::schema::{Name, Routine, RoutineKind, Trigger};

/// Fills in what the views select and read.
pub(super) fn views(
    session: &mut dyn Session,
    relations: &mut Relations,
) -> Result<(), DatabaseError> {
    let query = Query::new(format!(
        "SELECT c.oid::text, pg_get_viewdef(c.oid) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('v', 'm') AND {USER_SCHEMA}"
    ));
    for row in session.rows(&query)? {
        if let Some(relation) = row.integer(0).and_then(|number| relations.get_mut(&number)) {
            let text = row.text(1).trim();
            let text = text.strip_suffix(';').unwrap_or(text).trim_end();
            text.clone_into(&mut relation.view.definition);
        }
    }
    let query = Query::new(format!(
        "SELECT DISTINCT c.oid::text, d.refobjid::text \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_rewrite r ON r.ev_class = c.oid \
         JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid \
         AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid \
         WHERE c.relkind IN ('v', 'm') AND {USER_SCHEMA}"
    ));
    for row in session.rows(&query)? {
        let read = row
            .integer(1)
            .and_then(|number| relations.get(&number))
            .map(|relation| relation.name.clone());
        let view = row.integer(0).and_then(|number| relations.get_mut(&number));
        if let (Some(view), Some(read)) = (view, read) {
            view.view.reads.push(read);
        }
    }
    Ok(())
}

/// Reads functions and procedures; aggregates have no definition.
pub(super) fn routines(session: &mut dyn Session) -> Result<Vec<Routine>, DatabaseError> {
    // What a type brings with it, such as the constructors of a range, depends on the type as a part of it.
    let query = Query::new(format!(
        "SELECT {NAMESPACE}, p.proname::text, p.prokind::text, \
         pg_get_function_identity_arguments(p.oid), pg_get_functiondef(p.oid), d.description, \
         quote_ident(n.nspname) || '.' \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
         LEFT JOIN pg_description d ON d.objoid = p.oid \
         AND d.classoid = 'pg_proc'::regclass AND d.objsubid = 0 \
         LEFT JOIN pg_depend e ON e.classid = 'pg_proc'::regclass AND e.objid = p.oid \
         AND e.deptype IN ('e', 'i') \
         WHERE p.prokind IN ('f', 'p', 'w') AND e.objid IS NULL AND {USER_SCHEMA} ORDER BY p.oid"
    ));
    let rows = session.rows(&query)?;
    let routines = rows.iter().map(|row| {
        let own = name(row, 0);
        let definition = unqualified(row.text(4).trim_end(), row.text(6), &own);
        Routine {
            name: own,
            kind: if row.text(2) == "p" {
                RoutineKind::Procedure
            } else {
                RoutineKind::Function
            },
            arguments: row.text(3).to_owned(),
            definition,
            comment: some(row, 5),
        }
    });
    Ok(routines.collect())
}

/// Takes the namespace off the name that a routine in the connection's own is defined with, so that two
/// schemas compare equal whatever the namespace is called.
fn unqualified(definition: &str, qualifier: &str, name: &Name) -> String {
    if name.namespace.is_none() {
        for start in [
            "CREATE OR REPLACE FUNCTION ",
            "CREATE OR REPLACE PROCEDURE ",
        ] {
            if let Some(rest) = definition
                .strip_prefix(start)
                .and_then(|rest| rest.strip_prefix(qualifier))
            {
                return format!("{start}{rest}");
            }
        }
    }
    definition.to_owned()
}

/// What makes a trigger fire when it does, where that is not by itself: its definition is silent about it.
const STATE: &str = "COALESCE(E';\\nALTER TABLE ' || t.tgrelid::regclass::text || CASE t.tgenabled \
     WHEN 'D' THEN ' DISABLE TRIGGER ' WHEN 'R' THEN ' ENABLE REPLICA TRIGGER ' \
     WHEN 'A' THEN ' ENABLE ALWAYS TRIGGER ' END || quote_ident(t.tgname), '')";

/// Fills in the triggers; returns those of views, which are not managed.
pub(super) fn triggers(
    session: &mut dyn Session,
    relations: &mut Relations,
) -> Result<Vec<Name>, DatabaseError> {
    // What a partition has from the whole is there by itself.
    let query = Query::new(format!(
        "SELECT t.tgrelid::text, t.tgname::text, pg_get_triggerdef(t.oid, true) || {STATE}, d.description \
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_description d ON d.objoid = t.oid \
         AND d.classoid = 'pg_trigger'::regclass AND d.objsubid = 0 \
         WHERE NOT t.tgisinternal AND {USER_SCHEMA} \
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_trigger'::regclass \
         AND e.objid = t.oid AND e.deptype IN ('e', 'P', 'S', 'I')) ORDER BY t.oid"
    ));
    let mut others = Vec::new();
    for row in session.rows(&query)? {
        let Some(relation) = row.integer(0).and_then(|number| relations.get_mut(&number)) else {
            continue;
        };
        if relation.kind == Kind::Table {
            relation.table.triggers.push(Trigger {
                name: row.text(1).to_owned(),
                definition: row.text(2).to_owned(),
                comment: some(&row, 3),
            });
        } else if !relation.foreign {
            others.push(relation.name.sibling(row.text(1)));
        }
    }
    Ok(others)
}
