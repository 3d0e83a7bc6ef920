//! From a URL and an environment to what a PostgreSQL connection needs, by libpq's rules.

mod encryption;
mod source;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::config::{ChannelBinding, SslMode, SslNegotiation, TargetSessionAttrs};

use self::source::{Setting, Source};
use super::pgpass;
use crate::backend::connect::{Address, Limits, Product, Server};
use crate::backend::connect_error::{ParameterError, PasswordSource};
use crate::backend::notice::NoticeSink;
use crate::backend::tls::{TlsMode, TlsSettings};
use crate::settings::{Environment, Secret, ServerUrl};

/// Variables that libpq obeys and that would change whom we talk to, or how safely.
const IGNORED_VARIABLES: &[&str] = &[
    "PGREQUIREAUTH",
    "PGREQUIREPEER",
    "PGSERVICE",
    "PGSSLCRL",
    "PGSSLCRLDIR",
];

/// Where servers put their sockets if nobody tells them otherwise.
const SOCKET_FOLDERS: &[&str] = &["/var/run/postgresql", "/tmp"];

const DEFAULT_PORT: u16 = 5432;

/// An idle connection, such as one that waits for a long `CREATE INDEX`, is forgotten by many
/// firewalls and load balancers after some minutes; the operating system would ask after two hours.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(60);

/// How the connection is kept from going quietly dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keepalives {
    pub(super) enabled: bool,
    pub(super) idle: Duration,
    pub(super) interval: Option<Duration>,
    pub(super) count: Option<u32>,
    pub(super) user_timeout: Option<Duration>,
}

/// Everything about one connection.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameters {
    pub(super) place: Place,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: Option<(Secret, PasswordSource)>,
    pub(super) database: String,
    pub(super) application_name: String,
    pub(super) options: Option<String>,
    /// `None`: as long as it takes.
    pub(super) connect_timeout: Option<Duration>,
    pub(super) tls: TlsSettings,
    pub(super) negotiation: SslNegotiation,
    pub(super) channel_binding: ChannelBinding,
    pub(super) target: TargetSessionAttrs,
    pub(super) keepalives: Keepalives,
}

/// Where the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Tcp {
        /// What the certificate is checked against.
        host: String,
        /// What is connected to, if the host is not to be looked up.
        address: Option<IpAddr>,
    },
    /// The folder of the socket.
    Socket(PathBuf),
}

impl Parameters {
    pub(super) fn resolve(
        url: &ServerUrl,
        environment: &Environment,
        limits: Limits,
        notices: &NoticeSink,
    ) -> Result<Self, ParameterError> {
        let source = Source::new(url, environment)?;
        warn_of_ignored(&source, notices);
        let port = port(url, &source)?;
        let place = place(url, &source, port)?;
        let user = user(url, &source)?;
        let database = url
            .database
            .clone()
            .filter(|database| !database.is_empty())
            .or_else(|| text(source.either("dbname", "PGDATABASE")))
            .unwrap_or_else(|| user.clone());
        let entry = pgpass::Entry {
            host: &place.password_host(),
            port,
            database: &database,
            user: &user,
        };
        let password = password(url, &source, entry, notices);
        let tls = encryption::settings(&source, &place, notices)?;
        Ok(Self {
            negotiation: encryption::negotiation(&source, tls.mode)?,
            tls,
            password,
            application_name: text(source.either("application_name", "PGAPPNAME"))
                .or_else(|| text(source.option("fallback_application_name")))
                .unwrap_or(limits.application_name),
            options: text(source.either("options", "PGOPTIONS")),
            connect_timeout: connect_timeout(&source, limits.connect_timeout)?,
            channel_binding: channel_binding(&source)?,
            target: target(&source)?,
            keepalives: keepalives(&source)?,
            place,
            port,
            user,
            database,
        })
    }

    /// Whom errors name.
    pub(super) fn server(&self) -> Server {
        let address = match &self.place {
            Place::Tcp { host, .. } => Address::Tcp {
                host: host.clone(),
                port: self.port,
            },
            Place::Socket(folder) => {
                Address::Socket(socket_file(folder, self.port).display().to_string())
            }
        };
        Server {
            product: Product::Postgres,
            address,
            user: self.user.clone(),
            database: Some(self.database.clone()),
        }
    }

    /// What the driver wants to know. A mode that verifies is plain `require` to it: the verifying
    /// is done by the connector that it is given.
    pub(super) fn config(&self) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        match &self.place {
            Place::Tcp { host, address } => {
                config.host(host);
                if let Some(address) = address {
                    config.hostaddr(*address);
                }
            }
            #[cfg(unix)]
            Place::Socket(folder) => {
                config.host_path(folder);
            }
            #[cfg(not(unix))]
            Place::Socket(folder) => {
                config.host(folder.display().to_string());
            }
        }
        if let Some((password, _)) = &self.password {
            config.password(password.expose());
        }
        if let Some(options) = &self.options {
            config.options(options);
        }
        config
            .port(self.port)
            .user(&self.user)
            .dbname(&self.database)
            .application_name(&self.application_name)
            .ssl_mode(match self.tls.mode {
                TlsMode::Disable => SslMode::Disable,
                TlsMode::Prefer => SslMode::Prefer,
                TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
            })
            .ssl_negotiation(self.negotiation)
            .channel_binding(self.channel_binding)
            .target_session_attrs(self.target)
            .keepalives(self.keepalives.enabled)
            .keepalives_idle(self.keepalives.idle);
        if let Some(interval) = self.keepalives.interval {
            config.keepalives_interval(interval);
        }
        if let Some(count) = self.keepalives.count {
            config.keepalives_retries(count);
        }
        if let Some(timeout) = self.keepalives.user_timeout {
            config.tcp_user_timeout(timeout);
        }
        config
    }
}

impl Place {
    fn is_default_socket(&self) -> bool {
        match self {
            Self::Socket(folder) => SOCKET_FOLDERS
                .iter()
                .any(|usual| Path::new(usual) == folder),
            Self::Tcp { .. } => false,
        }
    }

    fn password_host(&self) -> String {
        match self {
            Self::Tcp { host, .. } => host.clone(),
            Self::Socket(_) if self.is_default_socket() => "localhost".to_owned(),
            Self::Socket(folder) => folder.display().to_string(),
        }
    }
}

fn socket_file(folder: &Path, port: u16) -> PathBuf {
    folder.join(format!(".s.PGSQL.{port}"))
}

fn text(setting: Option<Setting<'_>>) -> Option<String> {
    setting.map(|setting| setting.value.to_owned())
}

fn warn_of_ignored(source: &Source<'_>, notices: &NoticeSink) {
    for name in IGNORED_VARIABLES {
        if source.variable(name).is_some() {
            notices.warn(format!("the variable {name} has no effect here"));
        }
    }
    if let Some(encoding) = source.either("client_encoding", "PGCLIENTENCODING")
        && !["utf8", "utf-8", "unicode", "auto"].contains(&encoding.value.to_lowercase().as_str())
    {
        notices.warn(format!(
            "`{}` has no effect here: the connection speaks UTF-8",
            encoding.name
        ));
    }
}

fn port(url: &ServerUrl, source: &Source<'_>) -> Result<u16, ParameterError> {
    match (url.port, source.either("port", "PGPORT")) {
        (Some(port), _) => Ok(port),
        (None, Some(setting)) => setting.number(),
        (None, None) => Ok(DEFAULT_PORT),
    }
}

fn place(url: &ServerUrl, source: &Source<'_>, port: u16) -> Result<Place, ParameterError> {
    if let Some(folder) = &url.socket {
        return Ok(Place::Socket(folder.clone()));
    }
    let address = match source.either("hostaddr", "PGHOSTADDR") {
        Some(setting) => Some(
            setting
                .value
                .parse::<IpAddr>()
                .map_err(|_| setting.refuse("an IP address"))?,
        ),
        None => None,
    };
    let host = match url.host.as_deref().filter(|host| !host.is_empty()) {
        Some(value) => Some(Setting {
            name: "host",
            value,
        }),
        None => source.either("host", "PGHOST"),
    };
    let Some(host) = host else {
        let local = SOCKET_FOLDERS
            .iter()
            .map(Path::new)
            .find(|folder| cfg!(unix) && socket_file(folder, port).exists());
        return Ok(match (address, local) {
            (Some(address), _) => Place::Tcp {
                host: address.to_string(),
                address: Some(address),
            },
            (None, Some(folder)) => Place::Socket(folder.to_owned()),
            (None, None) => Place::Tcp {
                host: "localhost".to_owned(),
                address: None,
            },
        });
    };
    if host.value.contains(',') {
        return Err(host.refuse("one host"));
    }
    if host.value.starts_with('/') {
        return Ok(Place::Socket(PathBuf::from(host.value)));
    }
    Ok(Place::Tcp {
        host: unbracketed(host.value).to_owned(),
        address,
    })
}

/// A URL writes `[::1]` where everybody else writes `::1`.
fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

fn user(url: &ServerUrl, source: &Source<'_>) -> Result<String, ParameterError> {
    url.username
        .clone()
        .filter(|user| !user.is_empty())
        .or_else(|| text(source.either("user", "PGUSER")))
        .or_else(|| text(source.variable("USER")))
        .or_else(|| text(source.variable("LOGNAME")))
        .or_else(|| text(source.variable("USERNAME")))
        .ok_or(ParameterError::NoUser {
            product: Product::Postgres,
        })
}

fn password(
    url: &ServerUrl,
    source: &Source<'_>,
    entry: pgpass::Entry<'_>,
    notices: &NoticeSink,
) -> Option<(Secret, PasswordSource)> {
    if let Some(password) = &url.password {
        return Some((password.clone(), PasswordSource::Settings));
    }
    if let Some(setting) = source.option("password") {
        return Some((Secret::new(setting.value), PasswordSource::Settings));
    }
    if let Some(setting) = source.variable("PGPASSWORD") {
        return Some((
            Secret::new(setting.value),
            PasswordSource::Variable("PGPASSWORD"),
        ));
    }
    let path = source
        .either("passfile", "PGPASSFILE")
        .map(|setting| source.path(setting.value))
        .or_else(|| pgpass::default_path(&source.environment.variables))?;
    let password = pgpass::look_up(&path, entry, notices)?;
    Some((password, PasswordSource::File(path.display().to_string())))
}

/// libpq counts in whole seconds, and takes none and less than none for no limit.
fn connect_timeout(
    source: &Source<'_>,
    default: Duration,
) -> Result<Option<Duration>, ParameterError> {
    let Some(setting) = source.either("connect_timeout", "PGCONNECT_TIMEOUT") else {
        return Ok(Some(default));
    };
    let seconds: i32 = setting.number()?;
    Ok(u64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs))
}

fn channel_binding(source: &Source<'_>) -> Result<ChannelBinding, ParameterError> {
    let Some(setting) = source.either("channel_binding", "PGCHANNELBINDING") else {
        return Ok(ChannelBinding::Prefer);
    };
    match setting.value {
        "disable" => Ok(ChannelBinding::Disable),
        "prefer" => Ok(ChannelBinding::Prefer),
        "require" => Ok(ChannelBinding::Require),
        _ => Err(setting.refuse("one of disable, prefer, require")),
    }
}

fn target(source: &Source<'_>) -> Result<TargetSessionAttrs, ParameterError> {
    let Some(setting) = source.either("target_session_attrs", "PGTARGETSESSIONATTRS") else {
        return Ok(TargetSessionAttrs::Any);
    };
    match setting.value {
        "any" => Ok(TargetSessionAttrs::Any),
        // A primary that is set to read-only is not one that migrations could use.
        "read-write" | "primary" => Ok(TargetSessionAttrs::ReadWrite),
        "read-only" => Ok(TargetSessionAttrs::ReadOnly),
        _ => Err(setting.refuse("one of any, read-write, primary, read-only")),
    }
}

fn keepalives(source: &Source<'_>) -> Result<Keepalives, ParameterError> {
    let seconds = |name| -> Result<Option<Duration>, ParameterError> {
        let Some(setting) = source.option(name) else {
            return Ok(None);
        };
        let seconds: u32 = setting.number()?;
        // None stands for whatever the operating system does.
        Ok((seconds > 0).then(|| Duration::from_secs(u64::from(seconds))))
    };
    let enabled = match source.option("keepalives") {
        Some(setting) => setting.number::<i32>()? != 0,
        None => true,
    };
    let count = match source.option("keepalives_count") {
        Some(setting) => Some(setting.number::<u32>()?).filter(|count| *count > 0),
        None => None,
    };
    let user_timeout = match source.option("tcp_user_timeout") {
        Some(setting) => Some(setting.number::<u32>()?).filter(|timeout| *timeout > 0),
        None => None,
    };
    Ok(Keepalives {
        enabled,
        idle: seconds("keepalives_idle")?.unwrap_or(KEEPALIVE_IDLE),
        interval: seconds("keepalives_interval")?,
        count,
        user_timeout: user_timeout.map(|milliseconds| Duration::from_millis(milliseconds.into())),
    })
}

#[cfg(test)]
mod tests;
