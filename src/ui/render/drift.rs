//! How the live schema differs from what it should be.

use serde_json::{Value, json};

use crate::executor::Drifted;
use crate::schema::manifest::{Departure, Element};
use crate::ui::style::{Meaning, paint, paint_stderr};

/// A line for each difference, for stdout.
#[must_use]
pub fn drifted(drifted: &Drifted) -> Vec<String> {
    lines(drifted, paint)
}

/// The same for stderr.
#[must_use]
pub fn drifted_aside(drifted: &Drifted) -> Vec<String> {
    lines(drifted, paint_stderr)
}

fn lines(drifted: &Drifted, paint: fn(Meaning, &str) -> String) -> Vec<String> {
    match drifted {
        Drifted::No => Vec::new(),
        Drifted::Somehow => {
            vec!["  what it was is not kept, so it cannot be said where".to_owned()]
        }
        Drifted::By(list) => list
            .iter()
            .map(|one| {
                let meaning = match one {
                    Departure::Added(_) => Meaning::Done,
                    Departure::Gone(_) => Meaning::Strange,
                    Departure::Changed { .. } => Meaning::Pending,
                };
                let mark = one.mark().to_string();
                format!("  {} {}", paint(meaning, &mark), one.describe())
            })
            .collect(),
    }
}

/// The differences as JSON; null where they are not known.
#[must_use]
pub fn drifted_json(drifted: &Drifted) -> Value {
    match drifted {
        Drifted::No => json!([]),
        Drifted::Somehow => Value::Null,
        Drifted::By(list) => list.iter().map(one_json).collect(),
    }
}

fn one_json(one: &Departure) -> Value {
    let (change, before, now) = match one {
        Departure::Added(now) => ("added", None, Some(now)),
        Departure::Gone(before) => ("gone", Some(before), None),
        Departure::Changed { before, now } => ("changed", Some(before), Some(now)),
    };
    let element = one.element();
    let about = |one: Option<&Element>| one.map(|one| one.about.clone());
    json!({
        "change": change,
        "kind": element.kind.name(),
        "of": (!element.owner.is_empty()).then_some(&element.owner),
        "name": element.name,
        "before": about(before),
        "now": about(now),
        "what": one.describe(),
    })
}
