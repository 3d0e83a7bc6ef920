//! Taking a lock away from whoever holds it.

use std::thread;
use std::time::Duration;

use super::error::LockError;
use super::holder::Holder;
use super::lease;
use super::wanted::holder as holder_of;
use crate::backend::database::Database;
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::query::Query;
use crate::settings::DatabaseUrl;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    /// It was taken away.
    Done,
    /// It was given back meanwhile.
    Free,
    /// The server still has it as held.
    Refused,
}

/// How often it is looked whether the server has ended a session.
const LOOKS: usize = 50;

/// Whether nothing but the end of its process frees a lock.
#[must_use]
pub fn ends_with_process(url: &DatabaseUrl) -> bool {
    match url {
        DatabaseUrl::Sqlite(_) => true,
        DatabaseUrl::Postgres(_) | DatabaseUrl::Mysql(_) => false,
    }
}

/// Takes it from this holder, and from nobody who has it by then.
///
/// # Errors
/// The server refuses.
pub fn take_away(
    url: &DatabaseUrl,
    database: &mut dyn Database,
    from: &Holder,
) -> Result<Released, LockError> {
    let same = |holder: &Option<Holder>| {
        holder
            .as_ref()
            .is_some_and(|holder| holder.token == from.token)
    };
    if !same(&holder_of(url, database)?) {
        return Ok(Released::Free);
    }
    if let Some(row) = from
        .token
        .as_deref()
        .and_then(|token| token.strip_prefix(lease::TOKEN))
    {
        return Ok(match lease::delete(database, row)? {
            0 => Released::Free,
            _ => Released::Done,
        });
    }
    let session = from.pid.unwrap_or_default();
    match url {
        DatabaseUrl::Postgres(_) => {
            let end = "SELECT CAST(pg_terminate_backend({}::int) AS text)";
            database.rows(&Query::new(end).integer(session))?;
        }
        DatabaseUrl::Mysql(_) => match database.batch(&format!("KILL {session}")) {
            // It is gone already.
            Err(error) if is_unknown(&error) => {}
            outcome => outcome?,
        },
        DatabaseUrl::Sqlite(_) => return Ok(Released::Refused),
    }
    for _ in 0..LOOKS {
        if !same(&holder_of(url, database)?) {
            return Ok(Released::Done);
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(Released::Refused)
}

fn is_unknown(error: &DatabaseError) -> bool {
    error.class == ErrorClass::Statement && error.message.contains("Unknown thread id")
}
