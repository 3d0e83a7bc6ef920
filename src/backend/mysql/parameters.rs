//! From a URL and an environment to what a MySQL connection needs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use mysql_async::OptsBuilder;

use crate::backend::connect::{Address, Limits, Product, Server};
use crate::backend::connect_error::{ParameterError, PasswordSource};
use crate::backend::notice::NoticeSink;
use crate::backend::tls::{Identity, Roots, TlsMode, TlsSettings};
use crate::settings::{Environment, Secret, ServerUrl};

/// The options that are understood, as MySQL's programs write them.
const KNOWN: &[&str] = &[
    "charset",
    "collation",
    "connect-timeout",
    "init-command",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "unix-socket",
];

/// Other words for options: PostgreSQL's, and those of other drivers.
const SYNONYMS: &[(&str, &str)] = &[
    ("character-set", "charset"),
    ("default-character-set", "charset"),
    ("socket", "unix-socket"),
    ("sslca", "ssl-ca"),
    ("sslcert", "ssl-cert"),
    ("sslkey", "ssl-key"),
    ("sslmode", "ssl-mode"),
    ("sslrootcert", "ssl-ca"),
];

const HARMLESS: &str = "remove it; the connection works without it";
const CERTIFICATES: &str =
    "give the authorities as one file: ssl-ca=/etc/ssl/certs/ca-certificates.crt";
const WITH_MODE: &str = "write it as ssl-mode=REQUIRED, VERIFY_CA or VERIFY_IDENTITY";

/// Options of MySQL's programs and of other drivers that people have in their URLs.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("allowpublickeyretrieval", HARMLESS),
    ("compress", HARMLESS),
    ("compression", HARMLESS),
    ("local-infile", HARMLESS),
    ("multi-statements", HARMLESS),
    ("parsetime", HARMLESS),
    ("pool-max", HARMLESS),
    ("pool-min", HARMLESS),
    ("prefer-socket", HARMLESS),
    ("require-ssl", WITH_MODE),
    ("servertimezone", HARMLESS),
    ("ssl", WITH_MODE),
    ("ssl-capath", CERTIFICATES),
    ("ssl-cipher", HARMLESS),
    (
        "ssl-crl",
        "remove it; lists of revoked certificates are not looked at",
    ),
    ("tcp-nodelay", HARMLESS),
    ("tls", WITH_MODE),
    ("tls-version", "remove it; TLS 1.2 and 1.3 are spoken"),
    ("usessl", WITH_MODE),
    ("verify-ca", WITH_MODE),
    ("verify-identity", WITH_MODE),
];

const DEFAULT_HOST: &str = "127.0.0.1";
const DEFAULT_PORT: u16 = 3306;

/// In milliseconds. A connection that waits for a long `ALTER TABLE` is idle, and forgotten by many
/// firewalls and load balancers after some minutes.
const KEEPALIVE: u32 = 60_000;

/// Everything about one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) address: Address,
    pub(super) user: String,
    pub(super) password: Option<(Secret, PasswordSource)>,
    pub(super) database: Option<String>,
    /// `None`: as long as it takes.
    pub(super) connect_timeout: Option<Duration>,
    /// SQL that every session begins with, such as `SET foreign_key_checks = 0`.
    pub(super) init_command: Option<String>,
    pub(super) tls: TlsSettings,
}

/// The options of a URL by MySQL's names, each with the name it was given.
struct Options<'a> {
    given: BTreeMap<&'static str, (&'a str, &'a str)>,
}

impl<'a> Options<'a> {
    fn new(url: &'a ServerUrl) -> Result<Self, ParameterError> {
        let mut given = BTreeMap::new();
        for (name, value) in &url.options {
            let plain = name.to_ascii_lowercase().replace('_', "-");
            let own = SYNONYMS
                .iter()
                .find(|(synonym, _)| *synonym == plain)
                .map_or(plain.as_str(), |(_, own)| own);
            if let Some(known) = KNOWN.iter().find(|known| **known == own) {
                given.insert(*known, (name.as_str(), value.as_str()));
            } else if let Some((_, advice)) = UNSUPPORTED.iter().find(|(option, _)| *option == own)
            {
                return Err(ParameterError::Unsupported {
                    name: name.clone(),
                    advice,
                });
            } else {
                return Err(ParameterError::Unknown {
                    name: name.clone(),
                    known: KNOWN,
                });
            }
        }
        Ok(Self { given })
    }

    fn get(&self, name: &str) -> Option<(&'a str, &'a str)> {
        self.given
            .get(name)
            .copied()
            .filter(|(_, value)| !value.is_empty())
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        self.get(name).map(|(_, value)| value)
    }
}

impl Parameters {
    pub(super) fn resolve(
        url: &ServerUrl,
        environment: &Environment,
        limits: &Limits,
        notices: &NoticeSink,
    ) -> Result<Self, ParameterError> {
        let options = Options::new(url)?;
        warn_of_encoding(&options, notices);
        let address = address(url, &options);
        Ok(Self {
            tls: tls(&options, &address, environment, notices)?,
            address,
            user: user(url, environment)?,
            password: password(url, environment),
            database: url.database.clone().filter(|database| !database.is_empty()),
            connect_timeout: connect_timeout(&options, limits.connect_timeout)?,
            init_command: options.value("init-command").map(str::to_owned),
        })
    }

    /// Whom errors name.
    pub(super) fn server(&self) -> Server {
        Server {
            product: Product::Mysql,
            address: self.address.clone(),
            user: self.user.clone(),
            database: self.database.clone(),
        }
    }

    /// What the driver wants to know, but for the encryption.
    ///
    /// The session is as Diesel expects it: updates count the rows they found and not only those
    /// they changed, and statements are cached by Diesel alone.
    pub(super) fn options(&self) -> OptsBuilder {
        let options = OptsBuilder::default()
            .user(Some(&self.user))
            .pass(
                self.password
                    .as_ref()
                    .map(|(password, _)| password.expose()),
            )
            .db_name(self.database.as_ref())
            .client_found_rows(true)
            .stmt_cache_size(0)
            // Or it would leave the address it was given for a socket that the server names.
            .prefer_socket(false)
            .tcp_keepalive(Some(KEEPALIVE))
            .init(
                // A server may have it off: then what is read stays what it was at first, and a row that
                // is written alone is not committed.
                self.init_command
                    .iter()
                    .map(String::as_str)
                    .chain(["SET autocommit = 1"])
                    .collect::<Vec<_>>(),
            )
            // A password in plain text is for a server that has proved who it is.
            .enable_cleartext_plugin(self.tls.mode.verifies());
        match &self.address {
            Address::Tcp { host, port } => options.ip_or_hostname(host).tcp_port(*port),
            Address::Socket(path) => options.socket(Some(path)),
        }
    }
}

fn address(url: &ServerUrl, options: &Options<'_>) -> Address {
    let socket = url
        .socket
        .as_ref()
        .map(|path| path.display().to_string())
        .or_else(|| options.value("unix-socket").map(str::to_owned));
    if let Some(path) = socket {
        return Address::Socket(path);
    }
    let host = url
        .host
        .as_deref()
        .filter(|host| !host.is_empty())
        .unwrap_or(DEFAULT_HOST);
    Address::Tcp {
        // A URL writes `[::1]` where everybody else writes `::1`.
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url.port.unwrap_or(DEFAULT_PORT),
    }
}

fn user(url: &ServerUrl, environment: &Environment) -> Result<String, ParameterError> {
    let variable = |name: &str| environment.variables.get(name).cloned();
    [
        url.username.clone(),
        variable("USER"),
        variable("LOGNAME"),
        variable("USERNAME"),
    ]
    .into_iter()
    .flatten()
    .find(|user| !user.is_empty())
    .ok_or(ParameterError::NoUser {
        product: Product::Mysql,
    })
}

fn password(url: &ServerUrl, environment: &Environment) -> Option<(Secret, PasswordSource)> {
    if let Some(password) = &url.password {
        return Some((password.clone(), PasswordSource::Settings));
    }
    let password = environment.variables.get("MYSQL_PWD")?;
    (!password.is_empty()).then(|| {
        (
            Secret::new(password.clone()),
            PasswordSource::Variable("MYSQL_PWD"),
        )
    })
}

fn connect_timeout(
    options: &Options<'_>,
    default: Duration,
) -> Result<Option<Duration>, ParameterError> {
    let Some((name, value)) = options.get("connect-timeout") else {
        return Ok(Some(default));
    };
    let seconds: u32 = value.trim().parse().map_err(|_| ParameterError::Value {
        name: name.to_owned(),
        value: value.to_owned(),
        expected: "a whole number of seconds",
    })?;
    Ok((seconds > 0).then(|| Duration::from_secs(seconds.into())))
}

fn warn_of_encoding(options: &Options<'_>, notices: &NoticeSink) {
    for option in ["charset", "collation"] {
        if let Some((name, value)) = options.get(option)
            && !value.to_ascii_lowercase().starts_with("utf8mb4")
        {
            notices.warn(format!(
                "`{name}` has no effect here: the connection speaks utf8mb4"
            ));
        }
    }
}

fn tls(
    options: &Options<'_>,
    address: &Address,
    environment: &Environment,
    notices: &NoticeSink,
) -> Result<TlsSettings, ParameterError> {
    let asked = match options.get("ssl-mode") {
        Some((name, value)) => {
            Some(TlsMode::parse(value).ok_or_else(|| ParameterError::Value {
                name: name.to_owned(),
                value: value.to_owned(),
                expected: "one of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY",
            })?)
        }
        None => None,
    };
    if matches!(address, Address::Socket(_)) {
        // What never leaves the machine needs no encryption, and the driver has none for it.
        return Ok(TlsSettings::disabled());
    }
    let path = |text: &str| environment.directory.join(text);
    let root: Option<PathBuf> = options
        .value("ssl-ca")
        .filter(|root| *root != "system")
        .map(path);
    let mode = match (asked, &root) {
        // Whoever says whom to trust wants to have it checked.
        (None | Some(TlsMode::Require), Some(_)) => TlsMode::VerifyCa,
        (None, None) => TlsMode::Prefer,
        (Some(mode), _) => mode,
    };
    if mode == TlsMode::Disable {
        return Ok(TlsSettings::disabled());
    }
    if mode == TlsMode::Prefer && root.is_some() {
        notices.warn(
            "`ssl-ca` has no effect with ssl-mode=PREFERRED: nothing is verified; use ssl-mode=VERIFY_IDENTITY",
        );
    }
    Ok(TlsSettings {
        mode,
        roots: root.map_or(Roots::System, Roots::File),
        identity: options.value("ssl-cert").map(|certificate| Identity {
            certificate: path(certificate),
            // Some keep both in one file.
            key: path(options.value("ssl-key").unwrap_or(certificate)),
        }),
    })
}

#[cfg(test)]
mod tests;
