//! From a difference and the answers to decisions, or to the questions that are open.

use std::collections::BTreeSet;

use super::answers::Answers;
use super::question::Question;
use super::{cast, drop, enum_value, fill};
use crate::schema::change::{Decisions, Difference, Renames};
use crate::schema::{Name, Schema};
use crate::sql::Server;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What is different, after the answers that change what is wanted.
    pub difference: Difference,
    /// What the answers decide.
    pub decisions: Decisions,
    /// Columns that may be NULL because that was answered.
    pub loosened: BTreeSet<(Name, String)>,
    /// What they leave open.
    pub questions: Vec<Question>,
}

/// Compares two schemas with what is known.
#[must_use]
pub fn decide(
    server: Server,
    current: Schema,
    mut desired: Schema,
    renames: Renames,
    answers: &Answers,
) -> Decided {
    let loosened = fill::loosen(&renames.applied_to(&current), &mut desired, answers);
    let difference = Difference::between(current, desired, renames);
    let mut questions = Vec::new();
    for change in &difference.changes {
        questions.extend(fill::question(change, answers));
        questions.extend(cast::question(server, &difference.to, change, answers));
        questions.extend(enum_value::questions(change, answers));
        questions.extend(drop::question(change, answers));
    }
    let mut decisions = Decisions {
        casts: answers.casts.clone(),
        enum_values: answers.enum_values.clone(),
        ..Decisions::default()
    };
    fill::decide(answers, &mut decisions);
    Decided {
        difference,
        decisions,
        loosened,
        questions,
    }
}

#[cfg(test)]
mod tests;
