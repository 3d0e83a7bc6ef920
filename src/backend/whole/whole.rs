//! One database, known by its name.

use super::error::WholeError;
use super::file;
use crate::backend::connect_error::ConnectError;
use crate::backend::database::Database;
use crate::backend::error::ErrorClass;
use crate::backend::maintenance::{self, Others};
use crate::backend::open::{Access, OpenError, open};
use crate::backend::postgres;
use crate::settings::{DatabaseUrl, Environment, SqliteLocation};
use crate::sql::Dialect;

/// A database as a whole, which need not be there.
pub struct Whole {
    url: DatabaseUrl,
    environment: Environment,
    name: String,
}

/// What servers keep for themselves, those of hosters among them.
const SYSTEM: [&str; 11] = [
    "azure_maintenance",
    "azure_sys",
    "cloudsqladmin",
    "information_schema",
    "mysql",
    "performance_schema",
    "postgres",
    "rdsadmin",
    "sys",
    "template0",
    "template1",
];

impl Whole {
    /// The database that a URL is of. Nothing is connected to.
    ///
    /// # Errors
    /// It names none.
    pub fn of(url: &DatabaseUrl, environment: &Environment) -> Result<Self, WholeError> {
        let name = match url {
            DatabaseUrl::Sqlite(sqlite) if sqlite.location == SqliteLocation::Memory => {
                return Err(WholeError::InMemory);
            }
            // Variables may name it, and if they don't it is called as the user is.
            DatabaseUrl::Postgres(server) => Some(
                postgres::database_name(server, environment)
                    .map_err(|error| OpenError::Connect(ConnectError::from(error)))?,
            ),
            DatabaseUrl::Sqlite(_) | DatabaseUrl::Mysql(_) => url.database_name(),
        };
        let name = name
            .filter(|name| !name.is_empty())
            .ok_or(WholeError::NoName)?;
        Ok(Self {
            url: url.clone(),
            environment: environment.clone(),
            name,
        })
    }

    /// Its name; of a SQLite file the file's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection to it for a look, if it is there.
    ///
    /// # Errors
    /// That cannot be found out.
    pub fn look(&self) -> Result<Option<Box<dyn Database>>, WholeError> {
        if let DatabaseUrl::Sqlite(sqlite) = &self.url
            && !sqlite.path().is_some_and(std::path::Path::exists)
        {
            return Ok(None);
        }
        match open(&self.url, Access::Read, &self.environment) {
            Ok(database) => Ok(Some(database)),
            Err(OpenError::Connect(ConnectError::NoDatabase { .. })) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes it if it is not there. Whether it had to.
    ///
    /// # Errors
    /// The server or the file system refuses.
    pub fn create(&self) -> Result<bool, WholeError> {
        if let DatabaseUrl::Sqlite(sqlite) = &self.url {
            let path = sqlite.path().ok_or(WholeError::InMemory)?;
            return file::create(path);
        }
        let refused = match open(&self.url, Access::Read, &self.environment) {
            Ok(_) => return Ok(false),
            // A server that lets nobody know what it holds says this of a database that is not there.
            Err(
                error @ OpenError::Connect(
                    ConnectError::NoDatabase { .. } | ConnectError::DatabaseForbidden { .. },
                ),
            ) => error,
            Err(error) => return Err(error.into()),
        };
        let mut administration =
            maintenance::enter(&self.url, &self.environment).map_err(|_: OpenError| refused)?;
        let dialect = administration.dialect();
        let statement = format!("CREATE DATABASE {}", dialect.quote_identifier(&self.name));
        let made = match administration.batch(&statement) {
            // Somebody is connected to the template; the bare one nobody can be connected to.
            Err(error)
                if dialect == Dialect::Postgres
                    && error.class != ErrorClass::Permission
                    && !is_there(&error.message) =>
            {
                administration.batch(&format!("{statement} TEMPLATE template0"))
            }
            outcome => outcome,
        };
        match made {
            Ok(()) => Ok(true),
            // Somebody was faster.
            Err(error) if is_there(&error.message) => Ok(false),
            Err(source) => Err(WholeError::Create {
                name: self.name.clone(),
                source,
            }),
        }
    }

    /// Refuses what the server keeps for itself.
    ///
    /// # Errors
    /// It is such a one.
    pub fn is_ours(&self) -> Result<(), WholeError> {
        let is_file = matches!(self.url, DatabaseUrl::Sqlite(_));
        if !is_file && SYSTEM.contains(&self.name.to_lowercase().as_str()) {
            return Err(WholeError::System(self.name.clone()));
        }
        Ok(())
    }

    /// Drops it if it is there. Whether it was.
    ///
    /// # Errors
    /// It is the server's own, somebody uses it, or the role may not.
    pub fn drop(&self, others: Others) -> Result<bool, WholeError> {
        self.is_ours()?;
        if let DatabaseUrl::Sqlite(sqlite) = &self.url {
            let path = sqlite.path().ok_or(WholeError::InMemory)?;
            return file::remove(sqlite, path, others, &self.environment);
        }
        if self.look()?.is_none() {
            return Ok(false);
        }
        let mut administration = maintenance::enter(&self.url, &self.environment)?;
        let statement = maintenance::drop_statement(&mut *administration, &self.name, others);
        administration
            .batch(&statement)
            .map_err(|source| WholeError::Drop {
                name: self.name.clone(),
                source,
            })?;
        Ok(true)
    }
}

/// Whether a server refused to make a database because it is there.
fn is_there(message: &str) -> bool {
    message.contains("already exists") || message.contains("database exists")
}
