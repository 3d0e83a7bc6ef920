//! From what is written about a connection to what it means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::answers::Answers;
use super::choice::{Choice, one_of};
use super::connection::{Connection, Joins, OnDrift, Order};
use super::database_url::{self, Backend, DatabaseUrl, Parsed, Parts, PartsProblem, UrlProblem};
use super::diesel_project;
use super::error::SettingsError;
use super::file::{RawAnswers, RawConnection};
use super::hooks;
use super::key_path::KeyPath;
use super::nearest::nearest;
use super::overlay::Given;
use super::place::Subject;
use super::settings::{Origin, Settings};
use super::value::{OneOrMany, Scalar};

mod compared;
mod single;

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
            protected: self.truth("protected", &raw.protected)?,
            order: self
                .choice(&self.path.key("order"), &raw.order)?
                .unwrap_or(Order::Linear),
            on_drift: self
                .choice(&self.path.key("on_drift"), &raw.on_drift)?
                .unwrap_or(OnDrift::Warn),
            linear_history: self.truth("linear_history", &raw.linear_history)?,
            lock_timeout: self
                .duration("lock_timeout", &raw.lock_timeout)?
                .unwrap_or(LOCK_TIMEOUT),
            statement_timeout: self.limit("statement_timeout", &raw.statement_timeout)?,
            ddl_lock_timeout: self.limit("ddl_lock_timeout", &raw.ddl_lock_timeout)?,
            lock_retries: self.lock_retries()?,
            tables: self.tables()?,
            types: self.types()?,
            joins: self
                .choice(&self.path.key("joinable"), &raw.joinable)?
                .unwrap_or(Joins::ForeignKeys),
            on: self.answers()?,
            notices,
            backend: self.guess_backend(),
            url,
            scratch_url: self.scratch_url(),
            hooks: hooks::resolve(
                &self.settings.sources,
                raw.hooks.value().map(|hooks| (&self.path, hooks)),
                &self.settings.hooks,
            ),
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
        let given = &self.settings.flags.migration_dir;
        if !given.is_empty() {
            let mut folders: Vec<_> = Vec::new();
            for folder in given.iter().map(|folder| plain(folder)) {
                if !folders.contains(&folder) {
                    folders.push(folder);
                }
            }
            return Ok(folders);
        }
        let path = self.path.key(MIGRATIONS);
        if let Some(folders) = self.texts(&path, &self.raw.migrations)? {
            if folders.is_empty() {
                return Err(self.bad(&path, "must name at least one folder"));
            }
            let folders: Vec<_> = folders
                .into_iter()
                .map(|folder| plain(&sources.root.join(folder)))
                .collect();
            let mut seen = BTreeSet::new();
            if let Some(twice) = folders.iter().position(|folder| !seen.insert(folder)) {
                // Every migration of it would be there twice.
                return Err(self.bad(&path.index(twice), "must name another folder than before"));
            }
            return Ok(folders);
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
mod tests;
