//! Changes to what is recorded that run no migration: forgetting one, accepting an edit.

use std::ops::ControlFlow;
use std::time::Duration;

use super::execute::ExecuteError;
use crate::backend::{
    Batch, Cause, Database, DatabaseError, Direction, ErrorClass, Lock, Mode, RunError, Session,
    Stop, Watch,
};
use crate::history::{self, Action, Deed, Identity, JournalPlace, Keeping, forget_run};
use crate::migration::{Entry, Unusable, Version, home};
use crate::sql::Dialect;

/// Deletes the ledger's row of a migration whose directory is gone, and records that; under the lock, if
/// there is one.
///
/// # Errors
/// What the server says, or the lock is lost.
pub fn prune(
    database: &mut dyn Database,
    lock: Option<&Lock>,
    identity: &Identity,
    version: &Version,
    name: &str,
) -> Result<(), ExecuteError> {
    let deed = Deed::new(version, name, Action::Prune);
    record(database, lock, identity, &deed)
}

/// Writes or deletes a row of the ledger without running anything, through Diesel's harness, with the deed
/// in our record in the same transaction. Which of the two it is, the deed's action says.
///
/// # Errors
/// What the server says, or the lock is lost; nothing is written then.
pub fn record(
    database: &mut dyn Database,
    lock: Option<&Lock>,
    identity: &Identity,
    deed: &Deed<'_>,
) -> Result<(), ExecuteError> {
    struct Recording<'a> {
        lock: Option<&'a Lock>,
        identity: &'a Identity,
        keeping: Keeping,
        deed: &'a Deed<'a>,
    }

    impl Watch for Recording<'_> {
        fn before(&mut self, _: usize) -> ControlFlow<Stop> {
            ControlFlow::Continue(())
        }

        fn after(&mut self, _: usize, _: Duration) {}

        fn record(&mut self, session: &mut dyn Session) -> Result<(), DatabaseError> {
            // Whatever was under way, it is decided now.
            if self.keeping.forgets {
                forget_run(&JournalPlace::unqualified(), self.deed.version, session)?;
            }
            if self.keeping.deeds {
                self.deed
                    .write(self.identity, self.keeping, None, session)?;
            }
            guard(self.lock, session)
        }
    }

    let keeping = history::prepare(database)?;
    let batch = Batch {
        name: deed.name,
        version: deed.version.as_str(),
        direction: if deed.action.leaves_applied() {
            Direction::Up
        } else {
            Direction::Down
        },
        mode: Mode::RecordOnly,
        statements: &[],
    };
    let mut watch = Recording {
        lock,
        identity,
        keeping,
        deed,
    };
    database
        .run(&batch, &mut watch)
        .map_err(|RunError { cause, .. }| match cause {
            Cause::Database(error) => refused(error),
            Cause::Stopped(Stop::LockLost) => ExecuteError::LockLost { done: 0 },
            Cause::Stopped(Stop::Interrupted(_))
            | Cause::OpenTransaction
            | Cause::BrokenReferences(_) => refused(DatabaseError::new(
                ErrorClass::Statement,
                "the row was not written",
            )),
        })
}

fn guard(lock: Option<&Lock>, session: &mut dyn Session) -> Result<(), DatabaseError> {
    lock.map_or(Ok(()), |lock| lock.guard(session))
}

fn refused(error: DatabaseError) -> ExecuteError {
    if error.class == ErrorClass::LockLost {
        ExecuteError::LockLost { done: 0 }
    } else {
        error.into()
    }
}

/// Writes in a transaction that is committed only while the lock is held.
pub(super) fn guarded(
    database: &mut dyn Database,
    lock: Option<&Lock>,
    write: impl FnOnce(&mut dyn Database) -> Result<(), DatabaseError>,
) -> Result<(), ExecuteError> {
    database.batch(match database.dialect() {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres | Dialect::Mysql => "START TRANSACTION",
    })?;
    let written = write(database)
        .and_then(|()| match lock {
            Some(lock) => lock.guard(database),
            None => Ok(()),
        })
        .and_then(|()| database.batch("COMMIT"));
    written.map_err(|error| {
        // Best effort: the failure that is being reported matters more.
        let _ = database.batch("ROLLBACK");
        refused(error)
    })
}

/// Records the text that an applied migration has now as the one that was applied.
///
/// # Errors
/// What the server says, a file that cannot be read, or the lock is lost; nothing is written then.
pub fn accept(
    database: &mut dyn Database,
    lock: Option<&Lock>,
    identity: &Identity,
    entry: &Entry,
    reason: &str,
) -> Result<(), ExecuteError> {
    let up = entry.sql(Direction::Up).map_err(|problem| {
        let message = match problem {
            Unusable::Absent => "`up.sql` is gone".to_owned(),
            Unusable::Found(finding) => format!("{}: {}", finding.place(), finding.message),
        };
        DatabaseError::new(ErrorClass::Statement, message)
    })?;
    let down = entry.sql(Direction::Down).ok();
    // What is wrong with its metadata is told where the migration is run.
    let transactional = entry.transactional(&mut Vec::new());
    let keeping = history::prepare(database)?;
    let metadata = entry.metadata();
    let folder = entry.path.parent().map(home);
    let deed = Deed {
        up: Some(&up.text),
        down: down.as_ref().map(|file| file.text.as_str()),
        transactional,
        stamp: entry.stamp,
        reason: Some(reason),
        metadata: metadata.as_deref(),
        folder: folder.as_deref(),
        ..Deed::new(&entry.version, &entry.name, Action::Accept)
    };
    guarded(database, lock, |database| {
        deed.write(identity, keeping, None, database)?;
        Ok(())
    })
}

/// Lets the journal forget a run that somebody else has brought to an end.
///
/// # Errors
/// What the server says, or the lock is lost; nothing is written then.
pub fn forget_unfinished(
    database: &mut dyn Database,
    lock: Option<&Lock>,
    version: &Version,
) -> Result<(), ExecuteError> {
    guarded(database, lock, |database| {
        forget_run(&JournalPlace::unqualified(), version, database)
    })
}
