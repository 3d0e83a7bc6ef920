//! Changes to what is recorded that run no migration: forgetting one, accepting an edit.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::backend::{
    Batch, Cause, Database, DatabaseError, Direction, ErrorClass, Mode, RunError, Session, Stop,
    Watch,
};
use crate::history::{self, Action, Deed, Identity, JournalPlace, Prepared, forget_run};
use crate::migration::{Entry, Stamp, Unusable, Version};

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
    let deed = Deed {
        version,
        name,
        action: Action::Prune,
        up: None,
        down: None,
        transactional: true,
        stamp: Stamp::default(),
        milliseconds: 0,
        reason: None,
    };
    record(database, identity, &deed)
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
        prepared: Prepared,
        identity: &'a Identity,
        deed: &'a Deed<'a>,
    }

    impl Watch for Recording<'_> {
        fn before(&mut self, _: usize) -> ControlFlow<Stop> {
            ControlFlow::Continue(())
        }

        fn after(&mut self, _: usize, _: Duration) {}

        fn record(&mut self, session: &mut dyn Session) -> Result<(), DatabaseError> {
            // Whatever was under way, it is decided now.
            if self.prepared.has_journal {
                forget_run(&JournalPlace::unqualified(), self.deed.version, session)?;
            }
            if self.prepared.keeps_record {
                self.deed.write(self.identity, session)?;
            }
            Ok(())
        }
    }

    let prepared = history::prepare(database)?;
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
        prepared,
        identity,
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
    Deed {
        version: &entry.version,
        name: &entry.name,
        action: Action::Accept,
        up: Some(&up.text),
        down: down.as_ref().map(|file| file.text.as_str()),
        transactional,
        stamp: entry.stamp,
        milliseconds: 0,
        reason: Some(reason),
    }
    .write(identity, database)
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
