//! From what is written about a connection to what it means.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::answers::Answers;
use super::choice::{Choice, one_of};
use super::connection::{Connection, Order, TableFilter};
use super::database_url::{self, Backend, DatabaseUrl, Parsed, Parts, PartsProblem, UrlProblem};
use super::diesel_project;
use super::duration::parse_duration;
use super::error::SettingsError;
use super::file::{RawAnswers, RawConnection};
use super::key_path::KeyPath;
use super::nearest::nearest;
use super::overlay::Given;
use super::place::Subject;
use super::settings::{Origin, Settings};
use super::truth;
use super::value::{OneOrMany, Scalar};

/// How long to wait for another run, unless the settings say.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// The folder of migrations, unless the settings say.
const MIGRATIONS: &str = "migrations";

impl Settings {
    /// Works out a connection.
    pub(crate) fn resolve(
        &self,
        name: &str,
        raw: &RawConnection,
    ) -> Result<Connection, SettingsError> {
        Resolver {
            settings: self,
            name,
            raw,
            path: KeyPath::connection(name),
            is_default: self.default_name().is_ok_and(|default| default == name),
        }
        .connection()
    }
}

/// One connection on its way.
struct Resolver<'a> {
    settings: &'a Settings,
    name: &'a str,
    raw: &'a RawConnection,
    path: KeyPath,
    /// Whether this is the connection that `diesel` would use, so that its variables and its
    /// `diesel.toml` speak of it.
    is_default: bool,
}

impl Resolver<'_> {
    fn connection(&self) -> Result<Connection, SettingsError> {
        self.check_spelling()?;
        let raw = self.raw;
        let schema_file = self.schema_file()?;
        let models = match self.texts(&self.path.key("models"), &raw.models)? {
            Some(models) => models,
            None => schema_file
                .iter()
                .map(|file| self.below_root(file))
                .collect(),
        };
        let (url, notices) = match self.url() {
            Ok(Parsed { url, notices }) => (Ok(url), notices),
            Err(error) => (Err(error), Vec::new()),
        };
        Ok(Connection {
            name: self.name.to_owned(),
            migrations: self.migrations()?,
            models,
            schema_file,
            protected: self.protected()?,
            order: self
                .choice(&self.path.key("order"), &raw.order)?
                .unwrap_or(Order::Linear),
            lock_timeout: self
                .duration("lock_timeout", &raw.lock_timeout)?
                .unwrap_or(LOCK_TIMEOUT),
            statement_timeout: self.limit("statement_timeout", &raw.statement_timeout)?,
            ddl_lock_timeout: self.limit("ddl_lock_timeout", &raw.ddl_lock_timeout)?,
            tables: self.tables()?,
            on: self.answers()?,
            notices,
            backend: self.guess_backend(),
            url,
            scratch_url: self.scratch_url(),
        })
    }

    /// A URL is written in one way, whatever its values turn out to be.
    fn check_spelling(&self) -> Result<(), SettingsError> {
        let Some(part) = self.raw.parts().next() else {
            return Ok(());
        };
        let place = || self.settings.sources.key_place(&self.path.key(part));
        let connection = self.name.to_owned();
        if self.raw.url.value().is_some() {
            return Err(SettingsError::BothSpellings {
                connection,
                part,
                place: place(),
            });
        }
        if self.raw.driver.value().is_none() {
            return Err(SettingsError::NoDriver {
                connection,
                part,
                place: place(),
            });
        }
        Ok(())
    }

    fn url(&self) -> Result<Parsed, SettingsError> {
        let sources = &self.settings.sources;
        let path = self.path.key("url");
        if let Some(flag) = &self.settings.flags.database_url {
            parse(flag, &sources.environment.directory, || {
                Subject::Flag("--database-url")
            })
        } else if let Some(written) = self.raw.url.value() {
            let text = sources.text(&path, written)?;
            parse(&text, &sources.root, || sources.subject(&path))
        } else if let Some(driver) = self.raw.driver.value() {
            self.assembled(driver)
        } else if self.is_default {
            self.database_url_variable()
        } else {
            Err(self.no_url())
        }
    }

    /// `DATABASE_URL`, which names the database of the default connection unless the settings do.
    fn database_url_variable(&self) -> Result<Parsed, SettingsError> {
        let sources = &self.settings.sources;
        let Some(variable) = sources.variable("DATABASE_URL") else {
            return Err(match self.settings.origin {
                Origin::File { .. } => self.no_url(),
                Origin::Diesel { .. } => SettingsError::NoDatabaseUrl,
            });
        };
        let here = &sources.environment.directory;
        let subject = || variable.subject.clone();
        let mut parsed = parse(&variable.value, &variable.folder, subject)?;
        if parse(&variable.value, here, subject)?.url != parsed.url {
            parsed.notices.push(format!(
                "{}: a relative path is read from {}, where the file is; `diesel` would read it \
                 from the working directory",
                variable.subject,
                sources.shown(&variable.folder)
            ));
        }
        Ok(parsed)
    }

    fn no_url(&self) -> SettingsError {
        SettingsError::NoUrl {
            connection: self.name.to_owned(),
            place: self.settings.sources.key_place(&self.path),
        }
    }

    fn assembled(&self, driver: &Scalar) -> Result<Parsed, SettingsError> {
        let sources = &self.settings.sources;
        let text = |key: &str, given: &Given<Scalar>| {
            given
                .value()
                .map(|written| sources.text(&self.path.key(key), written))
                .transpose()
        };
        let mut options = Vec::new();
        if let Some(written) = self.raw.options.value() {
            let path = self.path.key("options");
            for (name, value) in &written.0 {
                if let Some(value) = value.value() {
                    options.push((name.clone(), sources.text(&path.key(name), value)?));
                }
            }
        }
        let parts = Parts {
            driver: sources.text(&self.path.key("driver"), driver)?,
            host: text("host", &self.raw.host)?,
            port: text("port", &self.raw.port)?,
            database: text("database", &self.raw.database)?,
            username: text("username", &self.raw.username)?,
            password: text("password", &self.raw.password)?,
            options,
        };
        let mut parsed = database_url::assemble(parts, &sources.root)
            .map_err(|problem| self.part_error(problem))?;
        let subject = sources.subject(&self.path.key("driver"));
        prefix(&mut parsed.notices, &subject);
        Ok(parsed)
    }

    fn part_error(&self, problem: PartsProblem) -> SettingsError {
        let key_place = |key: &str| self.settings.sources.key_place(&self.path.key(key));
        let bad = |key: &str, expected: &str| self.bad(&self.path.key(key), expected);
        match problem {
            PartsProblem::Driver { suggestion } => {
                let known: Vec<&str> = Backend::ALL.iter().map(|backend| backend.name()).collect();
                let expected = format!("must be {}", one_of(&known));
                self.bad_word(&self.path.key("driver"), expected, suggestion)
            }
            PartsProblem::NoDatabase => SettingsError::NoDatabase {
                connection: self.name.to_owned(),
                place: key_place("driver"),
            },
            PartsProblem::NotForSqlite(part) => SettingsError::NotForSqlite {
                connection: self.name.to_owned(),
                part,
                place: key_place(part),
            },
            PartsProblem::Host => bad(
                "host",
                "must be a host name, an address or a socket's path, without the port",
            ),
            PartsProblem::SeveralHosts => bad("host", "must be one host"),
            PartsProblem::Port => bad("port", "must be a number from 1 to 65535"),
            PartsProblem::ZeroByte(key) => bad(key, "must not hold a zero byte"),
        }
    }

    fn scratch_url(&self) -> Option<Result<DatabaseUrl, SettingsError>> {
        let sources = &self.settings.sources;
        let path = self.path.key("scratch_url");
        let written = self.raw.scratch_url.value()?;
        Some(
            sources
                .text(&path, written)
                .and_then(|text| parse(&text, &sources.root, || sources.subject(&path)))
                .map(|parsed| parsed.url),
        )
    }

    /// The backend, as far as it shows without the values of variables that are missing.
    fn guess_backend(&self) -> Option<Backend> {
        let sources = &self.settings.sources;
        if let Some(flag) = &self.settings.flags.database_url {
            return database_url::guess_backend(flag);
        }
        if let Some(url) = self.raw.url.value() {
            return database_url::guess_backend(&url.0);
        }
        let driver = sources
            .text(&self.path.key("driver"), self.raw.driver.value()?)
            .ok()?;
        Backend::from_driver(&driver)
    }

    fn migrations(&self) -> Result<Vec<PathBuf>, SettingsError> {
        let sources = &self.settings.sources;
        if let Some(folder) = &self.settings.flags.migration_dir {
            return Ok(vec![folder.clone()]);
        }
        let path = self.path.key(MIGRATIONS);
        if let Some(folders) = self.texts(&path, &self.raw.migrations)? {
            if folders.is_empty() {
                return Err(self.bad(&path, "must name at least one folder"));
            }
            return Ok(folders
                .into_iter()
                .map(|folder| plain(&sources.root.join(folder)))
                .collect());
        }
        let folder = self.diesel_migrations().unwrap_or_else(|| {
            let folder = sources.root.join(MIGRATIONS);
            match self.settings.connections.len() {
                0 | 1 => folder,
                _ => folder.join(self.name),
            }
        });
        Ok(vec![plain(&folder)])
    }

    /// The folder that `diesel` would use, where something says which.
    fn diesel_migrations(&self) -> Option<PathBuf> {
        if !self.is_default {
            return None;
        }
        let sources = &self.settings.sources;
        let variable = sources.variable("MIGRATION_DIRECTORY");
        let configured = || self.settings.diesel.as_ref()?.migrations.clone();
        let found = || match self.settings.origin {
            Origin::File { .. } => None,
            Origin::Diesel { .. } => {
                diesel_project::find_migrations(&sources.environment.directory)
            }
        };
        variable
            .map(|variable| variable.folder.join(variable.value))
            .or_else(configured)
            .or_else(found)
    }

    fn schema_file(&self) -> Result<Option<PathBuf>, SettingsError> {
        let sources = &self.settings.sources;
        let path = self.path.key("schema_file");
        if let Some(written) = self.raw.schema_file.value() {
            return Ok(Some(plain(
                &sources.root.join(self.not_empty(&path, written)?),
            )));
        }
        let diesel = self.settings.diesel.as_ref().filter(|_| self.is_default);
        Ok(diesel
            .and_then(|diesel| diesel.schema_file(self.name))
            .map(plain))
    }

    fn below_root(&self, path: &Path) -> String {
        path.strip_prefix(&self.settings.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    fn protected(&self) -> Result<bool, SettingsError> {
        let path = self.path.key("protected");
        let Some(written) = self.raw.protected.value() else {
            return Ok(false);
        };
        let text = self.settings.sources.text(&path, written)?;
        truth::parse(&text).ok_or_else(|| self.bad(&path, "must be `true` or `false`"))
    }

    fn tables(&self) -> Result<TableFilter, SettingsError> {
        let Some(raw) = self.raw.tables.value() else {
            return Ok(TableFilter::default());
        };
        let path = self.path.key("tables");
        Ok(TableFilter {
            include: self
                .texts(&path.key("include"), &raw.include)?
                .unwrap_or_default(),
            exclude: self
                .texts(&path.key("exclude"), &raw.exclude)?
                .unwrap_or_default(),
        })
    }

    fn answers(&self) -> Result<Answers, SettingsError> {
        Ok(Answers {
            diverged: self.answer(&["diverged"], |on| &on.diverged)?,
            out_of_order: self.answer(&["out_of_order", "out-of-order"], |on| &on.out_of_order)?,
            edited: self.answer(&["edited"], |on| &on.edited)?,
            missing: self.answer(&["missing"], |on| &on.missing)?,
            duplicate: self.answer(&["duplicate"], |on| &on.duplicate)?,
            unfinished: self.answer(&["unfinished"], |on| &on.unfinished)?,
        })
    }

    /// An answer of the connection's own, or else one for all connections.
    fn answer<T: Choice>(
        &self,
        spellings: &[&str],
        given: fn(&RawAnswers) -> &Given<Scalar>,
    ) -> Result<Option<T>, SettingsError> {
        let own = self
            .raw
            .on
            .value()
            .map(|on| (self.path.key("on"), given(on)));
        let common = (KeyPath::top("on"), given(&self.settings.on));
        let said = own
            .into_iter()
            .chain([common])
            .find(|(_, given)| !matches!(given, Given::Absent));
        let Some((on, given)) = said else {
            return Ok(None);
        };
        let paths = spellings.iter().map(|spelling| on.key(spelling));
        let path = paths
            .clone()
            .find(|path| self.settings.sources.place(path).position.is_some());
        self.choice(&path.or_else(|| paths.clone().next()).unwrap_or(on), given)
    }

    /// One of a few words.
    fn choice<T: Choice>(
        &self,
        path: &KeyPath,
        given: &Given<Scalar>,
    ) -> Result<Option<T>, SettingsError> {
        let Some(written) = given.value() else {
            return Ok(None);
        };
        let text = self.settings.sources.text(path, written)?;
        T::of(text.trim()).map(Some).map_err(|unknown| {
            let suggestion = nearest(&text, &unknown.known).map(str::to_owned);
            self.bad_word(path, unknown.to_string(), suggestion)
        })
    }

    fn duration(
        &self,
        key: &str,
        given: &Given<Scalar>,
    ) -> Result<Option<Duration>, SettingsError> {
        let Some(written) = given.value() else {
            return Ok(None);
        };
        let path = self.path.key(key);
        let text = self.settings.sources.text(&path, written)?;
        parse_duration(&text)
            .map(Some)
            .map_err(|error| self.bad(&path, &error.to_string()))
    }

    /// A limit on how long something may take; none at all is written as zero, as the servers do.
    fn limit(&self, key: &str, given: &Given<Scalar>) -> Result<Option<Duration>, SettingsError> {
        Ok(self
            .duration(key, given)?
            .filter(|length| !length.is_zero()))
    }

    fn texts(
        &self,
        path: &KeyPath,
        given: &Given<OneOrMany>,
    ) -> Result<Option<Vec<String>>, SettingsError> {
        match given.value() {
            None => Ok(None),
            Some(OneOrMany::One(one)) => self.not_empty(path, one).map(|one| Some(vec![one])),
            Some(OneOrMany::Many(many)) => many
                .iter()
                .enumerate()
                .map(|(index, one)| self.not_empty(&path.index(index), one))
                .collect::<Result<_, _>>()
                .map(Some),
        }
    }

    fn not_empty(&self, path: &KeyPath, written: &Scalar) -> Result<String, SettingsError> {
        let text = self.settings.sources.text(path, written)?;
        if text.is_empty() {
            return Err(self.bad(path, "must not be empty"));
        }
        Ok(text)
    }

    fn bad(&self, path: &KeyPath, expected: &str) -> SettingsError {
        self.bad_word(path, expected.to_owned(), None)
    }

    fn bad_word(
        &self,
        path: &KeyPath,
        expected: String,
        suggestion: Option<String>,
    ) -> SettingsError {
        let place = self.settings.sources.place(path);
        SettingsError::BadValue {
            key: path.to_string(),
            place,
            expected,
            suggestion,
        }
    }
}

fn parse(
    text: &str,
    folder: &Path,
    subject: impl Fn() -> Subject,
) -> Result<Parsed, SettingsError> {
    let parsed = database_url::parse(text, folder);
    let mut parsed = parsed.map_err(|problem: UrlProblem| SettingsError::BadUrl {
        subject: subject(),
        problem,
    })?;
    prefix(&mut parsed.notices, &subject());
    Ok(parsed)
}

fn prefix(notices: &mut [String], subject: &Subject) {
    for notice in notices {
        *notice = format!("{subject}: {notice}");
    }
}

/// A path without `.` in the middle.
fn plain(path: &Path) -> PathBuf {
    path.components().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::testing::Project;

    #[test]
    fn a_connection_that_says_little_gets_the_defaults() {
        let project = Project::with_settings("connections: { main: { url: sqlite://a.db } }");
        let connection = project.connection(None).unwrap();
        insta::assert_snapshot!(project.hide(&format!("{connection:#?}")), @r#"
        Connection {
            name: "main",
            migrations: [
                "$PROJECT/migrations",
            ],
            models: [],
            schema_file: None,
            protected: false,
            order: Linear,
            lock_timeout: 60s,
            statement_timeout: None,
            ddl_lock_timeout: None,
            tables: TableFilter {
                include: [],
                exclude: [],
            },
            on: Answers {
                diverged: None,
                out_of_order: None,
                edited: None,
                missing: None,
                duplicate: None,
                unfinished: None,
            },
            notices: [],
            backend: Some(
                Sqlite,
            ),
            url: Ok(
                DatabaseUrl(sqlite://$PROJECT/a.db),
            ),
            scratch_url: None,
        }
        "#);
    }

    #[test]
    fn a_connection_may_say_everything() {
        let project = Project::with_settings(
            "
connections:
  main:
    driver: postgresql
    host: /run/postgresql
    port: 5433
    database: my app
    username: app
    password: p@ss/word
    options: { sslmode: require }
    migrations: [./migrations, /shared/migrations]
    models: [src/**/*.rs, schema.sql]
    schema_file: src/schema.rs
    protected: true
    order: any
    lock_timeout: 0
    statement_timeout: 2m
    ddl_lock_timeout: 500ms
    tables: { include: app_*, exclude: [app_old, app_tmp] }
    on:
      diverged: merge
      out-of-order: rebase
      edited: accept
      missing: restore
      duplicate: renumber
      unfinished: resume
    scratch_url: postgres://localhost/scratch
",
        );
        let connection = project.connection(None).unwrap();
        insta::assert_snapshot!(project.hide(&format!("{connection:#?}")), @r#"
        Connection {
            name: "main",
            migrations: [
                "$PROJECT/migrations",
                "/shared/migrations",
            ],
            models: [
                "src/**/*.rs",
                "schema.sql",
            ],
            schema_file: Some(
                "$PROJECT/src/schema.rs",
            ),
            protected: true,
            order: Any,
            lock_timeout: 0ns,
            statement_timeout: Some(
                120s,
            ),
            ddl_lock_timeout: Some(
                500ms,
            ),
            tables: TableFilter {
                include: [
                    "app_*",
                ],
                exclude: [
                    "app_old",
                    "app_tmp",
                ],
            },
            on: Answers {
                diverged: Some(
                    Merge,
                ),
                out_of_order: Some(
                    Rebase,
                ),
                edited: Some(
                    Accept,
                ),
                missing: Some(
                    Restore,
                ),
                duplicate: Some(
                    Renumber,
                ),
                unfinished: Some(
                    Resume,
                ),
            },
            notices: [],
            backend: Some(
                Postgres,
            ),
            url: Ok(
                DatabaseUrl(postgres://app:***@:5433/my%20app?host=/run/postgresql&sslmode=require),
            ),
            scratch_url: Some(
                Ok(
                    DatabaseUrl(postgres://localhost/scratch),
                ),
            ),
        }
        "#);
    }

    #[test]
    fn several_connections_have_folders_of_their_own() {
        let project = Project::with_settings("connections: { a: { url: a.db }, b: { url: b.db } }");
        let migrations = |name| project.connection(Some(name)).unwrap().migrations;
        let root = project.load().unwrap().root;
        assert_eq!(migrations("a"), [root.join("migrations/a")]);
        assert_eq!(migrations("b"), [root.join("migrations/b")]);
    }

    #[test]
    fn the_default_connection_is_named_or_called_default_or_the_only_one() {
        let name = |settings: &str| {
            Project::with_settings(settings)
                .connection(None)
                .unwrap()
                .name
        };
        assert_eq!(
            name("{ default: b, connections: { a: {}, default: {}, b: {} } }"),
            "b"
        );
        assert_eq!(
            name("{ default: '${X:-b}', connections: { a: {}, b: {} } }"),
            "b"
        );
        assert_eq!(name("{ connections: { a: {}, default: {} } }"), "default");
        assert_eq!(name("{ connections: { a: {} } }"), "a");
    }

    #[test]
    fn a_variable_that_is_missing_for_one_connection_does_not_stop_another() {
        let project = Project::with_settings(
            "
connections:
  default: { url: a.db }
  other: { url: 'postgres://u:${NOT_SET}@h/d', models: other.rs }
",
        );
        assert_eq!(project.url(), "sqlite://$PROJECT/a.db");
        let other = project.connection(Some("other")).unwrap();
        assert_eq!(other.models, ["other.rs"]);
        assert_eq!(other.backend().unwrap(), Backend::Postgres);
        assert_eq!(
            other.url().unwrap_err().to_string(),
            "the variable `NOT_SET` is not set, but `connections.other.url` needs it at \
             settings.yaml:4:17"
        );
    }

    #[test]
    fn a_backend_that_nothing_tells_is_the_error_of_the_url() {
        let project = Project::with_settings("connections: { main: { url: '${NOT_SET}' } }");
        let connection = project.connection(None).unwrap();
        assert_eq!(
            connection.backend().unwrap_err().to_string(),
            connection.url().unwrap_err().to_string()
        );
    }

    #[test]
    fn a_bad_scratch_url_fails_only_when_it_is_asked_for() {
        let project = Project::with_settings(
            "connections: { main: { url: a.db, scratch_url: 'x://hunter2' } }",
        );
        let connection = project.connection(None).unwrap();
        insta::assert_snapshot!(project.show(&connection.scratch_url().unwrap_err()), @"
        error: cannot use the database URL in `connections.main.scratch_url` at settings.yaml:1:48
          caused by: unknown scheme `x`
        hint: known schemes are sqlite://, postgres:// and mysql://
        ");
    }

    #[test]
    fn the_command_line_overrides_the_url_and_the_folder_of_the_chosen_connection() {
        let mut project =
            Project::with_settings("connections: { a: { url: a.db }, b: {} }").within("below");
        project.request.database_url = Some("c.db".to_owned());
        project.request.migration_dir = Some("m".into());
        let connection = project.connection(Some("b")).unwrap();
        let folder = &project.environment.directory;
        assert_eq!(connection.migrations, [folder.join("m")]);
        assert_eq!(
            connection.url().unwrap().database_name().as_deref(),
            Some("c.db")
        );
        assert_eq!(
            project.hide(&connection.url().unwrap().to_string()),
            "sqlite://$PROJECT/below/c.db"
        );
    }

    #[test]
    fn the_default_connection_is_what_diesel_would_use_unless_the_settings_say() {
        let project =
            Project::with_settings("{ default: a, connections: { a: {}, b: { url: b.db } } }")
                .variable("DATABASE_URL", "postgres://h/a")
                .variable("MIGRATION_DIRECTORY", "from-variable")
                .file("diesel.toml", "print_schema.file = 'src/schema.rs'");
        let settings = project.load().unwrap();
        let a = settings.connection(None).unwrap();
        let b = settings.connection(Some("b")).unwrap();
        assert_eq!(a.url().unwrap().to_string(), "postgres://h/a");
        assert_eq!(a.migrations, [settings.root.join("from-variable")]);
        assert_eq!(a.schema_file, Some(settings.root.join("src/schema.rs")));
        assert_eq!(a.models, ["src/schema.rs"]);
        assert_eq!(
            project.hide(&b.url().unwrap().to_string()),
            "sqlite://$PROJECT/b.db"
        );
        assert_eq!(b.migrations, [settings.root.join("migrations/b")]);
        assert_eq!((b.schema_file, b.models.len()), (None, 0));
    }

    #[test]
    fn parts_take_a_password_as_it_is_and_a_file_as_a_path() {
        let url = |parts: &str| {
            Project::with_settings(&format!("connections: {{ main: {{ {parts} }} }}"))
                .connection(None)
                .unwrap()
                .url()
                .unwrap()
                .expose()
        };
        assert_eq!(
            url("driver: mariadb, username: u, password: 'p%40@/:#?', database: d, host: h"),
            "mysql://u:p%2540%40%2F%3A%23%3F@h/d"
        );
        assert_eq!(
            url("driver: postgres, host: '::1', port: '${PORT:-}'"),
            "postgres://[::1]"
        );
        assert_eq!(url("driver: postgres, host: '[::1]'"), "postgres://[::1]");
        assert_eq!(
            url("driver: mysql, options: { unix_socket: /s }"),
            "mysql:///?unix_socket=/s"
        );
        assert_eq!(
            url("driver: sqlite, database: ':memory:'"),
            "sqlite::memory:"
        );
        assert_eq!(
            url("driver: sqlite3, database: /a%20b.db"),
            "sqlite:////a%2520b.db"
        );
        assert_eq!(
            url("driver: sqlite, database: /d/a.db, options: { mode: ro, cache: }"),
            "sqlite:///d/a.db?mode=ro"
        );
    }

    #[test]
    fn what_about_a_url_deserves_a_word_is_said() {
        let url = |settings: &str| Project::with_settings(settings).url();
        insta::assert_snapshot!(
            url("connections: { main: { url: 'postgresql+asyncpg://u:p@h/d' } }"), @"
            postgres://u:***@h/d
            notice: `connections.main.url` at settings.yaml:1:29: `+asyncpg` names a driver of another language and is ignored
            ");
        insta::assert_snapshot!(
            url("connections: { main: { driver: postgresql+psycopg, host: h } }"), @"
            postgres://h
            notice: `connections.main.driver` at settings.yaml:1:32: `+psycopg` names a driver of another language and is ignored
            ");
        insta::assert_snapshot!(url("connections: { main: { url: app } }"), @"
        sqlite://$PROJECT/app
        notice: `connections.main.url` at settings.yaml:1:29: the URL has no scheme, so it is taken for the path of a SQLite file, as `diesel` does; write sqlite:// before it to say so
        ");
    }
}
