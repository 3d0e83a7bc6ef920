//! What to do about a connection that could not be opened.

use std::fmt::Write;

use rustls::CertificateError;

use super::{ConnectError, ParameterError, PasswordSource, ServerMessage};
use crate::backend::connect::{Address, Product, Server};
use crate::backend::tls::{TlsMode, TlsSettings};
use crate::error::Explain;

impl Server {
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

    /// An option as it stands in a URL.
    fn mode_setting(self, mode: TlsMode) -> String {
        format!("{}={}", self.mode_option(), self.mode_name(mode))
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
            Self::NoDatabase { .. } => vec![
                "create it: manage createdb".to_owned(),
                "or correct the database in the connection's `url`".to_owned(),
            ],
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
    use super::*;

    fn server(product: Product, address: Address) -> Server {
        Server {
            product,
            address,
            user: "app".to_owned(),
            database: Some("shop".to_owned()),
        }
    }

    #[test]
    fn commands_in_hints_can_be_pasted() {
        let arguments = |product, address| server(product, address).arguments();
        let socket = |path: &str| Address::Socket(path.to_owned());
        let tcp = Address::Tcp {
            host: "db".to_owned(),
            port: 5432,
        };
        assert_eq!(
            arguments(Product::Postgres, socket("/run/my pg/.s.PGSQL.5433")),
            "-h '/run/my pg' -p 5433"
        );
        assert_eq!(
            arguments(Product::Mysql, socket("/run/mysqld.sock")),
            "-S /run/mysqld.sock"
        );
        assert_eq!(arguments(Product::Mysql, tcp), "-h db -P 5432");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word(""), "''");
    }
}
