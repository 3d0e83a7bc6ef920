//! A synchronous Diesel connection to PostgreSQL, without libpq.

use std::future::{Future, poll_fn};
use std::time::Duration;

use diesel::connection::CacheSize;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::async_connection_wrapper::BlockOn;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::error::{DbError, Severity as ServerSeverity};
use tokio_postgres::{AsyncMessage, CancelToken, Client, Connection, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::backend_key;
use super::login_error;
use super::parameters::Parameters;
use crate::backend::connect::{CancelHandle, Limits};
use crate::backend::connect_error::ConnectError;
use crate::backend::notice::{Notice, NoticeSink, Severity};
use crate::backend::runtime;
use crate::backend::tls::TlsMode;
use crate::settings::{Environment, ServerUrl};

/// Everything that it takes to log in, worked out and ready to be used anywhere.
#[derive(Clone)]
pub(in crate::backend) struct Login {
    parameters: Parameters,
    tls: MakeRustlsConnect,
}

/// A session that nobody has used yet.
pub(in crate::backend) struct Session {
    /// Asks and tells.
    pub(in crate::backend) client: Client,
    /// Ends with the connection.
    pub(in crate::backend) conversation: JoinHandle<()>,
    /// Whether a pooler is in between, which may serve each transaction by another process.
    pub(in crate::backend) is_pooled: bool,
}

impl Login {
    /// Works it out.
    ///
    /// # Errors
    /// What makes no sense.
    pub(in crate::backend) fn resolve(
        url: &ServerUrl,
        environment: &Environment,
        limits: Limits,
        notices: &NoticeSink,
    ) -> Result<Self, ConnectError> {
        let parameters = Parameters::resolve(url, environment, limits, notices)?;
        let mut tls = parameters.tls.client_config()?;
        if parameters.negotiation == SslNegotiation::Direct {
            tls.alpn_protocols = vec![b"postgresql".to_vec()];
        }
        Ok(Self {
            parameters,
            tls: MakeRustlsConnect::new(tls),
        })
    }

    /// Logs in. The connection is left to a task of the runtime that this is called in.
    ///
    /// # Errors
    /// Whatever keeps the session from being ready.
    pub(in crate::backend) async fn session(
        &self,
        notices: NoticeSink,
    ) -> Result<Session, ConnectError> {
        let parameters = &self.parameters;
        in_time(parameters, async {
            let (client, conversation) = log_in(parameters, &self.tls, notices).await?;
            let is_pooled = backend_key::is_pooled(&client)
                .await
                .map_err(|error| login_error::translate(parameters, error))?;
            Ok(Session {
                client,
                conversation,
                is_pooled,
            })
        })
        .await
    }
}

/// A session for Diesel.
pub(super) struct Connected {
    pub(super) connection: AsyncPgConnection,
    pub(super) cancel: CancelHandle,
    pub(super) is_pooled: bool,
}

/// Connects to a server, and says how to stop what the connection does.
///
/// Whatever the server says on the side, now and later, goes to `notices`.
///
/// # Errors
/// Whatever keeps the session from being ready.
pub(super) fn connect_cancellable(
    url: &ServerUrl,
    environment: &Environment,
    limits: Limits,
    notices: NoticeSink,
) -> Result<Connected, ConnectError> {
    let cancel_limit = limits.connect_timeout;
    let login = Login::resolve(url, environment, limits, &notices)?;
    let parameters = &login.parameters;
    let runtime = runtime::start().map_err(ConnectError::Runtime)?;
    let (connection, token, is_pooled) = runtime.block_on(async {
        let session = login.session(notices).await?;
        let token = session.client.cancel_token();
        let is_pooled = session.is_pooled;
        let work = async {
            set_up(session).await.map_err(|source| ConnectError::Setup {
                server: Box::new(parameters.server()),
                source,
            })
        };
        let connection = in_time(parameters, work).await?;
        Ok::<_, ConnectError>((connection, token, is_pooled))
    })?;
    Ok(Connected {
        connection,
        cancel: cancel_handle(parameters, cancel_limit, token, login.tls.clone()),
        is_pooled,
    })
}

/// Hands a session to Diesel, which begins with statements of its own.
async fn set_up(session: Session) -> ConnectionResult<AsyncPgConnection> {
    if !session.is_pooled {
        return AsyncPgConnection::try_from(session.client).await;
    }
    // A statement that one process has prepared, another does not know; so all of it is one transaction,
    // and nothing is left behind in the process.
    let begun = session.client.simple_query("BEGIN").await;
    begun.map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
    let mut connection = AsyncPgConnection::try_from(session.client).await?;
    connection.set_prepared_statement_cache_size(CacheSize::Disabled);
    connection
        .batch_execute("COMMIT")
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
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
) -> Result<(Client, JoinHandle<()>), ConnectError> {
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

/// Leaves the connection to a task of its own.
fn attend<S, T>(
    client: Client,
    connection: Connection<S, T>,
    notices: NoticeSink,
) -> (Client, JoinHandle<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    (client, tokio::spawn(converse(connection, notices)))
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
        is_servers: true,
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
            is_servers: false,
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
