//! The URL of a database server.

use std::net::Ipv6Addr;
use std::path::PathBuf;

use super::backend::Backend;
use super::database_url::{DatabaseUrl, ServerUrl};
use super::problem::UrlProblem;
use super::query;
use crate::settings::secret::Secret;

/// Reads what follows `scheme://`.
pub(super) fn parse(rest: &str, backend: Backend) -> Result<ServerUrl, UrlProblem> {
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut options = query::parse(query)?;
    let mut server = ServerUrl::default();
    // The last `@` ends the user's part, so that one in a password that was not encoded does
    // no harm; a database name with an `@` is the rarer case.
    let address = match address.rsplit_once('@') {
        None => address,
        Some((user, address)) => {
            let (username, password) = match user.split_once(':') {
                Some((username, password)) => (username, Some(password)),
                None => (user, None),
            };
            server.username = not_empty(query::decode(username, "characters of the user name")?);
            if let Some(password) = password {
                let password = query::decode(password, "characters of the password")?;
                server.password = not_empty(password).map(Secret::new);
            }
            address
        }
    };
    let (host_and_port, database) = address.split_once('/').unwrap_or((address, ""));
    server.set_host_and_port(host_and_port)?;
    let database = database.strip_suffix('/').unwrap_or(database);
    if database.contains('/') {
        return Err(UrlProblem::DatabaseSlash);
    }
    server.database = not_empty(query::decode(database, "characters of the database name")?);
    server.take_options(&mut options, backend)?;
    server.options = options;
    Ok(server)
}

impl ServerUrl {
    /// The URL, for the backend it was read for.
    pub(super) fn into_url(self, backend: Backend) -> DatabaseUrl {
        match backend {
            Backend::Mysql => DatabaseUrl::Mysql(self),
            // SQLite has no server, so nothing reads one for it.
            Backend::Postgres | Backend::Sqlite => DatabaseUrl::Postgres(self),
        }
    }

    /// Reads `host`, `host:port`, `[::1]:port`, or a socket's path as `%2Frun%2Fpostgresql`.
    fn set_host_and_port(&mut self, text: &str) -> Result<(), UrlProblem> {
        if text.contains(',') {
            return Err(UrlProblem::SeveralHosts);
        }
        let (host, port) = if let Some(bracketed) = text.strip_prefix('[') {
            let (host, after) = bracketed.split_once(']').ok_or(UrlProblem::Host)?;
            let address = host.split('%').next().unwrap_or(host);
            if address.parse::<Ipv6Addr>().is_err() {
                return Err(UrlProblem::Host);
            }
            match after.strip_prefix(':') {
                Some(port) => (host, port),
                None if after.is_empty() => (host, ""),
                None => return Err(UrlProblem::Host),
            }
        } else {
            text.split_once(':').unwrap_or((text, ""))
        };
        if !port.is_empty() {
            self.port = Some(parse_port(port).ok_or(UrlProblem::Port)?);
        }
        self.set_host(&query::decode(host, "characters of the host")?)
    }

    /// Sets the host, or the socket where it is a path.
    pub(super) fn set_host(&mut self, host: &str) -> Result<(), UrlProblem> {
        if host.contains(',') {
            return Err(UrlProblem::SeveralHosts);
        }
        if host.starts_with('/') {
            self.socket = Some(PathBuf::from(host));
            self.host = None;
            return Ok(());
        }
        let plain = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        let address = plain.split('%').next().unwrap_or(plain);
        let is_address = address.parse::<Ipv6Addr>().is_ok();
        let odd = |c: char| c.is_whitespace() || c.is_control() || "@/?#[]\\:".contains(c);
        if !is_address && plain.contains(odd) {
            return Err(UrlProblem::Host);
        }
        self.host = not_empty(plain.to_owned());
        Ok(())
    }

    /// Takes what is an option's name for a part of the address, as libpq and the MySQL clients
    /// understand it. It goes before what the address itself says.
    pub(super) fn take_options(
        &mut self,
        options: &mut Vec<(String, String)>,
        backend: Backend,
    ) -> Result<(), UrlProblem> {
        if let Some(port) = query::take(options, "port") {
            self.port = Some(parse_port(&port).ok_or(UrlProblem::Port)?);
        }
        if let Some(username) = query::take(options, "user") {
            self.username = Some(username);
        }
        if let Some(password) = query::take(options, "password") {
            self.password = Some(Secret::new(password));
        }
        match backend {
            Backend::Postgres => {
                if let Some(host) = query::take(options, "host") {
                    self.set_host(&host)?;
                }
                if let Some(database) = query::take(options, "dbname") {
                    self.database = Some(database);
                }
            }
            Backend::Mysql => {
                let socket =
                    query::take(options, "unix_socket").or_else(|| query::take(options, "socket"));
                if let Some(socket) = socket {
                    self.socket = Some(PathBuf::from(socket));
                }
            }
            Backend::Sqlite => {}
        }
        Ok(())
    }
}

/// A port that can be connected to.
pub(super) fn parse_port(text: &str) -> Option<u16> {
    let digits = text.chars().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0)
}

/// An empty text is one that was not given.
pub(super) fn not_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
