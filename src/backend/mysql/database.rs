//! An open MySQL or MariaDB connection.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationConnection;
use diesel_async::AsyncMysqlConnection;

use super::beside;
use super::connect::{self, MysqlConnection};
use super::introspect::introspect;
use super::presence::presence;
use crate::backend::blocker::Blocker;
use crate::backend::connect::{CancelHandle, Limits};
use crate::backend::database::{
    AtWork, Batch, Cancel, Capabilities, Cause, Database, Mode, Opener, RunError, Session, Watch,
};
use crate::backend::error::DatabaseError;
use crate::backend::harness::{self, Link, LinkSession};
use crate::backend::held::Held;
use crate::backend::notice::NoticeSink;
use crate::backend::open::OpenError;
use crate::backend::presence::Presence;
use crate::backend::query::{Ask, Query, Row};
use crate::schema::{Schema, TableOptions};
use crate::settings::{Backend, Environment, ServerUrl};
use crate::sql::{self, Dialect, Object, Product, Server, Statement};

struct MysqlDatabase {
    connection: Held<AsyncMysqlConnection>,
    cancel: CancelHandle,
    notices: NoticeSink,
    /// What it takes to connect again.
    url: ServerUrl,
    environment: Environment,
    /// The database of the URL.
    name: Option<String>,
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
        url: url.clone(),
        environment: environment.clone(),
        name: url.database.clone(),
    }))
}

impl Link for MysqlConnection {
    const DIALECT: Dialect = Dialect::Mysql;

    fn schema(&mut self) -> Result<Schema, DatabaseError> {
        let mut session = LinkSession(self);
        let server = server(&mut session)?;
        introspect(&mut session, server)
    }

    /// MariaDB tells; MySQL has no such variable.
    fn is_in_transaction(&mut self) -> Option<bool> {
        let rows = self
            .ask(&Query::new("SELECT CAST(@@in_transaction AS CHAR)"))
            .ok()?;
        rows.first().map(|row| row.is_true(0))
    }
}

fn server(session: &mut dyn Session) -> Result<Server, DatabaseError> {
    let rows = session.rows(&Query::new("SELECT VERSION()"))?;
    let text = rows.first().map(|row| row.text(0)).unwrap_or_default();
    Ok(Server {
        product: if text.to_ascii_lowercase().contains("mariadb") {
            Product::Mariadb
        } else {
            Product::Mysql
        },
        version: Server::version_of(text),
    })
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

    fn introspect(&mut self) -> Result<Schema, DatabaseError> {
        LinkSession(&mut *self.connection).introspect()
    }

    fn dialect(&self) -> Dialect {
        Dialect::Mysql
    }
}

impl Database for MysqlDatabase {
    fn backend(&self) -> Backend {
        Backend::Mysql
    }

    fn server(&mut self) -> Result<Server, DatabaseError> {
        server(self)
    }

    fn table_defaults(&mut self) -> Result<TableOptions, DatabaseError> {
        let query = Query::new(
            "SELECT CAST(@@default_storage_engine AS CHAR), CAST(@@collation_database AS CHAR)",
        );
        let rows = self.rows(&query)?;
        let value = |column| {
            let row = rows.first()?;
            row.optional(column).map(str::to_owned)
        };
        Ok(TableOptions {
            engine: value(0),
            collation: value(1),
            ..TableOptions::default()
        })
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(self.backend())
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

    fn presence(
        &mut self,
        object: &Object,
        within: Option<&str>,
    ) -> Result<Presence, DatabaseError> {
        presence(self, object, within)
    }

    fn is_at_work(&mut self, session: i64, since: &str) -> Result<AtWork, DatabaseError> {
        // Numbers begin anew when the server does.
        let query = Query::new(
            "SELECT p.command FROM information_schema.processlist p \
             WHERE p.id = {} AND TIMESTAMPDIFF(SECOND, {}, UTC_TIMESTAMP()) < \
             (SELECT CAST(variable_value AS SIGNED) FROM information_schema.global_status \
              WHERE variable_name = 'Uptime')",
        )
        .integer(session)
        .text(since);
        let rows = match self.rows(&query) {
            Ok(rows) => rows,
            // MySQL keeps its status elsewhere.
            Err(_) => self.rows(
                &Query::new("SELECT command FROM information_schema.processlist WHERE id = {}")
                    .integer(session),
            )?,
        };
        Ok(match rows.first() {
            None => AtWork::Gone,
            Some(row) if row.text(0) == "Sleep" => AtWork::Idle,
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
        beside::blockers(self, session)
    }

    fn notices(&mut self) -> Vec<String> {
        self.notices.texts()
    }

    /// DDL commits by itself here, so a migration that has any, or might, cannot be one transaction.
    fn mode(&self, wanted: Mode, statements: &[Statement<'_>]) -> Mode {
        let commits = wanted == Mode::Transaction
            && statements
                .iter()
                .any(|statement| ends_transaction(statement.text));
        if commits { Mode::Segments } else { wanted }
    }

    fn run(&mut self, batch: &Batch<'_>, watch: &mut dyn Watch) -> Result<(), RunError> {
        let batch = Batch {
            mode: self.mode(batch.mode, batch.statements),
            ..*batch
        };
        let restore = self.restore(&batch);
        let outcome = harness::run(&mut *self.connection, &batch, watch, &mut |connection| {
            restore
                .iter()
                .try_for_each(|sql| connection.batch_execute(sql))
                .map_err(|error| Cause::Database(DatabaseError::from(error)))
        });
        if outcome.is_err() {
            for sql in &restore {
                // Best effort: the failure that is being reported matters more.
                let _ = self.connection.batch_execute(sql);
            }
        }
        outcome
    }
}

impl MysqlDatabase {
    /// What puts the session back before anything is recorded: that is written, in UTF-8 and in this
    /// database, whatever the file was for.
    fn restore(&self, batch: &Batch<'_>) -> Vec<String> {
        let mut restore = Vec::new();
        for statement in batch.statements {
            if !sql::concerns_session(statement.text, Dialect::Mysql) {
                continue;
            }
            let lower = statement.text.to_ascii_lowercase();
            if lower.contains("names") || lower.contains("char") {
                restore.push("SET NAMES utf8mb4".to_owned());
            }
            if lower.contains("autocommit") {
                restore.push("SET autocommit = 1".to_owned());
            }
            if lower.contains("read") && lower.contains("only") {
                restore.push("SET SESSION TRANSACTION READ WRITE".to_owned());
            }
            if lower.contains("safe_updates") {
                restore.push("SET SESSION sql_safe_updates = 0".to_owned());
            }
            if sql::used_database(statement.text).is_some()
                && let Some(name) = &self.name
            {
                restore.push(format!("USE {}", Dialect::Mysql.quote_identifier(name)));
            }
        }
        restore.sort();
        restore.dedup();
        restore
    }
}

fn ends_transaction(statement: &str) -> bool {
    sql::commits_implicitly(statement)
        || sql::runs_stored_code(statement)
        || sql::transaction_control(statement, Dialect::Mysql).is_some()
}
