//! Tables that stay: names, options, triggers, comments.

use std::collections::BTreeSet;

use super::plan::{Phase, Plan};
use super::text::{comment, full, ident, suffixed};
use crate::ddl::DdlError;
use crate::schema::change::{Change, Edit};
use crate::schema::{Name, TableOptions, Trigger};

/// Gives tables and columns their new names. One whose new name is still taken waits for it; those that
/// wait for each other go by way of a name that is nobody's.
pub(super) fn rename(plan: &mut Plan<'_>) {
    let renames = &plan.difference.renames;
    let taken = plan
        .difference
        .from
        .tables
        .iter()
        .map(|table| table.name.clone());
    let of_tables = steps(&renames.tables, taken.collect(), |name| {
        name.sibling(suffixed(&name.name, "__new"))
    });
    for (from, to) in of_tables {
        let mut now = from.clone();
        if from.namespace != to.namespace
            && let Some(namespace) = &to.namespace
        {
            plan.push(
                Phase::Rename,
                format!(
                    "ALTER TABLE {} SET SCHEMA {}",
                    full(&from),
                    ident(namespace)
                ),
            );
            now.namespace = Some(namespace.clone());
        }
        if from.name != to.name {
            plan.push(
                Phase::Rename,
                format!("ALTER TABLE {} RENAME TO {}", full(&now), ident(&to.name)),
            );
        }
    }
    let tables: BTreeSet<&Name> = renames.columns.iter().map(|one| &one.table).collect();
    for table in tables {
        let own: Vec<(String, String)> = renames
            .columns
            .iter()
            .filter(|one| one.table == *table)
            .map(|one| (one.from.clone(), one.to.clone()))
            .collect();
        let before = renames
            .tables
            .iter()
            .find(|(_, to)| to == table)
            .map_or(table, |(from, _)| from);
        let taken = plan
            .difference
            .from
            .table(before)
            .map(|table| {
                table
                    .columns
                    .iter()
                    .map(|column| column.name.clone())
                    .collect()
            })
            .unwrap_or_default();
        for (from, to) in steps(&own, taken, |name| suffixed(name, "__new")) {
            plan.push(
                Phase::Rename,
                format!(
                    "ALTER TABLE {} RENAME COLUMN {} TO {}",
                    full(table),
                    ident(&from),
                    ident(&to)
                ),
            );
        }
    }
}

fn steps<T: Clone + Ord>(
    renames: &[(T, T)],
    mut taken: BTreeSet<T>,
    aside: impl Fn(&T) -> T,
) -> Vec<(T, T)> {
    let mut waiting = renames.to_vec();
    let mut steps = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().position(|(_, to)| !taken.contains(to));
        let (from, to) = if let Some(at) = free {
            waiting.remove(at)
        } else {
            let (from, to) = waiting.remove(0);
            let between = aside(&from);
            waiting.push((between.clone(), to));
            (from, between)
        };
        taken.remove(&from);
        taken.insert(to.clone());
        steps.push((from, to));
        if steps.len() > 3 * renames.len() {
            // Something that is not renamed holds the name; the server says so.
            steps.append(&mut waiting);
        }
    }
    steps
}

/// What a table is declared with changes.
pub(super) fn options(
    plan: &mut Plan<'_>,
    table: &Name,
    from: &TableOptions,
    to: &TableOptions,
) -> Result<(), DdlError> {
    let alter = format!("ALTER TABLE {}", full(table));
    if from.partition_by != to.partition_by
        || from.partition_of.is_some() != to.partition_of.is_some()
    {
        let change = Change::TableOptions {
            table: table.clone(),
            from: from.clone(),
            to: to.clone(),
        };
        return Err(DdlError::NoWay {
            what: change.describe(),
            hint:
                "create the table under another name, copy the rows and rename it, in a migration \
                   written by hand: manage makemigrations --empty"
                    .to_owned(),
        });
    }
    if from.unlogged != to.unlogged {
        let word = if to.unlogged { "UNLOGGED" } else { "LOGGED" };
        plan.push(Phase::Option, format!("{alter} SET {word}"));
    }
    if from.storage != to.storage {
        let parts = |text: &Option<String>| -> Vec<(String, String)> {
            text.iter()
                .flat_map(|text| text.split(", "))
                .filter_map(|part| part.split_once('='))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect()
        };
        let (old, new) = (parts(&from.storage), parts(&to.storage));
        let gone: Vec<String> = old
            .iter()
            .filter(|(key, _)| new.iter().all(|(other, _)| other != key))
            .map(|(key, _)| key.clone())
            .collect();
        // All in their order, which is part of what the server shows.
        let set: Vec<String> = new
            .iter()
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        if !gone.is_empty() {
            plan.push(
                Phase::Option,
                format!("{alter} RESET ({})", gone.join(", ")),
            );
        }
        if !set.is_empty() {
            plan.push(Phase::Option, format!("{alter} SET ({})", set.join(", ")));
        }
    }
    if from.partition_of != to.partition_of
        && let (Some(old), Some(new)) = (&from.partition_of, &to.partition_of)
    {
        plan.push(
            Phase::DropTable,
            format!(
                "ALTER TABLE {} DETACH PARTITION {}",
                full(&old.parent),
                full(table)
            ),
        );
        plan.push(
            Phase::AddColumn,
            format!(
                "ALTER TABLE {} ATTACH PARTITION {} {}",
                full(&new.parent),
                full(table),
                new.bound
            ),
        );
    }
    Ok(())
}

/// The comment on a table.
pub(super) fn say(plan: &mut Plan<'_>, table: &Name, to: Option<&String>) {
    plan.push(
        Phase::Comment,
        format!("COMMENT ON TABLE {} IS {}", full(table), comment(to)),
    );
}

/// A trigger is new, goes, or changes.
pub(super) fn trigger(plan: &mut Plan<'_>, table: &Name, edit: &Edit<Trigger>) {
    let same = match edit {
        Edit::Alter { from, to } => {
            from.definition == to.definition && !plan.again.has_trigger(table, &from.name)
        }
        Edit::Add(_) | Edit::Drop(_) => false,
    };
    if !same {
        if let Some(from) = edit.before() {
            plan.push(
                Phase::DropTrigger,
                format!("DROP TRIGGER {} ON {}", ident(&from.name), full(table)),
            );
        }
        if let Some(to) = edit.after() {
            plan.push(Phase::Trigger, to.definition.clone());
        }
    }
    let before = edit
        .before()
        .filter(|_| same)
        .and_then(|one| one.comment.as_ref());
    if let Some(to) = edit.after()
        && before != to.comment.as_ref()
    {
        plan.push(
            Phase::Comment,
            format!(
                "COMMENT ON TRIGGER {} ON {} IS {}",
                ident(&to.name),
                full(table),
                comment(to.comment.as_ref())
            ),
        );
    }
}
