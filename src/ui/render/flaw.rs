//! What is wrong with a migration that was tried.

use crate::error::Explain;
use crate::proof::{Flaw, Problem, Stage};

/// What is wrong, in a few words.
#[must_use]
pub fn flaw(flaw: &Flaw) -> String {
    let stage = match flaw.stage {
        Stage::Up => "up.sql",
        Stage::Down => "down.sql",
        Stage::Again => "up.sql, after down.sql,",
    };
    match &flaw.problem {
        Problem::Fails(_) => format!("{stage} fails"),
        Problem::Differs(_) => format!("{stage} leads elsewhere"),
    }
}

/// The details: what differs from what it should be, or what failed.
#[must_use]
pub fn flaw_explained(flaw: &Flaw) -> Vec<String> {
    match &flaw.problem {
        Problem::Differs(changes) => super::changes_aside(changes),
        Problem::Fails(error) => {
            let mut lines = vec![error.to_string()];
            let mut source = std::error::Error::source(&**error);
            while let Some(error) = source {
                lines.push(format!("caused by: {error}"));
                source = error.source();
            }
            lines.extend(error.details());
            lines
        }
    }
}
