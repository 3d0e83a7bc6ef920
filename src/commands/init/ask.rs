//! One connection's answers: from flags, from what is there, or asked.

use super::Init;
use super::address::{Address, without_password};
use super::error::InitError;
use super::proposal::Proposal;
use super::yaml::Answers;
use crate::context::Context;
use crate::error::CommandError;
use crate::settings::Backend;
use crate::ui::{Choice, Question};

/// A connection that is being made up.
pub(super) struct Asked<'a> {
    pub(super) context: &'a Context,
    pub(super) init: &'a Init,
    pub(super) proposal: &'a Proposal,
    /// Its name, where there are several.
    pub(super) name: Option<&'a str>,
    /// Whether the flags are about it: they are about the first.
    pub(super) is_first: bool,
}

impl Asked<'_> {
    pub(super) fn answers(&self) -> Result<Answers, CommandError> {
        let init = self.init;
        let address = self.address()?;
        let migrations = match self.name {
            _ if init.migrations.is_empty() => {
                vec![self.line(None, "Folder of migrations", &self.folder())?]
            }
            None => init.migrations.clone(),
            Some(name) => init
                .migrations
                .iter()
                .map(|folder| format!("{folder}/{name}"))
                .collect(),
        };
        let models = self.line(
            init.models.as_deref().filter(|_| self.is_first),
            "Models (Diesel's table! file, or desired SQL)",
            &self.models(),
        )?;
        Ok(Answers {
            name: self.name.unwrap_or("default").to_owned(),
            address,
            migrations,
            models: Some(models).filter(|models| !models.is_empty()),
        })
    }

    /// Folders are never inside of one another: `diesel` would take the inner one for a migration.
    fn folder(&self) -> String {
        match (&self.proposal.migrations, self.name) {
            (Some(there), _) if self.is_first => there.clone(),
            (Some(there), Some(name)) if there == "migrations" => format!("{name}/migrations"),
            (_, Some(name)) => format!("migrations/{name}"),
            (_, None) => "migrations".to_owned(),
        }
    }

    /// Where nobody is asked, only a file that is there is named.
    fn models(&self) -> String {
        if let Some(models) = self.proposal.models.as_ref().filter(|_| self.is_first) {
            return models.clone();
        }
        let guess = match self.name.filter(|_| !self.is_first) {
            Some(name) => format!("src/{name}_schema.rs"),
            None => "src/schema.rs".to_owned(),
        };
        let there = self.context.environment.directory.join(&guess).is_file();
        if there || self.context.ui.is_interactive() {
            guess
        } else {
            String::new()
        }
    }

    fn address(&self) -> Result<Address, CommandError> {
        let init = self.init;
        if let Some(url) = init.url.as_ref().filter(|_| self.is_first) {
            return without_password(self.context, url, init.password_variable.as_deref());
        }
        let asks = self.context.ui.is_interactive();
        let from_parts = init.driver.is_some()
            || init.host.is_some()
            || init.dbname.is_some()
            || init.username.is_some();
        if self.is_first && !from_parts && self.proposal.backend.is_some() {
            let url = self.line(None, "URL of the database", "${DATABASE_URL}")?;
            return Ok(Address::Url(url));
        }
        let backend = match init.driver {
            Some(backend) => backend,
            None if asks => self.kind()?,
            None if init.host.is_some() => Backend::Postgres,
            None => Backend::Sqlite,
        };
        let dbname = init.dbname.as_deref().filter(|_| self.is_first);
        let (driver, role, port) = match backend {
            Backend::Sqlite
                if init.host.is_some() || init.port.is_some() || init.username.is_some() =>
            {
                return Err(InitError::NoServer.into());
            }
            Backend::Sqlite => {
                let file = format!("{}.sqlite3", self.name.unwrap_or("db"));
                let file = self.line(dbname, "Database file", &file)?;
                return Ok(Address::Url(format!("sqlite://{file}")));
            }
            Backend::Postgres => ("postgres", "postgres", 5432),
            Backend::Mysql => ("mysql", "root", 3306),
        };
        let project = self.context.environment.directory.file_name().map_or_else(
            || "app".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let host = self.line(init.host.as_deref(), "Host", "localhost")?;
        let port = self.port(port)?;
        let variable = match self.name.filter(|_| !self.is_first) {
            Some(name) => format!("{}_PASSWORD", upper(name)),
            None => "DATABASE_PASSWORD".to_owned(),
        };
        Ok(Address::Parts {
            driver,
            host,
            port: Some(port),
            database: self.line(dbname, "Database", self.name.unwrap_or(&project))?,
            username: self.line(init.username.as_deref(), "User", role)?,
            password_variable: self.line(
                init.password_variable.as_deref().filter(|_| self.is_first),
                "Variable with the password",
                &variable,
            )?,
            options: Vec::new(),
        })
    }

    fn kind(&self) -> Result<Backend, CommandError> {
        let choices = [
            Choice::new("sqlite", "a file, nothing to install"),
            Choice::new("postgres", "PostgreSQL"),
            Choice::new("mysql", "MySQL or MariaDB"),
        ];
        let question = Question::optional(&self.about("Which database"));
        Ok(match self.context.ui.choose(&question, &choices)? {
            0 => Backend::Sqlite,
            1 => Backend::Postgres,
            _ => Backend::Mysql,
        })
    }

    fn port(&self, default: u16) -> Result<u16, CommandError> {
        if let Some(port) = self.init.port {
            return Ok(port);
        }
        if !self.context.ui.is_interactive() {
            return Ok(default);
        }
        loop {
            let typed = self.line(None, "Port", &default.to_string())?;
            match typed.trim().parse() {
                Ok(port) => return Ok(port),
                Err(_) => self
                    .context
                    .ui
                    .warning("a port is a number from 1 to 65535"),
            }
        }
    }

    /// What was given, or what is typed, or where nobody is asked the default.
    fn line(
        &self,
        given: Option<&str>,
        question: &str,
        default: &str,
    ) -> Result<String, CommandError> {
        match given {
            Some(given) => Ok(given.to_owned()),
            None if self.context.ui.is_interactive() => {
                let question = Question::optional(&self.about(question));
                Ok(self.context.ui.line(&question, Some(default))?)
            }
            None => Ok(default.to_owned()),
        }
    }

    /// A question, and which connection it is about where that is not clear.
    fn about(&self, question: &str) -> String {
        match self.name {
            Some(name) => format!("{name}: {question}"),
            None => question.to_owned(),
        }
    }
}

/// A name as part of a variable's.
fn upper(name: &str) -> String {
    name.chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect()
}
