//! Why a connection could not be opened: one variant for each thing that a person can mend.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError};

use super::connect::{Address, Product, Server};
use super::tls::{Roots, TlsError, TlsMode, TlsSettings};
use crate::error::Explain;

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

    /// The arguments with which the server's own programs connect to it.
    fn arguments(&self) -> String {
        let mut text = String::new();
        let port = match self.product {
            Product::Postgres => 'p',
            Product::Mysql => 'P',
        };
        match &self.address {
            Address::Tcp { host, port: number } => {
                let _ = write!(text, "-h {} -{port} {number}", shell_word(host));
            }
            Address::Socket(path) => match self.product {
                Product::Postgres => {
                    let (folder, file) = path.rsplit_once('/').unwrap_or((".", path));
                    let number = file.rsplit('.').next().unwrap_or_default();
                    let _ = write!(text, "-h {} -p {number}", shell_word(folder));
                }
                Product::Mysql => {
                    let _ = write!(text, "-S {}", shell_word(path));
                }
            },
        }
        text
    }
}

impl Product {
    pub(super) fn mode_option(self) -> &'static str {
        match self {
            Self::Postgres => "sslmode",
            Self::Mysql => "ssl-mode",
        }
    }

    fn root_option(self) -> &'static str {
        match self {
            Self::Postgres => "sslrootcert",
            Self::Mysql => "ssl-ca",
        }
    }

    fn identity_options(self) -> &'static str {
        match self {
            Self::Postgres => "sslcert=FILE&sslkey=FILE",
            Self::Mysql => "ssl-cert=FILE&ssl-key=FILE",
        }
    }

    fn password_variable(self) -> &'static str {
        match self {
            Self::Postgres => "PGPASSWORD",
            Self::Mysql => "MYSQL_PWD",
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

    /// An option as it stands in a URL.
    fn mode_setting(self, mode: TlsMode) -> String {
        format!("{}={}", self.mode_option(), self.mode_name(mode))
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

/// Quotes what a shell would take apart.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

impl Explain for ConnectError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Refused { .. } => {
                vec!["start the server, or correct the connection's `url`".to_owned()]
            }
            Self::NoSocket { .. } => vec![
                "start the server, or name its host in the connection's `url` to connect over the network".to_owned(),
            ],
            Self::UnknownHost { server, .. } => unknown_host_hints(server),
            Self::TimedOut { .. } => vec![
                "check host, port and firewalls; for a slow server add `connect_timeout=60` to the connection's `url`".to_owned(),
            ],
            Self::Unreachable { server, .. } => match &server.address {
                Address::Tcp { .. } => {
                    vec!["check host, port and network of the connection's `url`".to_owned()]
                }
                Address::Socket(path) => {
                    vec![format!("check that the socket may be used: ls -l {}", shell_word(path))]
                }
            },
            Self::Lost { server } => vec![format!(
                "check that it is {} that listens there, and look into the server's log",
                server.product
            )],
            Self::Protocol { server, .. } => vec![format!(
                "check the port: is it {} that listens there?",
                server.product
            )],
            Self::WrongPassword { server, password } => wrong_password_hints(server, password),
            Self::NoPassword { server } => no_password_hints(server),
            Self::LoginRefused {
                server,
                tls,
                source,
            } => login_hints(server, tls, source),
            Self::LoginMethod { server, .. } => login_method_hints(server),
            Self::NoUser { server } => vec![
                format!(
                    "create it: createuser {} {}",
                    server.arguments(),
                    shell_word(&server.user)
                ),
                "or correct the user in the connection's `url`".to_owned(),
            ],
            Self::NoDatabase { server } => no_database_hints(server),
            Self::DatabaseForbidden { server, .. } => vec![match server.product {
                Product::Postgres => format!(
                    "grant it: GRANT CONNECT ON DATABASE {} TO {}",
                    server.database_name(),
                    server.user
                ),
                Product::Mysql => format!(
                    "check that the database exists, then grant it: GRANT ALL ON `{}`.* TO '{}'@'%'",
                    server.database_name(),
                    server.user
                ),
            }],
            Self::TooManyConnections { .. } => vec![
                "close idle connections, or raise the server's `max_connections`".to_owned(),
            ],
            Self::StartingUp { .. } => vec!["try again in a moment".to_owned()],
            Self::WrongTarget { .. } => vec![
                "name the primary server in the connection's `url`, or remove `target_session_attrs`".to_owned(),
            ],
            Self::TlsUnsupported { server, .. } => vec![format!(
                "turn TLS on at the server, or allow plain text: {}",
                server.product.mode_setting(TlsMode::Prefer)
            )],
            Self::TlsRequired { server } => vec![format!(
                "add to the connection's `url`: {}",
                server.product.mode_setting(TlsMode::Require)
            )],
            Self::Certificate {
                server,
                tls,
                source,
            } => certificate_hints(server, tls, source),
            Self::ClientCertificate { server, .. } => vec![format!(
                "give a certificate that the server's authority signed: {}",
                server.product.identity_options()
            )],
            Self::TlsFailed { .. } => vec![
                "the server must speak TLS 1.2 or 1.3; look into its log for the reason".to_owned(),
            ],
            Self::Tls(error) => error.hints(),
            Self::Parameter(error) => error.hints(),
            Self::Server { .. } | Self::Setup { .. } => {
                vec!["look into the server's log for more".to_owned()]
            }
            Self::Runtime(_) => {
                vec!["check the limits of this process: ulimit -a".to_owned()]
            }
        }
    }
}

fn unknown_host_hints(server: &Server) -> Vec<String> {
    match &server.address {
        Address::Tcp { host, .. } => vec![format!(
            "correct the host in the connection's `url`, or see what the name stands for: getent hosts {}",
            shell_word(host)
        )],
        Address::Socket(_) => Vec::new(),
    }
}

fn wrong_password_hints(server: &Server, password: &PasswordSource) -> Vec<String> {
    let mut hints = vec![match password {
        PasswordSource::Settings => {
            "correct user or password in the connection's settings".to_owned()
        }
        PasswordSource::Variable(name) => format!("correct the password in {name}"),
        PasswordSource::File(path) => format!("correct the password in {path}"),
    }];
    if server.product == Product::Mysql {
        hints.push(format!(
            "the server says the same if `{}` may not log in from this machine, or only with TLS or a certificate",
            server.user
        ));
    }
    hints
}

fn no_password_hints(server: &Server) -> Vec<String> {
    let mut hint = format!(
        "give it as `password: ${{DB_PASSWORD}}` in the connection's settings, or in {}",
        server.product.password_variable()
    );
    match server.product {
        Product::Postgres => hint.push_str(", or in ~/.pgpass"),
        Product::Mysql => {}
    }
    vec![hint]
}

fn login_hints(server: &Server, tls: &TlsSettings, message: &ServerMessage) -> Vec<String> {
    let product = server.product;
    let mut hints = Vec::new();
    if message.message.contains("certificate") {
        hints.push(format!(
            "give a certificate that the server's authority signed: {}",
            product.identity_options()
        ));
    } else if tls.mode == TlsMode::Disable && matches!(server.address, Address::Tcp { .. }) {
        hints.push(format!(
            "if the server wants encryption: {}",
            product.mode_setting(TlsMode::Require)
        ));
    }
    hints.push(match product {
        Product::Postgres => {
            "allow it in the server's pg_hba.conf, or connect as another user".to_owned()
        }
        Product::Mysql => format!(
            "allow it on the server, with '{}'@'%' or this machine's address, or connect as another user",
            server.user
        ),
    });
    hints
}

fn login_method_hints(server: &Server) -> Vec<String> {
    let method = match server.product {
        Product::Postgres => "method `scram-sha-256` in the server's pg_hba.conf",
        Product::Mysql => "plugin caching_sha2_password, mysql_native_password or ed25519",
    };
    vec![format!(
        "let `{}` log in with a password: {method}",
        server.user
    )]
}

fn no_database_hints(server: &Server) -> Vec<String> {
    let name = server.database_name();
    let create = match server.product {
        Product::Postgres => format!(
            "createdb {} -U {} {}",
            server.arguments(),
            shell_word(&server.user),
            shell_word(name)
        ),
        Product::Mysql => format!(
            "mariadb {} -u {} -p -e {}",
            server.arguments(),
            shell_word(&server.user),
            shell_word(&format!("CREATE DATABASE `{}`", name.replace('`', "``")))
        ),
    };
    vec![
        format!("create it: {create}"),
        "or correct the database in the connection's `url`".to_owned(),
    ]
}

fn certificate_hints(server: &Server, tls: &TlsSettings, error: &rustls::Error) -> Vec<String> {
    let product = server.product;
    let rustls::Error::InvalidCertificate(doubt) = error else {
        return Vec::new();
    };
    if matches!(
        doubt,
        CertificateError::UnknownIssuer | CertificateError::BadSignature
    ) {
        vec![format!(
            "give the authority that signed it: {}=/path/to/ca.crt",
            product.root_option()
        )]
    } else if matches!(
        doubt,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
    ) {
        vec![
            "connect by a host name that the certificate is for".to_owned(),
            format!(
                "or have it issued with that name (subjectAltName), or do without the check of the name: {}",
                product.mode_setting(TlsMode::VerifyCa)
            ),
        ]
    } else if matches!(
        doubt,
        CertificateError::Expired | CertificateError::ExpiredContext { .. }
    ) {
        vec!["renew the server's certificate, and check this machine's clock".to_owned()]
    } else if product == Product::Postgres && format!("{doubt:?}").contains("CaUsedAsEndEntity") {
        // Only the words of the library beneath rustls say so.
        vec![format!(
            "the server signed its certificate itself: copy that and trust it, {}=/path/to/server.crt",
            product.root_option()
        )]
    } else {
        let mut hints = vec![
            "have the server's certificate issued anew, as X.509 version 3 and by the authority that is trusted here".to_owned(),
        ];
        if tls.mode.verifies() {
            hints.push(format!(
                "or do without the check: {}",
                product.mode_setting(TlsMode::Require)
            ));
        }
        hints
    }
}

impl Explain for ParameterError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Unsupported { advice, .. } => vec![(*advice).to_owned()],
            Self::Unknown { known, .. } => {
                vec![format!("remove it; known are: {}", known.join(", "))]
            }
            Self::Value { name, .. } => vec![format!("correct `{name}`")],
            Self::NoUser { product } => vec![match product {
                Product::Postgres => {
                    "name the user in the connection's `url`, or in PGUSER".to_owned()
                }
                Product::Mysql => "name the user in the connection's `url`".to_owned(),
            }],
            Self::WeakSystemRoots => vec!["set sslmode=verify-full".to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn server(product: Product, address: Address) -> Server {
        Server {
            product,
            address,
            user: "app".to_owned(),
            database: Some("shop".to_owned()),
        }
    }

    fn tcp() -> Address {
        Address::Tcp {
            host: "db".to_owned(),
            port: 5432,
        }
    }

    fn from_io(address: Address, error: io::Error) -> ConnectError {
        let server = server(Product::Postgres, address);
        ConnectError::from_io(&server, &TlsSettings::disabled(), error)
    }

    fn with_kind(kind: io::ErrorKind) -> io::Error {
        io::Error::new(kind, "x")
    }

    #[test]
    fn errors_of_the_operating_system_are_told_apart() {
        let socket = || Address::Socket("/run/.s.PGSQL.5432".to_owned());
        assert!(matches!(
            from_io(tcp(), with_kind(io::ErrorKind::ConnectionRefused)),
            ConnectError::Refused { .. }
        ));
        assert!(matches!(
            from_io(socket(), with_kind(io::ErrorKind::NotFound)),
            ConnectError::NoSocket { .. }
        ));
        assert!(matches!(
            from_io(tcp(), with_kind(io::ErrorKind::UnexpectedEof)),
            ConnectError::Lost { .. }
        ));
        assert!(matches!(
            from_io(socket(), with_kind(io::ErrorKind::PermissionDenied)),
            ConnectError::Unreachable { .. }
        ));
        assert!(matches!(
            from_io(tcp(), io::Error::other("bytes remaining on stream")),
            ConnectError::Protocol { .. }
        ));
    }

    #[test]
    fn a_name_without_an_address_is_known_by_the_resolvers_words() {
        use std::net::ToSocketAddrs;

        // Reserved for names that never resolve.
        let error = ("nowhere.invalid", 5432).to_socket_addrs().unwrap_err();
        assert!(matches!(
            from_io(tcp(), error),
            ConnectError::UnknownHost { .. }
        ));
    }

    #[test]
    fn a_certificate_that_is_not_accepted_names_mode_and_roots() {
        let tls = TlsSettings {
            mode: TlsMode::VerifyFull,
            roots: Roots::File(PathBuf::from("/etc/ca.crt")),
            identity: None,
        };
        let unknown = || rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        // As it arrives from a stream.
        let error = ConnectError::from_io(
            &server(Product::Postgres, tcp()),
            &tls,
            io::Error::new(io::ErrorKind::InvalidData, unknown()),
        );
        assert_eq!(
            (error.to_string(), error.hints()),
            (
                "the certificate of the PostgreSQL server at `db:5432` is not accepted \
                 (`sslmode` is `verify-full`, trusting `/etc/ca.crt`)"
                    .to_owned(),
                vec!["give the authority that signed it: sslrootcert=/path/to/ca.crt".to_owned()]
            )
        );
        let error = ConnectError::from_rustls(&server(Product::Mysql, tcp()), &tls, unknown());
        assert_eq!(
            (error.to_string(), error.hints()),
            (
                "the certificate of the MySQL server at `db:5432` is not accepted \
                 (`ssl-mode` is `VERIFY_IDENTITY`, trusting `/etc/ca.crt`)"
                    .to_owned(),
                vec!["give the authority that signed it: ssl-ca=/path/to/ca.crt".to_owned()]
            )
        );
    }

    #[test]
    fn a_wrong_name_can_be_mended_in_three_ways() {
        let error = ConnectError::from_rustls(
            &server(Product::Postgres, tcp()),
            &TlsSettings::disabled(),
            rustls::Error::InvalidCertificate(CertificateError::NotValidForName),
        );
        assert_eq!(
            error.hints(),
            [
                "connect by a host name that the certificate is for",
                "or have it issued with that name (subjectAltName), or do without the check of the name: sslmode=verify-ca",
            ]
        );
    }

    #[test]
    fn a_server_that_wants_our_certificate_says_so_by_an_alert() {
        let server = server(Product::Mysql, tcp());
        let error = ConnectError::from_rustls(
            &server,
            &TlsSettings::disabled(),
            rustls::Error::AlertReceived(AlertDescription::CertificateRequired),
        );
        assert_eq!(
            error.hints(),
            ["give a certificate that the server's authority signed: ssl-cert=FILE&ssl-key=FILE"]
        );
        let error = ConnectError::from_rustls(
            &server,
            &TlsSettings::disabled(),
            rustls::Error::AlertReceived(AlertDescription::ProtocolVersion),
        );
        assert!(matches!(error, ConnectError::TlsFailed { .. }));
    }

    #[test]
    fn commands_in_hints_can_be_pasted() {
        let arguments = |product, address| server(product, address).arguments();
        let socket = |path: &str| Address::Socket(path.to_owned());
        assert_eq!(
            arguments(Product::Postgres, socket("/run/my pg/.s.PGSQL.5433")),
            "-h '/run/my pg' -p 5433"
        );
        assert_eq!(
            arguments(Product::Mysql, socket("/run/mysqld.sock")),
            "-S /run/mysqld.sock"
        );
        assert_eq!(arguments(Product::Mysql, tcp()), "-h db -P 5432");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn a_time_limit_is_told_in_seconds() {
        let error = ConnectError::TimedOut {
            server: Box::new(server(Product::Postgres, tcp())),
            limit: Duration::from_millis(2500),
        };
        assert_eq!(
            error.to_string(),
            "the PostgreSQL server at `db:5432` did not answer within 2.5 s"
        );
    }
}
