//! A database made beside the connection's own, on its server.

use super::error::ScratchError;
use super::name;
use crate::backend::database::Database;
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::maintenance::{self, Others, with_database};
use crate::backend::open::{Access, OpenError, open};
use crate::backend::query::{Query, Row};
use crate::settings::{DatabaseUrl, Environment};
use crate::sql::Dialect;

/// A database that was made, and the connection it was made over.
pub(super) struct Made {
    /// Connected to another database of the same server.
    administration: Box<dyn Database>,
    url: DatabaseUrl,
    name: String,
    /// What stands after the name in `CREATE DATABASE`.
    like: String,
    /// The name of a copy that is kept.
    kept: Option<String>,
}

impl Made {
    pub(super) fn create(
        url: &DatabaseUrl,
        environment: &Environment,
        now: i64,
    ) -> Result<(Self, Box<dyn Database>), ScratchError> {
        let mut administration = administer(url, environment)?;
        drop_stale(&mut *administration, now);
        let like = like(&mut *administration)?;
        let name = name::fresh(now);
        let mut made = Self {
            administration,
            url: with_database(url, &name),
            name,
            like,
            kept: None,
        };
        let database = made.make(environment)?;
        Ok((made, database))
    }

    /// Drops it and makes it again, empty.
    pub(super) fn again(
        &mut self,
        environment: &Environment,
    ) -> Result<Box<dyn Database>, ScratchError> {
        let statement = drop_statement(&mut *self.administration, &self.name);
        self.administration.batch(&statement)?;
        self.make(environment)
    }

    /// Whether the server copies databases.
    pub(super) fn copies(&self) -> bool {
        self.administration.dialect() == Dialect::Postgres
    }

    /// Keeps a copy of what it holds. Nobody may be connected to it.
    pub(super) fn keep(&mut self, now: i64) -> Result<(), ScratchError> {
        self.drop_kept();
        let kept = name::fresh(now);
        self.copy(&self.name.clone(), &kept)?;
        self.kept = Some(kept);
        Ok(())
    }

    /// Drops it and makes it again, as the copy that was kept.
    pub(super) fn restore(&mut self) -> Result<(), ScratchError> {
        let statement = drop_statement(&mut *self.administration, &self.name);
        self.administration.batch(&statement)?;
        let kept = self.kept.clone().unwrap_or_default();
        self.copy(&kept, &self.name.clone())
    }

    fn copy(&mut self, from: &str, to: &str) -> Result<(), ScratchError> {
        let quote = |name| self.administration.dialect().quote_identifier(name);
        let statement = format!("CREATE DATABASE {} TEMPLATE {}", quote(to), quote(from));
        self.administration
            .batch(&statement)
            .map_err(ScratchError::Create)
    }

    pub(super) fn drop_database(&mut self) {
        self.drop_kept();
        let statement = drop_statement(&mut *self.administration, &self.name);
        // One that stays is dropped by the next run, when it is old enough.
        let _ = self.administration.batch(&statement);
    }

    fn drop_kept(&mut self) {
        if let Some(kept) = self.kept.take() {
            let statement = drop_statement(&mut *self.administration, &kept);
            let _ = self.administration.batch(&statement);
        }
    }

    fn make(&mut self, environment: &Environment) -> Result<Box<dyn Database>, ScratchError> {
        let statement = format!("CREATE DATABASE {}{}", self.quoted(), self.like);
        let created = match self.administration.batch(&statement) {
            // Somebody is connected to the template; the bare one nobody can be connected to.
            Err(error)
                if self.administration.dialect() == Dialect::Postgres
                    && error.class != ErrorClass::Permission =>
            {
                self.administration
                    .batch(&format!("{statement} TEMPLATE template0"))
            }
            outcome => outcome,
        };
        created.map_err(ScratchError::Create)?;
        self.connect(environment)
    }

    /// Connects to it.
    pub(super) fn connect(
        &self,
        environment: &Environment,
    ) -> Result<Box<dyn Database>, ScratchError> {
        let mut database = open(&self.url, Access::Write, environment)
            .map_err(|error| ScratchError::Open(Box::new(error)))?;
        prepare(&mut *database)?;
        Ok(database)
    }

    fn quoted(&self) -> String {
        self.administration.dialect().quote_identifier(&self.name)
    }
}

/// A session that has said goodbye may still be on its way out; it must not be in the way.
fn drop_statement(administration: &mut dyn Database, name: &str) -> String {
    maintenance::drop_statement(administration, name, Others::Leave)
}

/// Connects to the connection's own database, or, where that is not there yet, to one that every server
/// has.
fn administer(
    url: &DatabaseUrl,
    environment: &Environment,
) -> Result<Box<dyn Database>, ScratchError> {
    let own = match open(url, Access::Write, environment) {
        Ok(database) => return Ok(database),
        Err(error) => error,
    };
    // If that fails too, what is wrong with the connection's own database is what a person must know.
    maintenance::enter(url, environment).map_err(|_: OpenError| ScratchError::Open(Box::new(own)))
}

/// Makes the scratch database like the connection's own where tables take something from it.
fn like(administration: &mut dyn Database) -> Result<String, DatabaseError> {
    match administration.dialect() {
        Dialect::Postgres | Dialect::Sqlite => Ok(String::new()),
        Dialect::Mysql => {
            let rows = administration.rows(&Query::new(
                "SELECT default_character_set_name, default_collation_name \
                 FROM information_schema.schemata WHERE schema_name = DATABASE()",
            ))?;
            let word = |row: &Row, column| {
                row.text(column)
                    .chars()
                    .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                    .collect::<String>()
            };
            Ok(rows.first().map_or_else(String::new, |row| {
                format!(" CHARACTER SET {} COLLATE {}", word(row, 0), word(row, 1))
            }))
        }
    }
}

/// Gives the session what the connection's own database would: the schemas of its `search_path`, and no
/// wait for the disk, which nothing here has to survive.
fn prepare(database: &mut dyn Database) -> Result<(), DatabaseError> {
    match database.dialect() {
        Dialect::Sqlite | Dialect::Mysql => Ok(()),
        Dialect::Postgres => {
            database.batch("SET synchronous_commit = off")?;
            let rows = database.rows(&Query::new(
                "SELECT trim(both ' \"' from name) \
                 FROM unnest(string_to_array(current_setting('search_path'), ',')) AS name \
                 WHERE current_schema() IS NULL",
            ))?;
            for name in rows.iter().map(|row| row.text(0)) {
                if name != "$user" && !name.starts_with("pg_") && !name.is_empty() {
                    let name = Dialect::Postgres.quote_identifier(name);
                    database.batch(&format!("CREATE SCHEMA IF NOT EXISTS {name}"))?;
                }
            }
            Ok(())
        }
    }
}

/// Drops what killed processes left behind, as far as this role may; it is no reason to stop.
fn drop_stale(administration: &mut dyn Database, now: i64) {
    let list = match administration.dialect() {
        Dialect::Sqlite => return,
        Dialect::Postgres => {
            "SELECT CAST(datname AS text) FROM pg_database d \
             WHERE datname LIKE {} AND pg_has_role(datdba, 'MEMBER') \
             AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)"
        }
        Dialect::Mysql => {
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE {} \
             AND schema_name NOT IN \
             (SELECT db FROM information_schema.processlist WHERE db IS NOT NULL)"
        }
    };
    let pattern = format!("{}%", name::PREFIX.replace('_', "\\_"));
    let Ok(rows) = administration.rows(&Query::new(list).text(pattern)) else {
        return;
    };
    for row in rows {
        if name::is_stale(row.text(0), now) {
            let statement = drop_statement(administration, row.text(0));
            let _ = administration.batch(&statement);
        }
    }
}
