//! Primary keys, unique, check and exclusion constraints.

use super::plan::{Phase, Plan};
use super::text::{automatic, comment, full, ident, list};
use crate::schema::change::Edit;
use crate::schema::{Check, Deferral, Exclusion, Name, PrimaryKey, Unique};

/// `CONSTRAINT name `, or nothing where the server chooses the name.
pub(super) fn named(name: Option<&String>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", ident(name)))
}

/// When it is checked, beginning with a space.
pub(super) fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::Immediate => "",
        Deferral::Deferrable => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// A primary key as a table takes it.
pub(super) fn primary_key_clause(key: &PrimaryKey) -> String {
    format!(
        "{}PRIMARY KEY ({}){}",
        named(key.name.as_ref()),
        list(&key.columns),
        deferral(key.deferral)
    )
}

/// A unique constraint as a table takes it.
pub(super) fn unique_clause(unique: &Unique) -> String {
    let nulls = if unique.nulls_not_distinct {
        " NULLS NOT DISTINCT"
    } else {
        ""
    };
    let include = if unique.include.is_empty() {
        String::new()
    } else {
        format!(" INCLUDE ({})", list(&unique.include))
    };
    format!(
        "{}UNIQUE{nulls} ({}){include}{}",
        named(unique.name.as_ref()),
        list(&unique.columns),
        deferral(unique.deferral)
    )
}

/// A check as a table or a domain takes it.
pub(super) fn check_clause(check: &Check) -> String {
    let inherit = if check.no_inherit { " NO INHERIT" } else { "" };
    let valid = if check.not_valid { " NOT VALID" } else { "" };
    format!(
        "{}CHECK ({}){inherit}{valid}",
        named(check.name.as_ref()),
        check.expression
    )
}

/// An exclusion constraint as a table takes it.
pub(super) fn exclusion_clause(exclusion: &Exclusion) -> String {
    format!(
        "CONSTRAINT {} {}",
        ident(&exclusion.name),
        exclusion.definition
    )
}

/// `ALTER TABLE … ADD …`.
pub(super) fn add(table: &Name, clause: &str) -> String {
    format!("ALTER TABLE {} ADD {clause}", full(table))
}

/// `ALTER TABLE … DROP CONSTRAINT …`.
pub(super) fn drop(table: &Name, name: &str) -> String {
    format!(
        "ALTER TABLE {} DROP CONSTRAINT {}",
        full(table),
        ident(name)
    )
}

/// `ALTER TABLE … RENAME CONSTRAINT …`, if the names differ.
pub(super) fn rename(plan: &mut Plan<'_>, table: &Name, from: &str, to: Option<&String>) {
    if let Some(to) = to
        && to != from
    {
        plan.push(
            Phase::RenamePart,
            format!(
                "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
                full(table),
                ident(from),
                ident(to)
            ),
        );
    }
}

/// The comment on a constraint, where it is another than before.
pub(super) fn say(
    plan: &mut Plan<'_>,
    table: &Name,
    name: Option<&String>,
    from: Option<&String>,
    to: Option<&String>,
) {
    if let Some(name) = name
        && from != to
    {
        plan.push(
            Phase::Comment,
            format!(
                "COMMENT ON CONSTRAINT {} ON {} IS {}",
                ident(name),
                full(table),
                comment(to)
            ),
        );
    }
}

/// A constraint stays as it is, under the name and with the comment that it gets.
fn stays(
    plan: &mut Plan<'_>,
    table: &Name,
    (old, said): (&str, Option<&String>),
    (new, says): (Option<&String>, Option<&String>),
) {
    rename(plan, table, old, new);
    say(plan, table, new, said, says);
}

/// A constraint comes, with its comment.
fn comes(
    plan: &mut Plan<'_>,
    table: &Name,
    phase: Phase,
    clause: &str,
    (name, comment): (Option<&String>, Option<&String>),
) {
    plan.push(phase, add(table, clause));
    say(plan, table, name, None, comment);
}

/// The primary key is new, goes, or changes.
pub(super) fn primary_key(plan: &mut Plan<'_>, table: &Name, edit: &Edit<PrimaryKey>) {
    let name_of = |key: &PrimaryKey| {
        key.name
            .clone()
            .unwrap_or_else(|| automatic(table, &[], "pkey"))
    };
    if let Edit::Alter { from, to } = edit {
        let renamed = PrimaryKey {
            name: to.name.clone(),
            comment: to.comment.clone(),
            ..from.clone()
        };
        if renamed == *to && !plan.again.has_key(table, &name_of(from)) {
            stays(
                plan,
                table,
                (&name_of(from), from.comment.as_ref()),
                (to.name.as_ref(), to.comment.as_ref()),
            );
            return;
        }
    }
    if let Some(name) = edit.before().map(name_of) {
        plan.push(Phase::DropKey, drop(table, &name));
    }
    if let Some(to) = edit.after() {
        let about = (to.name.as_ref(), to.comment.as_ref());
        comes(plan, table, Phase::Key, &primary_key_clause(to), about);
    }
}

/// A unique constraint is new, goes, or changes.
pub(super) fn unique(plan: &mut Plan<'_>, table: &Name, edit: &Edit<Unique>) {
    let name_of = |unique: &Unique| {
        unique
            .name
            .clone()
            .unwrap_or_else(|| automatic(table, &unique.columns, "key"))
    };
    if let Edit::Alter { from, to } = edit {
        let renamed = Unique {
            name: to.name.clone(),
            comment: to.comment.clone(),
            ..from.clone()
        };
        if renamed == *to && !plan.again.has_key(table, &name_of(from)) {
            stays(
                plan,
                table,
                (&name_of(from), from.comment.as_ref()),
                (to.name.as_ref(), to.comment.as_ref()),
            );
            return;
        }
    }
    if let Some(name) = edit.before().map(name_of) {
        plan.push(Phase::DropKey, drop(table, &name));
    }
    if let Some(to) = edit.after() {
        let about = (to.name.as_ref(), to.comment.as_ref());
        comes(plan, table, Phase::Key, &unique_clause(to), about);
    }
}

/// A check is new, goes, or changes.
pub(super) fn check(plan: &mut Plan<'_>, table: &Name, edit: &Edit<Check>) {
    let name_of = |check: &Check| {
        check
            .name
            .clone()
            .unwrap_or_else(|| automatic(table, &[], "check"))
    };
    if let Edit::Alter { from, to } = edit {
        let same = from.expression == to.expression
            && from.no_inherit == to.no_inherit
            && (from.not_valid || !to.not_valid);
        if same && !plan.again.has_key(table, &name_of(from)) {
            stays(
                plan,
                table,
                (&name_of(from), from.comment.as_ref()),
                (to.name.as_ref(), to.comment.as_ref()),
            );
            if from.not_valid && !to.not_valid {
                let name = to.name.clone().unwrap_or_else(|| name_of(from));
                plan.push(
                    Phase::Check,
                    format!(
                        "ALTER TABLE {} VALIDATE CONSTRAINT {}",
                        full(table),
                        ident(&name)
                    ),
                );
            }
            return;
        }
    }
    if let Some(name) = edit.before().map(name_of) {
        plan.push(Phase::DropKey, drop(table, &name));
    }
    if let Some(to) = edit.after() {
        let about = (to.name.as_ref(), to.comment.as_ref());
        comes(plan, table, Phase::Check, &check_clause(to), about);
    }
}

/// An exclusion constraint is new, goes, or changes.
pub(super) fn exclusion(plan: &mut Plan<'_>, table: &Name, edit: &Edit<Exclusion>) {
    if let Edit::Alter { from, to } = edit
        && from.definition == to.definition
        && !plan.again.has_key(table, &from.name)
    {
        stays(
            plan,
            table,
            (&from.name, from.comment.as_ref()),
            (Some(&to.name), to.comment.as_ref()),
        );
        return;
    }
    if let Some(name) = edit.before().map(|one| one.name.clone()) {
        plan.push(Phase::DropKey, drop(table, &name));
    }
    if let Some(to) = edit.after() {
        let about = (Some(&to.name), to.comment.as_ref());
        comes(plan, table, Phase::Check, &exclusion_clause(to), about);
    }
}
