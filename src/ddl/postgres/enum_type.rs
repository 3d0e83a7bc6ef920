//! Enum types: values that come, get another name, or go.

use super::plan::{Phase, Plan};
use super::text::{comment, full, ident, literal, suffixed};
use crate::schema::change::{Decisions, Edit};
use crate::schema::{EnumType, Name};

/// What was decided about values that are not there any more: the value, and what it becomes.
pub(super) fn decided(
    decisions: &Decisions,
    from: &EnumType,
    to: &EnumType,
) -> Vec<(String, String)> {
    from.values
        .iter()
        .filter(|value| !to.values.contains(value))
        .filter_map(|value| {
            let new = decisions
                .enum_values
                .get(&(to.name.clone(), value.clone()))?;
            to.values
                .contains(new)
                .then(|| (value.clone(), new.clone()))
        })
        .collect()
}

/// The statements that change a type in place; `None` if it has to be made again.
pub(super) fn in_place(
    decisions: &Decisions,
    from: &EnumType,
    to: &EnumType,
) -> Option<Vec<String>> {
    let mut values = from.values.clone();
    let mut statements = Vec::new();
    let name = full(&to.name);
    for (old, new) in decided(decisions, from, to) {
        // Only one value can be renamed to it, and only if it is not there yet.
        if values.contains(&new) {
            return None;
        }
        values
            .iter_mut()
            .filter(|value| **value == old)
            .for_each(|value| value.clone_from(&new));
        statements.push(format!(
            "ALTER TYPE {name} RENAME VALUE {} TO {}",
            literal(&old),
            literal(&new)
        ));
    }
    let mut kept = to.values.iter().filter(|value| values.contains(value));
    if !values.iter().all(|value| kept.next() == Some(value)) {
        return None;
    }
    for (at, value) in to.values.iter().enumerate() {
        if values.contains(value) {
            continue;
        }
        let place = match at.checked_sub(1) {
            // At the end, where the server puts it anyway.
            _ if values
                .last()
                .is_some_and(|last| at > 0 && to.values.get(at - 1) == Some(last)) =>
            {
                String::new()
            }
            None => values
                .first()
                .map_or_else(String::new, |first| format!(" BEFORE {}", literal(first))),
            Some(before) => format!(" AFTER {}", literal(&to.values[before])),
        };
        statements.push(format!(
            "ALTER TYPE {name} ADD VALUE {}{place}",
            literal(value)
        ));
        values.insert(at, value.clone());
    }
    Some(statements)
}

/// Values that are added in place, which the same transaction cannot use.
pub(super) fn added<'a>(
    decisions: &Decisions,
    from: &EnumType,
    to: &'a EnumType,
) -> Vec<&'a String> {
    let renamed = decided(decisions, from, to);
    to.values
        .iter()
        .filter(|value| !from.values.contains(value))
        .filter(|value| renamed.iter().all(|(_, new)| new != *value))
        .collect()
}

/// What a type is called until nothing uses it any more.
pub(super) fn old_name(name: &Name) -> Name {
    name.sibling(suffixed(&name.name, "__old"))
}

fn create(plan: &mut Plan<'_>, one: &EnumType) {
    let values: Vec<String> = one.values.iter().map(|value| literal(value)).collect();
    plan.push(
        Phase::Type,
        format!(
            "CREATE TYPE {} AS ENUM ({})",
            full(&one.name),
            values.join(", ")
        ),
    );
    if one.comment.is_some() {
        say(plan, one);
    }
}

fn say(plan: &mut Plan<'_>, one: &EnumType) {
    plan.push(
        Phase::Comment,
        format!(
            "COMMENT ON TYPE {} IS {}",
            full(&one.name),
            comment(one.comment.as_ref())
        ),
    );
}

/// An enum type is new, goes, or changes.
pub(super) fn change(plan: &mut Plan<'_>, edit: &Edit<EnumType>) {
    match edit {
        Edit::Add(one) => create(plan, one),
        Edit::Drop(one) => plan.push(Phase::DropType, format!("DROP TYPE {}", full(&one.name))),
        Edit::Alter { to, .. } if plan.again.replaced.contains(&to.name) => {
            let old = old_name(&to.name);
            plan.push(
                Phase::Type,
                format!(
                    "ALTER TYPE {} RENAME TO {}",
                    full(&to.name),
                    ident(&old.name)
                ),
            );
            create(plan, to);
            plan.push(Phase::DropType, format!("DROP TYPE {}", full(&old)));
        }
        Edit::Alter { from, to } => {
            for statement in in_place(plan.decisions, from, to).unwrap_or_default() {
                plan.push(Phase::Type, statement);
            }
            if from.comment != to.comment {
                say(plan, to);
            }
        }
    }
}
