//! Whether somebody changed the schema by hand.
//!
//! Only what was recorded is compared: replaying the migrations takes a scratch database, and that is
//! asked for by `manage drift`.

use crate::backend::Database;
use crate::error::CommandError;
use crate::executor::{self, Drift, Drifted, ExecuteError};
use crate::history::Memory;
use crate::migration::Severity;
use crate::ui::Found;

/// What is found. Nothing is written.
pub(super) fn finding(
    database: &mut dyn Database,
    memory: &Memory,
    on: &str,
) -> Result<Option<Found>, CommandError> {
    // What a migration that is half-way has done is told as that.
    if memory.ledger.applied().is_empty() || !memory.journal.is_empty() {
        return Ok(None);
    }
    let hint = || vec![format!("manage drift{on}")];
    Ok(
        match executor::drift(database, memory).map_err(ExecuteError::from)? {
            Drift::Compared { at, drifted, .. } => match drifted {
                Drifted::No => None,
                Drifted::By(list) => Some(Found {
                    about: list
                        .iter()
                        .map(|one| format!("{} {}", one.mark(), one.describe()))
                        .collect(),
                    ..differs(&at, hint())
                }),
                Drifted::Somehow => Some(differs(&at, hint())),
            },
            Drift::Unknown { name, .. } => Some(Found::new(
                Severity::Note,
                "drift-unknown",
                format!("what the schema should be is not recorded since `{name}`"),
                hint(),
            )),
            Drift::Never => None,
        },
    )
}

fn differs(at: &str, hints: Vec<String>) -> Found {
    Found::new(
        Severity::Warning,
        "drift",
        format!("the schema is not what was recorded on {at} UTC; it was changed by hand"),
        hints,
    )
}
