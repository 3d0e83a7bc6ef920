//! Sequences.

use super::plan::{Phase, Plan};
use super::text::{full, ident};
use crate::schema::change::Edit;
use crate::schema::{Auto, Name, Schema, Sequence};

/// The smallest and greatest number of a type.
fn limits(sequence: &Sequence) -> (i64, i64) {
    match sequence.sql_type.as_str() {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

/// What a sequence of that type and direction is if nothing is said.
pub(super) fn plain(of: &Sequence) -> Sequence {
    let (low, high) = limits(of);
    let up = of.increment > 0;
    let (minimum, maximum) = if up { (1, high) } else { (low, -1) };
    Sequence {
        name: of.name.clone(),
        sql_type: of.sql_type.clone(),
        start: if up { minimum } else { maximum },
        increment: of.increment,
        minimum,
        maximum,
        cache: 1,
        cycle: false,
    }
}

/// The options in which a sequence differs from another, without the type.
pub(super) fn options(sequence: &Sequence, from: &Sequence) -> Vec<String> {
    let mut options = Vec::new();
    let mut number = |words: &str, value: i64, before: i64| {
        if value != before {
            options.push(format!("{words} {value}"));
        }
    };
    number("INCREMENT BY", sequence.increment, from.increment);
    number("MINVALUE", sequence.minimum, from.minimum);
    number("MAXVALUE", sequence.maximum, from.maximum);
    number("START WITH", sequence.start, from.start);
    number("CACHE", sequence.cache, from.cache);
    if sequence.cycle != from.cycle {
        options.push(if sequence.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    options
}

/// The options of a new sequence, beginning with a space.
pub(super) fn clause(sequence: &Sequence) -> String {
    let from = Sequence {
        increment: 1,
        ..plain(sequence)
    };
    let mut text = String::new();
    for option in options(sequence, &from) {
        text.push(' ');
        text.push_str(&option);
    }
    text
}

/// What the server makes of a sequence when only its type changes: a limit that was the type's follows.
pub(super) fn retyped(from: &Sequence, to: &Sequence) -> Sequence {
    let ((old_low, old_high), (low, high)) = (limits(from), limits(to));
    let follow = |value: i64, old: i64, new: i64| if value == old { new } else { value };
    Sequence {
        sql_type: to.sql_type.clone(),
        minimum: follow(from.minimum, old_low, low),
        maximum: follow(from.maximum, old_high, high),
        ..from.clone()
    }
}

/// `CREATE SEQUENCE`.
pub(super) fn create(sequence: &Sequence) -> String {
    format!(
        "CREATE SEQUENCE {} AS {}{}",
        full(&sequence.name),
        sequence.sql_type,
        clause(sequence)
    )
}

/// `ALTER SEQUENCE`, if more than the name differs.
pub(super) fn alter(from: &Sequence, to: &Sequence) -> Option<String> {
    let mut words = Vec::new();
    if from.sql_type != to.sql_type {
        words.push(format!("AS {}", to.sql_type));
    }
    words.extend(options(to, &retyped(from, to)));
    // Where it stands is outside of its limits when it runs the other way.
    if (from.increment > 0) != (to.increment > 0) {
        words.push("RESTART".to_owned());
    }
    (!words.is_empty()).then(|| format!("ALTER SEQUENCE {} {}", full(&to.name), words.join(" ")))
}

/// Gives a sequence another name.
pub(super) fn rename(from: &Name, to: &Name) -> Vec<String> {
    let mut statements = Vec::new();
    let mut now = from.clone();
    if from.namespace != to.namespace
        && let Some(namespace) = &to.namespace
    {
        statements.push(format!(
            "ALTER SEQUENCE {} SET SCHEMA {}",
            full(from),
            ident(namespace)
        ));
        now.namespace = Some(namespace.clone());
    }
    if from.name != to.name {
        statements.push(format!(
            "ALTER SEQUENCE {} RENAME TO {}",
            full(&now),
            ident(&to.name)
        ));
    }
    statements
}

/// Whether a column of that schema numbers itself with the sequence.
pub(super) fn is_owned(schema: &Schema, name: &Name) -> bool {
    schema
        .tables
        .iter()
        .flat_map(|table| &table.columns)
        .any(|column| matches!(&column.auto, Some(Auto::Serial(own)) if own.name == *name))
}

/// A sequence of its own is new, goes, or changes. One that a column takes over, or lets go, stays.
pub(super) fn change(plan: &mut Plan<'_>, edit: &Edit<Sequence>) {
    match edit {
        Edit::Add(one) if is_owned(&plan.difference.base, &one.name) => {}
        Edit::Add(one) => plan.push(Phase::Type, create(one)),
        Edit::Drop(one) if is_owned(&plan.difference.to, &one.name) => {}
        Edit::Drop(one) => {
            plan.push(
                Phase::DropType,
                format!("DROP SEQUENCE {}", full(&one.name)),
            );
        }
        Edit::Alter { from, to } => {
            if let Some(statement) = alter(from, to) {
                plan.push(Phase::Type, statement);
            }
        }
    }
}
