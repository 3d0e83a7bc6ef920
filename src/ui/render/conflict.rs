//! A conflict, for the person who decides.

use crate::executor::Conflict;
use crate::ui::words;

/// What is wrong in one sentence, then a line for each migration concerned.
#[must_use]
pub fn conflict(conflict: &Conflict) -> (String, Vec<String>) {
    match conflict {
        Conflict::Duplicate(duplicates) => (
            format!(
                "{} used by more than one folder; `diesel` runs one of them and never the others",
                verb(duplicates.len(), "version", "is", "are")
            ),
            duplicates
                .iter()
                .map(|duplicate| {
                    let names: Vec<_> = duplicate
                        .entries
                        .iter()
                        .map(|entry| entry.name.as_str())
                        .collect();
                    format!("{}: {}", duplicate.version, words::list(&names, 5))
                })
                .collect(),
        ),
        Conflict::Missing(missing) => (
            format!(
                "{} applied, but the folder is gone",
                verb(missing.len(), "migration", "is", "are")
            ),
            missing
                .iter()
                .map(|one| {
                    let recorded = if one.recorded {
                        ""
                    } else {
                        ", not recorded by manage"
                    };
                    format!("{}  (applied {} UTC{recorded})", one.name, one.run_on)
                })
                .collect(),
        ),
        Conflict::Edited(edited) => (
            format!(
                "{} edited after being applied",
                verb(edited.len(), "migration", "was", "were")
            ),
            edited
                .iter()
                .map(|one| {
                    format!(
                        "{}  (applied {} UTC by {})",
                        one.entry.path.join("up.sql").display(),
                        one.at,
                        one.by
                    )
                })
                .collect(),
        ),
        Conflict::OutOfOrder(late) => (
            format!(
                "{} pending, but older than `{}`, which is applied",
                verb(late.pending.len(), "migration", "is", "are"),
                late.newest
            ),
            late.pending
                .iter()
                .map(|entry| entry.name.clone())
                .collect(),
        ),
    }
}

fn verb(number: usize, noun: &str, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        words::count(number, noun),
        if number == 1 { one } else { many }
    )
}
