//! What an error of the MySQL driver means for the person who wants to connect.

use mysql_async::{DriverError, Error, IoError, ServerError, TlsError};

use super::parameters::Parameters;
use crate::backend::connect_error::{ConnectError, ServerMessage};

/// Whether an attempt that preferred encryption should be made again without.
pub(super) fn may_succeed_unencrypted(error: &Error) -> bool {
    matches!(error, Error::Driver(DriverError::NoClientSslFlagFromServer)) || is_tls(error)
}

/// Whether it is the encryption that failed.
pub(super) fn is_tls(error: &Error) -> bool {
    match error {
        Error::Io(IoError::Tls(_)) => true,
        Error::Io(IoError::Io(error)) => error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>),
        Error::Driver(_) | Error::Other(_) | Error::Server(_) | Error::Url(_) => false,
    }
}

/// The error to show.
pub(super) fn translate(parameters: &Parameters, error: Error) -> ConnectError {
    let server = Box::new(parameters.server());
    match error {
        Error::Server(refusal) => from_refusal(parameters, refusal),
        Error::Io(IoError::Io(error)) => ConnectError::from_io(&server, &parameters.tls, error),
        Error::Io(IoError::Tls(TlsError::Tls(error))) => {
            ConnectError::from_rustls(&server, &parameters.tls, error)
        }
        Error::Io(IoError::Tls(error)) => ConnectError::TlsFailed {
            server,
            source: rustls::Error::General(error.to_string()),
        },
        Error::Driver(error) => from_driver(parameters, error),
        Error::Other(source) => ConnectError::Protocol { server, source },
        Error::Url(source) => ConnectError::Protocol {
            server,
            source: source.into(),
        },
    }
}

fn from_driver(parameters: &Parameters, error: DriverError) -> ConnectError {
    let server = Box::new(parameters.server());
    if matches!(error, DriverError::NoClientSslFlagFromServer) {
        ConnectError::TlsUnsupported {
            server,
            mode: parameters.tls.mode,
        }
    } else if matches!(error, DriverError::ConnectionClosed) {
        ConnectError::Lost { server }
    } else if matches!(
        error,
        DriverError::UnknownAuthPlugin { .. }
            | DriverError::MysqlOldPasswordDisabled
            | DriverError::CleartextPluginDisabled
    ) {
        ConnectError::LoginMethod {
            server,
            source: error.into(),
        }
    } else {
        ConnectError::Protocol {
            server,
            source: error.into(),
        }
    }
}

/// MySQL's and MariaDB's numbers of errors; where they differ, both.
fn from_refusal(parameters: &Parameters, refusal: ServerError) -> ConnectError {
    let server = Box::new(parameters.server());
    let code = refusal.code;
    let source = ServerMessage {
        code: code.to_string(),
        message: refusal.message,
    };
    match code {
        1045 => match &parameters.password {
            Some((_, password)) => ConnectError::WrongPassword {
                server,
                password: password.clone(),
            },
            None => ConnectError::NoPassword { server },
        },
        // Not this machine, not this plugin without a password, or the account is locked.
        1129 | 1130 | 1698 | 3118 | 4151 => ConnectError::LoginRefused {
            server,
            tls: Box::new(parameters.tls.clone()),
            source,
        },
        1049 => ConnectError::NoDatabase { server },
        1044 => ConnectError::DatabaseForbidden { server, source },
        1040 | 1203 | 1226 => ConnectError::TooManyConnections { server, source },
        1053 => ConnectError::StartingUp { server, source },
        3159 => ConnectError::TlsRequired { server },
        1251 | 1275 | 1524 => ConnectError::LoginMethod {
            server,
            source: source.into(),
        },
        _ => ConnectError::Server { server, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::connect::Address;
    use crate::backend::connect_error::PasswordSource;
    use crate::backend::tls::TlsSettings;
    use crate::error::Explain;
    use crate::settings::Secret;

    fn parameters(password: Option<PasswordSource>) -> Parameters {
        Parameters {
            address: Address::Tcp {
                host: "db".to_owned(),
                port: 3307,
            },
            user: "app".to_owned(),
            password: password.map(|source| (Secret::new("hunter2"), source)),
            database: Some("my shop".to_owned()),
            connect_timeout: None,
            init_command: None,
            tls: TlsSettings::disabled(),
        }
    }

    fn shown(code: u16, password: Option<PasswordSource>) -> (String, Vec<String>, bool) {
        let error = translate(
            &parameters(password),
            Error::Server(ServerError {
                code,
                message: "said".to_owned(),
                state: "HY000".to_owned(),
            }),
        );
        (error.to_string(), error.hints(), error.is_transient())
    }

    #[test]
    fn a_wrong_password_says_where_the_password_came_from() {
        assert_eq!(
            shown(1045, Some(PasswordSource::Variable("MYSQL_PWD"))),
            (
                "the MySQL server at `db:3307` does not accept the password of user `app`".to_owned(),
                vec![
                    "correct the password in MYSQL_PWD".to_owned(),
                    "the server says the same if `app` may not log in from this machine, or only with TLS or a certificate".to_owned(),
                ],
                false
            )
        );
    }

    #[test]
    fn no_password_says_where_to_put_one() {
        assert_eq!(
            shown(1045, None),
            (
                "the MySQL server at `db:3307` wants a password for user `app`, and none is given"
                    .to_owned(),
                vec![
                    "give it as `password: ${DB_PASSWORD}` in the connection's settings, or in MYSQL_PWD"
                        .to_owned()
                ],
                false
            )
        );
    }

    #[test]
    fn a_missing_database_comes_with_the_command_that_creates_it() {
        assert_eq!(
            shown(1049, None),
            (
                "there is no database `my shop` on the MySQL server at `db:3307`".to_owned(),
                vec![
                    "create it: manage createdb".to_owned(),
                    "or correct the database in the connection's `url`".to_owned(),
                ],
                false
            )
        );
    }

    #[test]
    fn a_full_server_may_have_room_later() {
        for code in [1040, 1203, 1226] {
            let (message, _, is_transient) = shown(code, None);
            assert_eq!(
                message,
                "the MySQL server at `db:3307` has no connection left for user `app`"
            );
            assert!(is_transient);
        }
    }

    #[test]
    fn a_server_that_wants_encryption_says_how_to_get_it() {
        assert_eq!(
            shown(3159, None),
            (
                "the MySQL server at `db:3307` accepts encrypted connections only, and this one was not"
                    .to_owned(),
                vec!["add to the connection's `url`: ssl-mode=REQUIRED".to_owned()],
                false
            )
        );
    }

    #[test]
    fn a_method_that_the_driver_lacks_is_named() {
        let error = translate(
            &parameters(None),
            Error::Driver(DriverError::UnknownAuthPlugin {
                name: "dialog".to_owned(),
            }),
        );
        assert_eq!(
            (
                error.to_string(),
                std::error::Error::source(&error).unwrap().to_string()
            ),
            (
                "the MySQL server at `db:3307` asks user `app` to log in by a method that is not supported"
                    .to_owned(),
                "Unknown authentication plugin `dialog'.".to_owned()
            )
        );
    }
}
