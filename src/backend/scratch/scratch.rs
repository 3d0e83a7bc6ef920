//! A scratch database, gone when the value is.

use super::error::ScratchError;
use super::{given, server};
use crate::backend::database::Database;
use crate::backend::open::{Access, open};
use crate::settings::{DatabaseUrl, Environment, SqliteLocation, SqliteUrl};

/// A database of our own: in memory on SQLite, beside the connection's own on a server, or the one that
/// the settings give.
pub struct Scratch {
    database: Option<Box<dyn Database>>,
    kind: Kind,
}

enum Kind {
    /// SQLite, in memory.
    Memory,
    /// Made on the connection's server, and dropped.
    Made(Box<server::Made>),
    /// Given by the settings, and emptied.
    Given(given::Given),
}

impl Scratch {
    /// Makes an empty one. `url` is the connection's own database, `given` what the settings say; `now` is
    /// the time in seconds since 1970. What a killed process left behind is dropped on the way.
    ///
    /// # Errors
    /// The server cannot be reached or lets the role create no database.
    pub fn create(
        url: &DatabaseUrl,
        given: Option<&DatabaseUrl>,
        environment: &Environment,
        now: i64,
    ) -> Result<Self, ScratchError> {
        if let Some(given) = given {
            if given.backend() != url.backend() {
                return Err(ScratchError::OtherBackend);
            }
            if !matches!(given, DatabaseUrl::Sqlite(_)) {
                let (given, database) = given::Given::take(given, environment)?;
                return Ok(Self {
                    database: Some(database),
                    kind: Kind::Given(given),
                });
            }
        }
        match url {
            DatabaseUrl::Sqlite(_) => Ok(Self {
                database: Some(memory(environment)?),
                kind: Kind::Memory,
            }),
            DatabaseUrl::Postgres(_) | DatabaseUrl::Mysql(_) => {
                let (made, database) = server::Made::create(url, environment, now)?;
                Ok(Self {
                    database: Some(database),
                    kind: Kind::Made(Box::new(made)),
                })
            }
        }
    }

    /// The connection to it.
    ///
    /// # Panics
    /// Never: it is only absent while [`Self::empty`] runs.
    pub fn database(&mut self) -> &mut dyn Database {
        &mut **self
            .database
            .as_mut()
            .expect("a scratch database has its connection")
    }

    /// Makes it empty again.
    ///
    /// # Errors
    /// The server refused; the scratch database is of no use then.
    pub fn empty(&mut self, environment: &Environment) -> Result<(), ScratchError> {
        match &mut self.kind {
            Kind::Memory => self.database = Some(memory(environment)?),
            Kind::Made(made) => {
                self.database = None;
                self.database = Some(made.again(environment)?);
            }
            Kind::Given(given) => {
                let database = self
                    .database
                    .as_mut()
                    .expect("a scratch database has its connection");
                given.empty(&mut **database)?;
            }
        }
        Ok(())
    }

    /// Keeps a copy of what it holds now, for [`Self::restore`]; says whether the server can do that.
    ///
    /// # Errors
    /// The server refused; the scratch database is of no use then.
    pub fn keep(&mut self, environment: &Environment, now: i64) -> Result<bool, ScratchError> {
        match &mut self.kind {
            Kind::Made(made) if made.copies() => {
                // Nobody may be connected to a database that is copied.
                self.database = None;
                let kept = made.keep(now);
                self.database = Some(made.connect(environment)?);
                Ok(kept.is_ok())
            }
            Kind::Memory | Kind::Made(_) | Kind::Given(_) => Ok(false),
        }
    }

    /// Makes it again as it was kept.
    ///
    /// # Errors
    /// The server refused, or nothing is kept; the scratch database is of no use then.
    pub fn restore(&mut self, environment: &Environment) -> Result<(), ScratchError> {
        if let Kind::Made(made) = &mut self.kind {
            self.database = None;
            made.restore()?;
            self.database = Some(made.connect(environment)?);
        }
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        match &mut self.kind {
            Kind::Memory => {}
            Kind::Made(made) => {
                // Nobody may be connected to a database that is dropped.
                self.database = None;
                made.drop_database();
            }
            Kind::Given(given) => {
                if let Some(database) = &mut self.database {
                    // What stays is known as ours by its mark and emptied next time.
                    let _ = given.empty(&mut **database);
                }
            }
        }
    }
}

fn memory(environment: &Environment) -> Result<Box<dyn Database>, ScratchError> {
    let url = DatabaseUrl::Sqlite(SqliteUrl {
        location: SqliteLocation::Memory,
        parameters: Vec::new(),
    });
    open(&url, Access::Write, environment).map_err(|error| ScratchError::Open(Box::new(error)))
}
