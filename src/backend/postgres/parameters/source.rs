//! The options of a URL and the variables of the environment, as libpq names them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::backend::connect_error::ParameterError;
use crate::settings::{Environment, ServerUrl};

/// The options that are understood, by libpq's names.
const KNOWN: &[&str] = &[
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "options",
    "passfile",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

const HARMLESS: &str = "remove it; the connection works without it";
const SEARCH_PATH: &str = "write it as options=-csearch_path%3DNAME";

/// Options of libpq and of other drivers that people have in their URLs.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("currentSchema", SEARCH_PATH),
    ("gssdelegation", HARMLESS),
    ("gssencmode", HARMLESS),
    ("gsslib", HARMLESS),
    ("krbsrvname", HARMLESS),
    ("load_balance_hosts", HARMLESS),
    ("max_protocol_version", HARMLESS),
    ("min_protocol_version", HARMLESS),
    ("pgbouncer", HARMLESS),
    ("pool_timeout", HARMLESS),
    (
        "replication",
        "remove it; a replication connection cannot migrate",
    ),
    (
        "require_auth",
        "remove it; sslmode=verify-full and channel_binding=require keep a password from impostors",
    ),
    (
        "requirepeer",
        "remove it; the rights of the socket's folder decide who the server is",
    ),
    ("schema", SEARCH_PATH),
    ("search_path", SEARCH_PATH),
    (
        "service",
        "write host, port, database and user of the service into the connection's settings",
    ),
    (
        "servicefile",
        "write host, port, database and user of the service into the connection's settings",
    ),
    ("ssl", "write it as sslmode=require"),
    (
        "ssl_max_protocol_version",
        "remove it; TLS 1.2 and 1.3 are spoken",
    ),
    (
        "ssl_min_protocol_version",
        "remove it; TLS 1.2 and 1.3 are spoken",
    ),
    ("sslcertmode", HARMLESS),
    ("sslcompression", HARMLESS),
    (
        "sslcrl",
        "remove it; lists of revoked certificates are not looked at",
    ),
    (
        "sslcrldir",
        "remove it; lists of revoked certificates are not looked at",
    ),
    (
        "sslpassword",
        "remove the key's password: openssl pkey -in FILE -out client.key",
    ),
    ("sslsni", HARMLESS),
];

/// A value and what it is called, for errors.
pub(super) struct Setting<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

impl Setting<'_> {
    pub(super) fn refuse(&self, expected: &'static str) -> ParameterError {
        ParameterError::Value {
            name: self.name.to_owned(),
            value: self.value.to_owned(),
            expected,
        }
    }

    pub(super) fn number<T: std::str::FromStr>(&self) -> Result<T, ParameterError> {
        self.value
            .trim()
            .parse()
            .map_err(|_| self.refuse("a whole number that fits"))
    }
}

/// The options of a URL, and the variables beneath them.
pub(super) struct Source<'a> {
    options: BTreeMap<&'a str, &'a str>,
    pub(super) environment: &'a Environment,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        url: &'a ServerUrl,
        environment: &'a Environment,
    ) -> Result<Self, ParameterError> {
        let mut options = BTreeMap::new();
        for (name, value) in &url.options {
            if !KNOWN.contains(&name.as_str()) {
                let advice = UNSUPPORTED.iter().find(|(option, _)| option == name);
                return Err(match advice {
                    Some((_, advice)) => ParameterError::Unsupported {
                        name: name.clone(),
                        advice,
                    },
                    None => ParameterError::Unknown {
                        name: name.clone(),
                        known: KNOWN,
                    },
                });
            }
            options.insert(name.as_str(), value.as_str());
        }
        Ok(Self {
            options,
            environment,
        })
    }

    pub(super) fn option(&self, name: &'static str) -> Option<Setting<'a>> {
        let value = self.options.get(name).copied()?;
        (!value.is_empty()).then_some(Setting { name, value })
    }

    pub(super) fn variable(&self, name: &'static str) -> Option<Setting<'a>> {
        let value = self.environment.variables.get(name)?;
        (!value.is_empty()).then_some(Setting { name, value })
    }

    pub(super) fn either(
        &self,
        option: &'static str,
        variable: &'static str,
    ) -> Option<Setting<'a>> {
        self.option(option).or_else(|| self.variable(variable))
    }

    pub(super) fn path(&self, text: &str) -> PathBuf {
        self.environment.directory.join(text)
    }

    /// A file of libpq's own folder, if it is there.
    pub(super) fn default_file(&self, name: &str) -> Option<PathBuf> {
        let folder = if cfg!(windows) {
            Path::new(self.environment.variables.get("APPDATA")?).join("postgresql")
        } else {
            Path::new(self.environment.variables.get("HOME")?).join(".postgresql")
        };
        Some(folder.join(name)).filter(|path| path.is_file())
    }
}
