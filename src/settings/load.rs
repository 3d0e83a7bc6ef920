//! Finding the settings and reading them.

use std::fmt;
use std::path::{Path, PathBuf};

use super::diesel_project::{self, DieselToml};
use super::discover;
use super::dotenv;
use super::environment::Environment;
use super::error::SettingsError;
use super::file::{RawAnswers, RawConnection, RawSettings};
use super::key_path::KeyPath;
use super::overlay::{Given, Overlay};
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
    /// `--migration-dir`.
    pub migration_dir: Option<PathBuf>,
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
    let file = named
        .map(|path| environment.directory.join(path))
        .or_else(|| discover::settings_file(&environment.directory));
    match file {
        Some(path) => from_file(&path, request, environment),
        None => from_diesel(request, environment),
    }
}

fn from_file(
    path: &Path,
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
        dotenv: dotenv::nearest(&root, directory)?,
        root: root.clone(),
    };
    let profile = match profile(request, &sources) {
        Some(name) => {
            let path = discover::profile_file(path, &name, directory)?;
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
    let diesel = match sources.variable("DIESEL_CONFIG_FILE") {
        Some(named) => Some(named.folder.join(named.value)),
        None => Some(root.join("diesel.toml")).filter(|path| path.is_file()),
    };
    Ok(Settings {
        connections: connections(settings.connections, path, &sources)?,
        default: settings.default,
        on: settings.on.into_value().unwrap_or_default(),
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
        dotenv: dotenv::nearest(directory, directory)?,
        root: directory.clone(),
    };
    if let Some(profile) = profile(request, &sources) {
        return Err(SettingsError::ProfileWithoutSettings { profile });
    }
    let config = match sources.variable("DIESEL_CONFIG_FILE") {
        Some(named) => Some(named.folder.join(named.value)),
        None => diesel_project::find_toml(directory),
    };
    let says_something = config.is_some()
        || request.database_url.is_some()
        || request.migration_dir.is_some()
        || sources.variable("DATABASE_URL").is_some()
        || sources.variable("MIGRATION_DIRECTORY").is_some()
        || diesel_project::find_migrations(directory).is_some();
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
            .as_ref()
            .map(|folder| directory.join(folder)),
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
mod tests {
    use crate::settings::testing::Project;
    use crate::settings::{Origin, Request};

    const MAIN: &str = "connections: { main: { url: sqlite://main.db } }";

    #[test]
    fn the_settings_of_the_nearest_folder_are_found() {
        let project = Project::with_settings(MAIN).within("src/deep");
        assert_eq!(project.url(), "sqlite://$PROJECT/main.db");
        let project = project.file("src/settings.yml", "connections: { a: { url: near.db } }");
        assert_eq!(project.url(), "sqlite://$PROJECT/src/near.db");
        let settings = project.load().unwrap();
        assert_eq!(
            settings.root,
            project.path().canonicalize().unwrap().join("src")
        );
        assert_eq!(
            settings.origin,
            Origin::File {
                path: settings.root.join("settings.yml"),
                profile: None
            }
        );
    }

    #[test]
    fn a_named_file_goes_before_a_found_one_and_the_flag_before_the_variable() {
        let project = Project::with_settings(MAIN)
            .file("conf/a.yaml", "connections: { a: { url: a.db } }")
            .file("conf/b.yaml", "connections: { b: { url: b.db } }")
            .variable("MANAGE_SETTINGS", "conf/a.yaml");
        assert_eq!(project.url(), "sqlite://$PROJECT/conf/a.db");
        let mut project = project;
        project.request.file = Some("conf/b.yaml".into());
        assert_eq!(project.url(), "sqlite://$PROJECT/conf/b.db");
    }

    #[test]
    fn an_empty_variable_says_nothing() {
        let project = Project::with_settings(MAIN)
            .variable("MANAGE_SETTINGS", "")
            .variable("MANAGE_PROFILE", "");
        assert_eq!(project.url(), "sqlite://$PROJECT/main.db");
    }

    #[test]
    fn of_two_spellings_of_the_file_one_is_read_and_the_other_named() {
        let project = Project::with_settings(MAIN).file("settings.yml", "not: read");
        assert_eq!(
            project.load().unwrap().notices,
            ["`settings.yaml` is read, `settings.yml` is not"]
        );
    }

    #[test]
    fn a_profile_lies_over_the_settings_key_by_key() {
        let project = Project::with_settings(
            "
default: main
connections:
  main:
    driver: postgres
    host: localhost
    database: app
    options: { sslmode: disable, application_name: manage }
    migrations: [one, two]
    order: any
    statement_timeout: 5s
",
        )
        .file(
            "settings.prod.yaml",
            "
connections:
  main:
    host: db.example.org
    options: { sslmode: require }
    migrations: [three]
    statement_timeout:
    protected: true
  audit:
    url: audit.db
",
        )
        .profile("prod");
        let settings = project.load().unwrap();
        assert_eq!(settings.names().collect::<Vec<_>>(), ["main", "audit"]);
        let Origin::File { profile, .. } = &settings.origin else {
            panic!("it is a file")
        };
        let path = settings.root.join("settings.prod.yaml");
        assert_eq!(profile, &Some(("prod".to_owned(), path)));
        let main = settings.connection(None).unwrap();
        assert_eq!(
            main.url().unwrap().to_string(),
            "postgres://db.example.org/app?sslmode=require&application_name=manage"
        );
        assert_eq!(main.migrations, [settings.root.join("three")]);
        assert_eq!(main.order.name(), "any");
        assert_eq!(main.statement_timeout, None);
        assert!(main.protected);
    }

    #[test]
    fn the_way_the_profile_writes_its_url_wins() {
        let parts = "connections: { main: { driver: mysql, host: h, database: d } }";
        let url = "connections: { main: { url: one.db } }";
        let project = Project::with_settings(parts)
            .file("settings.p.yaml", url)
            .profile("p");
        assert_eq!(project.url(), "sqlite://$PROJECT/one.db");
        let project = Project::with_settings(url)
            .file("settings.p.yaml", parts)
            .profile("p");
        assert_eq!(project.url(), "mysql://h/d");
    }

    #[test]
    fn a_profile_may_say_nothing_and_be_named_by_a_variable_or_env_file() {
        let project = Project::with_settings(MAIN)
            .file("settings.dev.yml", "# as it is\n")
            .file(".env", "MANAGE_PROFILE=dev\n");
        assert_eq!(project.url(), "sqlite://$PROJECT/main.db");
        let Origin::File { profile, .. } = project.load().unwrap().origin else {
            panic!("a file")
        };
        assert_eq!(profile.unwrap().0, "dev");
    }

    #[test]
    fn a_profile_belongs_to_the_settings_file_it_is_named_after() {
        let mut project = Project::new()
            .file("conf/app.yaml", "connections: { a: { url: a.db } }")
            .file("conf/app.prod.yaml", "connections: { a: { url: b.db } }")
            .file(
                "conf/settings.prod.yaml",
                "connections: { a: { url: c.db } }",
            )
            .profile("prod");
        project.request.file = Some("conf/app.yaml".into());
        assert_eq!(project.url(), "sqlite://$PROJECT/conf/b.db");
    }

    #[test]
    fn merge_keys_and_anchors_work() {
        let project = Project::with_settings(
            "
x-server: &server
  driver: postgres
  host: localhost
  options: &options { sslmode: require, connect_timeout: 5 }
x-order: &order
  order: any
connections:
  main: &main
    <<: [*server, *order]
    database: app
  other:
    <<: *main
    database: other
    options:
      <<: *options
      sslmode: disable
  file:
    <<: *main
    url: file.db
",
        );
        let settings = project.load().unwrap();
        let url = |name| {
            settings
                .connection(Some(name))
                .unwrap()
                .url()
                .unwrap()
                .to_string()
        };
        assert_eq!(
            url("main"),
            "postgres://localhost/app?sslmode=require&connect_timeout=5"
        );
        assert_eq!(
            url("other"),
            "postgres://localhost/other?sslmode=disable&connect_timeout=5"
        );
        assert_eq!(project.hide(&url("file")), "sqlite://$PROJECT/file.db");
        assert_eq!(
            settings.connection(Some("other")).unwrap().order.name(),
            "any"
        );
    }

    #[test]
    fn scalars_are_taken_as_they_are_written() {
        let project = Project::with_settings(
            "
connections:
  1:
    driver: postgres
    username: yes
    password: 0123
    database: 1e5
    port: ${PORT}
    protected: ${PROTECTED:-no}
",
        )
        .variable("PORT", "5433");
        let connection = project.connection(None).unwrap();
        assert_eq!(connection.name, "1");
        assert_eq!(
            connection.url().unwrap().to_string(),
            "postgres://yes:***@:5433/1e5"
        );
        assert_eq!(
            connection.url().unwrap().password().unwrap().expose(),
            "0123"
        );
        assert!(!connection.protected);
    }

    #[test]
    fn a_key_called_on_is_a_key_and_not_a_truth_value() {
        let project = Project::with_settings(
            "
on: { diverged: rebase, edited: stop }
connections:
  main:
    url: a.db
    on:
      out_of_order: apply
      edited: accept
",
        );
        let on = project.connection(None).unwrap().on;
        assert_eq!(
            on.diverged.map(crate::settings::Diverged::name),
            Some("rebase")
        );
        assert_eq!(
            on.out_of_order.map(crate::settings::OutOfOrder::name),
            Some("apply")
        );
        assert_eq!(on.edited.map(crate::settings::Edited::name), Some("accept"));
        assert_eq!(on.missing, None);
    }

    #[test]
    fn windows_line_ends_and_a_byte_order_mark_do_no_harm() {
        let project =
            Project::with_settings("\u{feff}connections:\r\n  main:\r\n    url: a.db\r\n")
                .file(".env", "\u{feff}MANAGE_PROFILE=\r\n");
        assert_eq!(project.url(), "sqlite://$PROJECT/a.db");
    }

    #[test]
    fn nothing_that_is_debugged_shows_a_secret() {
        let mut project = Project::with_settings(
            "connections: { main: { driver: mysql, password: hunter2 }, o: { url: \"${URL}\" } }",
        )
        .variable("URL", "mysql://u:hunter2@h/d");
        project.request.database_url = None;
        let settings = project.load().unwrap();
        let connection = settings.connection(Some("o")).unwrap();
        let debugged = format!("{settings:?} {connection:?} {:?}", settings.environment());
        assert_eq!(debugged.matches("hunter2").count(), 0);
        project.request = Request {
            database_url: Some("mysql://u:hunter2@h/d".to_owned()),
            ..Request::default()
        };
        assert_eq!(
            format!("{:?}", project.request).matches("hunter2").count(),
            0
        );
    }

    #[test]
    fn env_files_add_to_the_environment_and_do_not_override_it() {
        let project = Project::with_settings(
            "connections: { main: { driver: mysql, host: \"${HOST}\", database: \"${NAME}\" } }",
        )
        .file(".env", "HOST=from-file\nNAME='one # two'\nNAME=second\n")
        .variable("HOST", "from-process");
        assert_eq!(project.url(), "mysql://from-process/one%20%23%20two");
        let environment = project.load().unwrap().environment();
        assert_eq!(environment.variables["HOST"], "from-process");
        assert_eq!(environment.variables["NAME"], "one # two");
    }

    #[test]
    fn the_env_file_is_looked_for_from_the_settings_upwards() {
        let mut project = Project::new()
            .file(".env", "NAME=above\n")
            .file(
                "conf/settings.yaml",
                "connections: { main: { url: \"${NAME}.db\" } }",
            )
            .file("here/.env", "NAME=elsewhere\n")
            .within("here");
        project.request.file = Some("../conf/settings.yaml".into());
        assert_eq!(project.url(), "sqlite://$PROJECT/here/../conf/above.db");
    }

    #[test]
    fn a_secret_file_is_read_without_the_line_break_at_its_end() {
        let project = Project::with_settings(
            "connections: { main: { driver: mysql, password: \"${file:run/secret}\" } }",
        )
        .file("run/secret", "hunter2 \r\n\n");
        let connection = project.connection(None).unwrap();
        assert_eq!(
            connection.url().unwrap().password().unwrap().expose(),
            "hunter2 "
        );
    }
}
