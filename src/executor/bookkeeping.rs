//! Changes to what is recorded that run no migration: forgetting one, accepting an edit.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::backend::{
    Batch, Cause, Database, DatabaseError, Direction, ErrorClass, Mode, RunError, Session, Stop,
    Watch,
};
use crate::history::{self, Action, Deed, Identity, JournalPlace, Keeping, forget_run};
use crate::migration::{Entry, Unusable, Version, home};

/// Deletes the ledger's row of a migration whose directory is gone, and records that.
///
/// # Errors
/// What the server says.
pub fn prune(
    database: &mut dyn Database,
    identity: &Identity,
    version: &Version,
    name: &str,
) -> Result<(), DatabaseError> {
    record(database, identity, &Deed::new(version, name, Action::Prune))
}

/// Writes or deletes a row of the ledger without running anything, through Diesel's harness, with the deed
/// in our record in the same transaction. Which of the two it is, the deed's action says.
///
/// # Errors
/// What the server says.
pub fn record(
    database: &mut dyn Database,
    identity: &Identity,
    deed: &Deed<'_>,
) -> Result<(), DatabaseError> {
    struct Recording<'a> {
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
                self.deed.write(self.identity, self.keeping, session)?;
            }
            Ok(())
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
        identity,
        keeping,
        deed,
    };
    database
        .run(&batch, &mut watch)
        .map_err(|RunError { cause, .. }| match cause {
            Cause::Database(error) => error,
            Cause::Stopped(_) | Cause::OpenTransaction | Cause::BrokenReferences(_) => {
                DatabaseError::new(ErrorClass::Statement, "the row was not written")
            }
        })
}

/// Records the text that an applied migration has now as the one that was applied.
///
/// # Errors
/// What the server says, or a file that cannot be read.
pub fn accept(
    database: &mut dyn Database,
    identity: &Identity,
    entry: &Entry,
    reason: &str,
) -> Result<(), DatabaseError> {
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
    Deed {
        up: Some(&up.text),
        down: down.as_ref().map(|file| file.text.as_str()),
        transactional,
        stamp: entry.stamp,
        reason: Some(reason),
        metadata: entry.metadata().as_deref(),
        folder: entry.path.parent().map(home).as_deref(),
        ..Deed::new(&entry.version, &entry.name, Action::Accept)
    }
    .write(identity, keeping, database)
}

/// Lets the journal forget a run that somebody else has brought to an end.
///
/// # Errors
/// What the server says.
pub fn forget_unfinished(
    database: &mut dyn Database,
    version: &Version,
) -> Result<(), DatabaseError> {
    forget_run(&JournalPlace::unqualified(), version, database)
}
