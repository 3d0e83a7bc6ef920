//! Finding the settings and reading them.

use std::fmt;
use std::path::{Path, PathBuf};

use super::diesel_project::{self, DieselToml};
use super::discover;
use super::dotenv;
use super::environment::Environment;
use super::error::SettingsError;
use super::file::{RawAnswers, RawConnection, RawSettings};
use super::hooks::RawHooks;
use super::key_path::KeyPath;
use super::overlay::{Given, Overlay};
use super::owner;
use super::place::shown_path;
use super::read::{LARGEST_SETTINGS, read_text};
use super::settings::{DEFAULT, Flags, Origin, Settings};
use super::sources::{SourceFile, Sources};
use super::value::Named;

/// What the command line says about the settings.
///
/// The variables that could say the same (`MANAGE_SETTINGS`, `MANAGE_PROFILE`, `DATABASE_URL`,
/// `MIGRATION_DIRECTORY`) are read here and do not belong in it: `DATABASE_URL` must not override
/// a settings file, and `--database-url` does.
#[derive(Clone, Default)]
pub struct Request {
    /// `--settings`.
    pub file: Option<PathBuf>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--database-url`.
    pub database_url: Option<String>,
    /// `--migration-dir`, once for each folder.
    pub migration_dir: Vec<PathBuf>,
}

/// Leaves out the URL: it may hold a password.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("file", &self.file)
            .field("profile", &self.profile)
            .field("migration_dir", &self.migration_dir)
            .finish_non_exhaustive()
    }
}

/// Reads the settings: a settings file and its profile, or else what a Diesel project says.
pub fn load(request: &Request, environment: &Environment) -> Result<Settings, SettingsError> {
    let named = request.file.clone().or_else(|| {
        let named = environment.variables.get("MANAGE_SETTINGS")?;
        Some(PathBuf::from(named)).filter(|path| !path.as_os_str().is_empty())
    });
    if let Some(named) = named {
        let path = environment.directory.join(named);
        return from_file(&path, Some(&path), request, environment);
    }
    match discover::settings_file(&environment.directory) {
        Some(path) => {
            owner::check(&path, None, environment)?;
            from_file(&path, None, request, environment)
        }
        None => from_diesel(request, environment),
    }
}

/// Reads a settings file and what stands beside it; whoever named the file trusts its owner.
fn from_file(
    path: &Path,
    named: Option<&Path>,
    request: &Request,
    environment: &Environment,
) -> Result<Settings, SettingsError> {
    let directory = &environment.directory;
    let root = path.parent().unwrap_or(directory).to_owned();
    let base = read(path, directory)?;
    let base_settings = base.settings.ok_or_else(|| SettingsError::Empty {
        path: shown_path(path, directory),
    })?;
    let mut sources = Sources {
        files: vec![base.file],
        environment: environment.clone(),
        dotenv: dotenv::nearest(&root, named, environment)?,
        root: root.clone(),
    };
    let profile = match profile(request, &sources) {
        Some(name) => {
            let path = discover::profile_file(path, &name, directory)?;
            owner::check(&path, named, environment)?;
            Some((name, path))
        }
        None => None,
    };
    let mut settings = base_settings;
    if let Some((_, path)) = &profile {
        let overlay = read(path, directory)?;
        sources.files.insert(0, overlay.file);
        // A profile that says nothing changes nothing.
        settings = overlay.settings.unwrap_or_default().over(settings);
    }
    let mut notices = Vec::new();
    if let Some(twin) = discover::twin(path) {
        notices.push(format!(
            "`{}` is read, `{}` is not",
            sources.shown(path),
            sources.shown(&twin)
        ));
    }
    let diesel = if let Some(given) = sources.variable("DIESEL_CONFIG_FILE") {
        Some(given.folder.join(given.value))
    } else {
        let beside = Some(root.join("diesel.toml")).filter(|path| path.is_file());
        if let Some(found) = &beside {
            owner::check(found, named, environment)?;
        }
        beside
    };
    Ok(Settings {
        connections: connections(settings.connections, path, &sources)?,
        default: settings.default,
        on: settings.on.into_value().unwrap_or_default(),
        hooks: settings.hooks.into_value().unwrap_or_default(),
        origin: Origin::File {
            path: path.to_owned(),
            profile,
        },
        diesel: diesel
            .map(|path| DieselToml::read(&path, directory))
            .transpose()?,
        flags: flags(request, directory),
        root,
        notices,
        sources,
    })
}

fn from_diesel(request: &Request, environment: &Environment) -> Result<Settings, SettingsError> {
    let directory = &environment.directory;
    let mut sources = Sources {
        files: Vec::new(),
        environment: environment.clone(),
        dotenv: dotenv::nearest(directory, None, environment)?,
        root: directory.clone(),
    };
    if let Some(profile) = profile(request, &sources) {
        return Err(SettingsError::ProfileWithoutSettings { profile });
    }
    let config = match sources.variable("DIESEL_CONFIG_FILE") {
        Some(named) => Some(named.folder.join(named.value)),
        None => diesel_project::find_toml(directory),
    };
    let found = diesel_project::find_migrations(directory);
    for found in diesel_project::find_toml(directory).iter().chain(&found) {
        owner::check(found, None, environment)?;
    }
    let says_something = config.is_some()
        || request.database_url.is_some()
        || !request.migration_dir.is_empty()
        || sources.variable("DATABASE_URL").is_some()
        || sources.variable("MIGRATION_DIRECTORY").is_some()
        || found.is_some();
    if !says_something {
        return Err(SettingsError::NoProject {
            folder: directory.display().to_string(),
        });
    }
    let root = config
        .as_deref()
        .and_then(Path::parent)
        .map(Path::to_owned)
        .or_else(|| diesel_project::root(directory))
        .unwrap_or_else(|| directory.clone());
    sources.root.clone_from(&root);
    Ok(Settings {
        default: Given::Absent,
        connections: vec![(DEFAULT.to_owned(), RawConnection::default())],
        on: RawAnswers::default(),
        hooks: RawHooks::default(),
        origin: Origin::Diesel {
            config: config.clone(),
        },
        diesel: config
            .map(|path| DieselToml::read(&path, directory))
            .transpose()?,
        flags: flags(request, directory),
        root,
        notices: Vec::new(),
        sources,
    })
}

fn flags(request: &Request, directory: &Path) -> Flags {
    Flags {
        database_url: request.database_url.clone(),
        migration_dir: request
            .migration_dir
            .iter()
            .map(|folder| directory.join(folder))
            .collect(),
    }
}

fn profile(request: &Request, sources: &Sources) -> Option<String> {
    let variable = || {
        sources
            .variable("MANAGE_PROFILE")
            .map(|variable| variable.value)
    };
    request.profile.clone().or_else(variable)
}

/// A file that was read, with what it says if it says anything.
struct ReadFile {
    file: SourceFile,
    settings: Option<RawSettings>,
}

fn read(path: &Path, directory: &Path) -> Result<ReadFile, SettingsError> {
    let text = read_text(path, LARGEST_SETTINGS, directory)?;
    let settings = RawSettings::read(&text, &shown_path(path, directory))?;
    Ok(ReadFile {
        file: SourceFile {
            path: path.to_owned(),
            text,
        },
        settings,
    })
}

fn connections(
    written: Given<Named<Given<RawConnection>>>,
    path: &Path,
    sources: &Sources,
) -> Result<Vec<(String, RawConnection)>, SettingsError> {
    let connections = written.into_value().unwrap_or_default().0;
    if connections.is_empty() {
        return Err(SettingsError::NoConnections {
            path: sources.shown(path),
        });
    }
    connections
        .into_iter()
        .map(|(name, connection)| {
            if !is_name(&name) {
                let place = sources.key_place(&KeyPath::connection(&name));
                return Err(SettingsError::ConnectionName { name, place });
            }
            Ok((name, connection.into_value().unwrap_or_default().merged()))
        })
        .collect()
}

/// Whether a connection may be called so: its name is typed after `--database`, and is a folder
/// of its migrations.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests;
