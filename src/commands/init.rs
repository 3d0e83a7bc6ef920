//! `manage init`: settings and a folder of migrations.

use std::fmt::Write;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::migration::Directory;
use crate::settings::{self, Backend, DatabaseUrl, Request};
use crate::ui::{Choice, Question};

/// Set up settings.yaml and the migrations folder
///
/// Asks what it needs to know and shows what it proposes; in a Diesel project that is what
/// `DATABASE_URL` and diesel.toml say. Nothing that is there is overwritten.
#[derive(clap::Args, Debug)]
pub(crate) struct Init {
    /// The kind of server: sqlite, postgres or mysql
    #[arg(long, value_name = "DRIVER", value_parser = driver)]
    driver: Option<Backend>,

    /// The connection's URL, instead of its parts
    #[arg(long, value_name = "URL", conflicts_with_all = ["driver", "host", "port", "dbname", "username"])]
    url: Option<String>,

    /// The server's host
    #[arg(long, value_name = "HOST")]
    host: Option<String>,

    /// The server's port
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// The database's name
    #[arg(long, value_name = "NAME")]
    dbname: Option<String>,

    /// The role to connect as
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// The variable that will hold the password
    #[arg(long, value_name = "VARIABLE")]
    password_variable: Option<String>,

    /// The folder of migrations
    #[arg(long, value_name = "DIR")]
    migrations: Option<String>,

    /// The models: Diesel's table! file, or desired SQL
    #[arg(long, value_name = "FILE")]
    models: Option<String>,
}

fn driver(word: &str) -> Result<Backend, String> {
    match word.to_ascii_lowercase().as_str() {
        "sqlite" | "sqlite3" => Ok(Backend::Sqlite),
        "postgres" | "postgresql" => Ok(Backend::Postgres),
        "mysql" | "mariadb" => Ok(Backend::Mysql),
        _ => Err("must be `sqlite`, `postgres` or `mysql`".to_owned()),
    }
}

impl Command for Init {
    const NAME: &'static str = "init";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let path = context.environment.directory.join("settings.yaml");
        let there = ["settings.yaml", "settings.yml"]
            .map(|name| context.environment.directory.join(name))
            .into_iter()
            .find(|path| path.exists());
        if let Some(there) = there {
            return Err(InitError::Exists(context.shown(&there)).into());
        }
        let proposal = Proposal::of(context);
        let answers = self.answers(context, &proposal)?;
        let text = answers.yaml();
        context.ui.status(&text);
        if context.ui.is_interactive() && !context.ui.confirm_or_default("Write settings.yaml")? {
            return Err(crate::ui::PromptError::Cancelled.into());
        }
        let folder = context.environment.directory.join(&answers.migrations);
        let made = make_folder(context, &folder)?;
        write_new(&path, &text)?;
        let written: Vec<String> = std::iter::once(&path)
            .chain(made.then_some(&folder))
            .map(|path| context.shown(path).display().to_string())
            .collect();
        if context.ui.is_json() {
            let json = serde_json::json!({ "written": written });
            context.ui.answer(&json.to_string());
        } else {
            context.ui.answer(&written.join("\n"));
        }
        let has_migrations =
            Directory::load(&[folder]).is_ok_and(|directory| !directory.entries().is_empty());
        let first = if has_migrations {
            "  manage showmigrations"
        } else {
            "  manage makemigrations \"Create the first table\""
        };
        context.ui.status("Next:");
        context.ui.status(first);
        context.ui.status("  manage migrate");
        Ok(Outcome::Done)
    }
}

/// What a Diesel project says already.
#[derive(Default)]
struct Proposal {
    backend: Option<Backend>,
    migrations: Option<String>,
    models: Option<String>,
}

impl Proposal {
    fn of(context: &Context) -> Self {
        let request = Request::default();
        let Some(connection) = settings::load(&request, &context.environment)
            .ok()
            .and_then(|settings| settings.connection(None).ok())
        else {
            return Self::default();
        };
        let relative = |path: &Path| {
            path.strip_prefix(&context.environment.directory)
                .unwrap_or(path)
                .display()
                .to_string()
        };
        Self {
            backend: connection.backend().ok(),
            migrations: connection.migrations.first().map(|path| relative(path)),
            models: connection.schema_file.as_deref().map(relative),
        }
    }
}

struct Answers {
    address: Address,
    migrations: String,
    models: Option<String>,
}

enum Address {
    Url(String),
    Parts {
        driver: &'static str,
        host: String,
        port: Option<u16>,
        database: String,
        username: String,
        password_variable: String,
        options: Vec<(String, String)>,
    },
}

/// A URL as it may stand in a file: one with a password is taken apart, and the password left out.
fn without_password(
    context: &Context,
    url: &str,
    variable: Option<&str>,
) -> Result<Address, CommandError> {
    let plain = || match variable {
        Some(_) => Err(InitError::NoPassword.into()),
        None => Ok(Address::Url(url.to_owned())),
    };
    let request = Request {
        database_url: Some(url.to_owned()),
        ..Request::default()
    };
    // A URL with `${…}` in it cannot be read yet, and holds no password that anyone could see.
    let parsed = settings::load(&request, &context.environment)
        .and_then(|settings| settings.connection(None))
        .and_then(|connection| connection.url().cloned());
    let (driver, server) = match parsed {
        Ok(DatabaseUrl::Postgres(server)) => ("postgres", server),
        Ok(DatabaseUrl::Mysql(server)) => ("mysql", server),
        Ok(DatabaseUrl::Sqlite(_)) | Err(_) => return plain(),
    };
    if server.password.is_none() {
        return plain();
    }
    let password_variable = variable.unwrap_or("DATABASE_PASSWORD").to_owned();
    context.ui.note(&format!(
        "the password is not written into the file; put it into ${{{password_variable}}}, in the environment or in .env"
    ));
    Ok(Address::Parts {
        driver,
        host: server.host.unwrap_or_else(|| "localhost".to_owned()),
        port: server.port,
        database: server.database.unwrap_or_default(),
        username: server.username.unwrap_or_default(),
        password_variable,
        options: server.options,
    })
}

impl Init {
    fn answers(&self, context: &Context, proposal: &Proposal) -> Result<Answers, CommandError> {
        let asks = context.ui.is_interactive();
        let line = |given: Option<&str>, question: &str, default: &str| match given {
            Some(given) => Ok(given.to_owned()),
            None if asks => context
                .ui
                .line(&Question::optional(question), Some(default)),
            None => Ok(default.to_owned()),
        };
        let address = self.address(context, proposal)?;
        let migrations = line(
            self.migrations.as_deref(),
            "Folder of migrations",
            proposal.migrations.as_deref().unwrap_or("migrations"),
        )?;
        // Where nobody is asked, only a file that is there is named.
        let there = context
            .environment
            .directory
            .join("src/schema.rs")
            .is_file();
        let guess = if asks || there { "src/schema.rs" } else { "" };
        let models = line(
            self.models.as_deref(),
            "Models (Diesel's table! file, or desired SQL)",
            proposal.models.as_deref().unwrap_or(guess),
        )?;
        Ok(Answers {
            address,
            migrations,
            models: Some(models).filter(|models| !models.is_empty()),
        })
    }

    fn address(&self, context: &Context, proposal: &Proposal) -> Result<Address, CommandError> {
        if let Some(url) = &self.url {
            return without_password(context, url, self.password_variable.as_deref());
        }
        let asks = context.ui.is_interactive();
        let from_parts = self.driver.is_some()
            || self.host.is_some()
            || self.dbname.is_some()
            || self.username.is_some();
        if !from_parts && proposal.backend.is_some() {
            let url = "${DATABASE_URL}";
            return Ok(Address::Url(if asks {
                context
                    .ui
                    .line(&Question::optional("URL of the database"), Some(url))?
            } else {
                url.to_owned()
            }));
        }
        let backend = match self.driver {
            Some(backend) => backend,
            None if asks => {
                let choices = [
                    Choice::new("sqlite", "a file, nothing to install"),
                    Choice::new("postgres", "PostgreSQL"),
                    Choice::new("mysql", "MySQL or MariaDB"),
                ];
                match context
                    .ui
                    .choose(&Question::optional("Which database"), &choices)?
                {
                    0 => Backend::Sqlite,
                    1 => Backend::Postgres,
                    _ => Backend::Mysql,
                }
            }
            None if self.host.is_some() => Backend::Postgres,
            None => Backend::Sqlite,
        };
        let (driver, role, port) = match backend {
            Backend::Sqlite
                if self.host.is_some() || self.port.is_some() || self.username.is_some() =>
            {
                return Err(InitError::NoServer.into());
            }
            Backend::Sqlite => {
                let file = self.dbname.clone();
                let file = match file {
                    Some(file) => file,
                    None if asks => context
                        .ui
                        .line(&Question::optional("Database file"), Some("db.sqlite3"))?,
                    None => "db.sqlite3".to_owned(),
                };
                return Ok(Address::Url(format!("sqlite://{file}")));
            }
            Backend::Postgres => ("postgres", "postgres", 5432),
            Backend::Mysql => ("mysql", "root", 3306),
        };
        let name = context.environment.directory.file_name().map_or_else(
            || "app".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let line = |given: Option<&str>, question: &str, default: &str| match given {
            Some(given) => Ok(given.to_owned()),
            None if asks => context
                .ui
                .line(&Question::optional(question), Some(default)),
            None => Ok(default.to_owned()),
        };
        let host = line(self.host.as_deref(), "Host", "localhost")?;
        let port = self.port(context, port)?;
        Ok(Address::Parts {
            driver,
            host,
            port: Some(port),
            database: line(self.dbname.as_deref(), "Database", &name)?,
            username: line(self.username.as_deref(), "User", role)?,
            password_variable: line(
                self.password_variable.as_deref(),
                "Variable with the password",
                "DATABASE_PASSWORD",
            )?,
            options: Vec::new(),
        })
    }
}

impl Init {
    fn port(&self, context: &Context, default: u16) -> Result<u16, CommandError> {
        if let Some(port) = self.port {
            return Ok(port);
        }
        if !context.ui.is_interactive() {
            return Ok(default);
        }
        loop {
            let question = Question::optional("Port");
            let typed = context.ui.line(&question, Some(&default.to_string()))?;
            match typed.trim().parse() {
                Ok(port) => return Ok(port),
                Err(_) => context.ui.warning("a port is a number from 1 to 65535"),
            }
        }
    }
}

impl Answers {
    fn yaml(&self) -> String {
        let mut out = String::from(
            "# Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.\n",
        );
        out.push_str("connections:\n  default:\n");
        // Writing to a string cannot fail.
        let _ = match &self.address {
            Address::Url(url) => writeln!(out, "    url: {}", scalar(url)),
            Address::Parts {
                driver,
                host,
                port,
                database,
                username,
                password_variable,
                options,
            } => {
                let port = port.map_or(String::new(), |port| format!("    port: {port}\n"));
                let mut more = String::new();
                if !options.is_empty() {
                    more.push_str("\n    options:");
                    for (key, value) in options {
                        let _ = write!(more, "\n      {}: {}", scalar(key), scalar(value));
                    }
                }
                writeln!(
                    out,
                    "    driver: {driver}\n    host: {}\n{port}    database: {}\n    username: {}\n    password: ${{{password_variable}:-}}{more}",
                    scalar(host),
                    scalar(database),
                    scalar(username),
                )
            }
        };
        let _ = writeln!(out, "    migrations: {}", scalar(&self.migrations));
        if let Some(models) = &self.models {
            let _ = writeln!(out, "    models: {}", scalar(models));
        }
        out
    }
}

/// A YAML scalar, quoted only where it has to be.
fn scalar(text: &str) -> String {
    serde_yaml::to_string(text)
        .map_or_else(|_| format!("{text:?}"), |yaml| yaml.trim_end().to_owned())
}

fn write_new(path: &Path, text: &str) -> Result<(), InitError> {
    let failed = |source: io::Error| {
        if source.kind() == io::ErrorKind::AlreadyExists {
            InitError::Exists(path.to_owned())
        } else {
            InitError::Write {
                path: path.to_owned(),
                source,
            }
        }
    };
    let mut file = fs::File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// Makes the folder, with a file that makes git keep it; returns whether there was something to make.
fn make_folder(context: &Context, folder: &Path) -> Result<bool, InitError> {
    if folder.is_dir() {
        return Ok(false);
    }
    if folder.exists() {
        return Err(InitError::InTheWay(context.shown(folder)));
    }
    let failed = |source| InitError::Write {
        path: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    fs::File::create_new(folder.join(".gitkeep")).map_err(failed)?;
    Ok(true)
}

/// Why nothing could be set up.
#[derive(Debug, thiserror::Error)]
enum InitError {
    #[error("`{}` exists already", .0.display())]
    Exists(PathBuf),
    #[error("`{}` is in the way", .0.display())]
    InTheWay(PathBuf),
    #[error("SQLite is a file: it has no host and no user")]
    NoServer,
    #[error("the URL holds no password for --password-variable to stand for")]
    NoPassword,
    #[error("cannot write `{}`", .path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Explain for InitError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoServer | Self::NoPassword => Kind::Usage,
            Self::Exists(_) | Self::InTheWay(_) | Self::Write { .. } => Kind::Failure,
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Exists(path) => vec![format!(
                "nothing is overwritten; edit `{}`, or move it away first",
                path.display()
            )],
            Self::InTheWay(_) => {
                vec!["move it away, or name another folder: --migrations DIR".to_owned()]
            }
            Self::NoServer => {
                vec!["leave out --host and --username, or name another --driver".to_owned()]
            }
            Self::NoPassword => vec!["leave out --password-variable".to_owned()],
            Self::Write { path, .. } => vec![format!("check the rights of `{}`", path.display())],
        }
    }
}
