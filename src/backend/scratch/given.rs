//! A database that the settings give for trying things on: used only while it is empty or marked as
//! ours, by one process at a time, and emptied after use.

use std::thread;
use std::time::Duration;

use super::error::ScratchError;
use crate::backend::database::Database;
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::open::{Access, open};
use crate::backend::query::Query;
use crate::settings::{DatabaseUrl, Environment};
use crate::sql::Dialect;

/// The table that marks a database as ours to empty.
const MARK: &str = "__manage_scratch";

/// How often to ask whether another process is done with it, and how long to wait between.
const ATTEMPTS: u32 = 120;
const PAUSE: Duration = Duration::from_millis(500);

pub(super) struct Given {
    dialect: Dialect,
}

impl Given {
    pub(super) fn take(
        url: &DatabaseUrl,
        environment: &Environment,
    ) -> Result<(Self, Box<dyn Database>), ScratchError> {
        let mut database = open(url, Access::Write, environment)
            .map_err(|error| ScratchError::Open(Box::new(error)))?;
        let given = Self {
            dialect: database.dialect(),
        };
        given.lock(&mut *database)?;
        let is_ours = database.tables_exist(&[MARK])?.contains(&true);
        if !is_ours && given.holds_something(&mut *database)? {
            let name = url.database_name().unwrap_or_default();
            return Err(ScratchError::NotEmpty(name));
        }
        given.empty(&mut *database)?;
        Ok((given, database))
    }

    /// Drops everything but the mark.
    pub(super) fn empty(&self, database: &mut dyn Database) -> Result<(), DatabaseError> {
        match self.dialect {
            Dialect::Sqlite => {}
            Dialect::Postgres => empty_postgres(database)?,
            Dialect::Mysql => empty_mysql(database)?,
        }
        database.batch(&format!("CREATE TABLE IF NOT EXISTS {MARK} (id integer)"))
    }

    /// Waits until no other process uses it; the lock goes with the session.
    fn lock(&self, database: &mut dyn Database) -> Result<(), DatabaseError> {
        let query = match self.dialect {
            Dialect::Sqlite => return Ok(()),
            Dialect::Postgres => {
                "SELECT CAST(pg_try_advisory_lock(hashtext(current_database() || {})) AS text)"
            }
            Dialect::Mysql => "SELECT CAST(GET_LOCK(SHA1(CONCAT(DATABASE(), {})), 0) AS CHAR)",
        };
        for _ in 0..ATTEMPTS {
            let rows = database.rows(&Query::new(query).text(MARK))?;
            if rows.first().is_some_and(|row| row.is_true(0)) {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
        Err(DatabaseError::new(
            ErrorClass::Locked,
            "another process has been using the scratch database for a minute",
        ))
    }

    fn holds_something(&self, database: &mut dyn Database) -> Result<bool, DatabaseError> {
        let query = match self.dialect {
            Dialect::Sqlite => return Ok(false),
            Dialect::Postgres => {
                "SELECT CAST(count(*) AS text) FROM pg_class c \
                 JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
                 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
            }
            Dialect::Mysql => {
                "SELECT CAST(count(*) AS CHAR) FROM information_schema.tables \
                 WHERE table_schema = DATABASE()"
            }
        };
        let rows = database.rows(&Query::new(query))?;
        Ok(rows.first().is_some_and(|row| row.text(0) != "0"))
    }
}

/// Drops every schema and makes the first of the `search_path` again.
fn empty_postgres(database: &mut dyn Database) -> Result<(), DatabaseError> {
    let rows = database.rows(&Query::new(
        "SELECT CAST(nspname AS text), CAST(nspname = current_schema() AS text) FROM pg_namespace \
         WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY nspname",
    ))?;
    for row in rows {
        let name = Dialect::Postgres.quote_identifier(row.text(0));
        database.batch(&format!("DROP SCHEMA {name} CASCADE"))?;
        if row.is_true(1) {
            database.batch(&format!("CREATE SCHEMA {name}"))?;
        }
    }
    Ok(())
}

fn empty_mysql(database: &mut dyn Database) -> Result<(), DatabaseError> {
    let tables = database.rows(&Query::new(
        "SELECT CASE table_type WHEN 'VIEW' THEN 'VIEW' ELSE 'TABLE' END, table_name \
         FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name",
    ))?;
    let routines = database.rows(&Query::new(
        "SELECT routine_type, routine_name FROM information_schema.routines \
         WHERE routine_schema = DATABASE() ORDER BY routine_name",
    ))?;
    database.batch("SET foreign_key_checks = 0")?;
    for row in tables.iter().chain(&routines) {
        let name = Dialect::Mysql.quote_identifier(row.text(1));
        database.batch(&format!("DROP {} IF EXISTS {name}", row.text(0)))?;
    }
    database.batch("SET foreign_key_checks = 1")
}
