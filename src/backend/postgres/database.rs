//! An open PostgreSQL connection.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::{CacheSize, Connection};
use diesel::migration::MigrationConnection;
use diesel_async::AsyncPgConnection;

use super::connect::{self, PgConnection};
use super::introspect;
use super::presence::presence;
use crate::backend::connect::{CancelHandle, Limits};
use crate::backend::database::{
    AtWork, Batch, Cancel, Capabilities, Cause, Database, Mode, RunError, Session, Watch,
};
use crate::backend::error::DatabaseError;
use crate::backend::harness::{self, Link, LinkSession};
use crate::backend::held::Held;
use crate::backend::notice::NoticeSink;
use crate::backend::open::OpenError;
use crate::backend::presence::Presence;
use crate::backend::query::{Ask, Query, Row};
use crate::schema::Schema;
use crate::settings::{Backend, Environment, ServerUrl};
use crate::sql::{self, Dialect, Object, Product, Server};

struct PostgresDatabase {
    connection: Held<AsyncPgConnection>,
    cancel: CancelHandle,
    notices: NoticeSink,
    /// The `search_path` of the session before any migration ran; read when first needed.
    search_path: Option<String>,
}

/// Connects to a server.
pub(in crate::backend) fn open(
    url: &ServerUrl,
    environment: &Environment,
) -> Result<Box<dyn Database>, OpenError> {
    let notices = NoticeSink::new();
    let (connection, cancel) =
        connect::connect_cancellable(url, environment, Limits::default(), notices.clone())?;
    Ok(Box::new(PostgresDatabase {
        connection: Held::new(connection),
        cancel,
        notices,
        search_path: None,
    }))
}

impl Link for PgConnection {
    const DIALECT: Dialect = Dialect::Postgres;
}

impl Session for PostgresDatabase {
    fn rows(&mut self, query: &Query) -> Result<Vec<Row>, DatabaseError> {
        LinkSession(&mut *self.connection).rows(query)
    }

    fn execute(&mut self, query: &Query) -> Result<usize, DatabaseError> {
        LinkSession(&mut *self.connection).execute(query)
    }

    fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        LinkSession(&mut *self.connection).batch(sql)
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }
}

impl PostgresDatabase {
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

impl Database for PostgresDatabase {
    fn backend(&self) -> Backend {
        Backend::Postgres
    }

    fn server(&mut self) -> Result<Server, DatabaseError> {
        let rows = self.rows(&Query::new("SELECT current_setting('server_version')"))?;
        Ok(Server {
            product: Product::Postgres,
            version: Server::version_of(rows.first().map(|row| row.text(0)).unwrap_or_default()),
        })
    }

    fn introspect(&mut self) -> Result<Schema, DatabaseError> {
        let version = self.server()?.version;
        introspect::read(self, version)
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
            if let Some(limit) = limit {
                self.batch(&format!("SET {name} = {}", limit.as_millis()))?;
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
        if !wanders {
            return harness::run(&mut *self.connection, batch, watch, &mut |_| Ok(()));
        }
        let path = self.search_path().map_err(|error| RunError {
            cause: Cause::Database(error),
            statement: None,
            committed: 0,
        })?;
        // The driver speaks UTF-8, and Diesel's times are in UTC, whatever a dump's header says.
        let restore = Query::new(
            "SELECT set_config('search_path', {}, false), \
             set_config('client_encoding', 'UTF8', false), set_config('TimeZone', 'UTC', false)",
        )
        .text(path);
        let outcome = harness::run(&mut *self.connection, batch, watch, &mut |connection| {
            connection
                .ask(&restore)
                .map(drop)
                .map_err(|error| Cause::Database(DatabaseError::from(error)))
        });
        if outcome.is_err() && batch.mode != Mode::Transaction {
            // Best effort: the failure that is being reported matters more.
            let _ = self.connection.ask(&restore);
        }
        outcome
    }
}
