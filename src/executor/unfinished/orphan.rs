//! The server's side of a run that was killed: it may still be at work when its program is gone.

use std::thread;
use std::time::{Duration, Instant};

use crate::backend::{AtWork, Database, DatabaseError};
use crate::executor::interrupt::Interrupt;
use crate::history::JournalRun;

/// How long to leave it alone between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a session may stay that has nothing to do: a pooler keeps it for somebody else.
const LONGEST_IDLE: Duration = Duration::from_secs(1);

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orphan {
    /// It is gone, or has nothing more to do.
    Gone,
    /// It is still at work after all that time; its number.
    AtWork(i64),
    /// Ctrl-C was pressed meanwhile.
    Interrupted,
}

/// Waits until the session of a run that was killed has ended. `tell` is called once if that takes time.
///
/// # Errors
/// What the server says.
pub fn wait_for_orphan(
    run: &JournalRun,
    database: &mut dyn Database,
    interrupt: &Interrupt,
    longest: Duration,
    tell: &mut dyn FnMut(i64),
) -> Result<Orphan, DatabaseError> {
    let Some(session) = run.session else {
        return Ok(Orphan::Gone);
    };
    let begun = Instant::now();
    let mut idle_since = None;
    let mut is_told = false;
    loop {
        match database.is_at_work(session, &run.at)? {
            AtWork::Gone => return Ok(Orphan::Gone),
            AtWork::Idle => {
                let since = *idle_since.get_or_insert_with(Instant::now);
                if since.elapsed() > LONGEST_IDLE {
                    return Ok(Orphan::Gone);
                }
            }
            AtWork::Busy => {
                idle_since = None;
                if begun.elapsed() > longest {
                    return Ok(Orphan::AtWork(session));
                }
                if !is_told && begun.elapsed() > LONGEST_IDLE {
                    is_told = true;
                    tell(session);
                }
            }
        }
        if interrupt.is_seen() {
            return Ok(Orphan::Interrupted);
        }
        thread::sleep(PAUSE);
    }
}
