//! The lock on PostgreSQL: an advisory lock of a session, which ends with the session.
//!
//! It is tried and never waited for. Whoever waits inside of a statement has a snapshot, and a
//! `CREATE INDEX CONCURRENTLY` of the one who is waited for would wait for that in turn.

use super::claim::Claim;
use super::grip::{Facts, name_hash};
use super::holder::Holder;
use super::lease::{HOME, Table};
use super::line::Line;
use crate::backend::database::Database;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::sql::Dialect;

/// The first half of the key: `mngr`. The second tells one database from another.
const CLASS: u32 = 0x6d6e_6772;

/// The same for the lock that each transaction of a run shares from its fence on, to its end.
const ENDING: u32 = 0x6d6e_6777;

/// Takes away the limit on how long a session may say nothing.
const NEVER_IDLE: &str = "SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings \
     WHERE name = 'idle_session_timeout'";

/// How often it is tried to give back what a pooler has put where it is not found.
const ATTEMPTS: usize = 8;

/// The key in the server's list of locks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    object: u32,
}

impl Key {
    pub(super) fn of(database: &str) -> Self {
        let hash = name_hash(database);
        // Without the sign, so that the list of locks shows the number that was asked for.
        let object = hash
            .get(..7)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        Self {
            object: object.unwrap_or_default(),
        }
    }

    /// As the arguments of the functions.
    pub(super) fn arguments(self) -> String {
        format!("{CLASS}, {}", self.object)
    }

    /// The arguments of the lock by which a run that was killed is known to be committing still: its
    /// transaction may end after the session that held the lock.
    fn ending(self) -> String {
        format!("{ENDING}, {}", self.object)
    }

    /// An expression that is true if nobody has the lock and nobody is committing; it is taken until the end
    /// of the transaction.
    pub(super) fn is_free(self) -> String {
        format!(
            "CASE WHEN pg_try_advisory_xact_lock({}) THEN pg_try_advisory_xact_lock({}) ELSE false END",
            self.arguments(),
            self.ending()
        )
    }

    /// As a condition on `pg_locks`.
    fn condition(self, class: u32) -> String {
        format!(
            "locktype = 'advisory' AND classid = {class} AND objid = {} AND objsubid = 2 \
             AND granted AND database = (SELECT oid FROM pg_catalog.pg_database \
             WHERE datname = pg_catalog.current_database())",
            self.object
        )
    }
}

/// The session that holds it.
pub(super) struct Advisory {
    line: Line,
    key: Key,
    process: String,
    token: String,
    lease: Table,
}

impl Advisory {
    /// Names the session, so that others see who it is.
    pub(super) async fn new(mut line: Line, claim: &Claim) -> Result<Self, DatabaseError> {
        let name = Dialect::Postgres.quote_literal(&claim.application());
        line.rows(&format!("SET application_name = {name}")).await?;
        if !line.is_pooled {
            // A long migration is a long silence here; older servers have no such limit.
            line.rows(NEVER_IDLE).await?;
        }
        let rows = line
            .rows(&format!(
                "SELECT pg_backend_pid(), current_database(), ({HOME}), \
                 (SELECT {STARTED} FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_backend_pid())"
            ))
            .await?;
        let mut texts = rows.into_iter().flatten();
        let mut next = || texts.next().flatten();
        let process = next().unwrap_or_default();
        let key = Key::of(&next().unwrap_or_default());
        Ok(Self {
            line,
            key,
            process,
            lease: Table::new(Dialect::Postgres, next().as_deref()),
            token: String::new(),
        }
        .known_as(next().as_deref()))
    }

    fn known_as(mut self, started: Option<&str>) -> Self {
        self.token = token(&self.process, started);
        self
    }

    pub(super) fn facts(&self) -> Facts {
        Facts {
            // What comes first is first: whoever finds nobody committing has the lock by then.
            fence: format!(
                "CASE WHEN pg_catalog.pg_try_advisory_xact_lock_shared({}) THEN \
                 EXISTS (SELECT 1 FROM pg_catalog.pg_locks WHERE {} AND pid = {}) ELSE false END",
                self.key.ending(),
                self.key.condition(CLASS),
                self.process
            ),
            token: self.token.clone(),
            is_shared: self.line.is_pooled,
            key: Some(self.key),
        }
    }

    /// Takes it, unless somebody has it or has the lease, or what somebody did is being committed still.
    pub(super) async fn take(&mut self) -> Result<bool, DatabaseError> {
        let take = format!("SELECT pg_try_advisory_lock({})", self.key.arguments());
        if !self.line.is_true(&take).await? {
            return Ok(false);
        }
        let ended = format!("SELECT pg_try_advisory_xact_lock({})", self.key.ending());
        if self.lease.is_held(&mut self.line).await? || !self.line.is_true(&ended).await? {
            self.release().await?;
            return Ok(false);
        }
        Ok(true)
    }

    /// Whether it is held, and by the process that took it.
    pub(super) async fn holds(&mut self) -> Result<bool, DatabaseError> {
        let asked = format!(
            "SELECT pg_backend_pid() = {0} AND EXISTS (SELECT 1 FROM pg_catalog.pg_locks \
             WHERE {1} AND pid = {0})",
            self.process,
            self.key.condition(CLASS)
        );
        self.line.is_true(&asked).await
    }

    pub(super) async fn release(&mut self) -> Result<bool, DatabaseError> {
        let release = format!("SELECT pg_advisory_unlock({})", self.key.arguments());
        for _ in 0..ATTEMPTS {
            if self.line.is_true(&release).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn into_line(self) -> Line {
        self.line
    }
}

/// Looks from the working connection whether the lock keeps it out. `holds` asks the session that has the
/// lock, while the working connection keeps a process to itself by a transaction.
pub(super) fn is_proved(
    key: Key,
    witness: &mut dyn Database,
    holds: impl FnOnce() -> Result<bool, DatabaseError>,
) -> Result<bool, DatabaseError> {
    witness.batch("BEGIN")?;
    let look = || {
        let tried = format!(
            "SELECT CAST(pg_try_advisory_lock({}) AS text)",
            key.arguments()
        );
        let rows = witness.rows(&Query::new(tried))?;
        let is_ours_too = rows.first().is_none_or(|row| row.is_true(0));
        if is_ours_too {
            let back = format!(
                "SELECT CAST(pg_advisory_unlock({}) AS text)",
                key.arguments()
            );
            witness.rows(&Query::new(back))?;
        }
        Ok(!is_ours_too && holds()?)
    };
    let outcome = look();
    witness.batch("ROLLBACK")?;
    outcome
}

/// Who has it, as the server's lists tell.
pub(super) fn holder(database: &mut dyn Database) -> Result<Option<Holder>, DatabaseError> {
    let name = database.rows(&Query::new("SELECT CAST(current_database() AS text)"))?;
    let key = Key::of(name.first().map(|row| row.text(0)).unwrap_or_default());
    let rows = database.rows(&Query::new(format!(
        "SELECT CAST(l.pid AS text), CAST(a.usename AS text), a.application_name, \
         coalesce(a.client_hostname, host(a.client_addr)), \
         {STARTED} \
         FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
         WHERE {} OR {} ORDER BY l.classid LIMIT 1",
        key.condition(CLASS),
        key.condition(ENDING)
    )))?;
    Ok(rows.first().map(|row| {
        let named = Holder::named(row.text(2));
        Holder {
            pid: row.integer(0),
            user: named.user.or_else(|| row.optional(1).map(str::to_owned)),
            host: named.host.or_else(|| row.optional(3).map(str::to_owned)),
            since: row.optional(4).map(str::to_owned),
            token: Some(token(row.text(0), row.optional(4))),
            application: named.application,
        }
    }))
}

/// When a session began; with it a process is not taken for another one that had its number.
const STARTED: &str = "to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')";

fn token(process: &str, started: Option<&str>) -> String {
    format!("postgres:{process}:{}", started.unwrap_or_default())
}
