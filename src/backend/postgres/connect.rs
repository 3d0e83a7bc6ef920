//! A synchronous Diesel connection to PostgreSQL, without libpq.

use std::future::{Future, poll_fn};
use std::time::Duration;

use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::error::{DbError, Severity as ServerSeverity};
use tokio_postgres::{AsyncMessage, CancelToken, Client, Connection, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::login_error;
use super::parameters::Parameters;
use crate::backend::connect::{CancelHandle, Limits};
use crate::backend::connect_error::ConnectError;
use crate::backend::notice::{Notice, NoticeSink, Severity};
use crate::backend::runtime::{self, SharedRuntime};
use crate::backend::tls::TlsMode;
use crate::settings::{Environment, ServerUrl};

/// A connection to PostgreSQL that Diesel can use.
pub(crate) type PgConnection = AsyncConnectionWrapper<AsyncPgConnection, SharedRuntime>;

/// Connects to a server, and says how to stop what the connection does.
///
/// Whatever the server says on the side, now and later, goes to `notices`.
///
/// # Errors
/// Whatever keeps the session from being ready.
pub(crate) fn connect_cancellable(
    url: &ServerUrl,
    environment: &Environment,
    limits: Limits,
    notices: NoticeSink,
) -> Result<(PgConnection, CancelHandle), ConnectError> {
    let cancel_limit = limits.connect_timeout;
    let parameters = Parameters::resolve(url, environment, limits, &notices)?;
    let mut tls = parameters.tls.client_config()?;
    if parameters.negotiation == SslNegotiation::Direct {
        tls.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    let tls = MakeRustlsConnect::new(tls);
    let runtime = runtime::start().map_err(ConnectError::Runtime)?;
    let (connection, token) = runtime.block_on(in_time(&parameters, async {
        let client = log_in(&parameters, &tls, notices).await?;
        let token = client.cancel_token();
        let connection = AsyncPgConnection::try_from(client)
            .await
            .map_err(|source| ConnectError::Setup {
                server: Box::new(parameters.server()),
                source,
            })?;
        Ok((connection, token))
    }))?;
    let handle = cancel_handle(&parameters, cancel_limit, token, tls);
    Ok((PgConnection::from(connection), handle))
}

async fn in_time<F, T>(parameters: &Parameters, work: F) -> Result<T, ConnectError>
where
    F: Future<Output = Result<T, ConnectError>>,
{
    match parameters.connect_timeout {
        Some(limit) => tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            Err(ConnectError::TimedOut {
                server: Box::new(parameters.server()),
                limit,
            })
        }),
        None => work.await,
    }
}

/// Logs in; where encryption is only preferred, a second time without it, as libpq does.
async fn log_in(
    parameters: &Parameters,
    tls: &MakeRustlsConnect,
    notices: NoticeSink,
) -> Result<Client, ConnectError> {
    let mut config = parameters.config();
    let error = match config.connect(tls.clone()).await {
        Ok((client, connection)) => return Ok(attend(client, connection, notices)),
        Err(error) => error,
    };
    if parameters.tls.mode == TlsMode::Prefer && login_error::may_succeed_unencrypted(&error) {
        match config.ssl_mode(SslMode::Disable).connect(tls.clone()).await {
            Ok((client, connection)) => {
                if login_error::is_tls(&error) {
                    notices.warn(login_error::unencrypted_warning(&error));
                }
                return Ok(attend(client, connection, notices));
            }
            Err(second) if login_error::is_tls(&error) => {
                return Err(login_error::translate(parameters, second));
            }
            Err(_) => {}
        }
    }
    Err(login_error::translate(parameters, error))
}

/// Leaves the connection to a task of the shared runtime.
fn attend<S, T>(client: Client, connection: Connection<S, T>, notices: NoticeSink) -> Client
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(converse(connection, notices));
    client
}

/// Moves messages between client and server until one of them hangs up. Then the client's requests,
/// the one under way included, fail.
async fn converse<S, T>(mut connection: Connection<S, T>, notices: NoticeSink)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        match poll_fn(|context| connection.poll_message(context)).await {
            Some(Ok(message)) => {
                if let AsyncMessage::Notice(notice) = message {
                    notices.push(to_notice(&notice));
                }
            }
            Some(Err(error)) => return notices.push(to_farewell(&error)),
            None => return,
        }
    }
}

fn to_notice(notice: &DbError) -> Notice {
    let severity = match notice.parsed_severity() {
        Some(ServerSeverity::Panic | ServerSeverity::Fatal) => Severity::Fatal,
        Some(ServerSeverity::Error | ServerSeverity::Warning) => Severity::Warning,
        Some(ServerSeverity::Notice) | None => Severity::Notice,
        Some(ServerSeverity::Debug) => Severity::Debug,
        Some(ServerSeverity::Info) => Severity::Info,
        Some(ServerSeverity::Log) => Severity::Log,
    };
    Notice {
        severity,
        message: notice.message().to_owned(),
        detail: notice.detail().map(str::to_owned),
        hint: notice.hint().map(str::to_owned),
    }
}

/// Why the connection ended: the only place where that is known, for a request that comes too late
/// learns no more than that it is closed.
fn to_farewell(error: &Error) -> Notice {
    match error.as_db_error() {
        Some(reason) => Notice {
            severity: Severity::Fatal,
            ..to_notice(reason)
        },
        None => Notice {
            severity: Severity::Fatal,
            message: "the connection to the server was lost".to_owned(),
            detail: std::error::Error::source(error).map(ToString::to_string),
            hint: None,
        },
    }
}

fn cancel_handle(
    parameters: &Parameters,
    limit: Duration,
    token: CancelToken,
    tls: MakeRustlsConnect,
) -> CancelHandle {
    CancelHandle::new(parameters.server(), limit, move || {
        let (token, tls) = (token.clone(), tls.clone());
        async move { Ok(token.cancel_query(tls).await?) }
    })
}
