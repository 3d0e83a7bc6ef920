//! Whether a session goes on after its client has gone.

use std::thread;
use std::time::Duration;

use super::database::Session;
use super::error::DatabaseError;
use super::query::Query;

/// Whether the server still lists a session, as `query` asks. One that has lost its client ends soon; it is
/// waited for a moment.
pub(super) fn is_listed(session: &mut dyn Session, query: &Query) -> Result<bool, DatabaseError> {
    const LOOKS: u32 = 20;
    const TURN: Duration = Duration::from_millis(50);
    for _ in 0..LOOKS {
        let rows = session.rows(query)?;
        if !rows.first().is_some_and(|row| row.is_true(0)) {
            return Ok(false);
        }
        thread::sleep(TURN);
    }
    Ok(true)
}
