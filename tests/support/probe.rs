//! A connection of the test's own, with nothing of the crate under test in it.

use std::fmt;

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::row::{Field, NamedRow, Row};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{Connection, RunQueryDsl, SqliteConnection};
use diesel_manage::settings::Backend;
use mysql_async::prelude::Queryable;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{NoTls, SimpleQueryMessage};

/// Looks into a database and changes it; every value is text.
///
/// SQLite through Diesel, the others through their drivers' text protocols, so that any column of
/// any type can be read.
pub(crate) enum Probe {
    /// A file.
    Sqlite(SqliteConnection),
    /// A PostgreSQL session.
    Postgres(Runtime, tokio_postgres::Client),
    /// A MySQL session.
    Mysql(Runtime, Box<mysql_async::Conn>),
}

/// What a server said when it refused.
#[derive(Clone, Debug)]
pub(crate) struct ProbeError(String);

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ProbeError {
    fn new(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }

    fn postgres(error: &tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(reason) => Self::new(reason.message()),
            None => match std::error::Error::source(error) {
                Some(source) => Self::new(source),
                None => Self::new(error),
            },
        }
    }
}

/// A row as it came.
pub(crate) type Values = Vec<Option<String>>;

impl Probe {
    /// Connects.
    pub(crate) fn open(backend: Backend, url: &str) -> Result<Self, ProbeError> {
        match backend {
            Backend::Sqlite => SqliteConnection::establish(url)
                .map(Self::Sqlite)
                .map_err(ProbeError::new),
            Backend::Postgres => {
                let runtime = runtime();
                let client = runtime.block_on(async {
                    let (client, connection) = tokio_postgres::connect(url, NoTls)
                        .await
                        .map_err(|error| ProbeError::postgres(&error))?;
                    tokio::spawn(connection);
                    Ok(client)
                })?;
                Ok(Self::Postgres(runtime, client))
            }
            Backend::Mysql => {
                let runtime = runtime();
                let options = mysql_async::Opts::from_url(url).map_err(ProbeError::new)?;
                let options = mysql_async::OptsBuilder::from_opts(options).prefer_socket(false);
                let connection = runtime
                    .block_on(mysql_async::Conn::new(options))
                    .map_err(ProbeError::new)?;
                Ok(Self::Mysql(runtime, Box::new(connection)))
            }
        }
    }

    /// Executes statements, separated by semicolons.
    pub(crate) fn try_execute(&mut self, sql: &str) -> Result<(), ProbeError> {
        match self {
            Self::Sqlite(connection) => connection.batch_execute(sql).map_err(ProbeError::new),
            Self::Postgres(runtime, client) => runtime
                .block_on(client.batch_execute(sql))
                .map_err(|error| ProbeError::postgres(&error)),
            Self::Mysql(runtime, connection) => runtime
                .block_on(connection.query_drop(sql))
                .map_err(ProbeError::new),
        }
    }

    /// Answers a query.
    pub(crate) fn try_rows(&mut self, sql: &str) -> Result<Vec<Values>, ProbeError> {
        match self {
            Self::Sqlite(connection) => diesel::sql_query(sql)
                .load::<TextRow>(connection)
                .map(|rows| rows.into_iter().map(|TextRow(values)| values).collect())
                .map_err(ProbeError::new),
            Self::Postgres(runtime, client) => {
                let messages = runtime
                    .block_on(client.simple_query(sql))
                    .map_err(|error| ProbeError::postgres(&error))?;
                Ok(messages.iter().filter_map(text_of_postgres).collect())
            }
            Self::Mysql(runtime, connection) => {
                let rows: Vec<mysql_async::Row> = runtime
                    .block_on(connection.query(sql))
                    .map_err(ProbeError::new)?;
                Ok(rows.into_iter().map(text_of_mysql).collect())
            }
        }
    }

    /// Executes statements that must succeed.
    #[track_caller]
    pub(crate) fn execute(&mut self, sql: &str) {
        if let Err(error) = self.try_execute(sql) {
            panic!("{error}: {sql}");
        }
    }

    /// Answers a query that must succeed, a line for each row: `1|Ada|NULL`.
    #[track_caller]
    pub(crate) fn lines(&mut self, sql: &str) -> Vec<String> {
        match self.try_rows(sql) {
            Ok(rows) => rows.iter().map(line).collect(),
            Err(error) => panic!("{error}: {sql}"),
        }
    }

    /// Answers a query that must succeed with one value.
    #[track_caller]
    pub(crate) fn value(&mut self, sql: &str) -> String {
        let mut lines = self.lines(sql);
        assert!(lines.len() == 1, "{} rows: {sql}", lines.len());
        lines.remove(0)
    }
}

/// A row as one line.
fn line(values: &Values) -> String {
    let values: Vec<_> = values
        .iter()
        .map(|value| value.as_deref().unwrap_or("NULL"))
        .collect();
    values.join("|")
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be started")
}

fn text_of_postgres(message: &SimpleQueryMessage) -> Option<Values> {
    let SimpleQueryMessage::Row(row) = message else {
        return None;
    };
    Some(
        (0..row.len())
            .map(|column| row.get(column).map(str::to_owned))
            .collect(),
    )
}

fn text_of_mysql(row: mysql_async::Row) -> Values {
    row.unwrap_raw()
        .into_iter()
        .map(|value| match value {
            None | Some(mysql_async::Value::NULL) => None,
            Some(mysql_async::Value::Bytes(bytes)) => {
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            Some(other) => Some(other.as_sql(true).trim_matches('\'').to_owned()),
        })
        .collect()
}

/// A row of whatever columns.
struct TextRow(Values);

impl QueryableByName<Sqlite> for TextRow {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        (0..row.field_count())
            .map(|index| {
                let value = Row::get(row, index).map(|field| {
                    field
                        .value()
                        .map(|value| FromSql::<Text, Sqlite>::from_sql(value))
                        .transpose()
                });
                Ok(value.transpose()?.flatten())
            })
            .collect::<deserialize::Result<Values>>()
            .map(Self)
    }
}
