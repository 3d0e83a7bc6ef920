//! An open MySQL or MariaDB connection.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationConnection;
use diesel_async::AsyncMysqlConnection;

use super::connect::{self, MysqlConnection};
use crate::backend::connect::{CancelHandle, Limits};
use crate::backend::database::{
    Batch, Cancel, Capabilities, Cause, Database, Mode, RunError, Session, Watch,
};
use crate::backend::error::DatabaseError;
use crate::backend::harness::{self, Link, LinkSession};
use crate::backend::held::Held;
use crate::backend::notice::NoticeSink;
use crate::backend::open::OpenError;
use crate::backend::query::{Ask, Query, Row};
use crate::settings::{Backend, Environment, ServerUrl};
use crate::sql::{self, Dialect};

struct MysqlDatabase {
    connection: Held<AsyncMysqlConnection>,
    cancel: CancelHandle,
    notices: NoticeSink,
}

/// Connects to a server.
pub(in crate::backend) fn open(
    url: &ServerUrl,
    environment: &Environment,
) -> Result<Box<dyn Database>, OpenError> {
    let notices = NoticeSink::new();
    let (connection, cancel) =
        connect::connect_cancellable(url, environment, Limits::default(), notices.clone())?;
    Ok(Box::new(MysqlDatabase {
        connection: Held::new(connection),
        cancel,
        notices,
    }))
}

impl Link for MysqlConnection {
    const DIALECT: Dialect = Dialect::Mysql;

    /// MariaDB tells; MySQL has no such variable.
    fn is_in_transaction(&mut self) -> Option<bool> {
        let rows = self
            .ask(&Query::new("SELECT CAST(@@in_transaction AS CHAR)"))
            .ok()?;
        rows.first().map(|row| row.is_true(0))
    }
}

impl Session for MysqlDatabase {
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
        Dialect::Mysql
    }
}

impl Database for MysqlDatabase {
    fn backend(&self) -> Backend {
        Backend::Mysql
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            refuses_empty_statements: false,
            version_limit: Some(50),
        }
    }

    fn tables_exist(&mut self, names: &[&str]) -> Result<Vec<bool>, DatabaseError> {
        let places = vec!["{}"; names.len()].join(", ");
        let mut query = Query::new(format!(
            "SELECT table_name FROM information_schema.tables \
             WHERE table_schema = database() AND table_name IN ({places})"
        ));
        for name in names {
            query = query.text(*name);
        }
        let rows = self.rows(&query)?;
        Ok(names
            .iter()
            .map(|name| {
                rows.iter()
                    .any(|row| row.text(0).eq_ignore_ascii_case(name))
            })
            .collect())
    }

    /// Only MariaDB can limit a statement of DDL; MySQL's own limit is for `SELECT`.
    fn limit(
        &mut self,
        statement: Option<Duration>,
        lock: Option<Duration>,
    ) -> Result<(), DatabaseError> {
        if let Some(lock) = lock {
            // Whole seconds, at least one; the longest wait there is stands for none.
            let seconds = match lock.as_millis().div_ceil(1_000) {
                0 => 31_536_000,
                seconds => seconds,
            };
            self.batch(&format!("SET SESSION lock_wait_timeout = {seconds}"))?;
            self.batch(&format!(
                "SET SESSION innodb_lock_wait_timeout = {}",
                seconds.min(1_073_741_824)
            ))?;
        }
        let Some(statement) = statement else {
            return Ok(());
        };
        let version = self.rows(&Query::new("SELECT version()"))?;
        if version
            .first()
            .is_some_and(|row| row.text(0).contains("MariaDB"))
        {
            let seconds = statement.as_secs_f64();
            self.batch(&format!("SET SESSION max_statement_time = {seconds:.3}"))?;
        }
        Ok(())
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

    /// DDL commits by itself here, so a migration that has any, or might, cannot be one transaction.
    fn run(&mut self, batch: &Batch<'_>, watch: &mut dyn Watch) -> Result<(), RunError> {
        let commits = batch.mode == Mode::Transaction
            && batch
                .statements
                .iter()
                .any(|statement| ends_transaction(statement.text));
        let batch = Batch {
            mode: if commits { Mode::Segments } else { batch.mode },
            ..*batch
        };
        let spoken = batch
            .statements
            .iter()
            .any(|statement| changes_characters(statement.text));
        harness::run(&mut *self.connection, &batch, watch, &mut |connection| {
            if !spoken {
                return Ok(());
            }
            // What is recorded is in UTF-8, whatever the file's own text was for.
            connection
                .batch_execute("SET NAMES utf8mb4")
                .map_err(|error| Cause::Database(DatabaseError::from(error)))
        })
    }
}

fn changes_characters(statement: &str) -> bool {
    let lower = statement.to_ascii_lowercase();
    sql::concerns_session(statement, Dialect::Mysql)
        && (lower.contains("names") || lower.contains("char"))
}

fn ends_transaction(statement: &str) -> bool {
    sql::commits_implicitly(statement)
        || sql::runs_stored_code(statement)
        || sql::transaction_control(statement, Dialect::Mysql).is_some()
}
