//! What one session of PostgreSQL sees of another one.

use std::time::Duration;

use crate::backend::blocker::Blocker;
use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::index_build::IndexBuild;
use crate::backend::listed::is_listed;
use crate::backend::query::Query;
use crate::sql::Dialect;

/// The number under which the server lists this session.
pub(super) fn number(session: &mut dyn Session) -> Result<Option<i64>, DatabaseError> {
    let rows = session.rows(&Query::new("SELECT CAST(pg_backend_pid() AS text)"))?;
    Ok(rows.first().and_then(|row| row.integer(0)))
}

/// Whether the server still lists a session, a moment later too.
pub(super) fn has(session: &mut dyn Session, other: i64) -> Result<bool, DatabaseError> {
    let query = Query::new(
        "SELECT CAST(count(*) > 0 AS text) FROM pg_stat_activity WHERE pid = CAST({} AS integer)",
    )
    .integer(other);
    is_listed(session, &query)
}

/// Who keeps a session waiting, if it waits.
pub(super) fn blockers(
    session: &mut dyn Session,
    waiting: i64,
) -> Result<Vec<Blocker>, DatabaseError> {
    // A session that waits for a row waits for another one's transaction; the row's table is then the one
    // whose tuple it has locked to stand in line.
    let query = Query::new(
        "SELECT CAST(NULLIF(b.pid, 0) AS text), a.usename, NULLIF(a.application_name, ''), \
         host(a.client_addr), a.state, \
         CAST(CAST(EXTRACT(EPOCH FROM clock_timestamp() - COALESCE(a.xact_start, a.query_start)) AS bigint) AS text), \
         a.query, \
         (SELECT CAST(CAST(l.relation AS regclass) AS text) FROM pg_locks l \
          WHERE l.pid = w.pid AND l.relation IS NOT NULL AND (NOT l.granted OR l.locktype = 'tuple') LIMIT 1) \
         FROM (SELECT CAST({} AS integer) AS pid) w, \
         LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(w.pid)) AS pid) b \
         LEFT JOIN pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start, b.pid",
    )
    .integer(waiting);
    let rows = session.rows(&query)?;
    Ok(rows
        .iter()
        .map(|row| {
            let text = |column: usize| row.optional(column).map(str::to_owned);
            let number = row.integer(0);
            Blocker {
                object: text(7),
                session: number,
                user: text(1),
                application: text(2),
                host: text(3),
                state: text(4),
                lasts: row
                    .integer(5)
                    .and_then(|seconds| u64::try_from(seconds).ok())
                    .map(Duration::from_secs),
                statement: Blocker::shown(row.text(6), Dialect::Postgres),
                ends_by: number.map(|number| format!("SELECT pg_terminate_backend({number})")),
            }
        })
        .collect())
}

/// How far a session is that builds an index, if it does.
pub(super) fn index_build(
    session: &mut dyn Session,
    builder: i64,
) -> Result<Option<IndexBuild>, DatabaseError> {
    // Which pair counts depends on the phase; the one that is not counted is zero.
    let query = Query::new(
        "SELECT phase, CAST(CASE WHEN tuples_total > 0 THEN tuples_done * 100 / tuples_total \
         WHEN blocks_total > 0 THEN blocks_done * 100 / blocks_total END AS text), \
         CAST(lockers_total - lockers_done AS text), CAST(current_locker_pid AS text) \
         FROM pg_stat_progress_create_index WHERE pid = CAST({} AS integer)",
    )
    .integer(builder);
    let rows = session.rows(&query)?;
    Ok(rows.first().map(|row| {
        let waits = row
            .integer(2)
            .and_then(|number| u32::try_from(number).ok())
            .zip(row.integer(3));
        IndexBuild {
            phase: row.text(0).to_owned(),
            percent: row
                .integer(1)
                .and_then(|percent| u8::try_from(percent.min(100)).ok()),
            waits_for: waits.filter(|(number, pid)| *number > 0 && *pid > 0),
        }
    }))
}
