//! How a column numbers itself, and how that changes.

use super::plan::{Phase, Plan};
use super::sequence;
use super::text::{automatic, full, ident, literal};
use crate::schema::{Auto, Column, Name, Sequence};

/// `serial` and its sisters, where they make exactly this column.
pub(super) fn serial_word(table: &Name, column: &Column) -> Option<&'static str> {
    let Some(Auto::Serial(own)) = &column.auto else {
        return None;
    };
    let name = automatic(table, std::slice::from_ref(&column.name), "seq");
    let usual = Sequence {
        name: table.sibling(&name),
        sql_type: column.sql_type.clone(),
        ..sequence::plain(own)
    };
    // A longer name is cut by rules of the server's own.
    let is_usual = *own == usual
        && own.increment == 1
        && !column.nullable
        && name == format!("{}_{}_seq", table.name, column.name);
    match column.sql_type.as_str() {
        "smallint" if is_usual => Some("smallserial"),
        "integer" if is_usual => Some("serial"),
        "bigint" if is_usual => Some("bigserial"),
        _ => None,
    }
}

/// The default that takes the next number.
pub(super) fn next(own: &Sequence) -> String {
    format!("nextval({}::regclass)", literal(&full(&own.name)))
}

/// `GENERATED … AS IDENTITY`.
pub(super) fn identity(always: bool, own: &Sequence) -> String {
    let options = sequence::clause(own);
    let options = match options.trim() {
        "" => String::new(),
        options => format!(" ({options})"),
    };
    format!("GENERATED {} AS IDENTITY{options}", word(always))
}

fn word(always: bool) -> &'static str {
    if always { "ALWAYS" } else { "BY DEFAULT" }
}

/// Creates the sequence of a new column before it, and gives it to the column afterwards, where no
/// `serial` does it.
pub(super) fn beside(plan: &mut Plan<'_>, table: &Name, column: &Column, after: Phase) {
    if let Some(Auto::Serial(own)) = &column.auto
        && serial_word(table, column).is_none()
    {
        create(plan, own);
        plan.push(after, owned(own, table, &column.name));
    }
}

/// Creates a sequence unless it is there already, without an owner.
fn create(plan: &mut Plan<'_>, own: &Sequence) {
    let standing = plan
        .difference
        .base
        .sequences
        .iter()
        .find(|one| one.name == own.name);
    match standing {
        None => plan.push(Phase::Type, sequence::create(own)),
        Some(standing) => {
            if let Some(statement) = sequence::alter(standing, own) {
                plan.push(Phase::Type, statement);
            }
        }
    }
}

fn owned(own: &Sequence, table: &Name, column: &str) -> String {
    format!(
        "ALTER SEQUENCE {} OWNED BY {}.{}",
        full(&own.name),
        full(table),
        ident(column)
    )
}

/// Whether the sequence stays when the column does not number itself with it any more.
fn stays(plan: &Plan<'_>, own: &Sequence) -> bool {
    plan.difference
        .to
        .sequences
        .iter()
        .any(|one| one.name == own.name)
}

/// Lets a sequence go before its table is dropped, if it is to stay.
pub(super) fn release(plan: &mut Plan<'_>, column: &Column) {
    if let Some(Auto::Serial(own)) = &column.auto
        && stays(plan, own)
    {
        plan.push(
            Phase::DropForeignKey,
            format!("ALTER SEQUENCE {} OWNED BY NONE", full(&own.name)),
        );
    }
}

/// Whether both number themselves, and in the same way.
fn same_way(from: &Column, to: &Column) -> bool {
    matches!(
        (&from.auto, &to.auto),
        (Some(Auto::Serial(_)), Some(Auto::Serial(_)))
            | (Some(Auto::Identity { .. }), Some(Auto::Identity { .. }))
            | (None, None)
    )
}

/// What has to happen before the type changes.
pub(super) fn before(plan: &mut Plan<'_>, table: &Name, from: &Column, to: &Column) {
    let alter = super::column::alter(table, &from.name);
    if same_way(from, to) {
        return;
    }
    match &from.auto {
        Some(Auto::Serial(own)) => {
            plan.push(Phase::AlterColumn, format!("{alter} DROP DEFAULT"));
            plan.push(
                Phase::AlterColumn,
                if stays(plan, own) {
                    format!("ALTER SEQUENCE {} OWNED BY NONE", full(&own.name))
                } else {
                    format!("DROP SEQUENCE {}", full(&own.name))
                },
            );
        }
        Some(Auto::Identity { .. }) => {
            plan.push(Phase::AlterColumn, format!("{alter} DROP IDENTITY"));
        }
        Some(Auto::Increment) | None => {}
    }
}

/// What has to happen once the type is right and the column NOT NULL.
pub(super) fn after(plan: &mut Plan<'_>, table: &Name, from: &Column, to: &Column) {
    let alter = super::column::alter(table, &to.name);
    match (&from.auto, &to.auto) {
        (Some(Auto::Serial(old)), Some(Auto::Serial(new))) => {
            for statement in sequence::rename(&old.name, &new.name) {
                plan.push(Phase::AlterColumn, statement);
            }
            if let Some(statement) = sequence::alter(old, new) {
                plan.push(Phase::AlterColumn, statement);
            }
        }
        (
            Some(Auto::Identity {
                always: was,
                sequence: old,
            }),
            Some(Auto::Identity { always, sequence }),
        ) => {
            let old = sequence::retyped(old, sequence);
            let mut words: Vec<String> = sequence::options(sequence, &old)
                .iter()
                .map(|option| format!("SET {option}"))
                .collect();
            if was != always {
                words.insert(0, format!("SET GENERATED {}", word(*always)));
            }
            if !words.is_empty() {
                plan.push(Phase::AlterColumn, format!("{alter} {}", words.join(" ")));
            }
        }
        (_, Some(Auto::Serial(new))) => {
            // Not among the types: the column's own sequence may have the same name until here.
            if plan
                .difference
                .base
                .sequences
                .iter()
                .any(|one| one.name == new.name)
            {
                create(plan, new);
            } else {
                plan.push(Phase::AlterColumn, sequence::create(new));
            }
            plan.push(Phase::AlterColumn, owned(new, table, &to.name));
            plan.push(
                Phase::AlterColumn,
                go_on(&literal(&full(&new.name)), table, to, new),
            );
            plan.push(
                Phase::AlterColumn,
                format!("{alter} SET DEFAULT {}", next(new)),
            );
        }
        (_, Some(Auto::Identity { always, sequence })) => {
            plan.push(
                Phase::AlterColumn,
                format!("{alter} ADD {}", identity(*always, sequence)),
            );
            let own = format!(
                "pg_get_serial_sequence({}, {})",
                literal(&full(table)),
                literal(&to.name)
            );
            plan.push(Phase::AlterColumn, go_on(&own, table, to, sequence));
        }
        (_, Some(Auto::Increment) | None) => {}
    }
}

/// Lets the sequence go on after the greatest number there is.
fn go_on(own: &str, table: &Name, column: &Column, sequence: &Sequence) -> String {
    let (extreme, step) = if sequence.increment > 0 {
        ("max", format!("+ {}", sequence.increment))
    } else {
        ("min", format!("- {}", sequence.increment.unsigned_abs()))
    };
    let column = ident(&column.name);
    format!(
        "SELECT setval({own}, coalesce((SELECT {extreme}({column})::bigint {step} FROM {}), {}), false)",
        full(table),
        sequence.start
    )
}
