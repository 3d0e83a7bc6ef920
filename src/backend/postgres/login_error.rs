//! What an error of the PostgreSQL driver means for the person who wants to connect.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::parameters::Parameters;
use crate::backend::connect_error::{ConnectError, PasswordSource, ServerMessage};
use crate::backend::tls::TlsMode;

/// Functions of the server, which name what went wrong in whatever language the message is.
mod routine {
    /// Compares the connection with `pg_hba.conf`.
    pub(super) const HOST_RULES: &str = "ClientAuthentication";
    /// Looks for the role.
    pub(super) const ROLE: &str = "InitializeSessionUserId";
}

/// Whether an attempt that preferred encryption might succeed without.
pub(super) fn may_succeed_unencrypted(error: &Error) -> bool {
    match error.as_db_error() {
        Some(refusal) => {
            *refusal.code() == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
                && refusal.routine() == Some(routine::HOST_RULES)
        }
        None => is_tls(error),
    }
}

/// Whether it is the encryption that failed.
pub(super) fn is_tls(error: &Error) -> bool {
    error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>())
        .and_then(io::Error::get_ref)
        .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
}

/// The error to show.
pub(super) fn translate(parameters: &Parameters, error: Error) -> ConnectError {
    if let Some(refusal) = error.as_db_error() {
        return from_refusal(
            parameters,
            &Refusal {
                code: refusal.code(),
                routine: refusal.routine(),
                message: refusal.message(),
            },
        );
    }
    let server = Box::new(parameters.server());
    // The driver tells its kinds of errors apart in words only.
    let words = error.to_string();
    let is_closed = error.is_closed();
    match error.into_source() {
        Some(source) => match source.downcast::<io::Error>() {
            Ok(error) if error.kind() == io::ErrorKind::PermissionDenied && is_target(&error) => {
                ConnectError::WrongTarget {
                    server,
                    source: *error,
                }
            }
            Ok(error) if words == "error parsing response from server" => ConnectError::Protocol {
                server,
                source: error,
            },
            Ok(error) => ConnectError::from_io(&server, &parameters.tls, *error),
            Err(source) => match source.to_string().as_str() {
                "password missing" => ConnectError::NoPassword { server },
                "server does not support TLS" => ConnectError::TlsUnsupported {
                    server,
                    mode: parameters.tls.mode,
                },
                _ if words == "authentication error" => {
                    ConnectError::LoginMethod { server, source }
                }
                _ => ConnectError::Protocol { server, source },
            },
        },
        None if is_closed => ConnectError::Lost { server },
        None => ConnectError::Protocol {
            server,
            source: words.into(),
        },
    }
}

/// Whether it is the driver that found the server to be of the wrong kind; on a socket that may not
/// be used the same kind of error has the number of the operating system.
fn is_target(error: &io::Error) -> bool {
    error.raw_os_error().is_none()
}

/// What matters in a server's error.
struct Refusal<'a> {
    code: &'a SqlState,
    routine: Option<&'a str>,
    message: &'a str,
}

fn from_refusal(parameters: &Parameters, refusal: &Refusal<'_>) -> ConnectError {
    let server = Box::new(parameters.server());
    let source = ServerMessage {
        code: refusal.code.code().to_owned(),
        message: refusal.message.to_owned(),
    };
    if *refusal.code == SqlState::INVALID_PASSWORD {
        ConnectError::WrongPassword {
            server,
            password: parameters
                .password
                .as_ref()
                .map_or(PasswordSource::Settings, |(_, source)| source.clone()),
        }
    } else if *refusal.code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        if refusal.routine == Some(routine::ROLE) {
            ConnectError::NoUser { server }
        } else {
            ConnectError::LoginRefused {
                server,
                tls: Box::new(parameters.tls.clone()),
                source,
            }
        }
    } else if *refusal.code == SqlState::INVALID_CATALOG_NAME {
        ConnectError::NoDatabase { server }
    } else if *refusal.code == SqlState::INSUFFICIENT_PRIVILEGE {
        ConnectError::DatabaseForbidden { server, source }
    } else if *refusal.code == SqlState::TOO_MANY_CONNECTIONS {
        ConnectError::TooManyConnections { server, source }
    } else if *refusal.code == SqlState::CANNOT_CONNECT_NOW {
        ConnectError::StartingUp { server, source }
    } else {
        ConnectError::Server { server, source }
    }
}

/// Says that an encrypted connection was wanted and not had.
pub(super) fn unencrypted_warning(error: &Error) -> String {
    let reason = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    format!(
        "the connection is not encrypted, because TLS failed: {reason}; sslmode={} allows that",
        crate::backend::connect::Product::Postgres.mode_name(TlsMode::Prefer)
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::backend::connect::Limits;
    use crate::backend::notice::NoticeSink;
    use crate::error::Explain;
    use crate::settings::{Environment, Secret, ServerUrl};

    fn parameters(options: &[(&str, &str)]) -> Parameters {
        let url = ServerUrl {
            host: Some("db".to_owned()),
            port: None,
            socket: None,
            username: Some("app".to_owned()),
            password: Some(Secret::new("hunter2")),
            database: Some("my shop".to_owned()),
            options: options
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        };
        let environment = Environment {
            directory: PathBuf::from("/"),
            ..Environment::default()
        };
        let notices = NoticeSink::new();
        Parameters::resolve(&url, &environment, Limits::default(), &notices).unwrap()
    }

    fn shown(code: &str, routine: &str, message: &str) -> (String, Vec<String>, bool) {
        let refusal = Refusal {
            code: &SqlState::from_code(code),
            routine: Some(routine),
            message,
        };
        let error = from_refusal(&parameters(&[("sslmode", "disable")]), &refusal);
        (error.to_string(), error.hints(), error.is_transient())
    }

    #[test]
    fn a_wrong_password_names_user_and_server_and_no_password() {
        assert_eq!(
            shown("28P01", "auth_failed", "password authentication failed"),
            (
                "the PostgreSQL server at `db:5432` does not accept the password of user `app`"
                    .to_owned(),
                vec!["correct user or password in the connection's settings".to_owned()],
                false
            )
        );
    }

    #[test]
    fn a_missing_role_and_a_missing_rule_have_one_code_and_two_meanings() {
        assert_eq!(
            shown("28000", "InitializeSessionUserId", "whatever the language"),
            (
                "there is no user `app` on the PostgreSQL server at `db:5432`".to_owned(),
                vec![
                    "create it: createuser -h db -p 5432 app".to_owned(),
                    "or correct the user in the connection's `url`".to_owned(),
                ],
                false
            )
        );
        assert_eq!(
            shown("28000", "ClientAuthentication", "no pg_hba.conf entry"),
            (
                "the PostgreSQL server at `db:5432` does not let user `app` log in".to_owned(),
                vec![
                    "if the server wants encryption: sslmode=require".to_owned(),
                    "allow it in the server's pg_hba.conf, or connect as another user".to_owned(),
                ],
                false
            )
        );
    }

    #[test]
    fn a_missing_database_comes_with_the_command_that_creates_it() {
        assert_eq!(
            shown("3D000", "InitPostgres", "database does not exist"),
            (
                "there is no database `my shop` on the PostgreSQL server at `db:5432`".to_owned(),
                vec![
                    "create it: manage createdb".to_owned(),
                    "or correct the database in the connection's `url`".to_owned(),
                ],
                false
            )
        );
    }

    #[test]
    fn a_server_that_is_full_or_starting_may_answer_later() {
        for (code, message) in [
            (
                "53300",
                "the PostgreSQL server at `db:5432` has no connection left for user `app`",
            ),
            (
                "57P03",
                "the PostgreSQL server at `db:5432` is not ready yet",
            ),
        ] {
            let (shown, _, is_transient) = shown(code, "", "");
            assert_eq!((shown.as_str(), is_transient), (message, true));
        }
    }

    #[test]
    fn any_other_refusal_is_shown_with_its_code() {
        let refusal = Refusal {
            code: &SqlState::from_code("42704"),
            routine: None,
            message: "unrecognized configuration parameter",
        };
        let error = from_refusal(&parameters(&[]), &refusal);
        assert_eq!(
            (error.to_string(), error.source().unwrap().to_string()),
            (
                "the PostgreSQL server at `db:5432` refused the session".to_owned(),
                "unrecognized configuration parameter (code 42704)".to_owned()
            )
        );
    }
}
