//! A connection, worked out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::answers::Answers;
use super::choice::choice;
use super::database_url::{Backend, DatabaseUrl};
use super::error::SettingsError;
use super::hooks::Hooks;

choice! {
    /// What an older pending migration is, next to newer applied ones.
    Order {
        /// A conflict.
        Linear = "linear",
        /// Nothing special; migrations are applied in version order.
        Any = "any",
    }
}

choice! {
    /// What to do when somebody changed the schema by hand since the last migration.
    OnDrift {
        /// Say so, and go on.
        Warn = "warn",
        /// Stop.
        Refuse = "refuse",
        /// Nothing.
        Ignore = "ignore",
    }
}

choice! {
    /// What a `joinable!` of the models says of the database.
    Joins {
        /// That there is a foreign key; where it is missing, that is asked.
        ForeignKeys = "foreign-keys",
        /// Nothing: it is there for queries.
        Queries = "queries",
    }
}

/// Which tables belong to a connection's models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableFilter {
    /// Patterns of the tables that do; if there are none, all do.
    pub include: Vec<String>,
    /// Patterns of the tables that do not, whatever `include` says.
    pub exclude: Vec<String>,
}

/// One database, and what is to be done with it.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its name.
    pub name: String,
    /// The folders of its migrations, absolute. New migrations go to the first.
    pub migrations: Vec<PathBuf>,
    /// Paths or globs of its models as written, relative to the root of the settings.
    pub models: Vec<String>,
    /// The file to which the schema is printed, absolute.
    pub schema_file: Option<PathBuf>,
    /// Whether destructive steps need the connection's name typed.
    pub protected: bool,
    /// What an older pending migration is.
    pub order: Order,
    /// What to do when somebody changed the schema by hand since the last migration.
    pub on_drift: OnDrift,
    /// Whether each folder of migrations has a file that names its newest, so that two branches that add
    /// one conflict in git.
    pub linear_history: bool,
    /// How long to wait for another run.
    pub lock_timeout: Duration,
    /// How long a statement may take.
    pub statement_timeout: Option<Duration>,
    /// How long a statement may wait for a lock on a table.
    pub ddl_lock_timeout: Option<Duration>,
    /// How often a migration is tried again that could not have a lock.
    pub lock_retries: u32,
    /// Which tables are its business.
    pub tables: TableFilter,
    /// What Rust types of the models are in SQL, where nothing else tells.
    pub types: BTreeMap<String, String>,
    /// What a `joinable!` of the models says of the database.
    pub joins: Joins,
    /// Answers to conflicts, given in advance.
    pub on: Answers,
    /// What about its URL deserves a word.
    pub notices: Vec<String>,
    pub(crate) backend: Option<Backend>,
    pub(crate) url: Result<DatabaseUrl, SettingsError>,
    pub(crate) hooks: Result<Hooks, SettingsError>,
    pub(crate) scratch_url: Option<Result<DatabaseUrl, SettingsError>>,
}

impl Connection {
    /// The database's URL.
    ///
    /// It fails only here, so that what needs no database works without its password.
    pub fn url(&self) -> Result<&DatabaseUrl, SettingsError> {
        self.url.as_ref().map_err(Clone::clone)
    }

    /// The kind of database. It is known even where only the rest of the URL is at fault.
    pub fn backend(&self) -> Result<Backend, SettingsError> {
        match (&self.url, self.backend) {
            (Ok(url), _) => Ok(url.backend()),
            (Err(_), Some(backend)) => Ok(backend),
            (Err(error), None) => Err(error.clone()),
        }
    }

    /// The project's own commands.
    ///
    /// They fail only here, so that what runs none of them works without their variables.
    pub fn hooks(&self) -> Result<&Hooks, SettingsError> {
        self.hooks.as_ref().map_err(Clone::clone)
    }

    /// The database to try migrations on, where one is set.
    pub fn scratch_url(&self) -> Result<Option<&DatabaseUrl>, SettingsError> {
        self.scratch_url
            .as_ref()
            .map(Result::as_ref)
            .transpose()
            .map_err(Clone::clone)
    }
}
