//! An open PostgreSQL connection.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::{CacheSize, Connection, SimpleConnection};
use diesel::migration::MigrationConnection;
use diesel_async::AsyncPgConnection;

use super::beside;
use super::connect::{self, Connected};
use super::link::{PgConnection, Route};
use super::presence::presence;
use crate::backend::blocker::Blocker;
use crate::backend::connect::{CancelHandle, Limits};
use crate::backend::database::{
    AtWork, Batch, Cancel, Capabilities, Cause, Database, Mode, Opener, RunError, Session, Watch,
};
use crate::backend::error::DatabaseError;
use crate::backend::harness::{self, LinkSession};
use crate::backend::held::Held;
use crate::backend::index_build::IndexBuild;
use crate::backend::notice::NoticeSink;
use crate::backend::open::OpenError;
use crate::backend::presence::Presence;
use crate::backend::query::{Query, Row};
use crate::backend::runtime::{PooledRuntime, SharedRuntime};
use crate::schema::Schema;
use crate::settings::{Backend, Environment, ServerUrl};
use crate::sql::{self, Dialect, Object, Product, Server};

struct PostgresDatabase<R: Route> {
    connection: Held<AsyncPgConnection, R>,
    cancel: CancelHandle,
    notices: NoticeSink,
    /// What it takes to connect again.
    url: ServerUrl,
    environment: Environment,
    /// The `search_path` of the session before any migration ran; read when first needed.
    search_path: Option<String>,
    /// What limits a transaction, where the session is not ours alone.
    limits: String,
}

/// Connects to a server.
pub(in crate::backend) fn open(
    url: &ServerUrl,
    environment: &Environment,
) -> Result<Box<dyn Database>, OpenError> {
    let notices = NoticeSink::new();
    let connected =
        connect::connect_cancellable(url, environment, Limits::default(), notices.clone())?;
    Ok(if connected.is_pooled {
        PostgresDatabase::<PooledRuntime>::on(connected, notices, url, environment)
    } else {
        PostgresDatabase::<SharedRuntime>::on(connected, notices, url, environment)
    })
}

impl<R: Route> PostgresDatabase<R> {
    fn on(
        connected: Connected,
        notices: NoticeSink,
        url: &ServerUrl,
        environment: &Environment,
    ) -> Box<dyn Database> {
        Box::new(Self {
            connection: Held::new(PgConnection::<R>::from(connected.connection)),
            cancel: connected.cancel,
            notices,
            url: url.clone(),
            environment: environment.clone(),
            search_path: None,
            limits: String::new(),
        })
    }
}

pub(super) fn server(session: &mut dyn Session) -> Result<Server, DatabaseError> {
    let rows = session.rows(&Query::new("SELECT current_setting('server_version')"))?;
    Ok(Server {
        product: Product::Postgres,
        version: Server::version_of(rows.first().map(|row| row.text(0)).unwrap_or_default()),
    })
}

impl<R: Route> Session for PostgresDatabase<R> {
    fn rows(&mut self, query: &Query) -> Result<Vec<Row>, DatabaseError> {
        LinkSession(&mut *self.connection).rows(query)
    }

    fn execute(&mut self, query: &Query) -> Result<usize, DatabaseError> {
        LinkSession(&mut *self.connection).execute(query)
    }

    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        LinkSession(&mut *self.connection).batch(sql)
    }

    fn introspect(&mut self) -> Result<Schema, DatabaseError> {
        LinkSession(&mut *self.connection).introspect()
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }
}

impl<R: Route> PostgresDatabase<R> {
    fn search_path(&mut self) -> Result<String, DatabaseError> {
        if let Some(path) = &self.search_path {
            return Ok(path.clone());
        }
        let rows = self.rows(&Query::new("SELECT current_setting('search_path')"))?;
        let path = rows
            .first()
            .map(|row| row.text(0).to_owned())
            .unwrap_or_default();
        self.search_path = Some(path.clone());
        Ok(path)
    }
}

impl<R: Route> Database for PostgresDatabase<R> {
    fn backend(&self) -> Backend {
        Backend::Postgres
    }

    fn server(&mut self) -> Result<Server, DatabaseError> {
        server(self)
    }

    fn namespace(&mut self) -> Result<Option<String>, DatabaseError> {
        let rows = self.rows(&Query::new("SELECT CAST(current_schema() AS text)"))?;
        Ok(rows
            .first()
            .and_then(|row| row.optional(0))
            .map(str::to_owned))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(self.backend())
    }

    fn tables_exist(&mut self, names: &[&str]) -> Result<Vec<bool>, DatabaseError> {
        let columns = vec!["CAST(to_regclass({}) IS NOT NULL AS text)"; names.len()].join(", ");
        let mut query = Query::new(format!("SELECT {columns}"));
        for name in names {
            query = query.text(*name);
        }
        let rows = self.rows(&query)?;
        Ok((0..names.len())
            .map(|column| rows.first().is_some_and(|row| row.is_true(column)))
            .collect())
    }

    fn limit(
        &mut self,
        statement: Option<Duration>,
        lock: Option<Duration>,
    ) -> Result<(), DatabaseError> {
        for (name, limit) in [("statement_timeout", statement), ("lock_timeout", lock)] {
            let Some(limit) = limit else { continue };
            let limit = limit.as_millis();
            if R::IS_POOLED {
                // The next transaction may be another session's, so each is told by itself.
                let _ = write!(self.limits, "SET LOCAL {name} = {limit};");
            } else {
                self.batch(&format!("SET {name} = {limit}"))?;
            }
        }
        Ok(())
    }

    fn presence(&mut self, object: &Object, _: Option<&str>) -> Result<Presence, DatabaseError> {
        presence(self, object)
    }

    fn is_at_work(&mut self, session: i64, since: &str) -> Result<AtWork, DatabaseError> {
        let query = Query::new(
            "SELECT CAST(state AS text) FROM pg_catalog.pg_stat_activity \
             WHERE pid = CAST({} AS integer) AND datname = current_database() \
             AND backend_start <= CAST({} AS timestamp) AT TIME ZONE 'UTC' + interval '1 second'",
        )
        .integer(session)
        .text(since);
        let rows = self.rows(&query)?;
        Ok(match rows.first() {
            None => AtWork::Gone,
            Some(row) if row.text(0) == "idle" => AtWork::Idle,
            Some(_) => AtWork::Busy,
        })
    }

    fn create_ledger(&mut self) -> Result<(), DatabaseError> {
        self.connection.setup()?;
        Ok(())
    }

    fn cancel(&self) -> Option<Cancel> {
        let handle = self.cancel.clone();
        // Whoever waits for the statement sees whether it worked.
        Some(Arc::new(move || drop(handle.cancel())))
    }

    fn opener(&self) -> Option<Opener> {
        let (url, environment) = (self.url.clone(), self.environment.clone());
        Some(Arc::new(move || open(&url, &environment)))
    }

    fn session_number(&mut self) -> Option<i64> {
        beside::number(self).ok().flatten()
    }

    fn has_session(&mut self, session: i64) -> bool {
        beside::has(self, session).unwrap_or_default()
    }

    fn blockers(&mut self, session: i64) -> Vec<Blocker> {
        beside::blockers(self, session).unwrap_or_default()
    }

    fn index_build(&mut self, session: i64) -> Option<IndexBuild> {
        beside::index_build(self, session).ok().flatten()
    }

    fn notices(&mut self) -> Vec<String> {
        self.notices.texts()
    }

    /// Puts `search_path` and the encoding back before anything is recorded: the ledger's name is unqualified, and a
    /// file that begins like a dump leaves the session without a schema.
    fn run(&mut self, batch: &Batch<'_>, watch: &mut dyn Watch) -> Result<(), RunError> {
        if batch
            .statements
            .iter()
            .any(|statement| sql::forgets_prepared(statement.text))
        {
            // What Diesel prepared is gone with it, so from here on nothing is kept prepared.
            self.connection
                .set_prepared_statement_cache_size(CacheSize::Disabled);
        }
        let wanders = batch.mode != Mode::RecordOnly
            && batch
                .statements
                .iter()
                .any(|statement| sql::mentions_search_path(statement.text));
        let mut restore = None;
        if wanders {
            let path = self.search_path().map_err(not_begun)?;
            // The driver speaks UTF-8, and Diesel's times are in UTC, whatever a dump's header says.
            let query = Query::new(
                "SELECT set_config('search_path', {}, false), \
                 set_config('client_encoding', 'UTF8', false), set_config('TimeZone', 'UTC', false)",
            );
            restore = Some(query.text(path));
        }
        let outcome = self.limited(batch, watch, restore.as_ref());
        if let Some(restore) = restore
            && outcome.is_err()
            && batch.mode != Mode::Transaction
        {
            // Best effort: the failure that is being reported matters more.
            let _ = self.rows(&restore);
        }
        outcome
    }
}

impl<R: Route> PostgresDatabase<R> {
    /// Runs it under the limits that have to be told to each transaction.
    fn limited(
        &mut self,
        batch: &Batch<'_>,
        watch: &mut dyn Watch,
        restore: Option<&Query>,
    ) -> Result<(), RunError> {
        let mut work = |connection: &mut PgConnection<R>| {
            harness::run(connection, batch, watch, &mut |connection| {
                let Some(restore) = restore else {
                    return Ok(());
                };
                LinkSession(connection)
                    .rows(restore)
                    .map(drop)
                    .map_err(Cause::Database)
            })
        };
        if self.limits.is_empty() || !matches!(batch.mode, Mode::Transaction | Mode::RecordOnly) {
            return work(&mut self.connection);
        }
        let limits = &self.limits;
        self.connection
            .transaction(|connection| {
                connection.batch_execute(limits)?;
                work(connection).map_err(Failed::Run)
            })
            .map_err(|failed| match failed {
                Failed::Run(error) => error,
                Failed::Transaction(error) => not_begun(DatabaseError::from(error)),
            })
    }
}

/// Why a transaction around a batch came to nothing.
enum Failed {
    Run(RunError),
    Transaction(diesel::result::Error),
}

impl From<diesel::result::Error> for Failed {
    fn from(error: diesel::result::Error) -> Self {
        Self::Transaction(error)
    }
}

/// Nothing of the batch is in effect.
fn not_begun(error: DatabaseError) -> RunError {
    RunError {
        cause: Cause::Database(error),
        statement: None,
        committed: 0,
    }
}
