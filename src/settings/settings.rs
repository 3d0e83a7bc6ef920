//! The settings, and the choice of a connection among them.

use std::fmt;
use std::path::PathBuf;

use super::connection::Connection;
use super::diesel_project::DieselToml;
use super::environment::Environment;
use super::error::SettingsError;
use super::file::{RawAnswers, RawConnection};
use super::hooks::RawHooks;
use super::key_path::KeyPath;
use super::nearest::nearest;
use super::overlay::Given;
use super::sources::Sources;
use super::value::Scalar;

/// The name a connection has when nobody named it.
pub(crate) const DEFAULT: &str = "default";

/// What the settings were read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A settings file.
    File {
        /// The file.
        path: PathBuf,
        /// The profile laid over it, and its file.
        profile: Option<(String, PathBuf)>,
    },
    /// A Diesel project without one.
    Diesel {
        /// Its `diesel.toml`.
        config: Option<PathBuf>,
    },
}

/// What the user asked for.
#[derive(Clone)]
pub struct Settings {
    /// The folder that relative paths in the settings are relative to.
    pub root: PathBuf,
    /// What the settings were read from.
    pub origin: Origin,
    /// What deserves a word, apart from what a connection's own notices say.
    pub notices: Vec<String>,
    pub(crate) default: Given<Scalar>,
    pub(crate) connections: Vec<(String, RawConnection)>,
    pub(crate) on: RawAnswers,
    pub(crate) hooks: RawHooks,
    pub(crate) sources: Sources,
    pub(crate) diesel: Option<DieselToml>,
    pub(crate) flags: Flags,
}

/// What the command line says about whichever connection is chosen.
#[derive(Clone, Default)]
pub(crate) struct Flags {
    pub(crate) database_url: Option<String>,
    pub(crate) migration_dir: Vec<PathBuf>,
}

impl Settings {
    /// The names of the connections, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.connections.iter().map(|(name, _)| name.as_str())
    }

    /// The process environment with what `.env` adds to it.
    #[must_use]
    pub fn environment(&self) -> Environment {
        self.sources.merged_environment()
    }

    /// The default connection: the one that `default:` names, else the one called `default`,
    /// else the only one.
    pub fn default_name(&self) -> Result<&str, SettingsError> {
        if let Some(written) = self.default.value() {
            let path = KeyPath::top("default");
            let wanted = self.sources.text(&path, written)?;
            return self.names().find(|name| *name == wanted).ok_or_else(|| {
                let known = self.known();
                SettingsError::UnknownDefault {
                    place: self.sources.place(&path),
                    suggestion: nearest(&wanted, &known).map(str::to_owned),
                    known,
                }
            });
        }
        if let Some(name) = self.names().find(|name| *name == DEFAULT) {
            return Ok(name);
        }
        match self.connections.as_slice() {
            [(name, _)] => Ok(name),
            _ => Err(SettingsError::NoDefault {
                known: self.known(),
            }),
        }
    }

    /// Works out a connection; without a name, the default one.
    ///
    /// The URL and the migration folder of the command line hold for whichever connection is
    /// asked for.
    pub fn connection(&self, name: Option<&str>) -> Result<Connection, SettingsError> {
        let name = match name {
            Some(name) => name,
            None => self.default_name()?,
        };
        let Some((name, raw)) = self
            .connections
            .iter()
            .find(|(existing, _)| existing == name)
        else {
            let known = self.known();
            return Err(SettingsError::UnknownConnection {
                name: name.to_owned(),
                suggestion: nearest(name, &known).map(str::to_owned),
                known,
            });
        };
        self.resolve(name, raw)
    }

    fn known(&self) -> Vec<String> {
        self.names().map(str::to_owned).collect()
    }
}

/// Leaves out the values: any of them may be a secret.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("root", &self.root)
            .field("origin", &self.origin)
            .field("connections", &self.known())
            .field("notices", &self.notices)
            .finish_non_exhaustive()
    }
}
