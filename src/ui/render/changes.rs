//! What differs between two schemas.

use serde_json::{Value, json};

use crate::schema::Unmanaged;
use crate::schema::change::Change;
use crate::ui::style::{Meaning, paint, paint_stderr};
use crate::ui::visible_line;

/// A line for each change, for stdout.
#[must_use]
pub fn changes(changes: &[Change]) -> Vec<String> {
    lines(changes, paint)
}

/// The same for stderr.
#[must_use]
pub fn changes_aside(changes: &[Change]) -> Vec<String> {
    lines(changes, paint_stderr)
}

fn lines(changes: &[Change], paint: fn(Meaning, &str) -> String) -> Vec<String> {
    changes
        .iter()
        .map(|change| {
            let meaning = match change.mark() {
                '+' => Meaning::Done,
                '-' => Meaning::Strange,
                _ => Meaning::Pending,
            };
            let mark = change.mark().to_string();
            let what = change.describe();
            format!("  {} {}", paint(meaning, &mark), visible_line(&what))
        })
        .collect()
}

/// The changes as JSON.
#[must_use]
pub fn changes_json(changes: &[Change]) -> Value {
    changes
        .iter()
        .map(|change| {
            let kind = match change.mark() {
                '+' => "add",
                '-' => "drop",
                _ => "alter",
            };
            json!({ "change": kind, "what": change.describe() })
        })
        .collect()
}

/// What was seen and not compared: `2 policies, 1 event trigger`; empty where there is nothing.
#[must_use]
pub fn unmanaged(list: &[Unmanaged]) -> String {
    list.iter()
        .filter(|kind| !kind.names.is_empty())
        .map(|kind| {
            let names: Vec<_> = kind.names.iter().map(ToString::to_string).collect();
            format!("{} {} ({})", kind.names.len(), kind.kind, names.join(", "))
        })
        .collect::<Vec<_>>()
        .join("; ")
}
