//! How a URL is shown: in one canonical spelling, with its secrets as `***`.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::database_url::{DatabaseUrl, ServerUrl, SqliteLocation, SqliteUrl};
use super::sqlite::has_drive;
use crate::settings::secret::HIDDEN;

/// What needs a code in a user name, a password, a host or a database name.
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What needs a code in an option.
const OPTION: &AsciiSet = &PART.remove(b'/').remove(b':').remove(b',');

/// The options whose values are no secrets, in the spelling with `_`.
const PLAIN: &[&str] = &[
    "application_name",
    "cache",
    "channel_binding",
    "character_set",
    "charset",
    "client_encoding",
    "collation",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "host",
    "hostaddr",
    "immutable",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "mode",
    "nolock",
    "options",
    "passfile",
    "port",
    "psow",
    "socket",
    "ssl_ca",
    "ssl_cert",
    "ssl_key",
    "ssl_mode",
    "sslca",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
    "unix_socket",
    "user",
    "vfs",
];

/// Whether secrets are written out.
#[derive(Clone, Copy)]
enum Secrets {
    Hidden,
    Exposed,
}

impl DatabaseUrl {
    /// The URL with its password in clear, for the one who connects. Never for the screen, nor
    /// for the arguments of a process.
    #[must_use]
    pub fn expose(&self) -> String {
        self.written(Secrets::Exposed)
    }

    fn written(&self, secrets: Secrets) -> String {
        match self {
            Self::Sqlite(sqlite) => sqlite.written(secrets),
            Self::Postgres(server) => server.written("postgres", "host", secrets),
            Self::Mysql(server) => server.written("mysql", "unix_socket", secrets),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.written(Secrets::Hidden))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl fmt::Debug for SqliteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqliteUrl({})", self.written(Secrets::Hidden))
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ServerUrl({})",
            self.written("server", "socket", Secrets::Hidden)
        )
    }
}

impl SqliteUrl {
    fn written(&self, secrets: Secrets) -> String {
        let path = match &self.location {
            SqliteLocation::Memory => ":memory:".to_owned(),
            SqliteLocation::File(path) => {
                let path = path.display().to_string();
                // White space at the end is no part of a URL unless it is encoded.
                let text = path.trim_end();
                let space = utf8_percent_encode(&path[text.len()..], NON_ALPHANUMERIC);
                let encoded = text
                    .replace('%', "%25")
                    .replace('?', "%3F")
                    .replace('#', "%23")
                    + &space.to_string();
                // After three slashes one part, or a dot first, would read as SQLAlchemy's relative path,
                // and a drive as one of Windows.
                match encoded.strip_prefix('/') {
                    Some(below)
                        if !below.contains('/') || below.starts_with('.') || has_drive(below) =>
                    {
                        format!("////{below}")
                    }
                    Some(_) => format!("//{encoded}"),
                    None => format!("///{encoded}"),
                }
            }
        };
        format!("sqlite:{path}{}", options(&self.parameters, secrets))
    }
}

impl ServerUrl {
    fn written(&self, scheme: &str, socket_option: &str, secrets: Secrets) -> String {
        let mut text = format!("{scheme}://");
        if self.username.is_some() || self.password.is_some() {
            text.extend(
                self.username
                    .iter()
                    .flat_map(|name| utf8_percent_encode(name, PART)),
            );
            if let Some(password) = &self.password {
                text.push(':');
                match secrets {
                    Secrets::Hidden => text.push_str(HIDDEN),
                    Secrets::Exposed => text.extend(utf8_percent_encode(password.expose(), PART)),
                }
            }
            text.push('@');
        }
        match &self.host {
            Some(host) if host.contains(':') => {
                text.push('[');
                text.push_str(host);
                text.push(']');
            }
            Some(host) => text.extend(utf8_percent_encode(host, PART)),
            None => {}
        }
        if let Some(port) = self.port {
            text.push(':');
            text.push_str(&port.to_string());
        }
        if let Some(database) = &self.database {
            text.push('/');
            text.extend(utf8_percent_encode(database, PART));
        } else if self.host.is_none() {
            text.push('/');
        }
        let socket = self.socket.iter();
        let mut all: Vec<(String, String)> = socket
            .map(|path| (socket_option.to_owned(), path.display().to_string()))
            .collect();
        all.extend(self.options.iter().cloned());
        text.push_str(&options(&all, secrets));
        text
    }
}

fn options(options: &[(String, String)], secrets: Secrets) -> String {
    let mut text = String::new();
    for (index, (name, value)) in options.iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.extend(utf8_percent_encode(name, PART));
        text.push('=');
        match secrets {
            Secrets::Hidden if is_secret(name) => text.push_str(HIDDEN),
            Secrets::Hidden | Secrets::Exposed => text.extend(utf8_percent_encode(value, OPTION)),
        }
    }
    text
}

/// Whether an option may hold a secret: all that are not known to hold none, for a name may be misspelled.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    !PLAIN.contains(&name.as_str())
}
