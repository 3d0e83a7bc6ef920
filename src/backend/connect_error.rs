//! Why a connection could not be opened: one variant for each thing that a person can mend.

mod hints;

use std::io;
use std::time::Duration;

use rustls::AlertDescription;

use super::connect::{Address, Product, Server};
use super::tls::{Roots, TlsError, TlsMode, TlsSettings};

/// What the server itself said, with its code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (code {code})")]
pub struct ServerMessage {
    /// SQLSTATE on PostgreSQL, the error number on MySQL.
    pub code: String,
    /// The words.
    pub message: String,
}

/// Where the password that was used came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// The connection's URL or parts.
    Settings,
    /// An environment variable.
    Variable(&'static str),
    /// A file of passwords.
    File(String),
}

/// A connection could not be opened. No variant knows the password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody listens there.
    #[error("{server} refused the connection")]
    Refused {
        /// The server.
        server: Box<Server>,
    },
    /// There is no such socket file.
    #[error("{server} is not running: there is no such socket")]
    NoSocket {
        /// The server.
        server: Box<Server>,
    },
    /// The name of the host has no address.
    #[error("the host of {server} is not known")]
    UnknownHost {
        /// The server.
        server: Box<Server>,
        /// What the resolver said.
        source: io::Error,
    },
    /// Nothing came back in time.
    #[error("{server} did not answer within {} s", .limit.as_secs_f32())]
    TimedOut {
        /// The server.
        server: Box<Server>,
        /// How long it had.
        limit: Duration,
    },
    /// The network or the file system is in the way.
    #[error("{server} cannot be reached")]
    Unreachable {
        /// The server.
        server: Box<Server>,
        /// What the operating system said.
        source: io::Error,
    },
    /// The server hung up before the session was ready.
    #[error("{server} closed the connection before the session was ready")]
    Lost {
        /// The server.
        server: Box<Server>,
    },
    /// The answer made no sense.
    #[error("{server} does not speak {}'s protocol", .server.product)]
    Protocol {
        /// The server.
        server: Box<Server>,
        /// What was wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The password is wrong, or the user is.
    #[error("{server} does not accept the password of user `{}`", .server.user)]
    WrongPassword {
        /// The server.
        server: Box<Server>,
        /// Where to correct it.
        password: PasswordSource,
    },
    /// A password is wanted and there is none.
    #[error("{server} wants a password for user `{}`, and none is given", .server.user)]
    NoPassword {
        /// The server.
        server: Box<Server>,
    },
    /// The server's rules of who may log in from where say no.
    #[error("{server} does not let user `{}` log in", .server.user)]
    LoginRefused {
        /// The server.
        server: Box<Server>,
        /// How it was encrypted.
        tls: Box<TlsSettings>,
        /// What the server said.
        source: ServerMessage,
    },
    /// The server wants a way of logging in that we do not have.
    #[error("{server} asks user `{}` to log in by a method that is not supported", .server.user)]
    LoginMethod {
        /// The server.
        server: Box<Server>,
        /// The method, as far as it is known.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no such user.
    #[error("there is no user `{}` on {server}", .server.user)]
    NoUser {
        /// The server.
        server: Box<Server>,
    },
    /// There is no such database.
    #[error("there is no database `{}` on {server}", .server.database_name())]
    NoDatabase {
        /// The server.
        server: Box<Server>,
    },
    /// The database is there, but not for this user.
    #[error("user `{}` may not use the database `{}` on {server}",
        .server.user, .server.database_name())]
    DatabaseForbidden {
        /// The server.
        server: Box<Server>,
        /// What the server said.
        source: ServerMessage,
    },
    /// All places are taken.
    #[error("{server} has no connection left for user `{}`", .server.user)]
    TooManyConnections {
        /// The server.
        server: Box<Server>,
        /// What the server said.
        source: ServerMessage,
    },
    /// The server is on its way up or down.
    #[error("{server} is not ready yet")]
    StartingUp {
        /// The server.
        server: Box<Server>,
        /// What the server said.
        source: ServerMessage,
    },
    /// A writable server was asked for, and this one is not, or the other way round.
    #[error("{server} is not the kind that `target_session_attrs` asks for")]
    WrongTarget {
        /// The server.
        server: Box<Server>,
        /// What it is.
        source: io::Error,
    },
    /// Encryption was asked for, and the server has none.
    #[error("{server} does not offer TLS, and `{}` is `{}`",
        .server.product.mode_option(), .server.product.mode_name(*.mode))]
    TlsUnsupported {
        /// The server.
        server: Box<Server>,
        /// How much encryption was asked for.
        mode: TlsMode,
    },
    /// The server lets nobody in without encryption.
    #[error("{server} accepts encrypted connections only, and this one was not")]
    TlsRequired {
        /// The server.
        server: Box<Server>,
    },
    /// The server's certificate does not prove what it has to.
    #[error("the certificate of {server} is not accepted (`{}` is `{}`, trusting {})",
        .server.product.mode_option(), .server.product.mode_name(.tls.mode), .tls.trusted())]
    Certificate {
        /// The server.
        server: Box<Server>,
        /// What was asked for, and whom it trusts.
        tls: Box<TlsSettings>,
        /// What is wrong with the certificate.
        source: rustls::Error,
    },
    /// The server wants to see a certificate of ours, or did not like it.
    #[error("{server} does not accept our certificate, or wants one")]
    ClientCertificate {
        /// The server.
        server: Box<Server>,
        /// What was said.
        source: rustls::Error,
    },
    /// The two sides did not agree on how to encrypt.
    #[error("the encrypted connection to {server} failed")]
    TlsFailed {
        /// The server.
        server: Box<Server>,
        /// Why.
        source: rustls::Error,
    },
    /// Certificates or keys of ours cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The URL or the environment says something that is not understood.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The server had another reason.
    #[error("{server} refused the session")]
    Server {
        /// The server.
        server: Box<Server>,
        /// What it said.
        source: ServerMessage,
    },
    /// The session was open, but its first statements failed.
    #[error("the session on {server} could not be set up")]
    Setup {
        /// The server.
        server: Box<Server>,
        /// What failed.
        source: diesel::ConnectionError,
    },
    /// The operating system gives us nothing to connect with.
    #[error("cannot start to connect")]
    Runtime(#[source] io::Error),
}

impl ConnectError {
    /// Whether it may be otherwise in a moment, for a server that is still starting.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::NoSocket { .. }
            | Self::UnknownHost { .. }
            | Self::TimedOut { .. }
            | Self::Unreachable { .. }
            | Self::Lost { .. }
            | Self::TooManyConnections { .. }
            | Self::StartingUp { .. } => true,
            Self::Protocol { .. }
            | Self::WrongPassword { .. }
            | Self::NoPassword { .. }
            | Self::LoginRefused { .. }
            | Self::LoginMethod { .. }
            | Self::NoUser { .. }
            | Self::NoDatabase { .. }
            | Self::DatabaseForbidden { .. }
            | Self::WrongTarget { .. }
            | Self::TlsUnsupported { .. }
            | Self::TlsRequired { .. }
            | Self::Certificate { .. }
            | Self::ClientCertificate { .. }
            | Self::TlsFailed { .. }
            | Self::Tls(_)
            | Self::Parameter(_)
            | Self::Server { .. }
            | Self::Setup { .. }
            | Self::Runtime(_) => false,
        }
    }
}

/// A part of the URL, or a variable, that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// An option that exists elsewhere, but not here.
    #[error("the option `{name}` of the connection's `url` is not supported")]
    Unsupported {
        /// The option.
        name: String,
        /// What to do instead.
        advice: &'static str,
    },
    /// An option that nobody knows.
    #[error("the option `{name}` of the connection's `url` is not known")]
    Unknown {
        /// The option.
        name: String,
        /// Those that are.
        known: &'static [&'static str],
    },
    /// A value that makes no sense.
    #[error("`{name}` is `{value}`, which is not {expected}")]
    Value {
        /// The option or variable.
        name: String,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// Nobody said who logs in.
    #[error("no user to log in with is given, and the operating system names none")]
    NoUser {
        /// The kind of server.
        product: Product,
    },
    /// Trusting the whole world's authorities proves nothing without the name.
    #[error("`sslrootcert` is `system`, which proves nothing unless `sslmode` is `verify-full`")]
    WeakSystemRoots,
}

impl ConnectError {
    /// Whether the same attempt may succeed a little later, with nobody doing anything to it.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::NoSocket { .. }
            | Self::UnknownHost { .. }
            | Self::TimedOut { .. }
            | Self::Unreachable { .. }
            | Self::Lost { .. }
            | Self::TooManyConnections { .. }
            | Self::StartingUp { .. } => true,
            Self::Protocol { .. }
            | Self::WrongPassword { .. }
            | Self::NoPassword { .. }
            | Self::LoginRefused { .. }
            | Self::LoginMethod { .. }
            | Self::NoUser { .. }
            | Self::NoDatabase { .. }
            | Self::DatabaseForbidden { .. }
            | Self::WrongTarget { .. }
            | Self::TlsUnsupported { .. }
            | Self::TlsRequired { .. }
            | Self::Certificate { .. }
            | Self::ClientCertificate { .. }
            | Self::TlsFailed { .. }
            | Self::Tls(_)
            | Self::Parameter(_)
            | Self::Server { .. }
            | Self::Setup { .. }
            | Self::Runtime(_) => false,
        }
    }

    /// What an error of the operating system means; those of rustls travel inside of one.
    pub(super) fn from_io(server: &Server, tls: &TlsSettings, error: io::Error) -> Self {
        use io::ErrorKind as Kind;

        if let Some(inner) = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            return Self::from_rustls(server, tls, inner.clone());
        }
        let kind = error.kind();
        let server = Box::new(server.clone());
        if kind == Kind::ConnectionRefused {
            Self::Refused { server }
        } else if kind == Kind::NotFound && matches!(server.address, Address::Socket(_)) {
            Self::NoSocket { server }
        } else if matches!(
            kind,
            Kind::ConnectionReset
                | Kind::ConnectionAborted
                | Kind::BrokenPipe
                | Kind::UnexpectedEof
        ) {
            Self::Lost { server }
        } else if is_unknown_host(&error) {
            Self::UnknownHost {
                server,
                source: error,
            }
        } else if matches!(kind, Kind::Other | Kind::InvalidData) && error.raw_os_error().is_none()
        {
            // Not the operating system's: the driver could make nothing of what it read.
            Self::Protocol {
                server,
                source: error.into(),
            }
        } else {
            Self::Unreachable {
                server,
                source: error,
            }
        }
    }

    /// What an error of rustls means.
    pub(super) fn from_rustls(server: &Server, tls: &TlsSettings, error: rustls::Error) -> Self {
        let server = Box::new(server.clone());
        if matches!(error, rustls::Error::InvalidCertificate(_)) {
            return Self::Certificate {
                server,
                tls: Box::new(tls.clone()),
                source: error,
            };
        }
        if let rustls::Error::AlertReceived(alert) = error
            && matches!(
                alert,
                AlertDescription::CertificateRequired
                    | AlertDescription::BadCertificate
                    | AlertDescription::UnsupportedCertificate
                    | AlertDescription::CertificateRevoked
                    | AlertDescription::CertificateExpired
                    | AlertDescription::CertificateUnknown
                    | AlertDescription::UnknownCA
            )
        {
            return Self::ClientCertificate {
                server,
                source: error,
            };
        }
        Self::TlsFailed {
            server,
            source: error,
        }
    }
}

/// The standard library has no kind for a name that does not resolve, but on Unix a fixed beginning
/// of its message, and on Windows the numbers of Winsock.
fn is_unknown_host(error: &io::Error) -> bool {
    match error.raw_os_error() {
        None => {
            let message = error.to_string();
            message.starts_with("failed to lookup address information")
                || message.starts_with("could not resolve")
        }
        Some(number) => cfg!(windows) && (11001..=11004).contains(&number),
    }
}

impl Server {
    fn database_name(&self) -> &str {
        self.database.as_deref().unwrap_or_default()
    }
}

impl Product {
    pub(super) fn mode_option(self) -> &'static str {
        match self {
            Self::Postgres => "sslmode",
            Self::Mysql => "ssl-mode",
        }
    }

    pub(super) fn mode_name(self, mode: TlsMode) -> &'static str {
        match (self, mode) {
            (Self::Postgres, TlsMode::Disable) => "disable",
            (Self::Postgres, TlsMode::Prefer) => "prefer",
            (Self::Postgres, TlsMode::Require) => "require",
            (Self::Postgres, TlsMode::VerifyCa) => "verify-ca",
            (Self::Postgres, TlsMode::VerifyFull) => "verify-full",
            (Self::Mysql, TlsMode::Disable) => "DISABLED",
            (Self::Mysql, TlsMode::Prefer) => "PREFERRED",
            (Self::Mysql, TlsMode::Require) => "REQUIRED",
            (Self::Mysql, TlsMode::VerifyCa) => "VERIFY_CA",
            (Self::Mysql, TlsMode::VerifyFull) => "VERIFY_IDENTITY",
        }
    }
}

impl TlsSettings {
    fn trusted(&self) -> String {
        match &self.roots {
            Roots::File(path) => format!("`{}`", path.display()),
            Roots::System => "the authorities of this machine".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
