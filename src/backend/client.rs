//! The server's own client: which program it is, and how it is told whom to connect to as whom, without
//! a password among its arguments.

mod option_file;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use tempfile::NamedTempFile;

use super::connect_error::ConnectError;
use super::open::OpenError;
use super::{mysql, postgres};
use crate::error::Explain;
use crate::settings::{DatabaseUrl, Environment, SqliteLocation, SqliteUrl};

/// A client that is ready to be started.
pub struct Client {
    program: &'static str,
    arguments: Vec<OsString>,
    variables: Vec<(&'static str, String)>,
    /// Variables that would lead it elsewhere.
    without: &'static [&'static str],
    /// Removed when the client has ended.
    _options: Option<NamedTempFile>,
}

/// What is installed where a client is missing.
const PACKAGES: [(&str, &str); 3] = [
    (
        "psql",
        "postgresql-client of Debian and Ubuntu, postgresql of Fedora, libpq of Homebrew",
    ),
    (
        "mysql",
        "mariadb-client or mysql-client of Debian and Ubuntu, mariadb of Fedora, mysql-client of Homebrew",
    ),
    (
        "sqlite3",
        "sqlite3 of Debian and Ubuntu, sqlite of Fedora and Homebrew",
    ),
];

impl Client {
    /// The client of a database. Nothing is connected to.
    ///
    /// # Errors
    /// There is none on this machine, or the URL cannot be told to it.
    pub fn of(url: &DatabaseUrl, environment: &Environment) -> Result<Self, ClientError> {
        match url {
            DatabaseUrl::Sqlite(url) => Self::sqlite(url),
            DatabaseUrl::Postgres(url) => {
                let told = postgres::client_variables(url, environment).map_err(parameter)?;
                Ok(Self {
                    program: first_of(&["psql"])?,
                    arguments: Vec::new(),
                    variables: told,
                    without: &["PGSERVICE", "PGSERVICEFILE"],
                    _options: None,
                })
            }
            DatabaseUrl::Mysql(url) => {
                // MariaDB's newer packages have no `mysql` any more.
                let program = first_of(&["mysql", "mariadb"])?;
                let told =
                    mysql::client_options(url, environment, flavour(program)).map_err(parameter)?;
                let file = option_file::write(&told, environment)
                    .map_err(|source| ClientError::OptionFile { source })?;
                let mut option = OsString::from("--defaults-file=");
                option.push(file.path());
                Ok(Self {
                    program,
                    arguments: vec![option],
                    variables: Vec::new(),
                    without: &[
                        "MYSQL_PWD",
                        "MYSQL_HOST",
                        "MYSQL_TCP_PORT",
                        "MYSQL_UNIX_PORT",
                    ],
                    _options: Some(file),
                })
            }
        }
    }

    fn sqlite(url: &SqliteUrl) -> Result<Self, ClientError> {
        let SqliteLocation::File(path) = &url.location else {
            return Err(ClientError::InMemory);
        };
        let read_only = url
            .parameters
            .iter()
            .any(|(name, value)| name == "mode" && value == "ro");
        Ok(Self {
            program: first_of(&["sqlite3"])?,
            arguments: read_only
                .then(|| OsString::from("-readonly"))
                .into_iter()
                .chain([plain(path)])
                .collect(),
            variables: Vec::new(),
            without: &[],
            _options: None,
        })
    }

    /// Its name.
    #[must_use]
    pub fn program(&self) -> &str {
        self.program
    }

    /// Runs it to its end, on the same terminal and streams; its exit code.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run(self, arguments: &[OsString]) -> Result<u8, ClientError> {
        let mut command = Command::new(self.program);
        for name in self.without {
            command.env_remove(name);
        }
        let status = command
            .args(&self.arguments)
            .args(arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .status()
            .map_err(|source| ClientError::Start {
                program: self.program,
                source,
            })?;
        Ok(code(status))
    }
}

/// A path that no program takes for an option.
fn plain(path: &Path) -> OsString {
    path.as_os_str().to_owned()
}

fn parameter(error: super::connect_error::ParameterError) -> ClientError {
    ClientError::Connection(OpenError::Connect(ConnectError::from(error)))
}

/// The first of some programs that can be started.
fn first_of(programs: &[&'static str]) -> Result<&'static str, ClientError> {
    programs
        .iter()
        .find(|program| version(program).is_some())
        .copied()
        .ok_or(ClientError::Missing {
            program: programs.first().copied().unwrap_or_default(),
        })
}

/// What a program says of itself.
fn version(program: &str) -> Option<String> {
    let output = Command::new(program)
        .arg(if program == "sqlite3" {
            "-version"
        } else {
            "--version"
        })
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whose client it is; their options for TLS have different names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Mysql,
    Mariadb,
}

fn flavour(program: &str) -> Flavour {
    match version(program) {
        Some(version) if version.contains("MariaDB") => Flavour::Mariadb,
        Some(_) | None => Flavour::Mysql,
    }
}

/// As a shell says it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(signal).map_or(1, |signal| signal.saturating_add(128));
    }
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1)
}

/// Why the client did not run.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It is not installed.
    #[error("there is no program `{program}` on the path")]
    Missing {
        /// The program.
        program: &'static str,
    },
    /// It is in memory, where no other program can look.
    #[error("a database in memory cannot be looked into by another program")]
    InMemory,
    /// What the URL says makes no sense.
    #[error(transparent)]
    Connection(OpenError),
    /// The file for the password cannot be written.
    #[error("cannot write the file that tells the client how to connect")]
    OptionFile {
        /// What the operating system said.
        source: io::Error,
    },
    /// It is there and did not start.
    #[error("cannot start `{program}`")]
    Start {
        /// The program.
        program: &'static str,
        /// What the operating system said.
        source: io::Error,
    },
}

impl Explain for ClientError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Missing { program } => PACKAGES
                .iter()
                .filter(|(client, _)| client == program)
                .map(|(_, package)| format!("install it: {package}"))
                .collect(),
            Self::InMemory => {
                vec!["name a file in the connection's `url`: sqlite://db.sqlite3".to_owned()]
            }
            Self::Connection(error) => error.hints(),
            Self::OptionFile { .. } => {
                vec!["check that the folder for temporary files can be written".to_owned()]
            }
            Self::Start { program, .. } => vec![format!("check that `{program}` may be executed")],
        }
    }
}
