//! Moves the ledger's rows of migrations that get new versions.

use super::standing::{Seen, Standing};
use crate::backend::{self, Access, Database, Lock};
use crate::commands::confirm::{self, Consent};
use crate::commands::locked::{self, LockFlag};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, ExecuteError};
use crate::history::{Action, Deed, LastState, Memory};
use crate::migration::{Move, Rebase, Stamp};
use crate::ui;

/// The rows of one database that move.
pub(super) struct Rows<'a> {
    pub(super) seen: &'a Seen,
    pub(super) moves: Vec<&'a Move>,
}

/// The rows that move with the migrations, by database.
pub(super) fn rows<'a>(standing: &'a Standing, rebase: &'a Rebase) -> Vec<Rows<'a>> {
    standing
        .seen
        .iter()
        .map(|seen| Rows {
            seen,
            moves: rebase
                .moves
                .iter()
                .filter(|one| one.is_renamed() && seen.memory.ledger.contains(&one.version))
                .collect(),
        })
        .filter(|rows| !rows.moves.is_empty())
        .collect()
}

/// Asks for every database whether its rows may move.
pub(super) fn confirm(
    context: &Context,
    rows: &[Rows<'_>],
    consent: &Consent,
) -> Result<(), CommandError> {
    for one in rows {
        let what = format!(
            "change the ledger of `{}`: {}",
            one.seen.connection.name,
            ui::count(one.moves.len(), "row")
        );
        confirm::change(context, &one.seen.connection, &what, consent)?;
    }
    Ok(())
}

/// Changes files and rows together: `files` is called when the new rows are there, and after it the old
/// ones go. Whatever ends this between, no database takes for pending what it has.
pub(super) fn carry_out(
    context: &Context,
    rows: &[Rows<'_>],
    timeout: LockFlag,
    files: impl FnOnce() -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let mut held = Vec::new();
    // In the order of their names, so that two who rebase do not wait for each other.
    let mut order: Vec<&Rows<'_>> = rows.iter().collect();
    order.sort_by_key(|one| &one.seen.connection.name);
    for one in order {
        held.push((one, lock(context, one, timeout)?, open(context, one.seen)?));
    }
    let mut recorded = 0;
    let outcome = held
        .iter_mut()
        .try_for_each(|(one, lock, database)| {
            recorded += 1;
            record(context, one, lock, &mut **database)
        })
        .and_then(|()| files());
    if let Err(error) = outcome {
        for (one, _, database) in held.iter_mut().take(recorded) {
            take_back(context, one, &mut **database);
        }
        return Err(error);
    }
    for (one, lock, database) in &mut held {
        forget(context, one, lock, &mut **database)?;
    }
    held.into_iter()
        .try_for_each(|(_, lock, _)| locked::unlock(context, lock))
}

/// Takes the lock on one of the databases; what is applied there must be what was decided about.
fn lock(context: &Context, rows: &Rows<'_>, timeout: LockFlag) -> Result<Lock, CommandError> {
    let connection = timeout.over(rows.seen.connection.clone());
    let mut database = open(context, rows.seen)?;
    let lock = locked::lock(context, &connection, &mut *database, "manage rebase")?;
    let now = Memory::read_settled(&mut *database).map_err(ExecuteError::from)?;
    if now.ledger.versions() == rows.seen.memory.ledger.versions() {
        Ok(lock)
    } else {
        Err(ExecuteError::Stale.into())
    }
}

fn open(context: &Context, seen: &Seen) -> Result<Box<dyn Database>, CommandError> {
    let connection = &seen.connection;
    let environment = context.settings()?.environment();
    let mut database = backend::open(connection.url()?, Access::Write, &environment)?;
    database
        .limit(connection.statement_timeout, connection.ddl_lock_timeout)
        .map_err(ExecuteError::from)?;
    Ok(database)
}

/// Writes the new rows, with the texts that were recorded for the old ones.
fn record(
    context: &Context,
    rows: &Rows<'_>,
    lock: &Lock,
    database: &mut dyn Database,
) -> Result<(), CommandError> {
    let identity = context.identity();
    let memory = &rows.seen.memory;
    let states = memory.states(database).map_err(ExecuteError::from)?;
    let schema = match states.last(&memory.ledger) {
        LastState::Known { fingerprint, .. } => Some(fingerprint),
        LastState::Unknown { .. } | LastState::Never => None,
    };
    for one in &rows.moves {
        let recorded = memory.record.find(&one.version);
        let sql = memory
            .sql(database, &one.version)
            .map_err(ExecuteError::from)?;
        let reason = format!("rebased from {}", one.name);
        let action = match recorded.map(|recorded| recorded.action) {
            Some(Action::Fake) => Action::Fake,
            Some(
                Action::Apply | Action::Revert | Action::Unfake | Action::Accept | Action::Prune,
            )
            | None => Action::Apply,
        };
        let deed = Deed {
            up: sql.as_ref().and_then(|sql| sql.up.as_deref()),
            down: sql.as_ref().and_then(|sql| sql.down.as_deref()),
            transactional: sql.as_ref().is_none_or(|sql| sql.transactional),
            stamp: recorded.map_or_else(Stamp::default, |recorded| recorded.stamp),
            milliseconds: recorded.map_or(0, |recorded| recorded.milliseconds),
            reason: Some(&reason),
            // Nothing is run, so the schema is what it was.
            after: schema.as_ref(),
            ..Deed::new(&one.new_version, &one.new_name, action)
        };
        executor::record(database, Some(lock), &identity, &deed)?;
    }
    Ok(())
}

/// Deletes the old rows.
fn forget(
    context: &Context,
    rows: &Rows<'_>,
    lock: &Lock,
    database: &mut dyn Database,
) -> Result<(), CommandError> {
    for one in &rows.moves {
        let reason = format!("rebased to {}", one.new_name);
        let deed = gone(one, false, &reason);
        executor::record(database, Some(lock), &context.identity(), &deed)?;
    }
    context.ui.status(&format!(
        "{}: {} moved in the ledger.",
        rows.seen.connection.name,
        ui::count(rows.moves.len(), "row")
    ));
    Ok(())
}

/// Deletes the new rows again; the first error is the one to tell, and what is left shows as a row
/// without a folder.
fn take_back(context: &Context, rows: &Rows<'_>, database: &mut dyn Database) {
    for one in &rows.moves {
        let deed = gone(one, true, "the rebase was taken back");
        // Whatever became of the lock, what is not taken back would be left over.
        let _ = executor::record(database, None, &context.identity(), &deed);
    }
}

fn gone<'a>(one: &'a Move, is_new: bool, reason: &'a str) -> Deed<'a> {
    let (version, name) = if is_new {
        (&one.new_version, &one.new_name)
    } else {
        (&one.version, &one.name)
    };
    Deed {
        reason: Some(reason),
        ..Deed::new(version, name, Action::Unfake)
    }
}
