//! From a difference to a script.

mod definitions;
mod parts;

use std::collections::BTreeSet;

use super::again::Again;
use super::expression::strings;
use super::plan::{Phase, Plan};
use super::text::{ident, literal};
use super::type_name::is_of;
use super::{create, enum_type, sequence, table};
use crate::ddl::{DdlError, Script};
use crate::schema::change::{Change, Decisions, Difference, Edit};
use crate::schema::{EnumType, Name};
use crate::sql::Server;

/// Writes the statements.
pub(in crate::ddl) fn write(
    server: Server,
    difference: &Difference,
    decisions: &Decisions,
) -> Result<Script, DdlError> {
    let mut forced: BTreeSet<Name> = BTreeSet::new();
    loop {
        let again = Again::of(server, difference, decisions, &forced);
        let mut plan = Plan::new(difference, decisions, &again);
        fill(&mut plan)?;
        let (statements, remarks) = plan.into_parts();
        let used = used_at_once(difference, decisions, &again, &statements);
        if used.is_empty() {
            return Ok(Script {
                statements,
                transactional: true,
                remarks,
            });
        }
        forced.extend(used);
    }
}

fn fill(plan: &mut Plan<'_>) -> Result<(), DdlError> {
    table::rename(plan);
    for change in &plan.difference.changes {
        if let Change::Namespace(edit) = change {
            namespace(plan, edit);
        } else if let Change::Extension(edit) = change {
            extension(plan, edit);
        } else if let Change::Enum(edit) = change {
            enum_type::change(plan, edit);
        } else if let Change::Sequence(edit) = change {
            sequence::change(plan, edit);
        }
    }
    definitions::before_tables(plan);
    create::new(plan);
    create::gone(plan);
    parts::write(plan)?;
    definitions::write(plan);
    Ok(())
}

fn namespace(plan: &mut Plan<'_>, edit: &Edit<String>) {
    match edit {
        Edit::Add(name) => plan.push(Phase::Space, format!("CREATE SCHEMA {}", ident(name))),
        Edit::Drop(name) => plan.push(Phase::DropSpace, format!("DROP SCHEMA {}", ident(name))),
        Edit::Alter { .. } => {}
    }
}

fn extension(plan: &mut Plan<'_>, edit: &Edit<String>) {
    match edit {
        Edit::Add(name) => plan.push(Phase::Space, format!("CREATE EXTENSION {}", ident(name))),
        Edit::Drop(name) => plan.push(Phase::DropSpace, format!("DROP EXTENSION {}", ident(name))),
        Edit::Alter { .. } => {}
    }
}

/// Enum types that get a value which the script uses: the server allows that only once the transaction
/// is over.
fn used_at_once(
    difference: &Difference,
    decisions: &Decisions,
    again: &Again,
    statements: &[String],
) -> Vec<Name> {
    let mut used = Vec::new();
    for change in &difference.changes {
        if let Change::Enum(Edit::Alter { from, to }) = change
            && !again.replaced.contains(&to.name)
            && enum_type::added(decisions, from, to)
                .into_iter()
                .any(|value| statements.iter().any(|sql| uses(sql, to, value)))
        {
            used.push(to.name.clone());
        }
    }
    used
}

fn uses(sql: &str, one: &EnumType, value: &str) -> bool {
    if sql.starts_with("ALTER TYPE ") || sql.starts_with("COMMENT ON ") {
        return false;
    }
    // A body in another language is read when it runs.
    if sql.starts_with("CREATE OR REPLACE ") && !sql.contains("\n LANGUAGE sql") {
        return false;
    }
    let wanted = literal(value);
    strings(sql).into_iter().any(|(text, rest)| {
        text == wanted
            && rest.strip_prefix("::").is_none_or(|sql_type| {
                let end = sql_type
                    .find(|character: char| {
                        !(character.is_alphanumeric() || "_\".".contains(character))
                    })
                    .unwrap_or(sql_type.len());
                is_of(&sql_type[..end], &one.name)
            })
    })
}
