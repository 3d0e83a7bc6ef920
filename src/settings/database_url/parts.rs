//! A URL that is written as `driver`, `host`, `database` and so on.

use std::path::Path;

use super::backend::Backend;
use super::database_url::{DatabaseUrl, ServerUrl, SqliteUrl};
use super::parse::Parsed;
use super::problem::UrlProblem;
use super::scheme;
use super::server::{not_empty, parse_port};
use super::sqlite;
use crate::settings::nearest::nearest;
use crate::settings::secret::Secret;

/// The parts, with nothing left to replace in them. They are taken as they are: nothing in them
/// is percent-decoded.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) driver: String,
    pub(crate) host: Option<String>,
    pub(crate) port: Option<String>,
    pub(crate) database: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) options: Vec<(String, String)>,
}

/// What is wrong with a part, and with which.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PartsProblem {
    /// The driver is unknown.
    Driver { suggestion: Option<String> },
    /// SQLite needs a file.
    NoDatabase,
    /// SQLite has no use for this key.
    NotForSqlite(&'static str),
    /// This key's value is no host.
    Host,
    /// This key's value is several hosts.
    SeveralHosts,
    /// This key's value is no port.
    Port,
    /// This key's value holds a zero byte.
    ZeroByte(&'static str),
}

/// Puts the parts together; a relative SQLite path is one below `folder`.
pub(crate) fn assemble(parts: Parts, folder: &Path) -> Result<Parsed, PartsProblem> {
    let mut notices = Vec::new();
    let Some(scheme) = scheme::recognise(&parts.driver) else {
        let known = ["sqlite", "postgres", "postgresql", "mysql", "mariadb"];
        let suggestion = nearest(&parts.driver, &known).map(str::to_owned);
        return Err(PartsProblem::Driver { suggestion });
    };
    if let Some(driver) = &scheme.driver {
        notices.push(scheme::driver_notice(driver));
    }
    let texts = [
        ("host", &parts.host),
        ("port", &parts.port),
        ("database", &parts.database),
        ("username", &parts.username),
        ("password", &parts.password),
    ];
    for (key, text) in texts {
        if text.as_ref().is_some_and(|text| text.contains('\0')) {
            return Err(PartsProblem::ZeroByte(key));
        }
    }
    let url = match scheme.backend {
        Backend::Sqlite => DatabaseUrl::Sqlite(sqlite_parts(parts, folder)?),
        backend @ (Backend::Postgres | Backend::Mysql) => {
            server_parts(parts, backend)?.into_url(backend)
        }
    };
    Ok(Parsed { url, notices })
}

fn sqlite_parts(parts: Parts, folder: &Path) -> Result<SqliteUrl, PartsProblem> {
    let foreign = [
        ("host", &parts.host),
        ("port", &parts.port),
        ("username", &parts.username),
        ("password", &parts.password),
    ];
    // An empty value is what `${VAR:-}` leaves when there is nothing to say.
    let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    if let Some((key, _)) = foreign.into_iter().find(|(_, text)| said(text)) {
        return Err(PartsProblem::NotForSqlite(key));
    }
    let database = parts
        .database
        .and_then(not_empty)
        .ok_or(PartsProblem::NoDatabase)?;
    let mut url = sqlite::from_path(&database, folder);
    url.parameters = parts.options;
    Ok(url)
}

fn server_parts(parts: Parts, backend: Backend) -> Result<ServerUrl, PartsProblem> {
    let mut server = ServerUrl {
        username: parts.username.and_then(not_empty),
        password: parts.password.and_then(not_empty).map(Secret::new),
        database: parts.database.and_then(not_empty),
        ..ServerUrl::default()
    };
    if let Some(port) = parts.port.and_then(not_empty) {
        server.port = Some(parse_port(port.trim()).ok_or(PartsProblem::Port)?);
    }
    let mut options = parts.options;
    let problem = |problem: UrlProblem| {
        if problem == UrlProblem::SeveralHosts {
            PartsProblem::SeveralHosts
        } else if problem == UrlProblem::Port {
            PartsProblem::Port
        } else {
            PartsProblem::Host
        }
    };
    if let Some(host) = parts.host.and_then(not_empty) {
        server.set_host(host.trim()).map_err(problem)?;
    }
    server
        .take_options(&mut options, backend)
        .map_err(problem)?;
    server.options = options;
    Ok(server)
}
