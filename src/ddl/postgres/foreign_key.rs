//! Foreign keys.

use super::constraint::{add, deferral, drop, named, rename, say};
use super::plan::{Phase, Plan};
use super::text::{automatic, full, ident, list};
use crate::schema::change::Edit;
use crate::schema::{Action, Deferral, ForeignKey, Match, Name};

/// A foreign key as a table takes it.
pub(super) fn clause(key: &ForeignKey) -> String {
    let mut text = format!(
        "{}FOREIGN KEY ({}) REFERENCES {} ({})",
        named(key.name.as_ref()),
        list(&key.columns),
        full(&key.parent),
        list(&key.parent_columns)
    );
    if key.matching == Match::Full {
        text.push_str(" MATCH FULL");
    }
    text.push_str(&action("DELETE", &key.on_delete));
    text.push_str(&action("UPDATE", &key.on_update));
    text.push_str(deferral(key.deferral));
    if key.not_valid {
        text.push_str(" NOT VALID");
    }
    text
}

fn action(event: &str, action: &Action) -> String {
    let (words, columns): (&str, &[String]) = match action {
        Action::NoAction => return String::new(),
        Action::Restrict => ("RESTRICT", &[]),
        Action::Cascade => ("CASCADE", &[]),
        Action::SetNull(columns) => ("SET NULL", columns),
        Action::SetDefault(columns) => ("SET DEFAULT", columns),
    };
    if columns.is_empty() {
        format!(" ON {event} {words}")
    } else {
        format!(" ON {event} {words} ({})", list(columns))
    }
}

/// The name, or the one that the server gives.
pub(super) fn name_of(table: &Name, key: &ForeignKey) -> String {
    key.name
        .clone()
        .unwrap_or_else(|| automatic(table, &key.columns, "fkey"))
}

/// A foreign key is new, goes, or changes.
pub(super) fn change(plan: &mut Plan<'_>, table: &Name, edit: &Edit<ForeignKey>) {
    if let Edit::Alter { from, to } = edit {
        let same = ForeignKey {
            name: to.name.clone(),
            comment: to.comment.clone(),
            not_valid: to.not_valid,
            deferral: to.deferral,
            ..from.clone()
        } == *to
            && (from.not_valid || !to.not_valid);
        if same && !plan.again.has_key(table, &name_of(table, from)) {
            in_place(plan, table, from, to);
            return;
        }
    }
    if let Some(from) = edit.before() {
        plan.push(Phase::DropForeignKey, drop(table, &name_of(table, from)));
    }
    if let Some(to) = edit.after() {
        create(plan, table, to);
    }
}

/// Adds it to a table that is there.
pub(super) fn create(plan: &mut Plan<'_>, table: &Name, key: &ForeignKey) {
    plan.push(Phase::ForeignKey, add(table, &clause(key)));
    say(plan, table, key.name.as_ref(), None, key.comment.as_ref());
}

fn in_place(plan: &mut Plan<'_>, table: &Name, from: &ForeignKey, to: &ForeignKey) {
    rename(plan, table, &name_of(table, from), to.name.as_ref());
    let name = ident(&to.name.clone().unwrap_or_else(|| name_of(table, from)));
    let alter = format!("ALTER TABLE {}", full(table));
    if from.deferral != to.deferral {
        let when = match to.deferral {
            Deferral::Immediate => "NOT DEFERRABLE",
            Deferral::Deferrable => "DEFERRABLE INITIALLY IMMEDIATE",
            Deferral::Deferred => "DEFERRABLE INITIALLY DEFERRED",
        };
        plan.push(
            Phase::ForeignKey,
            format!("{alter} ALTER CONSTRAINT {name} {when}"),
        );
    }
    if from.not_valid && !to.not_valid {
        plan.push(
            Phase::ForeignKey,
            format!("{alter} VALIDATE CONSTRAINT {name}"),
        );
    }
    say(
        plan,
        table,
        to.name.as_ref(),
        from.comment.as_ref(),
        to.comment.as_ref(),
    );
}
