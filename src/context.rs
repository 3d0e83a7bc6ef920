//! What every command is given: settings, connections, the screen, the time.

use std::cell::{Cell, OnceCell};
use std::path::PathBuf;
use std::time::Instant;

use crate::clock::Clock;
use crate::error::CommandError;
use crate::executor::Interrupt;
use crate::history::Identity;
use crate::settings::{
    self, Connection, DatabaseUrl, Environment, Origin, Request, Settings, SettingsError,
    SqliteLocation,
};
use crate::ui::Ui;

/// The world of one invocation.
pub struct Context {
    /// Prints and asks.
    pub ui: Ui,
    /// Tells the time.
    pub clock: Clock,
    /// Watches for Ctrl-C.
    pub interrupt: Interrupt,
    /// Variables and the working directory.
    pub environment: Environment,
    /// Whether `--yes` consents to what would be asked about.
    pub yes: bool,
    /// What becomes of the schema file when the database has changed.
    pub schema_file: SchemaFile,
    found: Cell<bool>,
    /// Until when a server that is still starting is waited for.
    pub(crate) wait_until: Option<Instant>,
    /// Whether the hooks of the settings are run.
    pub hooks: bool,
    request: Request,
    selection: Selection,
    settings: OnceCell<Settings>,
}

/// What becomes of the schema file when the database has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SchemaFile {
    /// It is written anew where it differs.
    #[default]
    Write,
    /// It stays as it is.
    Leave,
    /// It stays as it is, and that it differs is a finding.
    Lock,
}

/// Which connections a command is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// The default one.
    #[default]
    Default,
    /// Those named, in that order.
    Named(Vec<String>),
    /// All of them, in the order of the file.
    All,
}

impl Context {
    pub(crate) fn new(
        ui: Ui,
        environment: Environment,
        interrupt: Interrupt,
        request: Request,
        selection: Selection,
    ) -> Self {
        Self {
            ui,
            clock: Clock::new(&environment),
            interrupt,
            environment,
            yes: false,
            schema_file: SchemaFile::default(),
            found: Cell::new(false),
            wait_until: None,
            hooks: true,
            request,
            selection,
            settings: OnceCell::new(),
        }
    }

    /// The settings, read once; notices about them are printed then.
    ///
    /// # Errors
    /// There are none, or they cannot be understood.
    pub fn settings(&self) -> Result<&Settings, SettingsError> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let settings = settings::load(&self.request, &self.environment)?;
        self.ui
            .detail(&format!("settings: {}", self.origin(&settings.origin)));
        for notice in &settings.notices {
            self.ui.note(notice);
        }
        Ok(self.settings.get_or_init(|| settings))
    }

    /// What the settings were read from, as a person here would write it.
    fn origin(&self, origin: &Origin) -> String {
        let shown = |path: &std::path::Path| self.shown(path).display().to_string();
        match origin {
            Origin::File {
                path,
                profile: None,
            } => shown(path),
            Origin::File {
                path,
                profile: Some((name, laid)),
            } => format!("{} with profile `{name}` ({})", shown(path), shown(laid)),
            Origin::Diesel { config: None } => "none; a Diesel project".to_owned(),
            Origin::Diesel {
                config: Some(config),
            } => format!("none; a Diesel project with {}", shown(config)),
        }
    }

    /// The connections the command is for, never none.
    ///
    /// # Errors
    /// One is unknown or cannot be understood.
    pub fn connections(&self) -> Result<Vec<Connection>, CommandError> {
        let settings = self.settings()?;
        let names = self.connection_names()?;
        Ok(names
            .iter()
            .map(|name| settings.connection(Some(name)))
            .collect::<Result<_, _>>()?)
    }

    /// The names of the connections the command is for, never none; whether each can be understood is
    /// another matter.
    ///
    /// # Errors
    /// There is no default, or several are to have one database.
    pub fn connection_names(&self) -> Result<Vec<String>, CommandError> {
        let settings = self.settings()?;
        match &self.selection {
            Selection::Default => Ok(vec![settings.default_name()?.to_owned()]),
            Selection::Named(names)
                if names.len() > 1
                    && (self.request.database_url.is_some()
                        || !self.request.migration_dir.is_empty()) =>
            {
                Err(TooMany(names.len()).into())
            }
            Selection::Named(names) => Ok(names.clone()),
            Selection::All => Ok(settings.names().map(str::to_owned).collect()),
        }
    }

    /// Whether `--migration-dir` named the folders of migrations.
    #[must_use]
    pub fn names_folder(&self) -> bool {
        !self.request.migration_dir.is_empty()
    }

    /// Whether the command is for the default connection, because none was named.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.selection == Selection::Default
    }

    /// Whether the command is for every connection, by `--all`.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        self.selection == Selection::All
    }

    /// What a command to type next needs to name a connection: nothing for the default one.
    #[must_use]
    pub fn on(&self, connection: &str) -> String {
        if self.is_default() {
            String::new()
        } else {
            format!(" -d {connection}")
        }
    }

    /// The one connection that a command writes files for.
    ///
    /// # Errors
    /// None or several were named, or it cannot be understood.
    pub fn connection(&self) -> Result<Connection, CommandError> {
        let mut connections = self.connections()?;
        match connections.len() {
            1 => Ok(connections.remove(0)),
            number => Err(TooMany(number).into()),
        }
    }

    /// Notes that something was found which does not keep the work from being done: exit code 3.
    pub(crate) fn find(&self) {
        self.found.set(true);
    }

    /// Whether something was found.
    pub(crate) fn has_found(&self) -> bool {
        self.found.get()
    }

    /// Who is at work, for the record.
    #[must_use]
    pub fn identity(&self) -> Identity {
        /// As many characters as are recorded of a name.
        const LONGEST: usize = 255;
        let named = |variables: &[&str], asked: Option<String>| {
            let set = variables
                .iter()
                .filter_map(|name| self.environment.variables.get(*name))
                .find(|value| !value.is_empty());
            let name = set.cloned().or(asked);
            name.map_or_else(
                || "unknown".to_owned(),
                |name| name.chars().take(LONGEST).collect(),
            )
        };
        Identity {
            user: named(&["USER", "LOGNAME", "USERNAME"], whoami::username().ok()),
            host: named(&["HOSTNAME", "COMPUTERNAME"], whoami::hostname().ok()),
            tool: concat!("manage ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// A database's URL as a person here would write it: without the password, and short.
    #[must_use]
    pub fn shown_url(&self, url: &DatabaseUrl) -> String {
        let mut short = url.clone();
        match &mut short {
            DatabaseUrl::Sqlite(sqlite) => {
                if let SqliteLocation::File(path) = &sqlite.location
                    && let Ok(path) = path.strip_prefix(&self.environment.directory)
                {
                    return format!("sqlite://{}", path.display());
                }
            }
            DatabaseUrl::Postgres(server) | DatabaseUrl::Mysql(server) => server.options.clear(),
        }
        short.to_string()
    }

    /// A path as a person here would write it.
    #[must_use]
    pub fn shown(&self, path: &std::path::Path) -> PathBuf {
        match path.strip_prefix(&self.environment.directory) {
            Ok(short) if short.as_os_str().is_empty() => PathBuf::from("."),
            Ok(short) => short.to_owned(),
            Err(_) => path.to_owned(),
        }
    }
}

/// A command that is for one connection was given several.
#[derive(Debug, thiserror::Error)]
#[error("this is for one connection, and {0} were named")]
struct TooMany(usize);

impl crate::error::Explain for TooMany {
    fn kind(&self) -> crate::error::Kind {
        crate::error::Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec!["name one: -d NAME".to_owned()]
    }
}
