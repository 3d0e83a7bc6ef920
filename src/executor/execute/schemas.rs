//! What is recorded of the schema that a step leads to: seen from inside its transaction.

use crate::backend::{DatabaseError, Session};
use crate::history::{self, Keeping};
use crate::migration::{Execution, Plan};
use crate::schema::manifest::{Fingerprint, Manifest};

/// A run of more steps is looked at after its last one only: reading the schema takes the longer the more
/// there is, so doing that after each of a thousand would cost the square of it.
pub(super) const MOST_STEPS: usize = 16;

/// Whether the schema is looked at after a step.
///
/// Of steps that are only recorded the schema is what it is after all of them.
pub(super) fn is_looked_at(plan: &Plan, index: usize) -> bool {
    let is_recorded_only = plan
        .steps
        .get(index)
        .is_some_and(|step| step.execution == Execution::Fake);
    match plan.steps.get(index + 1) {
        None => true,
        Some(next) => {
            plan.steps.len() <= MOST_STEPS
                && !(is_recorded_only && next.execution == Execution::Fake)
        }
    }
}

/// The schemas around one step.
#[derive(Debug, Default)]
pub(super) struct Schemas {
    /// Before it, where that is known.
    pub(super) before: Option<Fingerprint>,
    /// The same with all that was there, where it may not be kept yet.
    pub(super) unkept: Option<Manifest>,
    /// Whether to look after it.
    pub(super) look: bool,
    /// What was seen then.
    pub(super) after: Option<Fingerprint>,
}

impl Schemas {
    /// Looks, and writes the deed by `write`, which gets both and says whether it did, and then what was seen.
    pub(super) fn record(
        &mut self,
        keeping: Keeping,
        session: &mut dyn Session,
        failed: &mut dyn FnMut(&DatabaseError),
        write: &mut dyn FnMut(&Self, &mut dyn Session) -> Result<bool, DatabaseError>,
    ) -> Result<bool, DatabaseError> {
        let seen = if self.look {
            look(session, failed)?
        } else {
            None
        };
        self.after = seen.as_ref().map(|seen| seen.fingerprint().clone());
        let is_written = write(self, session)?;
        if is_written && keeping.manifests {
            for manifest in self.unkept.iter().chain(&seen) {
                history::keep(manifest, session)?;
            }
        }
        Ok(is_written)
    }
}

/// Reads the schema inside a transaction; that it cannot be read is no reason for the migration to fail.
fn look(
    session: &mut dyn Session,
    failed: &mut dyn FnMut(&DatabaseError),
) -> Result<Option<Manifest>, DatabaseError> {
    const POINT: &str = "__manage_look";
    session.batch(&format!("SAVEPOINT {POINT}"))?;
    let seen = match session.introspect() {
        Ok(schema) => Some(Manifest::of(&schema)),
        Err(error) => {
            session.batch(&format!("ROLLBACK TO SAVEPOINT {POINT}"))?;
            failed(&error);
            None
        }
    };
    session.batch(&format!("RELEASE SAVEPOINT {POINT}"))?;
    Ok(seen)
}
