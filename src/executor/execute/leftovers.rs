//! Invalid indexes that a concurrent build leaves behind: found, dropped, and never recorded as done.

use std::collections::BTreeSet;

use super::executor::Executor;
use crate::backend::{self, Cause, DatabaseError, ErrorClass, RunError, Session};
use crate::executor::event::{Event, Observer};
use crate::settings::Backend;
use crate::sql::{self, ConcurrentIndex, Statement};

/// What a run knows of the invalid indexes beside what it builds.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    /// Those that were there before, by their number.
    known: BTreeSet<String>,
    /// What became of those that were found afterwards.
    pub(super) told: Vec<String>,
    /// Those that keep the migration from being recorded.
    pub(super) kept: Vec<String>,
}

impl Executor<'_> {
    /// Drops what an earlier try left of the indexes that are about to be built.
    pub(super) fn clear_leftovers(
        &mut self,
        statements: &[Statement<'_>],
        observer: &mut dyn Observer,
    ) -> Result<Leftovers, DatabaseError> {
        let mut leftovers = Leftovers::default();
        if self.database.backend() != Backend::Postgres {
            return Ok(leftovers);
        }
        for built in built(statements.iter().map(|statement| statement.text)) {
            for index in backend::invalid_indexes(self.database, &built)? {
                if !index.is_named || index.is_being_built {
                    leftovers.known.insert(index.id);
                    continue;
                }
                match backend::drop_invalid(self.database, &index) {
                    Ok(()) => observer.on(&Event::Warning(&format!(
                        "index `{}` was left invalid by an earlier try, and was dropped",
                        index.name
                    ))),
                    // Then the index cannot be built either.
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(leftovers)
    }

    /// Drops what the statement that failed has left, and notes what became of it. Says whether nothing of
    /// an index that was to be built concurrently is there now.
    pub(super) fn clear_after(
        &mut self,
        statement: &Statement<'_>,
        error: &RunError,
        leftovers: &mut Leftovers,
    ) -> bool {
        let is_lost = match &error.cause {
            Cause::Database(refused) => refused.class == ErrorClass::Lost,
            Cause::Stopped(_) | Cause::OpenTransaction | Cause::BrokenReferences(_) => false,
        };
        if is_lost || self.database.backend() != Backend::Postgres {
            return false;
        }
        let Some(built) = sql::concurrent_index(statement.text) else {
            return false;
        };
        // What cannot be asked is found by the next run.
        let Ok(found) = backend::invalid_indexes(self.database, &built) else {
            return false;
        };
        let mut is_clear = true;
        let new = found
            .into_iter()
            .filter(|index| !index.is_being_built && !leftovers.known.contains(&index.id));
        for index in new {
            let dropped = backend::drop_invalid(self.database, &index);
            is_clear &= dropped.is_ok();
            leftovers.told.push(match dropped {
                Ok(()) => format!("index `{}` was left invalid, and was dropped", index.name),
                Err(error) => format!(
                    "index `{}` is invalid and could not be dropped ({error}): DROP INDEX CONCURRENTLY {}",
                    index.name, index.name
                ),
            });
        }
        is_clear
    }
}

/// The indexes among those that were built which are not valid, as `IF NOT EXISTS` leaves them.
pub(super) fn still_invalid<'a>(
    session: &mut dyn Session,
    statements: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>, DatabaseError> {
    let mut invalid = Vec::new();
    for built in built(statements) {
        let found = backend::invalid_indexes(session, &built)?;
        invalid.extend(
            found
                .into_iter()
                .filter(|index| index.is_named)
                .map(|index| index.name),
        );
    }
    Ok(invalid)
}

fn built<'a>(statements: impl Iterator<Item = &'a str>) -> Vec<ConcurrentIndex> {
    statements.filter_map(sql::concurrent_index).collect()
}
