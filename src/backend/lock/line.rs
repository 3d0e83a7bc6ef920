//! The session that holds a lock: of its own, never in a transaction, and without Diesel.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Value};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::backend::connect_error::ConnectError;
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::notice::NoticeSink;
use crate::backend::{mysql, postgres};
use crate::sql::Dialect;

/// How to get one.
#[derive(Clone)]
pub(super) enum Login {
    Postgres(postgres::Login),
    Mysql(mysql::Login),
}

/// One row of an answer.
pub(super) type Texts = Vec<Option<String>>;

/// An open session.
pub(super) struct Line {
    wire: Wire,
    /// Whether a pooler was seen in between.
    pub(super) is_pooled: bool,
}

enum Wire {
    Postgres(Client),
    Mysql(Box<Conn>),
}

impl Login {
    /// Opens a session. `ended` is set when the server has closed it, at once where its driver listens.
    pub(super) async fn open(&self, ended: &Arc<AtomicBool>) -> Result<Line, ConnectError> {
        match self {
            Self::Postgres(login) => {
                let session = login.session(NoticeSink::new()).await?;
                let ended = Arc::clone(ended);
                tokio::spawn(async move {
                    // However it ends, it has ended.
                    let _ = session.conversation.await;
                    ended.store(true, Ordering::SeqCst);
                });
                Ok(Line {
                    wire: Wire::Postgres(session.client),
                    is_pooled: session.is_pooled,
                })
            }
            Self::Mysql(login) => Ok(Line {
                wire: Wire::Mysql(Box::new(login.session(&NoticeSink::new()).await?)),
                is_pooled: false,
            }),
        }
    }
}

impl Line {
    /// Asks, by the protocol that prepares nothing.
    pub(super) async fn rows(&mut self, sql: &str) -> Result<Vec<Texts>, DatabaseError> {
        match &mut self.wire {
            Wire::Postgres(client) => {
                let answers = client
                    .simple_query(sql)
                    .await
                    .map_err(|error| of_postgres(&error))?;
                Ok(answers
                    .iter()
                    .filter_map(|message| {
                        let SimpleQueryMessage::Row(row) = message else {
                            return None;
                        };
                        let columns = 0..row.len();
                        Some(
                            columns
                                .map(|column| row.get(column).map(str::to_owned))
                                .collect(),
                        )
                    })
                    .collect())
            }
            Wire::Mysql(connection) => {
                let rows: Vec<mysql_async::Row> = connection
                    .query(sql)
                    .await
                    .map_err(|error| of_mysql(&error))?;
                Ok(rows
                    .into_iter()
                    .map(|row| row.unwrap_raw().into_iter().flatten().map(text).collect())
                    .collect())
            }
        }
    }

    /// How its server spells SQL.
    pub(super) fn dialect(&self) -> Dialect {
        match self.wire {
            Wire::Postgres(_) => Dialect::Postgres,
            Wire::Mysql(_) => Dialect::Mysql,
        }
    }

    /// Tells, and returns how many rows were changed.
    pub(super) async fn changed(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        match &mut self.wire {
            Wire::Postgres(client) => {
                let answers = client
                    .simple_query(sql)
                    .await
                    .map_err(|error| of_postgres(&error))?;
                Ok(answers
                    .iter()
                    .map(|message| {
                        if let SimpleQueryMessage::CommandComplete(rows) = message {
                            *rows
                        } else {
                            0
                        }
                    })
                    .sum())
            }
            Wire::Mysql(connection) => {
                connection
                    .query_drop(sql)
                    .await
                    .map_err(|error| of_mysql(&error))?;
                Ok(connection.affected_rows())
            }
        }
    }

    /// The first column of the first row.
    pub(super) async fn value(&mut self, sql: &str) -> Result<Option<String>, DatabaseError> {
        let rows = self.rows(sql).await?;
        Ok(rows
            .into_iter()
            .next()
            .and_then(|row| row.into_iter().next()?))
    }

    /// Whether the answer is yes.
    pub(super) async fn is_true(&mut self, sql: &str) -> Result<bool, DatabaseError> {
        let value = self.value(sql).await?;
        Ok(value.is_some_and(|value| matches!(value.as_str(), "1" | "t" | "true")))
    }

    /// Says goodbye.
    pub(super) async fn close(self) {
        match self.wire {
            // Whatever it says to that, it is over.
            Wire::Mysql(connection) => drop(connection.disconnect().await),
            Wire::Postgres(client) => drop(client),
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Value::Int(number) => Some(number.to_string()),
        Value::UInt(number) => Some(number.to_string()),
        Value::Float(_) | Value::Double(_) | Value::Date(..) | Value::Time(..) => {
            Some(value.as_sql(true).trim_matches('\'').to_owned())
        }
    }
}

fn of_postgres(error: &tokio_postgres::Error) -> DatabaseError {
    let Some(server) = error.as_db_error() else {
        let class = if error.is_closed() {
            ErrorClass::Lost
        } else {
            ErrorClass::Statement
        };
        return DatabaseError::new(class, error.to_string());
    };
    let class = match server.code() {
        code if *code == SqlState::INSUFFICIENT_PRIVILEGE => ErrorClass::Permission,
        code if *code == SqlState::READ_ONLY_SQL_TRANSACTION => ErrorClass::ReadOnly,
        code if *code == SqlState::UNIQUE_VIOLATION => ErrorClass::Duplicate,
        code if *code == SqlState::ADMIN_SHUTDOWN => ErrorClass::Lost,
        _ => ErrorClass::Statement,
    };
    DatabaseError::new(class, server.message())
}

fn of_mysql(error: &mysql_async::Error) -> DatabaseError {
    const PERMISSION: &[u16] = &[1044, 1142, 1227];
    const READ_ONLY: &[u16] = &[1290, 1792, 1836];
    const KILLED: &[u16] = &[1053, 1927, 4031];
    let mysql_async::Error::Server(server) = error else {
        return DatabaseError::new(ErrorClass::Lost, error.to_string());
    };
    let class = match server.code {
        code if PERMISSION.contains(&code) => ErrorClass::Permission,
        code if READ_ONLY.contains(&code) => ErrorClass::ReadOnly,
        code if KILLED.contains(&code) => ErrorClass::Lost,
        _ => ErrorClass::Statement,
    };
    DatabaseError::new(class, server.message.clone())
}
