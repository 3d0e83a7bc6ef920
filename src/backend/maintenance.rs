//! The side door of a server: a connection that is to no database in particular, over which databases
//! are made and dropped.

use super::database::Database;
use super::open::{Access, OpenError, open};
use crate::settings::{DatabaseUrl, Environment, ServerUrl};
use crate::sql::Dialect;

/// Databases that every server has, the likeliest to be entered first.
fn everywhere(url: &DatabaseUrl) -> &'static [&'static str] {
    match url {
        DatabaseUrl::Postgres(_) => &["postgres", "template1"],
        DatabaseUrl::Mysql(_) => &["information_schema"],
        DatabaseUrl::Sqlite(_) => &[],
    }
}

/// Connects to a database that every server has.
///
/// # Errors
/// None can be entered; the first refusal is told.
pub(super) fn enter(
    url: &DatabaseUrl,
    environment: &Environment,
) -> Result<Box<dyn Database>, OpenError> {
    let mut refused = None;
    for name in everywhere(url) {
        match open(&with_database(url, name), Access::Write, environment) {
            Ok(database) => return Ok(database),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    match refused {
        Some(error) => Err(error),
        // A file has no side door.
        None => open(url, Access::Write, environment),
    }
}

/// The same server, another database.
pub(super) fn with_database(url: &DatabaseUrl, name: &str) -> DatabaseUrl {
    let renamed = |server: &ServerUrl| ServerUrl {
        database: Some(name.to_owned()),
        ..server.clone()
    };
    match url {
        DatabaseUrl::Postgres(server) => DatabaseUrl::Postgres(renamed(server)),
        DatabaseUrl::Mysql(server) => DatabaseUrl::Mysql(renamed(server)),
        DatabaseUrl::Sqlite(sqlite) => DatabaseUrl::Sqlite(sqlite.clone()),
    }
}

/// What becomes of those who are connected to a database that is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// The server decides; PostgreSQL then refuses.
    Stay,
    /// They are disconnected, where the server can do that.
    Leave,
}

/// The statement that drops a database.
pub(super) fn drop_statement(
    administration: &mut dyn Database,
    name: &str,
    others: Others,
) -> String {
    let dialect = administration.dialect();
    let force = match (dialect, others) {
        (Dialect::Sqlite | Dialect::Mysql, _) | (Dialect::Postgres, Others::Stay) => "",
        (Dialect::Postgres, Others::Leave) => {
            let since = (13, 0, 0);
            if administration
                .server()
                .is_ok_and(|server| server.version >= since)
            {
                " WITH (FORCE)"
            } else {
                ""
            }
        }
    };
    format!(
        "DROP DATABASE IF EXISTS {}{force}",
        dialect.quote_identifier(name)
    )
}
