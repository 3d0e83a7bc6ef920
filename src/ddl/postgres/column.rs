//! Columns: new, gone, changed.

use super::auto;
use super::expression::{mentions, operand};
use super::plan::{Phase, Plan};
use super::retype;
use super::text::{comment, full, ident, suffixed};
use super::type_name::{is_close, nothing};
use crate::schema::change::Edit;
use crate::schema::{Auto, Column, Deferral, Name};

/// `ALTER TABLE … ALTER COLUMN …`.
pub(super) fn alter(table: &Name, column: &str) -> String {
    format!("ALTER TABLE {} ALTER COLUMN {}", full(table), ident(column))
}

/// The type with its collation.
pub(super) fn typed(column: &Column) -> String {
    match &column.collation {
        Some(collation) => format!("{} COLLATE {collation}", column.sql_type),
        None => column.sql_type.to_string(),
    }
}

/// A column as `CREATE TABLE` and `ADD COLUMN` take it.
pub(super) fn definition(table: &Name, column: &Column) -> String {
    if let Some(word) = auto::serial_word(table, column) {
        return format!("{} {word} NOT NULL", ident(&column.name));
    }
    let mut text = format!("{} {}", ident(&column.name), typed(column));
    if let Some(generated) = &column.generated {
        let how = if generated.stored {
            "STORED"
        } else {
            "VIRTUAL"
        };
        text = format!(
            "{text} GENERATED ALWAYS AS ({}) {how}",
            generated.expression
        );
    }
    match &column.auto {
        Some(Auto::Serial(own)) => text = format!("{text} DEFAULT {}", auto::next(own)),
        Some(Auto::Identity { always, sequence }) => {
            text = format!("{text} {}", auto::identity(*always, sequence));
        }
        Some(Auto::Increment) | None => {
            if let Some(default) = &column.default {
                text = format!("{text} DEFAULT {}", operand(default));
            }
        }
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    text
}

/// A column of a table that stays.
pub(super) fn change(plan: &mut Plan<'_>, table: &Name, edit: &Edit<Column>) {
    match edit {
        Edit::Add(column) => add(plan, table, column),
        Edit::Drop(column) => drop(plan, table, column),
        Edit::Alter { from, to } if is_new(plan, table, from) => {
            if from.generated.is_some() && to.generated.is_none() {
                keep_values(plan, table, from, to);
            } else {
                drop(plan, table, from);
                add(plan, table, to);
            }
        }
        Edit::Alter { from, to } => change_in_place(plan, table, from, to),
    }
}

/// Whether a column cannot become the other and is dropped and added: what it is computed from changes.
fn is_new(plan: &Plan<'_>, table: &Name, from: &Column) -> bool {
    plan.again
        .rebuilt
        .contains(&(table.clone(), from.name.clone()))
}

/// A computed column becomes a plain one on a server that cannot drop the expression alone.
fn keep_values(plan: &mut Plan<'_>, table: &Name, from: &Column, to: &Column) {
    let old = ident(&suffixed(&from.name, "__old"));
    let (alter, own) = (format!("ALTER TABLE {}", full(table)), ident(&to.name));
    let bare = Column {
        nullable: true,
        ..to.clone()
    };
    auto::beside(plan, table, to, Phase::AlterColumn);
    for statement in [
        format!("{alter} RENAME COLUMN {own} TO {old}"),
        format!("{alter} ADD COLUMN {}", definition(table, &bare)),
        format!("UPDATE {} SET {own} = {old}", full(table)),
        format!("{alter} DROP COLUMN {old}"),
    ] {
        plan.push(Phase::DropGenerated, statement);
    }
    if !to.nullable {
        plan.push(
            Phase::AlterColumn,
            format!("{alter} ALTER COLUMN {own} SET NOT NULL"),
        );
    }
    if to.comment.is_some() {
        say(plan, table, to);
    }
}

fn drop(plan: &mut Plan<'_>, table: &Name, column: &Column) {
    let phase = if column.generated.is_some() {
        Phase::DropGenerated
    } else {
        auto::release(plan, column);
        Phase::DropColumn
    };
    plan.push(
        phase,
        format!(
            "ALTER TABLE {} DROP COLUMN {}",
            full(table),
            ident(&column.name)
        ),
    );
}

fn add(plan: &mut Plan<'_>, table: &Name, column: &Column) {
    let phase = if column.generated.is_some() {
        Phase::AddGenerated
    } else {
        Phase::AddColumn
    };
    let add = |column: &Column| {
        format!(
            "ALTER TABLE {} ADD COLUMN {}",
            full(table),
            definition(table, column)
        )
    };
    auto::beside(plan, table, column, phase);
    let key = (table.clone(), column.name.clone());
    let decided = plan.decisions.fills.get(&key).cloned();
    let fill = if column.auto.is_some() || column.generated.is_some() {
        None
    } else if column.is_required() {
        decided.or_else(|| nothing(column.sql_type.as_str(), &plan.difference.to))
    } else {
        decided
    };
    if let Some(fill) = fill {
        let alter = alter(table, &column.name);
        if looks_at_the_row(plan, table, &fill) {
            let bare = Column {
                nullable: true,
                default: None,
                ..column.clone()
            };
            plan.push(phase, add(&bare));
            plan.push(
                phase,
                format!(
                    "UPDATE {} SET {} = {fill}",
                    full(table),
                    ident(&column.name)
                ),
            );
            if let Some(default) = &column.default {
                plan.push(phase, format!("{alter} SET DEFAULT {}", operand(default)));
            }
            if !column.nullable {
                plan.push(phase, format!("{alter} SET NOT NULL"));
            }
        } else {
            let filled = Column {
                default: Some(fill),
                ..column.clone()
            };
            plan.push(phase, add(&filled));
            plan.push(
                phase,
                match &column.default {
                    Some(default) => format!("{alter} SET DEFAULT {}", operand(default)),
                    None => format!("{alter} DROP DEFAULT"),
                },
            );
        }
    } else {
        plan.push(phase, add(column));
    }
    if column.comment.is_some() {
        say(plan, table, column);
    }
}

/// Whether an expression cannot be a default, for it looks at other columns or tables.
fn looks_at_the_row(plan: &Plan<'_>, table: &Name, fill: &str) -> bool {
    let columns = [&plan.difference.base, &plan.difference.to]
        .into_iter()
        .filter_map(|schema| schema.table(table))
        .flat_map(|table| &table.columns);
    mentions(fill, "select")
        || columns
            .into_iter()
            .any(|column| mentions(fill, &column.name))
}

pub(super) fn say(plan: &mut Plan<'_>, table: &Name, column: &Column) {
    plan.push(
        Phase::Comment,
        format!(
            "COMMENT ON COLUMN {}.{} IS {}",
            full(table),
            ident(&column.name),
            comment(column.comment.as_ref())
        ),
    );
}

fn change_in_place(plan: &mut Plan<'_>, table: &Name, from: &Column, to: &Column) {
    let phase = Phase::AlterColumn;
    let alter = alter(table, &to.name);
    let key = (table.clone(), to.name.clone());
    let retyped = from.sql_type != to.sql_type
        || from.collation != to.collation
        || plan.again.retyped.contains(&key);
    let close =
        is_close(from.sql_type.as_str(), to.sql_type.as_str()) && !plan.again.hard.contains(&key);
    if from.generated.is_some() && to.generated.is_none() {
        // Before the columns that it is computed from change.
        plan.push(Phase::DropGenerated, format!("{alter} DROP EXPRESSION"));
    }
    auto::before(plan, table, from, to);
    let mut default = from.default.clone();
    if default.is_some()
        && (to.default.is_none() || retyped && !(close && from.default == to.default))
    {
        plan.push(phase, format!("{alter} DROP DEFAULT"));
        default = None;
    }
    if plan.again.defaults.contains(&key) {
        default = None;
    }
    if to.nullable && !from.nullable {
        plan.push(phase, format!("{alter} DROP NOT NULL"));
    }
    if retyped {
        retype::change(plan, table, from, to);
    }
    if default != to.default
        && let Some(default) = &to.default
    {
        plan.push(phase, format!("{alter} SET DEFAULT {}", operand(default)));
    }
    if from.nullable && !to.nullable {
        if let Some(fill) = plan.decisions.fills.get(&key).cloned() {
            let column = ident(&to.name);
            plan.push(
                phase,
                format!(
                    "UPDATE {} SET {column} = {fill} WHERE {column} IS NULL",
                    full(table)
                ),
            );
            settle(plan, table);
        }
        plan.push(phase, format!("{alter} SET NOT NULL"));
    }
    auto::after(plan, table, from, to);
    if from.comment != to.comment {
        say(plan, table, to);
    }
}

/// A table with checks that wait for the end of the transaction cannot be altered after its rows
/// changed, so they do not wait.
fn settle(plan: &mut Plan<'_>, table: &Name) {
    let schema = &plan.difference.base;
    let waits = schema.table(table).is_some_and(|table| {
        let own = table.foreign_keys.iter().map(|key| key.deferral);
        let unique = table.uniques.iter().map(|unique| unique.deferral);
        let key = table.primary_key.iter().map(|key| key.deferral);
        own.chain(unique)
            .chain(key)
            .any(|deferral| deferral == Deferral::Deferred)
    }) || schema
        .tables
        .iter()
        .flat_map(|table| &table.foreign_keys)
        .any(|key| key.parent == *table && key.deferral == Deferral::Deferred);
    if waits {
        plan.push(Phase::AlterColumn, "SET CONSTRAINTS ALL IMMEDIATE");
    }
}
